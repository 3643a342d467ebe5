/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lab of the test's own, with real guests. */
#ifndef LIVE_LAB_BENCH_H
#define LIVE_LAB_BENCH_H

#include "core/virt/virt.h"

struct bench {
  char *dir, *root; /* ROOT, the lab, is in DIR */
  struct virt *virt;
};
/* Make and open a lab, watched over: its guests are ended even when the test fails. */
void set_up(struct bench *bench);
void tear_down(struct bench *bench);
void clear_folder(const char *path);

/* FIELDS: NAME, VALUE pairs of a spec up to a NULL. */
bool launch(struct bench *bench, const char *const *fields, char ret_uuid[37], GError **err);
#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})
/* FLAG may be NULL. */
bool act_with(struct bench *bench, enum action_id action, const char *uuid, const char *flag, GError **err);
int count_entries(const char *root, const char *folder);
bool file_there(const struct bench *bench, const char *name);
/* Wait until the second disk has been read and written, by QEMU's own counters. */
bool does_io(struct bench *bench, const char *uuid);

#endif
