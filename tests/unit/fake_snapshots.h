/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up snapshots for both made-up engines. */
#ifndef TESTS_FAKE_SNAPSHOTS_H
#define TESTS_FAKE_SNAPSHOTS_H

#include "core/model/snapshot.h"

/* A tree of four: base, after-install below it, try-ide (current) below that, other below base. */
struct snapshot_list *fake_snapshots(const char *uuid);

#endif
