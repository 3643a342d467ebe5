#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""core/virt where no guest really runs: libvirt's test driver, and URIs that fail.
usage: virt_plain.py VIRT_WATCH"""
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from watch import Watch  # noqa: E402

TEST_GUEST = "<domain type='test'><name>%s</name><memory>8192</memory><os><type>hvm</type></os></domain>"


def check_test_driver(program, folder):
    watch = Watch(program, "test:///default", os.path.join(folder, "a log"))
    scan = watch.wait_scan("its guest", lambda s: s["state"] == "open" and "test" in s["guests"])
    assert scan["guests"]["test"]["state"] == "running", scan
    assert "read_bytes_per_second" not in scan["guests"]["test"], "the test driver has no disks' figures"
    path = os.path.join(folder, "new.xml")
    hostile = "--help &#x202e;42"
    with open(path, "w") as file:
        file.write(TEST_GUEST % hostile)
    watch.act("create " + path)
    name = "--help \u202e42"
    watch.wait_event(name, "started")
    watch.wait_scan("the new guest", lambda s: name in s["guests"])
    watch.act("destroy test")
    watch.wait_event("test", "shut off (destroyed)")
    watch.wait_scan("test shut off", lambda s: s["guests"].get("test", {}).get("state") == "shut off")
    watch.end()


def check_interval(program, folder):
    """A shorter one counts at once, and not when the longer one has passed."""
    watch = Watch(program, "test:///default", os.path.join(folder, "a log"), "slow")
    watch.wait_scan("the first tick", lambda s: s["tick"] == 1)
    watch.tell("interval 0.1")
    watch.wait_scan("ten ticks", lambda s: s["tick"] >= 11, 30)
    watch.end()


def check_readonly(program, folder):
    watch = Watch(program, "test:///default", os.path.join(folder, "a log"), "readonly")
    watch.wait_scan("its guest", lambda s: "test" in s["guests"])
    since = watch.mark()
    watch.tell("destroy test")
    answer = watch.wait("refusal", lambda l: l["kind"] == "done", 30, since)
    assert not answer["ok"] and "read only" in answer["error"], answer
    watch.end()


def check_failures(program, folder):
    nowhere = os.path.join(folder, "no-socket")
    table = [("qemu+unix:///system?socket=" + nowhere, "No such file or directory", "Start the daemon"),
             ("test:///" + nowhere, "", ""),
             ("qemu+ssh://host.invalid/system", "host.invalid", "Check"),
             ("nonsense:///x", "", ""),
             ("::", "", "")]
    for uri, why, advice in table:
        watch = Watch(program, uri, os.path.join(folder, "a log"))
        scan = watch.wait_scan("failure of " + uri, lambda s: s["state"] == "failed", 60)
        what, _, tried = scan["error"].partition("\n")
        assert why in what and advice in tried and tried, scan["error"]
        assert "\n" not in watch.wait("its event", lambda l: l["kind"] == "event")["text"]
        watch.end()


def main(program):
    with tempfile.TemporaryDirectory(prefix="virt-plain-") as folder:
        check_test_driver(program, folder)
        check_interval(program, folder)
        check_readonly(program, folder)
        check_failures(program, folder)
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "tests/live/virt_watch"))
