# SPDX-License-Identifier: GPL-2.0-or-later
"""What libvirt found out about this host's QEMU, handed on from test to test: it takes seconds each time.

libvirt itself notices when it no longer holds.  QEMU_CAPABILITIES names the folder; without it each test finds out anew.
"""
import os
import shutil
import tempfile

KEPT = os.environ.get("QEMU_CAPABILITIES")


def _in(cache):
    return os.path.join(cache, "qemu", "capabilities")


def give(cache):
    """Put what is known into CACHE, the cache folder of a libvirt that has not begun yet."""
    if KEPT and os.path.isdir(KEPT) and not os.path.exists(_in(cache)):
        shutil.copytree(KEPT, _in(cache))


def take(cache):
    """Keep what the libvirt of CACHE found out, if nothing is kept yet.  Tests may run side by side."""
    if not KEPT or os.path.exists(KEPT) or not os.path.isdir(_in(cache)):
        return
    fresh = tempfile.mkdtemp(dir=os.path.dirname(KEPT))
    shutil.copytree(_in(cache), fresh, dirs_exist_ok=True)
    try:
        os.rename(fresh, KEPT)
    except OSError:  # another test was first
        shutil.rmtree(fresh)
