/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A definition made from the one before it.  Pure. */
#ifndef VIRT_REDEFINE_H
#define VIRT_REDEFINE_H

#include <glib.h>

#include "core/model/backend.h"

/* Of the metadata in which the definition before is kept: libvirt keeps one element of each namespace, and
 * XML_OUR_NAMESPACE has its own. */
#define REDEFINE_NAMESPACE XML_OUR_NAMESPACE "/before"

/* A disk to be attached by another backend; it gets another name, too. */
struct disk_change {
  const char *disk; /* its target, as in "vda"; NULL: all that are no CD or floppy drives */
  const struct backend *backend;
};
struct redefinition {
  const char *name, *title;        /* NULL: as it is; title "": none */
  int vcpus;                       /* 0: as it is */
  guint64 memory_bytes;            /* 0: as it is */
  const struct disk_change *disks; /* in their order: a later one counts */
  int disk_count;
};
/* XML, an inactive definition, with what CHANGE says; it holds XML itself (without what that held) for
 * redefine_before. ERROR_GENERAL when XML cannot be read, ERROR_USAGE when it has no such disk, or a
 * backend cannot take its disks.  Caller frees. */
char *redefine(const char *xml, const struct redefinition *change, GError **err);
/* The definition that XML was made from, or NULL: from none.  Caller frees. */
char *redefine_before(const char *xml);
/* The same on the images that XML's disks are, holding XML in turn: undone twice is as it was.  ERROR_REFUSED
 * when there is none, or its devices are others.  Caller frees. */
char *redefine_back(const char *xml, GError **err);

#endif
