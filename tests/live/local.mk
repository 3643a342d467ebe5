EXTRA_DIST += tests/live/daemon.py

dist_check_SCRIPTS += tests/live/pulse.py
check_DATA += conf/pulse.img
TESTS += tests/live/pulse.py
dist_check_SCRIPTS += tests/live/session.py
