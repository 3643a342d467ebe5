/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a new guest is to be: the fields of the form, of :launch, and of template
 * files, one table row each. */
#ifndef MODEL_SPEC_H
#define MODEL_SPEC_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/model/backend.h"

enum spec_id {
  SPEC_NAME,
  SPEC_TEMPLATE,
  SPEC_BACKEND,
  SPEC_VCPUS,
  SPEC_MEMORY,
  SPEC_DISK,
  SPEC_ACCEL,
  SPEC_CACHE,
  SPEC_AIO,
  SPEC_IOTHREAD,
  SPEC_DISCARD,
  SPEC_FORMAT,
  SPEC_NIC,
  SPEC_SSH,
  SPEC_IMAGE,
  SPEC_KERNEL,
  SPEC_INITRD,
  SPEC_CMDLINE,
  SPEC_BLOCK_SIZE,
  SPEC_MIX,
  SPEC_ORDER,
  SPEC_DEVICE,
  SPEC_NETWORK,
  SPEC_MAC,
  SPEC_VLAN,
  SPEC_TITLE,
  SPEC_COUNT
};
enum spec_type { SPEC_TEXT, SPEC_SIZE, SPEC_INT, SPEC_BOOL, SPEC_CHOICE, SPEC_FILE };

/* The template of a benchmark's guests, which is in no list. */
#define TEMPLATE_BENCH_NAME "bench"

struct spec_field {
  const char *name;  /* "vcpus": in :launch, templates, export */
  const char *title; /* form label */
  enum spec_type type;
  const char *initial;        /* as typed */
  int64_t min, max;           /* SPEC_INT; SPEC_SIZE in bytes */
  const char *const *choices; /* SPEC_CHOICE, NULL-terminated; NULL with type CHOICE: asked at run time
                                 (template, backend) */
  const char *text;           /* help, one line */
};
const struct spec_field *spec_field(enum spec_id id);
int spec_find(const char *name); /* -1: none */

/* Values as text, "" when not given.  spec_set is the only way to change one. */
struct spec {
  char *value[SPEC_COUNT];
  bool given[SPEC_COUNT]; /* set by the user, not by default or template */
};
struct spec *spec_new(void); /* all defaults */
struct spec *spec_copy(const struct spec *spec);
void spec_free(struct spec *spec);
/* Set a field after checking its syntax (type, range, choice): ERROR_USAGE otherwise, SPEC unchanged. */
bool spec_set(struct spec *spec, enum spec_id id, const char *value, GError **err);
const char *spec_text(const struct spec *spec, enum spec_id id);
uint64_t spec_size(const struct spec *spec, enum spec_id id);
int64_t spec_int(const struct spec *spec, enum spec_id id);
bool spec_bool(const struct spec *spec, enum spec_id id);
/* The file of a SPEC_FILE field as an absolute path ("~/" is the home folder), NULL when
 * not given.  Caller frees. */
char *spec_path(const struct spec *spec, enum spec_id id);

#endif
