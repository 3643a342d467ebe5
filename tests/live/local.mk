EXTRA_DIST += tests/live/daemon.py
