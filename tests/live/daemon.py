# SPDX-License-Identifier: GPL-2.0-or-later
"""A libvirtd of the test's own: private state folders by a mount namespace, a socket of its own.

Needs root; nothing of the system's libvirt is touched.  Usable as a program too:
    daemon.py DIR     starts one under DIR, prints its URI, runs until stdin ends.
"""
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kept  # noqa: E402

# What libvirtd keeps in fixed places: each is covered by a folder of ours.
COVERED = ["/etc/libvirt", "/run/libvirt", "/var/lib/libvirt", "/var/log/libvirt", "/var/cache/libvirt"]

QEMU_CONF = """\
stdio_handler = "file"
user = "root"
group = "root"
security_driver = "none"
cgroup_controllers = []
namespaces = []
"""

LIBVIRTD_CONF = """\
unix_sock_dir = "%s"
auth_unix_rw = "none"
auth_unix_ro = "none"
log_outputs = "2:file:%s"
"""


def missing():
    """Why no libvirtd can be run here, or None."""
    if os.geteuid() != 0:
        return "needs root for a mount namespace"
    for program in ("libvirtd", "unshare", "qemu-system-x86_64"):
        if not shutil.which(program):
            return program + " is not installed"
    return None


def wait_until(condition, seconds, what):
    """Poll CONDITION until it is true; AssertionError after SECONDS."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError("waited %g s in vain for %s" % (seconds, what))
        select.select([], [], [], 0.02)


LISTEN_CONF = """\
listen_tls = 0
listen_tcp = 1
listen_addr = "127.0.0.1"
tcp_port = "%d"
auth_tcp = "none"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    """MORE are further lines of its libvirtd.conf.  With LISTEN it is also had by tcp_uri, as from another host.  Programs
    in the folder PROGRAMS are run instead of the system's."""

    def __init__(self, folder, more="", listen=False, programs=None):
        self.folder = os.path.abspath(folder)
        self.sockets = os.path.join(self.folder, "sock")
        self.socket = os.path.join(self.sockets, "libvirt-sock")
        self.uri = "qemu+unix:///system?socket=" + self.socket
        self.env = dict(os.environ, PATH=programs + ":" + os.environ["PATH"]) if programs else None
        self.process = None
        os.makedirs(self.sockets, exist_ok=True)
        for path in COVERED:
            os.makedirs(self._cover(path), exist_ok=True)
        kept.give_capabilities(self._cover("/var/cache/libvirt"))
        self._write("etc-libvirt/qemu.conf", QEMU_CONF)
        self.log = os.path.join(self.folder, "libvirtd.log")
        self.port = free_port() if listen else None
        self.tcp_uri = "qemu+tcp://127.0.0.1:%d/system" % self.port if listen else None
        self._write("libvirtd.conf", LIBVIRTD_CONF % (self.sockets, self.log) + more +
                    (LISTEN_CONF % self.port if listen else ""))

    def _cover(self, path):
        return os.path.join(self.folder, path.strip("/").replace("/", "-"))

    def _write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    @property
    def pid(self):
        return self.process.pid

    def start(self):
        script = ['set -e']
        for path in COVERED:
            script.append('mkdir -p %s; mount --bind "$1/%s" %s' % (path, os.path.basename(self._cover(path)), path))
        script.append('exec libvirtd $2 -f "$1/libvirtd.conf" -p "$1/libvirtd.pid"')
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", "\n".join(script), "sh", self.folder,
             "--listen" if self.port else ""],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env=self.env)
        wait_until(self._answers, 60, "libvirtd to answer")
        return self

    def _answers(self):
        if self.process.poll() is not None:
            raise AssertionError("libvirtd ended with %s: see %s" % (self.process.returncode, self.folder))
        return subprocess.run(["virsh", "-c", self.uri, "-q", "version", "--daemon"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def virsh(self, *words):
        return subprocess.run(["virsh", "-c", self.uri, "-q", *words], stdin=subprocess.DEVNULL, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True).stdout

    def kill(self):
        """As by kill -9: its guests run on."""
        self.process.kill()
        self.process.wait()

    def guest_pids(self):
        """Process ids of this daemon's QEMUs, by guest name."""
        folder, pids = self._cover("/run/libvirt") + "/qemu", {}
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            if name.endswith(".pid"):
                with open(os.path.join(folder, name)) as file:
                    pids[name[:-4]] = int(file.read())
        return pids

    def stop(self):
        """End every guest, then the daemon."""
        kept.take_capabilities(self._cover("/var/cache/libvirt"))
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pid in self.guest_pids().values():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def main():
    reason = missing()
    if reason:
        print(reason)
        return 77
    daemon = Daemon(sys.argv[1]).start()
    try:
        print(daemon.uri, daemon.pid, flush=True)
        sys.stdin.read()
    finally:
        daemon.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
