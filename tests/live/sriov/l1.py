# SPDX-License-Identifier: GPL-2.0-or-later
"""The emulated machine of the SR-IOV lab: an IOMMU, and an NVMe controller with virtual functions."""
import base64
import os
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from daemon import wait_until  # noqa: E402
import image  # noqa: E402

MAGIC = "MAGIC-OF-THE-HOST"
PROGRAMS = ("qemu-system-x86_64", "busybox", "cpio", "modprobe", "nvme", "libvirtd", "virtlogd", "virsh")
REMAPPING = ("-device", "intel-iommu,intremap=on")
NO_REMAPPING = ("-device", "intel-iommu,intremap=off")
NO_IOMMU = ()
PF = ["-device", "pcie-root-port,id=root1,chassis=1,slot=1", "-device", "nvme-subsys,id=subsystem",
      "-device", "nvme,id=pf,serial=pf0,subsys=subsystem,bus=root1,sriov_max_vfs=4,sriov_vq_flexible=8,"
      "sriov_vi_flexible=4,max_ioqpairs=12,msix_qsize=9",
      "-device", "nvme-ns,drive=space,bus=pf,nsid=1,shared=on"]


def missing():
    """Why the lab cannot run here, or None."""
    if os.geteuid() != 0:
        return "needs root: the machine reads this host's /usr as root"
    for program in PROGRAMS:
        if not shutil.which(program):
            return program + " is not installed"
    if os.uname().machine != "x86_64":
        return "the emulated machine is an x86-64 with this host's programs"
    if not image.kernel()[0]:
        return "no kernel with 9p under /boot and /usr/lib/modules (package linux-image-amd64)"
    return None


class Machine:
    """Up when the constructor returns, after at most PATIENCE seconds; use it in a with statement."""

    PATIENCE = 240

    def __init__(self, folder, iommu=REMAPPING):
        self.folder, self.number, self.rest = folder, 0, b""
        self.console = os.path.join(folder, "console")
        self.space = os.path.join(folder, "space.raw")
        with open(self.space, "wb") as file:
            file.write(MAGIC.encode())
            file.truncate(64 << 20)
        kernel, initrd, share = image.build(folder)
        ours, theirs = socket.socketpair()
        self.port = ours
        command = ["qemu-system-x86_64", "-nodefaults", "-display", "none", "-no-reboot", "-machine", "q35", "-accel",
                   "tcg,thread=multi,tb-size=512", "-cpu", "max", "-smp", "2", "-m", "2048", *iommu,
                   "-kernel", kernel, "-initrd", initrd, "-append", "console=ttyS0 intel_iommu=on panic=-1 quiet",
                   "-drive", "if=none,id=space,format=raw,file=" + self.space, *PF,
                   "-virtfs", "local,path=/usr,mount_tag=usr,security_model=none,readonly=on,multidevs=remap",
                   "-virtfs", "local,path=%s,mount_tag=lab,security_model=none,readonly=on" % share,
                   "-serial", "file:" + self.console,
                   "-chardev", "socket,id=agent,fd=%d" % theirs.fileno(), "-serial", "chardev:agent"]
        self.errors = open(os.path.join(folder, "qemu.log"), "w+")
        self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                                        stdout=self.errors, stderr=self.errors)
        theirs.close()
        try:
            wait_until(lambda: self._line(self.PATIENCE) == "ready", self.PATIENCE, "the machine's agent")
        except BaseException:
            self.close()
            raise

    def _line(self, seconds):
        deadline = time.monotonic() + seconds
        while b"\n" not in self.rest:
            self.port.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                chunk = self.port.recv(65536)
            except socket.timeout:
                raise AssertionError("no answer in %g s; %s" % (seconds, self.told())) from None
            if not chunk:
                raise AssertionError("the machine ended; " + self.told())
            self.rest += chunk
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode().strip()

    def told(self):
        """The end of what the machine's console and QEMU said."""
        self.errors.seek(0)
        with open(self.console, errors="replace") as file:
            return "console: %s\nqemu: %s" % (file.read()[-1500:], self.errors.read()[-1500:])

    def run(self, script, seconds=PATIENCE):
        """Exit status and output of SCRIPT, run by the machine's shell."""
        self.number += 1
        self.port.settimeout(seconds)
        self.port.sendall(b"%d %s\n" % (self.number, base64.b64encode(script.encode())))
        number, status, *output = self._line(seconds).split()
        assert int(number) == self.number, "answer %s to question %d" % (number, self.number)
        return int(status), base64.b64decode(output[0] if output else "").decode(errors="replace")

    def do(self, script, seconds=PATIENCE):
        """The output of SCRIPT, which must succeed."""
        status, output = self.run(script, seconds)
        assert status == 0, "status %d of %s: %s" % (status, script, output)
        return output

    def close(self):
        self.port.close()
        self.process.kill()
        self.process.wait()
        self.errors.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
