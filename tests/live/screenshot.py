#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures of real guests' screens: a PNG that holds what the screen has; where there is no screen, why not.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import os
import stat
import struct
import sys
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from runner import run_tests  # noqa: E402
from play import play  # noqa: E402


def read_png(path):
    """Width, height and the pixel data of a PNG whose chunks are whole."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", data[:8]
    at, size, packed, kind = 8, None, b"", None
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0], kind
        size = struct.unpack(">II", body[:8]) if kind == b"IHDR" else size
        packed += body if kind == b"IDAT" else b""
        at += 12 + length
    assert kind == b"IEND", kind
    return size[0], size[1], zlib.decompress(packed)


def blank_image(folder):
    path = os.path.join(folder, "blank.img")
    with open(path, "wb") as file:
        file.truncate(1 << 20)
    os.chmod(folder, 0o755)
    os.chmod(path, 0o644)
    return path


def test_screen_becomes_png(folder):
    picture = os.path.join(folder, "s.png")
    shot = ":screenshot s file=%s\n" % picture
    play(folder, ":launch name=s template=image image=%s\nwait guest s running\n%s" % (blank_image(folder), shot))
    width, height, pixels = read_png(picture)
    assert width >= 320 and height >= 200 and len(pixels) >= width * height, (width, height, len(pixels))
    assert stat.S_IMODE(os.stat(picture).st_mode) == 0o600, oct(os.stat(picture).st_mode)
    with open(picture, "rb") as file:
        before = file.read()
    _, said = play(folder, ":start s\nwait guest s running\n" + shot, 1)
    assert "is not overwritten" in said, said
    with open(picture, "rb") as file:
        assert file.read() == before, "the first picture is as it was"
    _, said = play(folder, ":screenshot s\n", 1)
    assert "not running" in said, said


def test_no_screen_is_said(folder):
    picture = os.path.join(folder, "p.png")
    _, said = play(folder, ":launch name=p template=pulse\nwait guest p running\n:screenshot p file=%s\n" % picture, 1)
    assert "it has no graphic screen" in said, said
    assert not os.path.exists(picture)


if __name__ == "__main__":
    sys.exit(run_tests("screenshot", globals()))
