#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# image-header.sh IMAGE NAME: the boot sector IMAGE as a C array NAME, on stdout.
set -eu
size=$(wc -c < "$1")
if [ "$size" -ne 512 ]; then
  echo "$1: a boot sector has 512 bytes, this has $size" >&2
  exit 1
fi
cat <<'END'
/* Made from conf/guests/pulse.S. */
/* The least size in bytes of the disk that the sector is put on: of one smaller than a
 * cylinder (16 heads of 63 sectors), SeaBIOS cannot read even the first sector. */
#define PULSE_BOOT_BYTES (1024 * 1024)
END
echo "static const unsigned char $2[512] = {"
od -An -v -tx1 "$1" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1, /g; s/^/  /; s/ *$//'
echo "};"
