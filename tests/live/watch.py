# SPDX-License-Identifier: GPL-2.0-or-later
"""virt_watch under a test's control: what it tells is kept, and waited for with a deadline."""
import json
import os
import subprocess
import tempfile
import threading

BOOT_LOOP = b"\xfa\xf4\xeb\xfd"  # cli; hlt; jmp
# (The BIOS boots from no disk smaller than a cylinder, and sees only disks with a boot order.)
# Reads 64 sectors of the second disk (0x81) again and again: int 13h, function 42h.
READ_LOOP = bytes.fromhex("fa31c08ed88ed0bc007cfbbe1a7cb442b281cd13ebf5" "90909090") + bytes(
    [16, 0, 64, 0, 0, 0, 0, 16]) + bytes(8)

GUEST = """<domain type='%(type)s'><name>%(name)s</name><uuid>%(uuid)s</uuid><memory unit='MiB'>8</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os>
<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%(boot)s'/>
<target dev='vda' bus='virtio'/><readonly/><boot order='1'/></disk>
<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%(scratch)s'/>
<target dev='vdb' bus='virtio'/><boot order='2'/></disk></devices></domain>"""


def boot_sector(code):
    return code.ljust(510, b"\0") + b"\x55\xaa"


def can_kvm():
    return os.access("/dev/kvm", os.R_OK | os.W_OK)


def write_guest(folder, number, code=BOOT_LOOP):
    """The definition file of guest gN, its disks made; returns (name, uuid, file)."""
    name, uuid = "g%03d" % number, "00000000-0000-4000-8000-%012d" % number
    names = {"name": name, "uuid": uuid, "type": "kvm" if can_kvm() else "qemu"}
    for disk, content, size in (("boot", boot_sector(code), 1 << 20), ("scratch", b"", 4 << 20)):
        names[disk] = os.path.join(folder, "%s-%s.img" % (name, disk))
        with open(names[disk], "wb") as file:
            file.write(content)
            file.truncate(size)
    path = os.path.join(folder, name + ".xml")
    with open(path, "w") as file:
        file.write(GUEST % names)
    return name, uuid, path


class Watch:
    def __init__(self, program, uri, log, *words):
        self.lines, self.changed, self.ended = [], threading.Condition(), False
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen([program, uri, log, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, universal_newlines=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(json.loads(line))
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def mark(self):
        with self.changed:
            return len(self.lines)

    def wait(self, what, condition, seconds=30, since=0):
        """The first line from SINCE on for which CONDITION holds."""
        position = since
        with self.changed:
            def found():
                nonlocal position
                while position < len(self.lines):
                    if condition(self.lines[position]):
                        return True
                    position += 1
                return self.ended
            if not self.changed.wait_for(found, seconds) or position >= len(self.lines):
                last = [line for line in self.lines if line["kind"] == "conn"][-1:]
                raise AssertionError("waited %g s in vain for %s; last: %s" % (seconds, what, json.dumps(last)[:2000]))
            return self.lines[position]

    def wait_scan(self, what, condition, seconds=30, since=0):
        return self.wait(what, lambda line: line["kind"] == "conn" and condition(line), seconds, since)

    def wait_event(self, guest, text, seconds=30, since=0):
        return self.wait("event %s: %s" % (guest, text), lambda line: line["kind"] == "event" and
                         line["guest"] == guest and text in line["text"], seconds, since)

    def act(self, line):
        since = self.mark()
        self.tell(line)
        answer = self.wait(line, lambda l: l["kind"] == "done", 60, since)
        assert answer["ok"], answer["error"]

    def end(self):
        """End its input; returns how long virt_free took."""
        self.process.stdin.close()
        freed = self.wait("the end", lambda line: line["kind"] == "freed", 30)
        assert self.process.wait(30) == 0, "virt_watch ended with %d" % self.process.returncode
        self.errors.seek(0)
        noise = self.errors.read()
        assert noise == b"", "written to stderr, thus onto the screen: %r" % noise[:2000]
        return freed["seconds"]
