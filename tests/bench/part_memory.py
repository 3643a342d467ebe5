# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory of virtlens over time."""
import os

from lab import pss_mib, table
from lens import Lens

TITLE = "Memory"


def run(args, lab, folder):
    lab.grow(max(args.guests))
    lens = Lens(args.virtlens, [lab.daemon.uri], os.path.join(folder, "memory"))
    lens.wait_text(b"idle-001", 60)
    rows = []
    for step in range(6):
        lens.read(args.minutes * 60 / 5 if step else 30)
        rows.append(["%.1f" % ((30 + step * args.minutes * 60 / 5) / 60), "%.2f" % pss_mib(lens.pid)])
    lens.quit()
    return ("%d guests, a tick a second, recording; the history of %s fills in 10 minutes.\n\n"
            % (lab.count, "all graphs") + table(["minutes", "PSS MiB"], rows))
