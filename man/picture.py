#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the README's picture: runs the lab's tour in tmux until graphs have something to show, and draws it as SVG."""

import argparse
import html
import os
import re
import subprocess
import sys
import tempfile
import time

CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 8.4, 17, 14
BASE16 = ["#1e1e1e", "#cd3131", "#0dbc79", "#c5a000", "#3b7dd8", "#bc3fbc", "#11a8cd", "#d0d0d0",
          "#767676", "#f14c4c", "#23d18b", "#f5f543", "#5ca7ff", "#d670d6", "#29b8db", "#ffffff"]
FOREGROUND, BACKGROUND = "#d0d0d0", "#161616"


def colour(index):
    """xterm's colour INDEX as #rrggbb."""
    if index < 16:
        return BASE16[index]
    if index >= 232:
        return "#" + f"{8 + 10 * (index - 232):02x}" * 3
    index -= 16
    levels = [0, 95, 135, 175, 215, 255]
    return "#%02x%02x%02x" % (levels[index // 36], levels[index // 6 % 6], levels[index % 6])


class Style:
    def __init__(self):
        self.fg = self.bg = None
        self.bold = self.dim = self.reverse = self.underline = False

    def apply(self, codes):
        codes = [int(code or 0) for code in codes]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.__init__()
            elif code in (1, 22):
                self.bold, self.dim = code == 1, self.dim and code == 1
            elif code == 2:
                self.dim = True
            elif code in (4, 24):
                self.underline = code == 4
            elif code in (7, 27):
                self.reverse = code == 7
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.fg = colour(code - 30 if code < 90 else code - 82)
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.bg = colour(code - 40 if code < 100 else code - 92)
            elif code in (38, 48):
                if codes.pop(0) == 5:
                    chosen = colour(codes.pop(0))
                else:
                    chosen = "#%02x%02x%02x" % tuple(codes[:3])
                    del codes[:3]
                self.fg, self.bg = (chosen, self.bg) if code == 38 else (self.fg, chosen)
            elif code == 39:
                self.fg = None
            elif code == 49:
                self.bg = None

    def key(self):
        fg, bg = self.fg or FOREGROUND, self.bg
        if self.reverse:
            fg, bg = bg or BACKGROUND, fg
        return fg, bg, self.bold, self.dim, self.underline


def runs(line, style):
    """LINE as (column, text, look) of equal look."""
    column, text, look = 0, "", None
    for piece in re.split(r"(\x1b\[[0-9;:]*m|\x1b[()].|[\x0e\x0f])", line):
        if piece.startswith("\x1b["):
            style.apply(re.split("[;:]", piece[2:-1]))
        elif piece and piece[0] not in "\x1b\x0e\x0f":
            if look != style.key() and text:
                yield column - len(text), text, look
                text = ""
            look = style.key()
            text += piece
            column += len(piece)
    if text:
        yield column - len(text), text, look


def box(left, top, width, height):
    return f"M{left:.1f} {top:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z"


def shape(char, left, top):
    """Braille and block characters as a path: fonts differ in their widths, or lack them."""
    code = ord(char)
    if 0x2588 <= code <= 0x258F:
        return box(left, top, CELL_WIDTH * (0x2590 - code) / 8, CELL_HEIGHT)
    if 0x2581 <= code <= 0x2587:
        height = CELL_HEIGHT * (code - 0x2580) / 8
        return box(left, top + CELL_HEIGHT - height, CELL_WIDTH, height)
    if not 0x2800 <= code <= 0x28FF:
        return ""
    dots = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    return "".join(box(left + 1 + x * CELL_WIDTH / 2, top + 1.5 + y * CELL_HEIGHT / 4, 2.2, 2.2)
                   for bit, (x, y) in enumerate(dots) if code >> bit & 1)


def svg(lines, columns):
    width, height = columns * CELL_WIDTH + 20, len(lines) * CELL_HEIGHT + 20
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
           f'viewBox="0 0 {width:.1f} {height:.1f}">',
           f'<rect width="100%" height="100%" rx="6" fill="{BACKGROUND}"/>',
           f'<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{FONT_SIZE}" xml:space="preserve">']
    style = Style()
    for row, line in enumerate(lines):
        top = 10 + row * CELL_HEIGHT
        for column, text, (fg, bg, bold, dim, underline) in runs(line, style):
            left = 10 + column * CELL_WIDTH
            if bg:
                out.append(f'<path d="{box(left, top, len(text) * CELL_WIDTH, CELL_HEIGHT)}" fill="{bg}"/>')
            extra = (' font-weight="bold"' if bold else "") + (' opacity="0.6"' if dim else "")
            extra += ' text-decoration="underline"' if underline else ""
            shapes = "".join(shape(char, left + at * CELL_WIDTH, top) for at, char in enumerate(text))
            if shapes:
                out.append(f'<path d="{shapes}" fill="{fg}"/>')
            for word in re.finditer(r"[^\s\u2581-\u258f\u2800-\u28ff]+", text):
                out.append(f'<text x="{left + word.start() * CELL_WIDTH:.1f}" y="{top + 13}" fill="{fg}"{extra}>'
                           f"{html.escape(word.group())}</text>")
    return "\n".join(out + ["</g>", "</svg>", ""])


def wait(condition, what, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not happen in {seconds} s")
        time.sleep(0.2)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the virtlens to run")
    parser.add_argument("picture", help="the SVG file to write")
    parser.add_argument("--size", default="110x30")
    parser.add_argument("--watch", type=float, default=40, help="seconds to watch before the picture is taken")
    parser.add_argument("--keys", nargs="*", default=[], help="keys to press before, as tmux names them")
    options = parser.parse_args()
    columns, rows = options.size.split("x")
    with tempfile.TemporaryDirectory(prefix="vl-") as home:
        os.chmod(home, 0o755)
        tmux = ["tmux", "-S", os.path.join(home, "tmux"), "-f", "/dev/null"]

        def ask(*words):
            return subprocess.run(tmux + list(words), check=True, capture_output=True, text=True).stdout

        environment = {**os.environ, "HOME": home, "XDG_STATE_HOME": home, "LC_ALL": "C.UTF-8", "TERM": "tmux-256color"}
        environment.pop("TMUX", None)
        subprocess.run(tmux + ["new-session", "-d", "-x", columns, "-y", rows, "-s", "picture",
                               os.path.abspath(options.program), "--lab=stop", "--tour"], check=True, env=environment)
        try:
            wait(lambda: re.search(r"tour-virtio +run +virtio-blk .*\d[KMG] ", ask("capture-pane", "-p")),
                 "tour-virtio with a rate", 120)
            end = time.monotonic() + options.watch
            wait(lambda: time.monotonic() > end, "watching", options.watch + 60)
            for key in options.keys:
                ask("send-keys", key)
            if options.keys:
                before = ask("capture-pane", "-p")
                wait(lambda: ask("capture-pane", "-p") != before, "a repaint", 30)
            lines = ask("capture-pane", "-e", "-p").rstrip("\n").split("\n")
        finally:
            subprocess.run(tmux + ["send-keys", "q"], capture_output=True, check=False)
            wait(lambda: subprocess.run(tmux + ["has-session"], capture_output=True, check=False).returncode, "the end", 60)
    with open(options.picture, "w", encoding="utf-8") as file:
        file.write(svg(lines, int(columns)))
    print("\n".join(re.sub(r"\x1b\[[0-9;:]*m", "", line) for line in lines))


if __name__ == "__main__":
    sys.exit(main())
