/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/emulator.h"

#include <string.h>
#include <vterm.h>

#include "tui/keys.h"

struct line {
  int count;
  VTermScreenCell cells[];
};

struct emulator {
  VTerm *term;
  VTermScreen *screen;
  VTermPos cursor;
  bool cursor_shown;
  int rows, cols;
  GPtrArray *scrolled; /* struct line *, oldest first */
  GByteArray *sent;    /* controls, which libvterm would send in an encoding that few guests know */
};

/* ---- what libvterm tells ---- */

static int keep_line(int count, const VTermScreenCell *cells, void *user)
{
  struct emulator *self = user;
  struct line *line = g_malloc0(sizeof *line + (size_t)count * sizeof *cells);
  line->count = count;
  memcpy(line->cells, cells, (size_t)count * sizeof *cells);
  if (self->scrolled->len >= EMULATOR_SCROLLBACK)
    g_ptr_array_remove_index(self->scrolled, 0);
  g_ptr_array_add(self->scrolled, line);
  return 1;
}

/* The screen has grown: its lines come back. */
static int give_line(int count, VTermScreenCell *cells, void *user)
{
  struct emulator *self = user;
  if (self->scrolled->len == 0)
    return 0;
  const struct line *line = g_ptr_array_index(self->scrolled, self->scrolled->len - 1);
  for (int i = 0; i < count; i++)
    cells[i] = i < line->count ? line->cells[i] : (VTermScreenCell){.width = 1};
  g_ptr_array_remove_index(self->scrolled, self->scrolled->len - 1);
  return 1;
}

static int move_cursor(VTermPos to, G_GNUC_UNUSED VTermPos from, int visible, void *user)
{
  struct emulator *self = user;
  self->cursor = to;
  self->cursor_shown = visible;
  return 1;
}

static const VTermScreenCallbacks callbacks = {
    .movecursor = move_cursor, .sb_pushline = keep_line, .sb_popline = give_line};

/* ---- its life ---- */

struct emulator *emulator_new(int rows, int cols)
{
  struct emulator *self = g_new0(struct emulator, 1);
  self->rows = MAX(rows, 1);
  self->cols = MAX(cols, 2);
  self->cursor_shown = true;
  self->scrolled = g_ptr_array_new_with_free_func(g_free);
  self->sent = g_byte_array_new();
  self->term = vterm_new(self->rows, self->cols);
  vterm_set_utf8(self->term, 1);
  self->screen = vterm_obtain_screen(self->term);
  vterm_screen_set_callbacks(self->screen, &callbacks, self);
  vterm_screen_enable_altscreen(self->screen, 1);
  vterm_screen_reset(self->screen, 1);
  return self;
}

void emulator_free(struct emulator *self)
{
  if (!self)
    return;
  vterm_free(self->term);
  g_ptr_array_unref(self->scrolled);
  g_byte_array_unref(self->sent);
  g_free(self);
}

void emulator_resize(struct emulator *self, int rows, int cols)
{
  if (rows < 1 || cols < 2 || (rows == self->rows && cols == self->cols))
    return;
  self->rows = rows;
  self->cols = cols;
  vterm_set_size(self->term, rows, cols);
}

void emulator_feed(struct emulator *self, const void *bytes, size_t n)
{
  vterm_input_write(self->term, bytes, n);
  vterm_screen_flush_damage(self->screen);
}

/* ---- keys ---- */

static VTermKey special(int key)
{
  static const struct {
    int ours;
    VTermKey theirs;
  } keys[] = {{KEYS_UP, VTERM_KEY_UP},          {KEYS_DOWN, VTERM_KEY_DOWN},
              {KEYS_LEFT, VTERM_KEY_LEFT},      {KEYS_RIGHT, VTERM_KEY_RIGHT},
              {KEYS_PAGE_UP, VTERM_KEY_PAGEUP}, {KEYS_PAGE_DOWN, VTERM_KEY_PAGEDOWN},
              {KEYS_HOME, VTERM_KEY_HOME},      {KEYS_END, VTERM_KEY_END},
              {KEYS_INSERT, VTERM_KEY_INS},     {KEYS_DELETE, VTERM_KEY_DEL},
              {KEYS_ENTER, VTERM_KEY_ENTER},    {KEYS_TAB, VTERM_KEY_TAB},
              {KEYS_ESC, VTERM_KEY_ESCAPE},     {KEYS_BACKSPACE, VTERM_KEY_BACKSPACE}};
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
    if (keys[i].ours == key)
      return keys[i].theirs;
  return key > KEYS_F0 ? (VTermKey)VTERM_KEY_FUNCTION(key - KEYS_F0) : VTERM_KEY_NONE;
}

