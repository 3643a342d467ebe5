/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The images that a guest's disks are made of: each disk's own, and all that it stands on. */
#ifndef MODEL_CHAIN_H
#define MODEL_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

struct chain_image {
  char *disk;                        /* the guest's: "vda" */
  int depth;                         /* 0: the disk's own image; else it stands behind the row before */
  char *path;                        /* raw */
  char *format;                      /* NULL: not known */
  char *users;                       /* other guests that need it, ", " between them, raw; NULL: none */
  char *problem;                     /* why it cannot be read, raw; NULL: it can */
  int64_t virtual_bytes, real_bytes; /* what a guest sees, what it takes; -1: not known */
};

/* Disk by disk, each from its own image to the last behind it. */
struct chain {
  char uuid[37]; /* of the guest */
  int count;
  struct chain_image *rows;
};

struct chain *chain_new(const char *uuid);
void chain_free(struct chain *chain); /* NULL is fine */
/* A new row at the end, of unknown sizes; valid until the next one. */
struct chain_image *chain_add(struct chain *chain, const char *disk, int depth, const char *path);

#endif
