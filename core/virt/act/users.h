/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which guest needs which file: so that nothing somebody else needs is removed, or written under his feet. */
#ifndef VIRT_USERS_H
#define VIRT_USERS_H

#include "core/virt/act/acting.h"

/* Of every file that guests other than UUID, or their snapshots, use, or that stands behind one (path): the
 * names of those guests in order (GPtrArray of char *).  Caller unrefs.  NULL when it cannot be known. */
GHashTable *users_of_files(const struct acting *acting, const char *uuid, GError **err);
/* The names among USERS (users_of_files) of those that need PATH, as in "b, c"; NULL: nobody.  Caller frees.
 */
char *users_at(GHashTable *users, const char *path);
/* The files that DOMAIN writes (a set of paths), as far as its definition tells.  Caller unrefs. */
GHashTable *users_written(virDomainPtr domain, const struct acting *acting);
/* The guests of USERS (of users_of_files) whose disks stand on those that DOMAIN writes, NULL-terminated and
 * possibly empty; they break when DOMAIN writes again.  NULL when it cannot be known.  Caller frees. */
char **users_among(GHashTable *users, const struct acting *acting, virDomainPtr domain, GError **err);
/* ERROR_REFUSED, with their names, when there are such guests and the words of the act have no "force". */
bool users_allow(const struct acting *acting, virDomainPtr domain, GError **err);

#endif
