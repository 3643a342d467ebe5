/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest "pulse": its boot sector, and the header on its work disk that says what to do
 * (conf/guests/pulse.S). */
#ifndef VIRT_PULSE_H
#define VIRT_PULSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PULSE_SECTOR_BYTES 512
#define PULSE_SECTORS_MAX 127           /* BIOS extended read: one request */
#define PULSE_WORK_MIN_BYTES (2u << 20) /* pulse works from sector 2048 on */
#define PULSE_HEADER_BYTES 12

/* The boot sector, *RET_BYTES long, and the size of the disk that it is put on. */
const unsigned char *pulse_boot(size_t *ret_bytes);
uint64_t pulse_boot_disk_bytes(void);
struct pulse_work {
  int sectors, read_percent; /* of a request; of all requests that read */
  bool random;               /* else one after another */
};
/* The header for WORK. */
void pulse_header(const struct pulse_work *work, unsigned char header[PULSE_HEADER_BYTES]);

#endif
