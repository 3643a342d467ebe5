# SPDX-License-Identifier: GPL-2.0-or-later
"""How the live tests are run: one after the other, each in a folder of its own, whatever becomes of the others."""
import os
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kept  # noqa: E402


class Skip(Exception):
    """Raised by a test that cannot run here, with the reason."""


def lab_folder(folder):
    """A lab's root that QEMU's own user can reach."""
    os.chmod(folder, 0o711)
    root = os.path.join(folder, "lab")
    kept.give_capabilities(os.path.join(root, "cache"))
    return root


def run_test(function, folder):
    """The outcome of a test, a word and its detail."""
    try:
        function(folder)
    except (Skip, ImportError) as reason:
        return "skip", str(reason)
    except Exception as error:  # the next test is to run whatever went wrong
        return "FAIL", "%s: %s" % (type(error).__name__, error)
    finally:
        kept.take_capabilities(os.path.join(folder, "lab", "cache"))
    return "ok", ""


def run_tests(area, names):
    """Run the functions test_* among NAMES, or those that the arguments name; the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the time limit: what was started is ended on the way out
    tests = {name[5:]: function for name, function in names.items() if name.startswith("test_")}
    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    for name in sys.argv[1:] or tests:
        started = time.monotonic()
        # A program whose test failed may still be writing there: what failed is to be told all the same.
        with tempfile.TemporaryDirectory(prefix="virtlens-%s-" % area, dir="/var/tmp",
                                         ignore_cleanup_errors=True) as folder:
            word, detail = run_test(tests[name], folder)
        counts[word] += 1
        seconds = time.monotonic() - started
        print("%-4s %s: %s (%.1f s)%s" % (word, area, name.replace("_", " "), seconds, detail and ": " + detail), flush=True)
    print("%s: %d passed, %d failed, %d skipped" % (area, counts["ok"], counts["FAIL"], counts["skip"]))
    return 1 if counts["FAIL"] else 0 if counts["ok"] else 77
