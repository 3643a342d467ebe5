/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/editor.h"

#include "core/base/text.h"
#include "tui/keys.h"

void editor_init(struct editor *editor, const char *text)
{
  editor->text = g_string_new(text);
  editor->at = editor->text->len;
  editor->killed = NULL;
}

void editor_clear(struct editor *editor)
{
  g_string_free(editor->text, TRUE);
  g_free(editor->killed);
}

void editor_set(struct editor *editor, const char *text)
{
  g_string_assign(editor->text, text);
  editor->at = editor->text->len;
}

const char *editor_text(const struct editor *editor)
{
  return editor->text->str;
}

/* g_utf8_next_char casts the const away. */
static const char *next_char(const char *p)
{
  return p + g_utf8_skip[(guchar)*p];
}

/* ---- places in the text; a character is taken together with the marks that combine with it ---- */

static size_t before(const struct editor *editor, size_t at)
{
  const char *start = editor->text->str, *p = start + at;
  while (p > start) {
    p = g_utf8_prev_char(p);
    if (!g_unichar_iszerowidth(g_utf8_get_char(p)))
      break;
  }
  return (size_t)(p - start);
}

static size_t after(const struct editor *editor, size_t at)
{
  const char *start = editor->text->str, *end = start + editor->text->len, *p = start + at;
  if (p < end)
    p = next_char(p);
  while (p < end && g_unichar_iszerowidth(g_utf8_get_char(p)))
    p = next_char(p);
  return (size_t)(p - start);
}

static size_t word_before(const struct editor *editor)
{
  size_t at = editor->at;
  while (at > 0 && editor->text->str[at - 1] == ' ')
    at--;
  while (at > 0 && editor->text->str[at - 1] != ' ')
    at = before(editor, at);
  return at;
}

/* ---- what keys do ---- */

static void go_left(struct editor *editor)
{
  editor->at = before(editor, editor->at);
}

static void go_right(struct editor *editor)
{
  editor->at = after(editor, editor->at);
}

static void go_start(struct editor *editor)
{
  editor->at = 0;
}

static void go_end(struct editor *editor)
{
  editor->at = editor->text->len;
}

static void erase(struct editor *editor, size_t from, size_t to)
{
  g_string_erase(editor->text, (gssize)from, (gssize)(to - from));
  editor->at = from;
}

static void erase_before(struct editor *editor)
{
  erase(editor, before(editor, editor->at), editor->at);
}

static void erase_after(struct editor *editor)
{
  erase(editor, editor->at, after(editor, editor->at));
}

static void take_out(struct editor *editor, size_t from, size_t to)
{
  if (from == to)
    return;
  g_free(editor->killed);
  editor->killed = g_strndup(editor->text->str + from, to - from);
  erase(editor, from, to);
}

static void kill_before(struct editor *editor)
{
  take_out(editor, 0, editor->at);
}

static void kill_after(struct editor *editor)
{
  take_out(editor, editor->at, editor->text->len);
}

static void kill_word(struct editor *editor)
{
  take_out(editor, word_before(editor), editor->at);
}

static void insert(struct editor *editor, const char *text)
{
  if (editor->text->len + strlen(text) > EDITOR_MAX)
    return;
  g_string_insert(editor->text, (gssize)editor->at, text);
  editor->at += strlen(text);
}

static void yank(struct editor *editor)
{
  if (editor->killed)
    insert(editor, editor->killed);
}

static const struct {
  int key;
  void (*act)(struct editor *editor);
} acts[] = {
    {KEYS_LEFT, go_left},
    {KEYS_CTRL('B'), go_left},
    {KEYS_RIGHT, go_right},
    {KEYS_CTRL('F'), go_right},
    {KEYS_HOME, go_start},
    {KEYS_CTRL('A'), go_start},
    {KEYS_END, go_end},
    {KEYS_CTRL('E'), go_end},
    {KEYS_BACKSPACE, erase_before},
    {KEYS_CTRL('H'), erase_before},
    {KEYS_DELETE, erase_after},
    {KEYS_CTRL('D'), erase_after},
    {KEYS_CTRL('U'), kill_before},
    {KEYS_CTRL('K'), kill_after},
    {KEYS_CTRL('W'), kill_word},
    {KEYS_CTRL('Y'), yank},
};

bool editor_key(struct editor *editor, int key)
{
  for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
    if (acts[i].key != key)
      continue;
    acts[i].act(editor);
    return true;
  }
  if (!keys_is_text(key))
    return false;
  char utf8[7] = {0};
  g_unichar_to_utf8((gunichar)key, utf8);
  insert(editor, utf8);
  return true;
}

/* The text safe to draw, and how many of its columns lie before the cursor. */
static char *shown(const struct editor *editor, int *ret_cursor)
{
  g_autofree char *left = g_strndup(editor->text->str, editor->at);
  g_autofree char *safe_left = text_safe(left);
  g_autofree char *safe_right = text_safe(editor->text->str + editor->at);
  *ret_cursor = text_width(safe_left);
  return g_strconcat(safe_left, safe_right, NULL);
}

void editor_draw(const struct editor *editor, struct canvas *canvas, int x, int y, int w, enum role role,
                 bool focus)
{
  int cursor;
  g_autofree char *text = shown(editor, &cursor);
  int hidden = focus && cursor > w - 1 ? cursor - (w - 1) : 0;
  canvas_fill(canvas, (struct rect){x, y, w, 1}, role);
  const char *p = text;
  int col = 0;
  while (*p && col < hidden) {
    g_autofree char *one = g_strndup(p, (gsize)(next_char(p) - p));
    col += text_width(one);
    p = next_char(p);
  }
  canvas_put_fit(canvas, x + (col - hidden), y, w - (col - hidden), role, p);
  if (focus)
    canvas_cursor(canvas, x + cursor - hidden, y);
}
