/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header of a qcow2 image that is a file of this machine. */
#ifndef VIRT_QCOW2_H
#define VIRT_QCOW2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Incompatible features. */
#define QCOW2_DIRTY (1U << 0)
#define QCOW2_CORRUPT (1U << 1)
#define QCOW2_DATA_FILE (1U << 2) /* what it holds is in another file */

struct qcow2 {
  int fd;
  uint64_t features;                  /* the incompatible ones */
  uint64_t backing_at, backing_bytes; /* the name of the image behind it, no byte after it; 0: none */
  uint64_t snapshots_at, snapshots;   /* the table of snapshots in it, and how many there are */
};
/* Open FILE and read its header; false: it cannot be read, or is no qcow2.  qcow2_close in any case. */
bool qcow2_open(struct qcow2 *image, const char *file);
void qcow2_close(struct qcow2 *image);
/* N bytes from AT on; false: there are not so many. */
bool qcow2_read(const struct qcow2 *image, uint64_t at, void *bytes, size_t n);
/* A number of N bytes as the format writes them. */
uint64_t qcow2_number(const unsigned char *bytes, int n);

#endif
