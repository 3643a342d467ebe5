# SPDX-License-Identifier: GPL-2.0-or-later
"""What the emulated machine of the SR-IOV lab, and the guest in it, boot from: a kernel of Debian's and two initramfs."""
import glob
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
VIRTLENS = os.path.abspath(os.environ.get("VIRTLENS", "./virtlens"))
L1_MODULES = ("virtio_pci", "9pnet_virtio", "9p")  # the rest is loaded from the /usr that these mount
L2_MODULES = ("nvme",)
FOLDERS = ("bin", "dev", "etc", "proc", "sys", "tmp", "run", "root", "var", "mnt", "usr", "lab", "modules")


def kernel():
    """Path and version of a kernel of this machine that has 9p as a module; (None, None) without one."""
    for path in sorted(glob.glob("/boot/vmlinuz-*"), reverse=True):
        version = os.path.basename(path)[len("vmlinuz-"):]
        if glob.glob("/usr/lib/modules/%s/kernel/fs/9p/9p.ko*" % version):
            return path, version
    return None, None


def modules_of(version, names):
    """The files of these modules and all they need, in the order in which they can be loaded."""
    files = []
    for name in names:
        shown = subprocess.run(["modprobe", "--set-version", version, "--show-depends", name], check=True,
                               stdout=subprocess.PIPE, universal_newlines=True).stdout
        for line in shown.splitlines():
            words = line.split()
            if words[0] == "insmod" and words[1] not in files:
                files.append(words[1])
    return files


def initramfs(root, init, version, names, target):
    """Pack TARGET from ROOT, which is made: busybox, the script INIT, and the modules NAMES."""
    for folder in FOLDERS:
        os.makedirs(os.path.join(root, folder))
    shutil.copy(shutil.which("busybox"), os.path.join(root, "bin", "busybox"))
    shutil.copy(init, os.path.join(root, "init"))
    os.chmod(os.path.join(root, "init"), 0o755)
    for number, file in enumerate(modules_of(version, names)):
        shutil.copy(file, os.path.join(root, "modules", "%02d-%s" % (number, os.path.basename(file))))
    listing = subprocess.run(["find", ".", "-print0"], cwd=root, check=True, stdout=subprocess.PIPE).stdout
    with open(target, "wb") as file:
        subprocess.run(["cpio", "--null", "-o", "-H", "newc", "--quiet"], cwd=root, check=True, input=listing,
                       stdout=file)


def build(folder):
    """Make FOLDER/l1.img, and in FOLDER/share, which L1 sees as /lab, what the guest in it boots from."""
    path, version = kernel()
    share = os.path.join(folder, "share")
    os.makedirs(share)
    shutil.copy(path, os.path.join(share, "vmlinuz"))
    shutil.copy(VIRTLENS, os.path.join(share, "virtlens"))
    for name in ("agent.sh", "setup.sh", "keys.play"):
        shutil.copy(os.path.join(HERE, name), share)
    initramfs(os.path.join(folder, "l1"), os.path.join(HERE, "boot.sh"), version, L1_MODULES,
              os.path.join(folder, "l1.img"))
    initramfs(os.path.join(folder, "l2"), os.path.join(HERE, "guest.sh"), version, L2_MODULES,
              os.path.join(share, "l2.img"))
    return os.path.join(share, "vmlinuz"), os.path.join(folder, "l1.img"), share
