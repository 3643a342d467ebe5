#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A check that finds nothing proves nothing: tests/check-layers.sh must find faults planted for it.
exec "$(dirname -- "$0")/check-layers.sh" --self-test
