/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/keys.h"

#include <curses.h>
#include <glib.h>

struct key_row {
  const char *name; /* the first of a key is the one shown */
  int key;
  int curses; /* -1: arrives as a character */
};

static const struct key_row rows[] = {
    {"Up", KEYS_UP, KEY_UP},
    {"Down", KEYS_DOWN, KEY_DOWN},
    {"Left", KEYS_LEFT, KEY_LEFT},
    {"Right", KEYS_RIGHT, KEY_RIGHT},
    {"PageUp", KEYS_PAGE_UP, KEY_PPAGE},
    {"PgUp", KEYS_PAGE_UP, -1},
    {"PageDown", KEYS_PAGE_DOWN, KEY_NPAGE},
    {"PgDn", KEYS_PAGE_DOWN, -1},
    {"Home", KEYS_HOME, KEY_HOME},
    {"End", KEYS_END, KEY_END},
    {"Insert", KEYS_INSERT, KEY_IC},
    {"Delete", KEYS_DELETE, KEY_DC},
    {"Del", KEYS_DELETE, -1},
    {"Backspace", KEYS_BACKSPACE, KEY_BACKSPACE},
    {"BackTab", KEYS_BACKTAB, KEY_BTAB},
    {"Mouse", KEYS_MOUSE, KEY_MOUSE},
    {"Enter", KEYS_ENTER, KEY_ENTER},
    {"Return", KEYS_ENTER, -1},
    {"Tab", KEYS_TAB, -1},
    {"Esc", KEYS_ESC, -1},
    {"Escape", KEYS_ESC, -1},
    {"Space", KEYS_SPACE, -1},
};

static int find_function_key(const char *name)
{
  guint64 n;
  if ((name[0] != 'F' && name[0] != 'f') || !g_ascii_string_to_unsigned(name + 1, 10, 1, 24, &n, NULL))
    return KEYS_NONE;
  return KEYS_F0 + (int)n;
}

/* "^R", "^r" or "Ctrl-R".  Keys that arrive as another key are found under that one. */
static int find_control(const char *name)
{
  const char *letter = NULL;
  if (name[0] == '^')
    letter = name + 1;
  else if (g_ascii_strncasecmp(name, "ctrl-", 5) == 0)
    letter = name + 5;
  if (!letter || !letter[0] || letter[1])
    return KEYS_NONE;
  char upper = g_ascii_toupper(letter[0]);
  if (upper < '@' || upper > '_')
    return KEYS_NONE;
  return keys_from_curses((unsigned)KEYS_CTRL(upper), false);
}

int keys_find(const char *name)
{
  if (!g_utf8_validate(name, -1, NULL) || !*name)
    return KEYS_NONE;
  if (g_utf8_strlen(name, -1) == 1) {
    gunichar c = g_utf8_get_char(name);
    return keys_is_text((int)c) ? (int)c : KEYS_NONE;
  }
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    if (g_ascii_strcasecmp(rows[i].name, name) == 0)
      return rows[i].key;
  int key = find_control(name);
  return key != KEYS_NONE ? key : find_function_key(name);
}

char *keys_name(int key)
{
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    if (rows[i].key == key)
      return g_strdup(rows[i].name);
  if (key > KEYS_F0 && key <= KEYS_F0 + 24)
    return g_strdup_printf("F%d", key - KEYS_F0);
  if (key >= 0 && key < 0x20)
    return g_strdup_printf("^%c", key + '@');
  char text[7] = "?";
  if (keys_is_text(key))
    text[g_unichar_to_utf8((gunichar)key, text)] = '\0';
  return g_strdup(text);
}

const char *keys_listed(int index)
{
  return index < (int)G_N_ELEMENTS(rows) ? rows[index].name : NULL;
}

static int from_character(unsigned code)
{
  switch (code) {
  case '\r':
    return KEYS_ENTER;
  case '\b':
  case 0x7f:
    return KEYS_BACKSPACE;
  default:
    return code < 0x110000 ? (int)code : KEYS_NONE;
  }
}

int keys_from_curses(unsigned code, bool is_key)
{
  if (!is_key)
    return from_character(code);
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    if (rows[i].curses == (int)code)
      return rows[i].key;
  if (code > KEY_F0 && code <= KEY_F0 + 24)
    return KEYS_F0 + (int)(code - KEY_F0);
  return KEYS_NONE;
}

bool keys_is_text(int key)
{
  return key >= 0 && key < KEYS_SPECIAL && g_unichar_validate((gunichar)key) &&
         g_unichar_isprint((gunichar)key) && !g_unichar_iszerowidth((gunichar)key);
}
