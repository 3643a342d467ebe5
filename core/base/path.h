/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where virtlens keeps its files (XDG), and how it writes them. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* $XDG_STATE_HOME/virtlens (journals, exports, log) and $XDG_CONFIG_HOME/virtlens
 * (configuration, user templates).  Caller frees; the folder is not made. */
char *path_state(void);
char *path_config(void);
/* The program NAME of ours that is no command: beside this program (as in a build folder), else where it is
 * installed; NULL: it is in neither place.  Caller frees. */
char *path_program(const char *name);
/* Make DIR and its parents, mode 0700. */
bool path_make(const char *dir, GError **err);
/* Could a file be made in the folder of FILE (really tried), with room for at least NEED bytes?
 * ERROR_RESOURCES with advice otherwise. */
bool path_check_writable(const char *file, uint64_t need, GError **err);
/* An open file beside TARGET (mode 0600) that becomes TARGET by path_commit:
 * flushed, synced, renamed.  path_abandon removes it.  Both free OUT.  A TARGET that is
 * a device or pipe is written directly, a symlink is followed. */
struct path_out {
  char *target, *temp;
  FILE *file;
};
struct path_out *path_begin(const char *target, GError **err);
bool path_commit(struct path_out *out, GError **err);
void path_abandon(struct path_out *out);

#endif
