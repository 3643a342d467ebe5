# SPDX-License-Identifier: GPL-2.0-or-later
"""What a guest tells of itself, on the program's screen: by its real agent, by one that lies, by one that never answers.

For guests "linux" that ssh reaches: see ssh.py, whose guests these are.
"""
import base64
import json

# What the hostile agent hands out, and what may reach the terminal of it.
ESCAPES, SHOWN = "\033]0;pwned\007\033[31m", r"\x1b]0;pwned\x07\x1b[31m"
ANSWERS = {
    "guest-network-get-interfaces": [
        {"name": "eth0" + ESCAPES, "hardware-address": "02:00:00:00:00:01",
         "ip-addresses": [{"ip-address": "192.0.2.9", "ip-address-type": "ipv4", "prefix": 24}]}],
    "guest-get-fsinfo": [
        {"name": "vda1", "mountpoint": "/srv" + ESCAPES, "type": "ext4", "total-bytes": 8 << 30, "used-bytes": 2 << 30,
         "disk": []}],
}

# Descriptor 3 is the port of the agent in all of these; the one before may not have given it back yet.  It is at its end
# as long as nobody is there on the host.
OPEN = r"""
port=/dev/$(basename $(dirname $(grep -lx org.qemu.guest_agent.0 /sys/class/virtio-ports/*/name)))
until (exec 3<>$port); do usleep 100000; done
exec 3<>$port
"""
LIAR = OPEN + r"""
while :; do
  read -r line <&3 || usleep 100000
  case $line in
  *guest-sync*) echo "$line" | sed -n 's/.*"id": *\([0-9]*\).*/{"return": \1}/p' >&3 ;;
""" + "".join("  *%s*) cat >&3 <<'END'\n%s\nEND\n;;\n" % (command, json.dumps({"return": answer}))
              for command, answer in ANSWERS.items()) + "  esac\ndone\n"
MUTE = OPEN + "while :; do cat <&3 > /dev/null; usleep 100000; done\n"


def run_agent(log_in, line, script):
    """SCRIPT as the agent of the guest behind LINE, in place of the one before; log_in runs a command there."""
    packed = base64.b64encode(script.encode()).decode()
    log_in(line, "'for old in $(cat /tmp/agent.pid); do kill -9 $old; done; echo %s | base64 -d > /tmp/agent;"
                 " setsid sh /tmp/agent < /dev/null > /dev/null 2>&1 & echo $! > /tmp/agent.pid'" % packed)


def details(screen, name, text):
    """The details of the guest NAME, once TEXT is among them."""
    screen.command("filter " + name)
    screen.keys("Enter")
    screen.wait("running ·")
    screen.keys("End")
    screen.wait(text)
    seen = screen.text()
    screen.keys("Escape")
    screen.command("filter")
    screen.wait("STATE")
    return seen


def told_by(screen, log_in, line, name):
    """What the guest NAME, which has no agent any more, is said to be inside: by a hostile agent, then by a mute one."""
    run_agent(log_in, line, LIAR)
    seen = details(screen, name, "2.0G of 8.0G")
    assert "192.0.2.9/24  eth0" + SHOWN in seen and "/srv" + SHOWN in seen, seen
    run_agent(log_in, line, MUTE)
    seen = details(screen, name, "its agent does not answer")
    assert "192.0.2.9" not in seen, "what another one told is no longer shown:\n" + seen
