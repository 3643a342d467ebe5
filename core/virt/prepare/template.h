/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a new guest can be made from: the shipped templates, one table row each, and the
 * user's own as files that fill fields of a shipped one. */
#ifndef VIRT_TEMPLATE_H
#define VIRT_TEMPLATE_H

#include "core/model/spec.h"

enum template_flags {
  TEMPLATE_PULSE = 1 << 0,     /* boots our sector; works on a second disk with a header */
  TEMPLATE_LINUX = 1 << 1,     /* kernel and initrd come from the lab's linux folder */
  TEMPLATE_KERNEL = 1 << 2,    /* direct boot of a kernel */
  TEMPLATE_OVERLAY = 1 << 3,   /* the disk is an overlay over an existing image */
  TEMPLATE_CDROM = 1 << 4,     /* boots an installer CD when the disk does not boot */
  TEMPLATE_SCREEN = 1 << 5,    /* has a VGA screen (VNC on a local socket) */
  TEMPLATE_REAL_MODE = 1 << 6, /* never leaves real mode, so that software KVM can run it */
  TEMPLATE_BENCH = 1 << 7,     /* takes orders of a benchmark; for that alone, and in no list */
};

struct template_kind {
  const char *name, *text;
  unsigned flags;
  const char *values[SPEC_COUNT]; /* where the field's own default does not suit */
};
/* The shipped row NAME, or NULL. */
const struct template_kind *template_kind_find(const char *name);

/* A template to choose from. */
struct template
{
  char *name, *text;
  const struct template_kind *kind; /* NULL: malformed, and not known */
  char *values[SPEC_COUNT];         /* the user file's; NULL: not given there */
  char *reason;                     /* "FILE:LINE: what: why" when malformed, else NULL */
};
/* All that are for users (struct template *), shipped ones first; the user's from FOLDER/NAME.template,
 * sorted.  FOLDER NULL: the user's configuration folder. */
GPtrArray *template_list(const char *folder);
/* A user's template from its text; FILE is for the reason. */
struct template *template_parse(const char *name, const char *file, const char *text);
void template_free(struct template *template);
const struct template *template_find(const GPtrArray *list, const char *name);
/* Keep SPEC as the user's template NAME in FOLDER (NULL: as above; made when it is not there): its base is
 * the shipped template below SPEC's own, so that templates never hang on one another.  One that is
 * there is replaced only if REPLACE, else ERROR_REFUSED.  RET_PATH (g_free). */
bool template_save(const struct spec *spec, const char *folder, const char *name, bool replace,
                   char **ret_path, GError **err);
/* Fill SPEC's fields that the user has not given. */
bool template_apply(const struct template *template, struct spec *spec, GError **err);
/* The same, from the template that SPEC names, shipped or the user's; *RET_KIND is what it is of. */
bool template_fill(struct spec *spec, const struct template_kind **ret_kind, GError **err);

#endif
