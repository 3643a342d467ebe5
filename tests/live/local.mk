EXTRA_DIST += tests/live/daemon.py tests/live/runner.py tests/live/kept.py tests/live/inside.py
clean-local: clean-live
clean-live:
	rm -rf tests/live/kept
.PHONY: clean-live

dist_check_SCRIPTS += tests/live/pulse.py tests/live/linux.py
check_DATA += conf/pulse.img
TESTS += tests/live/pulse.py tests/live/linux.py
dist_check_SCRIPTS += tests/live/session.py
TESTS += tests/live/session.py

# core/virt by itself, against real guests.
check_PROGRAMS += tests/live/virt_watch
tests_live_virt_watch_SOURCES = tests/live/virt_watch.c
tests_live_virt_watch_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(LIBVIRT_CFLAGS) $(JANSSON_CFLAGS)
tests_live_virt_watch_LDADD = $(CORE_LIBS) $(SYSTEM_LIBS)
dist_check_SCRIPTS += tests/live/virt_plain.py tests/live/virt_daemon.py tests/live/virt_embedded.py
EXTRA_DIST += tests/live/watch.py tests/live/gate.py
TESTS += tests/live/virt_plain.py tests/live/virt_daemon.py tests/live/virt_embedded.py
dist_check_SCRIPTS += tests/live/play.py
TESTS += tests/live/play.py

# The acting half of core/virt, in labs of the tests' own.
lab_tests = tests/live/lab_backends tests/live/lab_actions tests/live/lab_folder
check_PROGRAMS += $(lab_tests)
TESTS += $(lab_tests)
LAB_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS)
LAB_LIBS = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_live_lab_backends_SOURCES = tests/live/lab_backends.c tests/live/lab_bench.c tests/live/lab_bench.h
tests_live_lab_backends_CFLAGS = $(LAB_CFLAGS)
tests_live_lab_backends_LDADD = $(LAB_LIBS)
tests_live_lab_actions_SOURCES = tests/live/lab_actions.c tests/live/lab_bench.c tests/live/lab_bench.h
tests_live_lab_actions_CFLAGS = $(LAB_CFLAGS)
tests_live_lab_actions_LDADD = $(LAB_LIBS)
tests_live_lab_folder_SOURCES = tests/live/lab_folder.c tests/live/lab_bench.c tests/live/lab_bench.h
tests_live_lab_folder_CFLAGS = $(LAB_CFLAGS)
tests_live_lab_folder_LDADD = $(LAB_LIBS)
live_scripts = \
	tests/live/snapshots.py \
	tests/live/remote.py \
	tests/live/lost.py \
	tests/live/clones.py \
	tests/live/life.py \
	tests/live/bench.py \
	tests/live/console.py \
	tests/live/ssh.py \
	tests/live/verify.py \
	tests/live/screenshot.py \
	tests/live/whole.py \
	tests/live/steal.py \
	tests/live/faults.py
dist_check_SCRIPTS += $(live_scripts)
TESTS += $(live_scripts)
EXTRA_DIST += tests/live/everything.play

# What processes ask of memory, seen by the kernel.
dist_check_SCRIPTS += tests/live/tracing.py
check_PROGRAMS += tests/live/memory_calls
tests_live_memory_calls_SOURCES = tests/live/memory_calls.c
tests_live_memory_calls_CFLAGS = $(AM_CFLAGS)
TESTS += tests/live/tracing.py
# How long things take, seen by it.
dist_check_SCRIPTS += tests/live/spans.py
TESTS += tests/live/spans.py

# Memory requests into a database.
dist_check_SCRIPTS += tests/live/sink.py
TESTS += tests/live/sink.py

# An emulated machine in which virtlens gives guests virtual functions (SR-IOV).
dist_check_SCRIPTS += tests/live/sriov/lab.py
EXTRA_DIST += tests/live/sriov/l1.py tests/live/sriov/image.py tests/live/sriov/agent.sh tests/live/sriov/boot.sh \
	tests/live/sriov/setup.sh tests/live/sriov/guest.sh tests/live/sriov/keys.play
TESTS += tests/live/sriov/lab.py
# Not in TESTS: it boots the machine twice, for one line each.
dist_check_SCRIPTS += tests/live/sriov/variants.py
