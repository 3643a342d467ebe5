/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's definition changed, and put back.  Handlers of actions take acting and the guest. */
#ifndef VIRT_REDEFINE_H
#define VIRT_REDEFINE_H

#include "core/virt/act/acting.h"

/* Words: name=NEW. */
bool redefine_rename(struct acting *acting, virDomainPtr domain, GError **err);
/* Words: vcpus=, memory=, title=, description=; what can be changed at once in a guest that runs is. */
bool redefine_edit(struct acting *acting, virDomainPtr domain, GError **err);
/* Back to the definition before the last change; what is undone can be undone in turn. */
bool redefine_undo(struct acting *acting, virDomainPtr domain, GError **err);

/* ---- for others who act ---- */
struct redefinition {
  unsigned vcpus;           /* 0: stays */
  uint64_t memory_bytes;    /* 0: stays */
  const char *title, *text; /* NULL: stays; "": none any more */
};
/* The definition XML changed by CHANGE, or NULL when it is no domain.  Caller frees. */
char *redefine_xml(const char *xml, const struct redefinition *change);

#endif
