#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""SSH to real guests: two at once, each by a port of its own and with the right key; what a port that somebody else has
changes.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import os
import re
import shutil
import socket
import subprocess
import sys
from xml.etree import ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from console import PATIENCE, Screen, linux_lab  # noqa: E402
from daemon import missing, wait_until  # noqa: E402
from inside import details, told_by  # noqa: E402
from runner import Skip, run_tests  # noqa: E402
from session import read_export  # noqa: E402

FIRST = 2222
QEMU = "{http://libvirt.org/schemas/domain/qemu/1.0}"


def somebody_at(port):
    """A listener at PORT for a while, if there is none already: guests of other tests have ports, too, and give them back
    at any time (held)."""
    there = socket.socket()
    there.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        there.bind(("127.0.0.1", port))
        there.listen()
    except OSError:
        pass
    return there


def held(listener):
    """The port that somebody_at really holds, in a set."""
    return {listener.getsockname()[1]} - {0}


def is_listened_at(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def arguments(lab, name):
    """What the stored definition hands to QEMU."""
    tree = ElementTree.parse(os.path.join(lab, "etc", "qemu", name + ".xml"))
    return [node.get("value") for node in tree.iter(QEMU + "arg")]


def port_of(lab, name):
    return int(re.search(r"hostfwd=tcp:127\.0\.0\.1:(\d+)-:22", " ".join(arguments(lab, name))).group(1))


def mac_of(lab, name):
    return re.search(r"mac=([0-9a-f:]{17})", " ".join(arguments(lab, name))).group(1)


def make_home(folder):
    """A user with two public keys, and the private one for one of them under a name that ssh does not look for."""
    ssh = os.path.join(folder, "home", ".ssh")
    os.makedirs(ssh, 0o700)
    for name in ("away", "work"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", os.path.join(ssh, name)], check=True)
    os.unlink(os.path.join(ssh, "away"))
    return os.path.dirname(ssh)


def command_line(screen, name):
    """As :ssh gives it."""
    screen.command("ssh " + name)
    screen.wait("root@127.0.0.1")
    line = re.search(r"ssh -p .*root@127\.0\.0\.1", screen.text()).group(0)
    screen.keys("Escape")
    return line


def log_in(line, command):
    """COMMAND, run in the guest; "" where it cannot be yet."""
    words = ["sh", "-c", line.replace("ssh ", "ssh -F none -o BatchMode=yes -o ConnectTimeout=5 ", 1) + " " + command]
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True).stdout.strip()


def wait_for_login(line, name):
    wait_until(lambda: log_in(line, "hostname") == name, PATIENCE, "a login at " + line)


def launch(screen, name):
    screen.command("launch name=%s template=linux memory=192M" % name)
    screen.wait("launch %s: done in" % name)


def agents_freeze(screen, line, lab):
    """Snapshots of the disks of m alone, with its agent and then without; how many had one."""
    agent = log_in(line, "pidof qemu-ga")
    if agent:
        screen.command("snapshot m name=quiet kind=external memory=no")
        screen.wait("snapshot m: done in")
        log_in(line, "kill " + agent)
    screen.command("snapshot m name=loud kind=external memory=no")
    file = os.path.join(lab, "disks", "m-vda.loud.qcow2")
    wait_until(lambda: os.path.exists(file), PATIENCE, file)
    return 1 if agent else 0


def two_at_once(folder, screen, lab, first):
    launch(screen, "l")
    for name in ("work", "away"):
        os.unlink(os.path.join(folder, "home", ".ssh", name + ".pub"))
    launch(screen, "m")
    ports = [port_of(lab, name) for name in "lm"]
    assert len({*ports}) == 2 and not held(first) & {*ports}, "%s: taken ones are passed over" % ports
    lines = {name: command_line(screen, name) for name in "lm"}
    assert "/home/.ssh/work " in lines["l"] and "/state/virtlens/ssh/id_ed25519 " in lines["m"], lines
    for name, line in lines.items():
        assert "-p %d " % port_of(lab, name) in line, line
        wait_for_login(line, name)
    swapped = lines["l"].replace("/home/.ssh/work", "/state/virtlens/ssh/id_ed25519")
    assert log_in(swapped, "hostname") == "", "a key of another guest opens nothing"
    assert log_in(lines["l"], "'nslookup 10.0.2.2 > /dev/null; ip route'").startswith("default via 10.0.2.2")
    agents = agents_freeze(screen, lines["m"], lab)
    if agents:
        details(screen, "l", "10.0.2.15/24  eth0")
        told_by(screen, log_in, lines["m"], "m")
    for line in lines.values():
        log_in(line, "poweroff -f")
    for name in "lm":
        wait_until(lambda: re.search(name + " +off ", screen.text()), PATIENCE, name + " off")
    return agents


def a_clone_has_its_own(screen, lab, first):
    screen.command("clone l name=k")
    screen.wait("clone l: done in")
    ports = {port_of(lab, name) for name in "klm"}
    assert len(ports) == 3 and not held(first) & ports, ports
    assert mac_of(lab, "k") != mac_of(lab, "l")
    screen.command("delete k yes")
    screen.wait("delete k: done in")


def a_taken_port_is_changed(screen, lab, first):
    before, mac = port_of(lab, "m"), mac_of(lab, "m")
    with somebody_at(before):
        screen.command("start m")
        screen.wait("start m: done in")
        now = port_of(lab, "m")
        assert now not in {before, port_of(lab, "l")} | held(first) and mac_of(lab, "m") == mac
        assert is_listened_at(now)
    screen.command("save m")
    screen.wait("save m: done in")
    with somebody_at(now):
        screen.command("start m")
        screen.wait("another program has it")
    assert port_of(lab, "m") == now, "what goes with a saved state stays"
    screen.command("start m")
    wait_until(lambda: is_listened_at(now), PATIENCE, "m at port %d" % now)
    return before, now


def one_goes_without(screen, lab):
    screen.command("launch name=n template=linux memory=192M ssh=no")
    screen.wait("launch n: done in")
    assert arguments(lab, "n") == [], "its NIC is libvirt's own"
    screen.command("ssh n")
    screen.wait("no port of this machine leads to it")
    screen.keys("Escape")


def test_ssh(folder):
    if not shutil.which("ssh") or not shutil.which("dropbear", path=os.environ["PATH"] + ":/usr/sbin"):
        raise Skip("ssh or dropbear is not installed")
    lab, export, home = linux_lab(folder), os.path.join(folder, "x.json"), make_home(folder)
    options = ["--lab=stop", "--lab-root", lab, "--export", export]
    with somebody_at(FIRST) as first, Screen(folder, *options, width=200, HOME=home, SSH_AUTH_SOCK="") as screen:
        screen.wait("n new")
        agents = two_at_once(folder, screen, lab, first)
        a_clone_has_its_own(screen, lab, first)
        before, now = a_taken_port_is_changed(screen, lab, first)
        one_goes_without(screen, lab)
        screen.keys("q")
        wait_until(lambda: os.path.exists(export), PATIENCE, "the export")
    record = read_export(export)
    told = [event["text"] for event in record["events"] if event["guest"] == "m"]
    assert "its SSH is port %d of 127.0.0.1 now: another program has %d" % (now, before) in told, told
    assert ["frozen meanwhile" in text for text in told if "snapshot " in text and " begins " in text] \
        == [True] * agents + [False], told
    assert any("not frozen" in text for text in told), told
    nics = [nic["ssh_port"] for guest in record["guests"] if guest["name"] == "m"
            for definition in guest["definitions"] for nic in definition["nics"]]
    assert {before, now} <= set(nics), nics


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped:", reason)
        sys.exit(77)
    sys.exit(run_tests("ssh", globals()))
