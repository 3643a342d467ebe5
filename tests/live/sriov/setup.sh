#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# setup.sh [COUNT]: in the lab's machine: COUNT virtual functions (2), online, KVM, vfio, and libvirtd; with COUNT 0
# neither functions nor libvirtd.
# Prints the PF's address.
set -e
count=${1-2}
modprobe nvme
for file in /sys/bus/pci/devices/*/sriov_totalvfs; do
  [ "$(cat "$file")" -gt 0 ] && pf=$(dirname "$file")
done
tries=0
until [ -e "$pf"/nvme/nvme0 ] && [ -c /dev/nvme0 ] && [ "$(cat "$pf"/nvme/nvme0/state)" = live ]; do
  tries=$((tries + 1))
  [ $tries -lt 600 ] || { echo "the NVMe controller does not come up"; exit 1; }
  sleep 0.1
done
# The host's own driver must not take the functions before they have queues.
[ "$count" -eq 0 ] || echo 0 > "$pf"/sriov_drivers_autoprobe
echo "$count" > "$pf"/sriov_numvfs
for number in $(seq "$count"); do
  nvme virt-mgmt /dev/nvme0 -c "$number" -r 1 -a 8 -n 1 > /dev/null # interrupts
  nvme virt-mgmt /dev/nvme0 -c "$number" -r 0 -a 8 -n 2 > /dev/null # queues
  [ "$number" = "${LEAVE_OFFLINE-}" ] || nvme virt-mgmt /dev/nvme0 -c "$number" -a 9 > /dev/null
done
modprobe vfio_iommu_type1
modprobe vfio-pci
modprobe kvm_amd nested=0
# As a distribution's udev has it.
chgrp kvm /dev/kvm
chmod 660 /dev/kvm
if [ "$count" -eq 0 ]; then
  basename "$pf"
  exit
fi
virtlogd -d
libvirtd -d
tries=0
until virsh -q list > /dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 600 ] || { tail -n 5 /var/log/libvirtd.log; exit 1; }
  sleep 0.1
done
basename "$pf"
