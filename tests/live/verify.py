#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Host verification of this very machine, against what can be found out without virtlens.

usage: verify.py [TEST...]     VIRTLENS: the program (default ./virtlens)
"""
import copy
import errno
import fcntl
import json
import os
import pty
import re
import resource
import shutil
import struct
import subprocess
import sys
import termios

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from runner import Skip, run_tests  # noqa: E402

VIRTLENS = os.path.abspath(os.environ.get("VIRTLENS", "./virtlens"))
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SCHEMA = os.path.join(SOURCE, "conf", "virtlens-check.schema.json")
ESCAPE = "\033"


def run(*words, program=VIRTLENS, **options):
    return subprocess.run([program, "check", *words], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, **options)


def checked(**options):
    """The object, and its rows by name; the exit status must be that of what it says."""
    done = run("--format", "json", **options)
    found = json.loads(done.stdout)
    assert done.returncode == (0 if found["accelerated"] else 3), (done.returncode, found["verdict"], done.stderr)
    return found, {row["name"]: row for row in found["checks"]}


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return None


def test_json_holds_to_its_schema(_folder):
    import jsonschema  # without it this test is skipped
    schema = json.loads(read(SCHEMA))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    found, _ = checked()
    validator.validate(found)
    spoilers = [
        lambda o: o.pop("verdict"),
        lambda o: o.update(surprise=1),
        lambda o: o.update(accelerated="yes"),
        lambda o: o["checks"].pop(),
        lambda o: o["checks"].append(o["checks"][0]),
        lambda o: o["checks"].reverse(),
        lambda o: o["checks"][0].update(state="fine"),
        lambda o: o["checks"][0].update(seen=None),
        lambda o: o["checks"][0].pop("advice"),
    ]
    for i, spoil in enumerate(spoilers):
        spoilt = copy.deepcopy(found)
        spoil(spoilt)
        assert not validator.is_valid(spoilt), f"spoiler {i} is taken"


def kvm_errno():
    try:
        os.close(os.open("/dev/kvm", os.O_RDWR | os.O_CLOEXEC))
        return 0
    except OSError as error:
        return error.errno


def test_it_tells_the_truth_of_this_machine(_folder):
    found, rows = checked()
    flags = re.search(r"^flags\s*:(.*)$", read("/proc/cpuinfo") or "", re.MULTILINE)
    words = flags.group(1).split() if flags else []
    if flags:
        assert (rows["cpu"]["state"] == "ok") == bool({"vmx", "svm"} & set(words)), rows["cpu"]
    assert (rows["kvm"]["state"] == "ok") == os.path.exists("/dev/kvm"), rows["kvm"]
    error = kvm_errno()
    if error == 0:
        assert "): yes;" in rows["kvm-users"]["seen"], rows["kvm-users"]
    elif error != errno.ENOENT:
        assert os.strerror(error) in rows["kvm-users"]["seen"], rows["kvm-users"]
    else:
        assert rows["kvm-users"]["state"] == "missing" and not found["accelerated"], rows["kvm-users"]
    units = os.listdir("/sys/class/iommu") if os.path.isdir("/sys/class/iommu") else []
    assert (rows["iommu"]["state"] == "ok") == bool(units), rows["iommu"]
    limit = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0]
    seen = rows["locked-memory"]["seen"]
    assert seen == "without limit" if limit == resource.RLIM_INFINITY else re.match(r"\d", seen), (limit, seen)
    qemu = shutil.which(f"qemu-system-{os.uname().machine}")
    assert (rows["qemu"]["state"] == "ok") == bool(qemu), rows["qemu"]
    if qemu:
        told = subprocess.run([qemu, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
        assert rows["qemu"]["seen"] == told and rows["qemu"]["source"] == qemu, rows["qemu"]
    assert (rows["btf"]["state"] == "ok") == os.access("/sys/kernel/btf/vmlinux", os.R_OK), rows["btf"]
    bpf = read("/proc/sys/kernel/unprivileged_bpf_disabled")
    assert bpf is None or rows["unprivileged-bpf"]["seen"].startswith(bpf.strip()), rows["unprivileged-bpf"]
    version2 = os.path.exists("/sys/fs/cgroup/cgroup.controllers")
    assert rows["cgroup"]["seen"].startswith("version 2") == version2, rows["cgroup"]
    assert found["host"] == os.uname().nodename and found["kernel"] == os.uname().release, found


def states_of(text):
    return [line.split()[0] for line in text.splitlines() if re.match(r"  (ok|limited|missing|unknown) ", line)]


def test_lines_for_a_pipe_are_plain_and_of_80_columns(_folder):
    found, _ = checked()
    done = run()
    assert done.returncode == (0 if found["accelerated"] else 3) and done.stderr == "", done
    assert ESCAPE not in done.stdout and max(map(len, done.stdout.splitlines())) <= 80, done.stdout
    assert states_of(done.stdout) == [row["state"] for row in found["checks"]], done.stdout
    assert found["verdict"] in " ".join(done.stdout.split()), done.stdout


def on_terminal(columns, **environment):
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
    names = {**os.environ, "TERM": "xterm", **environment}
    with subprocess.Popen([VIRTLENS, "check"], stdin=slave, stdout=slave, stderr=slave, env=names) as program:
        os.close(slave)
        text = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # EIO: the other end is closed
                break
            if not piece:
                break
            text += piece
        program.wait(timeout=60)
    os.close(master)
    return text.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_and_its_own_width(_folder):
    os.environ.pop("NO_COLOR", None)
    text = on_terminal(64)
    plain = re.sub(r"\033\[\d+m", "", text)
    assert text.count("\033[39m") == len(states_of(plain)) > 20, text
    assert ESCAPE not in plain and 56 < max(map(len, plain.splitlines())) <= 64, plain
    assert ESCAPE not in on_terminal(64, NO_COLOR="1") + on_terminal(64, TERM="dumb")


def fake_program(folder, name, script):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n" + script)
    os.chmod(path, 0o755)


def test_a_qemu_that_fails_or_says_strange_things(folder):
    name = f"qemu-system-{os.uname().machine}"
    environment = {**os.environ, "PATH": folder}
    fake_program(folder, name, "echo broken >&2; exit 1\n")
    found, rows = checked(env=environment)
    assert rows["qemu"]["state"] == "limited" and not found["accelerated"], rows["qemu"]
    assert rows["qemu-img"]["state"] == "missing", rows["qemu-img"]
    fake_program(folder, name, "printf 'QEMU \\033[2J\\377 9\\nmore\\n'\n")
    _, rows = checked(env=environment)
    assert rows["qemu"]["state"] == "ok" and "more" not in rows["qemu"]["seen"], rows["qemu"]
    assert ESCAPE not in run(env=environment).stdout


def test_an_unprivileged_user_is_told_what_is_closed(folder):
    if os.geteuid() != 0:
        raise Skip("not root: no other user to be")
    os.chmod(folder, 0o755)
    program = shutil.copy(VIRTLENS, folder)
    environment = {**os.environ, "HOME": "/nonexistent", "XDG_STATE_HOME": folder}
    found, rows = checked(program=program, env=environment, user=65534, group=65534, extra_groups=[])
    assert rows["state-folder"]["state"] == "missing" and folder in rows["state-folder"]["seen"], rows
    assert rows["capabilities"]["state"] == "missing" and rows["capabilities"]["advice"], rows["capabilities"]
    assert rows["unprivileged-bpf"]["state"] in ("ok", "limited"), rows["unprivileged-bpf"]
    assert len(found["checks"]) == len(rows) > 20, found


def test_a_full_device_is_told(_folder):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([VIRTLENS, "check"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60,
                              check=False)
    assert done.returncode == 1 and "cannot be written" in done.stderr, done


if __name__ == "__main__":
    sys.exit(run_tests("verify", globals()))
