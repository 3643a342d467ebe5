/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and their names ("n", "^R", "F5", "Enter", "PageDown", "Space").  A key is the code
 * point of a character, or one of the codes below. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stdbool.h>

enum key {
  KEYS_NONE = -1,
  KEYS_TAB = 9,
  KEYS_ENTER = 10, /* carriage return is turned into it */
  KEYS_ESC = 27,
  KEYS_SPACE = 32,
  KEYS_SPECIAL = 0x110000, /* past the last code point */
  KEYS_UP = KEYS_SPECIAL,
  KEYS_DOWN,
  KEYS_LEFT,
  KEYS_RIGHT,
  KEYS_PAGE_UP,
  KEYS_PAGE_DOWN,
  KEYS_HOME,
  KEYS_END,
  KEYS_INSERT,
  KEYS_DELETE,
  KEYS_BACKSPACE, /* ^H and DEL are turned into it */
  KEYS_BACKTAB,
  KEYS_MOUSE,
  KEYS_F0 = KEYS_SPECIAL + 0x100, /* F1 is KEYS_F0 + 1, to F24 */
};
#define KEYS_CTRL(letter) ((letter)&0x1f)

/* The key called NAME, or KEYS_NONE.  Case counts for single letters only. */
int keys_find(const char *name);
/* Its name for help and the key bar; caller frees. */
char *keys_name(int key);
/* The INDEXth name of a key that is no character, function key or control, aliases too; NULL: no more. */
const char *keys_listed(int index);
/* Our key for what get_wch gave: CODE with IS_KEY for KEY_CODE_YES.  KEYS_NONE: ours to ignore. */
int keys_from_curses(unsigned code, bool is_key);
/* A printable character, to be taken as text. */
bool keys_is_text(int key);

#endif
