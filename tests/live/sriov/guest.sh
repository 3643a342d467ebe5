#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The first process of the guest in the lab: reads the first block of its NVMe disk, writes another, tells both, and ends.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in /modules/*; do insmod "$module"; done
# What it reads from the first block of a disk, and what it writes further on.
use() {
  echo "GUEST-READ $1 $(dd if=/dev/$1 bs=512 count=1 2> /dev/null | tr -d '\0')"
  mark=WRITTEN-$(cat /proc/sys/kernel/random/boot_id)
  echo "$mark" | dd of=/dev/$1 bs=512 seek=2048 count=1 conv=sync,fsync 2> /dev/null && echo "GUEST-WROTE $1 $mark"
}

appears() {
  tries=0
  until [ -b /dev/$1 ] || [ $tries -ge $2 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  [ -b /dev/$1 ]
}

if appears nvme0n1 100; then
  use nvme0n1
else
  echo GUEST-SEES-NO-DISK
fi
# With "stay": another controller is awaited (of the same disk: it gets no name of its own), and the end is somebody
# else's to bring about.
if grep -q stay /proc/cmdline; then
  echo GUEST-STAYS
  until grep -q live /sys/class/nvme/nvme1/state 2> /dev/null; do sleep 0.1; done
  echo "GUEST-SEES nvme1 live"
  sleep 3600
fi
echo GUEST-DONE
poweroff -f
