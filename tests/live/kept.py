# SPDX-License-Identifier: GPL-2.0-or-later
"""What the live tests hand on to one another, because it takes seconds each time: what libvirt found out about this host's
QEMU, and the guest "linux" with the cloud's kernel, which starts in half the time.

TESTS_KEPT names the folder; without it each test does all of it anew.
"""
import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile

import linux

KEPT = os.environ.get("TESTS_KEPT")
# A QEMU with it is asked at each start for the features of the virtual CPU, four hundred of them, one by one: a second
# under emulation.  Without it libvirt asks for all at once, as it asks older QEMUs.  No test here is about them.
SLOW_FLAG = "<flag name='cpu-unavailable-features'/>"


def _in(cache):
    return os.path.join(cache, "qemu", "capabilities")


def _without_slow_flag(folder):
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace(SLOW_FLAG, ""))


def _keep(source, name):
    """Put a copy of the folder SOURCE under KEPT, whole or not at all.  Tests run side by side."""
    os.makedirs(KEPT, exist_ok=True)
    fresh = tempfile.mkdtemp(dir=KEPT)
    shutil.copytree(source, fresh, dirs_exist_ok=True)
    if name == "capabilities":
        _without_slow_flag(fresh)
    try:
        os.rename(fresh, os.path.join(KEPT, name))
    except OSError:  # another test was first
        shutil.rmtree(fresh)


def _kept(name):
    path = os.path.join(KEPT, name) if KEPT else None
    return path if path and os.path.isdir(path) else None


def give_capabilities(cache):
    """Put what is known into CACHE, the cache folder of a libvirt that has not begun yet; it notices what no longer holds."""
    if _kept("capabilities") and not os.path.exists(_in(cache)):
        shutil.copytree(_kept("capabilities"), _in(cache))


def take_capabilities(cache):
    """Keep what the libvirt of CACHE found out, if nothing is kept yet."""
    if KEPT and not _kept("capabilities") and os.path.isdir(_in(cache)):
        _keep(_in(cache), "capabilities")


@contextlib.contextmanager
def _alone(name):
    os.makedirs(KEPT, exist_ok=True)
    with open(os.path.join(KEPT, name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_linux(folder):
    loops = os.path.abspath("virtlens-loops")
    return linux.makes(folder, "--flavour=cloud-amd64", *["--loops=" + loops] * os.path.exists(loops))


def linux_guest(folder):
    """The folder with the kernel and initramfs of "linux", made in FOLDER if none is kept; None where packages cannot be had."""
    if not KEPT:
        return _make_linux(folder)
    with open(linux.MKLINUX, "rb") as script:  # what another script made is another guest
        name = "linux-" + hashlib.sha256(script.read()).hexdigest()[:8]
    with _alone(name):
        made = _kept(name) or _make_linux(folder)
        if made and not _kept(name):
            _keep(made, name)
    return made
