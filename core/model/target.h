/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest that is meant, whatever becomes of the rows on the screen: its connection and its UUID. */
#ifndef MODEL_TARGET_H
#define MODEL_TARGET_H

struct target {
  int conn;
  char uuid[37];
};
struct target target_of(int conn, const char *uuid);

#endif
