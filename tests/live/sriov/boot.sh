#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The first process of the lab's machine: /usr is the host's, read-only, all else lives in memory.
/bin/busybox --install -s /bin
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
for module in /modules/*; do insmod "$module"; done
how=trans=virtio,version=9p2000.L,msize=262144,ro
mount -t 9p -o $how,cache=loose usr /usr || poweroff -f
mount -t 9p -o $how,cache=loose lab /lab || poweroff -f
# Programs are found under the host's names; busybox stays at its own.
ln -s usr/lib /lib
ln -s usr/lib64 /lib64
ln -s usr/sbin /sbin
ln -s /usr/bin/kmod /bin/kmod # what the kernel's own calls of /sbin/modprobe end at
mkdir -p /run/lock /run/libvirt /var/log/libvirt/qemu /var/lib/libvirt/qemu /var/cache/libvirt /etc/libvirt
ln -s /run /var/run
cat > /etc/passwd << 'END'
root:x:0:0:root:/root:/bin/sh
libvirt-qemu:x:64055:64055::/var/lib/libvirt:/usr/sbin/nologin
END
cat > /etc/group << 'END'
root:x:0:
kvm:x:103:
libvirt-qemu:x:64055:
END
# Without its own name libvirt waits five seconds for a resolver at each start of a guest.
echo '127.0.0.1 localhost l1' > /etc/hosts
echo 0123456789abcdef0123456789abcdef > /etc/machine-id
cat > /etc/libvirt/qemu.conf << 'END'
user = "root"
group = "root"
security_driver = "none"
dynamic_ownership = 0
remember_owner = 0
stdio_handler = "file"
cgroup_controllers = []
namespaces = []
END
cat > /etc/libvirt/libvirtd.conf << 'END'
auth_unix_rw = "none"
auth_unix_ro = "none"
log_outputs = "2:file:/var/log/libvirtd.log"
END
hostname l1
ip link set lo up
exec sh /lab/agent.sh
