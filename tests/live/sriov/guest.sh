#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The first process of the guest in the lab: reads the first block of its NVMe disk, writes another, tells both, and ends.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in /modules/*; do insmod "$module"; done
tries=0
until [ -b /dev/nvme0n1 ] || [ $tries -ge 100 ]; do
  tries=$((tries + 1))
  sleep 0.1
done
if [ -b /dev/nvme0n1 ]; then
  echo "GUEST-READ $(dd if=/dev/nvme0n1 bs=512 count=1 2> /dev/null | tr -d '\0')"
  mark=WRITTEN-$(cat /proc/sys/kernel/random/boot_id)
  echo "$mark" | dd of=/dev/nvme0n1 bs=512 seek=2048 count=1 conv=sync,fsync 2> /dev/null && echo "GUEST-WROTE $mark"
else
  echo GUEST-SEES-NO-DISK
fi
echo GUEST-DONE
poweroff -f
