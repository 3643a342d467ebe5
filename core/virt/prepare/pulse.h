/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest "pulse": its boot sector, and the header on its work disk that says what to do
 * (conf/guests/pulse.S). */
#ifndef VIRT_PULSE_H
#define VIRT_PULSE_H

#include <stddef.h>
#include <stdint.h>

#define PULSE_SECTOR_BYTES 512
#define PULSE_SECTORS_MAX 127           /* BIOS extended read: one request */
#define PULSE_WORK_MIN_BYTES (2u << 20) /* pulse works from sector 2048 on */
#define PULSE_HEADER_BYTES 12

/* The boot sector, *RET_BYTES long, and the size of the disk that it is put on. */
const unsigned char *pulse_boot(size_t *ret_bytes);
uint64_t pulse_boot_disk_bytes(void);
/* The header for requests of so many SECTORS, of which READ_PERCENT read. */
void pulse_header(int sectors, int read_percent, unsigned char header[PULSE_HEADER_BYTES]);

#endif