void emulator_key(struct emulator *self, int key)
{
  const VTermKey known = special(key);
  if (key == KEYS_BACKTAB)
    vterm_keyboard_key(self->term, VTERM_KEY_TAB, VTERM_MOD_SHIFT);
  else if (known != VTERM_KEY_NONE)
    vterm_keyboard_key(self->term, known, VTERM_MOD_NONE);
  else if (key >= 0 && key < KEYS_SPACE)
    g_byte_array_append(self->sent, &(guint8){(guint8)key}, 1);
  else if (key < KEYS_SPECIAL)
    vterm_keyboard_unichar(self->term, (uint32_t)key, VTERM_MOD_NONE);
}

GBytes *emulator_sent(struct emulator *self)
{
  g_autoptr(GByteArray) all = g_steal_pointer(&self->sent);
  self->sent = g_byte_array_new();
  char bytes[256];
  for (size_t n; (n = vterm_output_read(self->term, bytes, sizeof bytes)) > 0;)
    g_byte_array_append(all, (const guint8 *)bytes, (guint)n);
  return all->len ? g_bytes_new(all->data, all->len) : NULL;
}

/* ---- drawing ---- */

/* The theme's colours that say what the eight basic ones usually do. */
static enum role role_of(const VTermScreenCell *cell)
{
  static const enum role roles[] = {ROLE_DIM,  ROLE_WRONG, ROLE_GOOD, ROLE_WARN,
                                    ROLE_TEXT, ROLE_TEXT,  ROLE_TEXT, ROLE_TEXT};
  if (VTERM_COLOR_IS_INDEXED(&cell->fg) && !VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) && cell->fg.indexed.idx < 16)
    return roles[cell->fg.indexed.idx % 8];
  return cell->attrs.bold ? ROLE_HEAD : ROLE_TEXT;
}

/* Line ROW of the picture that is SCROLL lines back: a cell of it, false where there is none. */
static bool cell_at(const struct emulator *self, int row, int col, int scroll, VTermScreenCell *ret)
{
  const int index = (int)self->scrolled->len - scroll + row;
  if (index >= (int)self->scrolled->len)
    return vterm_screen_get_cell(self->screen,
                                 (VTermPos){.row = index - (int)self->scrolled->len, .col = col}, ret);
  const struct line *line = g_ptr_array_index(self->scrolled, index);
  if (col >= line->count)
    return false;
  *ret = line->cells[col];
  return true;
}

/* Marks that turn text round or hide it stay out of the user's terminal. */
static gunichar harmless(uint32_t ch)
{
  const GUnicodeType type = g_unichar_validate(ch) ? g_unichar_type(ch) : G_UNICODE_UNASSIGNED;
  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_UNASSIGNED ||
                 type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR
             ? '?'
             : ch;
}

static void put_cell(struct canvas *canvas, int x, int y, const VTermScreenCell *cell)
{
  char text[VTERM_MAX_CHARS_PER_CELL * 6 + 1] = " ";
  int n = 0;
  for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i] && cell->chars[i] != (uint32_t)-1; i++)
    n += g_unichar_to_utf8(harmless(cell->chars[i]), text + n);
  text[MAX(n, 1)] = 0;
  canvas_put(canvas, x, y, role_of(cell), text);
  if (cell->attrs.reverse)
    canvas_ground(canvas, (struct rect){x, y, MAX(cell->width, 1), 1}, ROLE_SELECTED);
}

void emulator_draw(const struct emulator *self, struct canvas *canvas, struct rect rect, int scroll)
{
  scroll = CLAMP(scroll, 0, (int)self->scrolled->len);
  for (int row = 0; row < MIN(rect.h, self->rows); row++)
    for (int col = 0; col < MIN(rect.w, self->cols);) {
      VTermScreenCell cell = {.width = 1};
      if (cell_at(self, row, col, scroll, &cell))
        put_cell(canvas, rect.x + col, rect.y + row, &cell);
      col += MAX(cell.width, 1);
    }
  if (self->cursor_shown && scroll == 0 && self->cursor.row < rect.h && self->cursor.col < rect.w)
    canvas_cursor(canvas, rect.x + self->cursor.col, rect.y + self->cursor.row);
}

/* ---- looking back ---- */

int emulator_scrollback(const struct emulator *self)
{
  return (int)self->scrolled->len;
}

static char *line_text(const struct line *line)
{
  GString *text = g_string_new(NULL);
  for (int i = 0; i < line->count; i++)
    if (line->cells[i].chars[0] != (uint32_t)-1)
      g_string_append_unichar(text, line->cells[i].chars[0] ? line->cells[i].chars[0] : ' ');
  g_autofree char *plain = g_string_free(text, FALSE);
  return g_utf8_casefold(plain, -1);
}

int emulator_search(const struct emulator *self, const char *text, int back)
{
  g_autofree char *wanted = g_utf8_casefold(text, -1);
  for (int i = back + 1; i <= (int)self->scrolled->len; i++) {
    g_autofree char *line = line_text(g_ptr_array_index(self->scrolled, (int)self->scrolled->len - i));
    if (strstr(line, wanted))
      return i;
  }
  return -1;
}
