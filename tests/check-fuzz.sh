#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Feed the fuzzers' corpus to their harnesses.
set -eu
corpus=${srcdir:?}/tests/data/fuzz
tests/fuzz/fuzz_journal "$corpus"/journal/*
tests/fuzz/fuzz_import "$corpus"/import/*
tests/fuzz/fuzz_settings "$corpus"/settings/*
tests/fuzz/fuzz_command "$corpus"/command/*
