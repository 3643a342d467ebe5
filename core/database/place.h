/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a database is: mysql://[USER@]HOST[:PORT]/DATABASE[?socket=PATH]. */
#ifndef DATABASE_PLACE_H
#define DATABASE_PLACE_H

#include <glib.h>
#include <stdbool.h>

#define PLACE_FORM "mysql://[USER@]HOST[:PORT]/DATABASE[?socket=PATH]"

struct place {
  char *user;     /* NULL: as the client library's option files say, or the name of whoever runs this */
  char *host;     /* "localhost": by the server's socket */
  char *socket;   /* NULL: the usual one */
  char *name;     /* of the database */
  unsigned port;  /* 0: the usual one */
  char *password; /* NULL: as the library's option files and its environment say */
};
/* URL, with the password in the first line of PASSWORD_FILE (NULL: there is none).  ERROR_USAGE: what is
 * wrong with them; a password in URL is refused, and not repeated.  Clear RET always, which wipes the
 * password. */
bool place_parse(const char *url, const char *password_file, struct place *ret, GError **err);
void place_clear(struct place *place);
/* As it may be shown: a URL again, without the password.  Caller frees. */
char *place_text(const struct place *place);

#endif
