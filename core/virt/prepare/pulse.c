/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/pulse.h"

#include <string.h>

#include "conf/pulse_image.h"

const unsigned char *pulse_boot(size_t *ret_bytes)
{
  *ret_bytes = sizeof(pulse_image);
  return pulse_image;
}

uint64_t pulse_boot_disk_bytes(void)
{
  return PULSE_BOOT_BYTES;
}

void pulse_header(const struct pulse_work *work, unsigned char header[PULSE_HEADER_BYTES])
{
  memcpy(header, "VLPULSE1", 8);
  header[8] = (unsigned char)(work->sectors & 0xff);
  header[9] = (unsigned char)(work->sectors >> 8);
  header[10] = (unsigned char)work->read_percent;
  header[11] = work->random;
}
