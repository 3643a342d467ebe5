/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "shell.h"
#include "term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

struct term {
  VTerm *vt;
  VTermScreen *screen;
  int master, status, control; /* status: what the shell in between reports; control: orders to it */
  int rows, cols;
  pid_t shell, program;
  enum term_state state;
  int exit_status;
  struct term_modes modes;
  struct termios line, line_now; /* before the program ran; at the last report */
  bool linux_console, drained;   /* drained: nothing more can come out of the terminal */
  char *foreign;
  uint64_t bytes;
  uint8_t last;     /* the byte before it */
  GByteArray *tail; /* a sequence that has begun and not ended */
};

static G_GNUC_NORETURN void die(const char *what)
{
  fprintf(stderr, "screenplay: %s: %s\n", what, g_strerror(errno));
  exit(99);
}

/* ---- the emulator ---- */

static int on_property(VTermProp prop, VTermValue *val, void *user)
{
  struct term *term = user;
  if (prop == VTERM_PROP_ALTSCREEN)
    term->modes.altscreen = val->boolean;
  else if (prop == VTERM_PROP_CURSORVISIBLE)
    term->modes.cursor_visible = val->boolean;
  else if (prop == VTERM_PROP_MOUSE)
    term->modes.mouse = val->number != VTERM_PROP_MOUSE_NONE;
  else if ((prop == VTERM_PROP_TITLE || prop == VTERM_PROP_ICONNAME) && !term->foreign)
    term->foreign = g_strdup_printf("the title of the terminal was set to \"%s\"", val->string);
  return 1;
}

static void on_output(const char *bytes, size_t len, void *user)
{
  term_send(user, bytes, len);
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void emulator_start(struct term *term, char **envp)
{
  term->vt = vterm_new(term->rows, term->cols);
  vterm_set_utf8(term->vt, 1);
  vterm_output_set_callback(term->vt, on_output, term);
  term->screen = vterm_obtain_screen(term->vt);
  vterm_screen_set_callbacks(term->screen, &callbacks, term);
  vterm_screen_enable_altscreen(term->screen, 1);
  vterm_screen_reset(term->screen, 1);
  term->modes.cursor_visible = true;
  const char *name = g_environ_getenv(envp, "TERM");
  term->linux_console = g_strcmp0(name, "linux") == 0;
}

struct term *term_start(char **argv, char **envp, const char *dir, const char *input, int cols, int rows)
{
  struct term *term = g_new0(struct term, 1);
  term->rows = rows;
  term->cols = cols;
  term->tail = g_byte_array_new();
  emulator_start(term, envp);
  int status[2], control[2];
  if (pipe2(status, O_CLOEXEC) < 0 || pipe2(control, O_CLOEXEC) < 0)
    die("pipe");
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
  term->shell = forkpty(&term->master, NULL, NULL, &size);
  if (term->shell < 0)
    die("forkpty");
  if (term->shell == 0) {
    close(status[0]);
    close(control[1]);
    shell_run(argv, envp, dir, input, status[1], control[0]);
  }
  close(status[1]);
  close(control[0]);
  term->status = status[0];
  term->control = control[1];
  fcntl(term->master, F_SETFD, FD_CLOEXEC);
  while (term->program == 0 && term->state != TERM_EXITED)
    term_pump(term, 1000);
  return term;
}

/* ---- what comes out ---- */

/* Control strings (OSC, DCS, APC, PM, SOS) carry what is not drawing: of those only the ones by which
 * ncurses puts the palette back are ours. */
static bool string_is_known(const uint8_t *s, size_t len)
{
  static const char *const known[] = {"]104", "]R"};
  for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
    if (len >= strlen(known[i]) && memcmp(s, known[i], strlen(known[i])) == 0)
      return true;
  return false;
}

static void note_foreign(struct term *term, const uint8_t *s, size_t len)
{
  if (term->foreign)
    return;
  g_autofree char *copy = g_strndup((const char *)s, MIN(len, 40));
  g_autofree char *readable = g_strescape(copy, NULL);
  term->foreign = g_strdup_printf("a control string reached the terminal: ESC %s", readable);
}

/* Must more come before the sequence at S, which begins with ESC, can be judged? */
static bool sequence_is_open(const uint8_t *s, size_t len)
{
  if (len == 1)
    return true;
  if (s[1] == ']')
    return len < 5 && !(len > 2 && s[2] == 'R');
  size_t i = 2;
  while (i < len && s[i] >= 0x20 && s[i] < 0x40)
    i++;
  return s[1] == '[' && i == len;
}

/* The length of the sequence ESC [ N b (repeat the last character) at S, 0: it is none. */
static size_t repeat_length(const uint8_t *s, size_t len, int *ret_times)
{
  size_t i = 2;
  *ret_times = 0;
  if (len < 4 || s[1] != '[')
    return 0;
  for (; i < len && g_ascii_isdigit(s[i]); i++)
    *ret_times = *ret_times * 10 + (s[i] - '0');
  return i < len && s[i] == 'b' ? i + 1 : 0;
}

static void give(struct term *term, const uint8_t *bytes, size_t len)
{
  if (len > 0)
    vterm_input_write(term->vt, (const char *)bytes, len);
}

/* What the emulator is not to see, or sees wrongly, of the sequence at S: its length, 0: nothing.
 * - ESC ] R resets the palette of the Linux console and ends there, and nowhere else.
 * - libvterm 0.1 takes the last column for written after a repeat that ends before it. */
static size_t replace_sequence(struct term *term, const uint8_t *s, size_t len, uint8_t last)
{
  int times;
  if (term->linux_console && len > 2 && s[1] == ']' && s[2] == 'R')
    return 3;
  size_t repeat = repeat_length(s, len, &times);
  for (; repeat && times > 0; times--)
    give(term, &last, 1);
  return repeat;
}

/* Look through the bytes for control strings, and hand them to the emulator. */
static void inspect(struct term *term, const uint8_t *bytes, size_t len)
{
  g_byte_array_append(term->tail, bytes, (guint)len);
  size_t end = term->tail->len, from = 0;
  const uint8_t *all = term->tail->data;
  for (size_t i = 0; i < end; i++) {
    if (all[i] != 0x1b)
      continue;
    if (sequence_is_open(all + i, end - i)) {
      end = i;
      break;
    }
    if (all[i + 1] && strchr("]P_^X", all[i + 1]) && !string_is_known(all + i + 1, end - i - 1))
      note_foreign(term, all + i + 1, end - i - 1);
    give(term, all + from, i - from);
    from = i + replace_sequence(term, all + i, end - i, i > 0 ? all[i - 1] : term->last);
  }
  if (end > from)
    give(term, all + from, end - from);
  if (MAX(end, from) > 0)
    term->last = all[MAX(end, from) - 1];
  g_byte_array_remove_range(term->tail, 0, (guint)MAX(end, from));
}

static bool take_output(struct term *term)
{
  uint8_t buf[65536];
  ssize_t n = read(term->master, buf, sizeof buf);
  if (n <= 0) {
    term->drained = true;
    return false;
  }
  term->bytes += (uint64_t)n;
  inspect(term, buf, (size_t)n);
  return true;
}

static bool take_report(struct term *term)
{
  struct shell_report r;
  ssize_t n = read(term->status, &r, sizeof r);
  if (n != sizeof r) {
    close(term->status);
    term->status = -1;
    return false;
  }
  term->line_now = r.line;
  if (r.what == 'b')
    term->line = r.line;
  if (r.what == 'p')
    term->program = r.value;
  else if (r.what == 's')
    term->state = TERM_STOPPED;
  else if (r.what == 'x')
    term->state = TERM_EXITED;
  if (r.what == 'x')
    term->exit_status = r.value;
  return true;
}

bool term_pump(struct term *term, int milliseconds)
{
  struct pollfd fds[2] = {{.fd = term->drained ? -1 : term->master, .events = POLLIN},
                          {.fd = term->status, .events = POLLIN}};
  if (poll(fds, 2, milliseconds) <= 0)
    return false;
  bool any = fds[0].revents && take_output(term);
  /* The program's last words come before the news of its end. */
  if (fds[1].revents && !any)
    any = take_report(term);
  return any;
}

/* ---- what goes in ---- */

void term_send(struct term *term, const char *bytes, size_t len)
{
  while (len > 0) {
    ssize_t n = write(term->master, bytes, len);
    if (n < 0)
      return;
    bytes += n;
    len -= (size_t)n;
  }
}

static const struct key {
  const char *name;
  VTermKey key;
  const char *bytes;   /* instead of KEY on every terminal */
  const char *console; /* what the Linux console sends */
} keys[] = {
    {"Enter", VTERM_KEY_ENTER, "\r", NULL},
    {"Esc", VTERM_KEY_ESCAPE, "\033", NULL},
    {"Tab", VTERM_KEY_TAB, "\t", NULL},
    {"BackTab", VTERM_KEY_NONE, "\033[Z", NULL},
    {"Space", VTERM_KEY_NONE, " ", NULL},
    {"Backspace", VTERM_KEY_BACKSPACE, "\177", NULL},
    {"Up", VTERM_KEY_UP, NULL, NULL},
    {"Down", VTERM_KEY_DOWN, NULL, NULL},
    {"Left", VTERM_KEY_LEFT, NULL, NULL},
    {"Right", VTERM_KEY_RIGHT, NULL, NULL},
    {"Home", VTERM_KEY_HOME, NULL, "\033[1~"},
    {"End", VTERM_KEY_END, NULL, "\033[4~"},
    {"Insert", VTERM_KEY_INS, NULL, NULL},
    {"Delete", VTERM_KEY_DEL, NULL, NULL},
    {"PageUp", VTERM_KEY_PAGEUP, NULL, NULL},
    {"PageDown", VTERM_KEY_PAGEDOWN, NULL, NULL},
    {"F1", VTERM_KEY_FUNCTION(1), NULL, "\033[[A"},
    {"F2", VTERM_KEY_FUNCTION(2), NULL, "\033[[B"},
    {"F3", VTERM_KEY_FUNCTION(3), NULL, "\033[[C"},
    {"F4", VTERM_KEY_FUNCTION(4), NULL, "\033[[D"},
    {"F5", VTERM_KEY_FUNCTION(5), NULL, "\033[[E"},
    {"F6", VTERM_KEY_FUNCTION(6), NULL, NULL},
    {"F7", VTERM_KEY_FUNCTION(7), NULL, NULL},
    {"F8", VTERM_KEY_FUNCTION(8), NULL, NULL},
    {"F9", VTERM_KEY_FUNCTION(9), NULL, NULL},
    {"F10", VTERM_KEY_FUNCTION(10), NULL, NULL},
    {"F11", VTERM_KEY_FUNCTION(11), NULL, NULL},
    {"F12", VTERM_KEY_FUNCTION(12), NULL, NULL},
};

static bool named_key(struct term *term, const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
    if (strcmp(keys[i].name, name) != 0)
      continue;
    const char *bytes = term->linux_console && keys[i].console ? keys[i].console : keys[i].bytes;
    if (bytes)
      term_send(term, bytes, strlen(bytes));
    else
      vterm_keyboard_key(term->vt, keys[i].key, VTERM_MOD_NONE);
    return true;
  }
  return false;
}

bool term_key(struct term *term, const char *name)
{
  if (named_key(term, name))
    return true;
  if (name[0] == '^' && name[1] && !name[2]) {
    char c = (char)(g_ascii_toupper(name[1]) & 0x1f);
    term_send(term, &c, 1);
    return true;
  }
  if (g_utf8_validate(name, -1, NULL) && g_utf8_strlen(name, -1) == 1) {
    term_send(term, name, strlen(name));
    return true;
  }
  return false;
}

void term_resize(struct term *term, int cols, int rows)
{
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
  term->rows = rows;
  term->cols = cols;
  vterm_set_size(term->vt, rows, cols);
  if (ioctl(term->master, TIOCSWINSZ, &size) < 0)
    die("TIOCSWINSZ");
}

void term_continue(struct term *term)
{
  term->state = TERM_RUNNING;
  if (write(term->control, "f", 1) != 1)
    die("fg");
}

void term_hangup(struct term *term)
{
  close(term->master);
  term->master = -1;
  term->drained = true;
}

void term_signal(struct term *term, int signal)
{
  if (term->state != TERM_EXITED)
    kill(term->program, signal);
}

char *term_errors(const struct term *term)
{
  g_autofree char *link = g_strdup_printf("/proc/%d/fd/2", (int)term->program);
  return term->state == TERM_EXITED ? NULL : g_file_read_link(link, NULL);
}

void term_free(struct term *term)
{
  if (!term)
    return;
  if (term->state != TERM_EXITED && term->program > 0) {
    kill(term->program, SIGKILL);
    kill(term->shell, SIGKILL);
  }
  if (term->master >= 0)
    close(term->master);
  if (term->status >= 0)
    close(term->status);
  close(term->control);
  waitpid(term->shell, NULL, 0);
  vterm_free(term->vt);
  g_byte_array_unref(term->tail);
  g_free(term->foreign);
  g_free(term);
}

/* ---- what is there ---- */

enum term_state term_state(const struct term *term)
{
  return term->state;
}

bool term_is_over(const struct term *term)
{
  return term->state == TERM_EXITED && term->drained;
}

int term_exit_status(const struct term *term)
{
  return term->exit_status;
}

struct term_modes term_modes(const struct term *term)
{
  return term->modes;
}

uint64_t term_bytes(const struct term *term)
{
  return term->bytes;
}

int term_rows(const struct term *term)
{
  return term->rows;
}

bool term_line_restored(const struct term *term)
{
  const struct termios *now = &term->line_now, *then = &term->line;
  return term->state != TERM_RUNNING && now->c_iflag == then->c_iflag && now->c_oflag == then->c_oflag &&
         now->c_lflag == then->c_lflag && now->c_cflag == then->c_cflag;
}

static bool char_is_foreign(uint32_t c)
{
  return (c > 0 && c < 0x20) || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
}

const char *term_foreign(const struct term *term)
{
  if (term->foreign)
    return term->foreign;
  for (int row = 0; row < term->rows; row++) {
    for (int col = 0; col < term->cols; col++) {
      VTermScreenCell cell;
      vterm_screen_get_cell(term->screen, (VTermPos){.row = row, .col = col}, &cell);
      for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
        if (cell.chars[i] != (uint32_t)-1 && char_is_foreign(cell.chars[i]))
          return "a control or bidi character stands in a cell";
    }
  }
  return NULL;
}

/* Of a wide character. */
static bool is_right_half(const VTermScreenCell *cell)
{
  return cell->chars[0] == (uint32_t)-1;
}

static void append_cell(GString *out, const VTermScreenCell *cell)
{
  if (is_right_half(cell))
    return;
  if (!cell->chars[0])
    g_string_append_c(out, ' ');
  for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
    g_string_append_unichar(out, cell->chars[i]);
}

char *term_row(const struct term *term, int row)
{
  GString *out = g_string_new(NULL);
  for (int col = 0; col < term->cols; col++) {
    VTermScreenCell cell;
    vterm_screen_get_cell(term->screen, (VTermPos){.row = row, .col = col}, &cell);
    append_cell(out, &cell);
  }
  return g_strchomp(g_string_free(out, FALSE));
}

static void append_color(GString *out, const char *what, const VTermColor *color, bool is_default)
{
  if (is_default)
    return;
  if (VTERM_COLOR_IS_INDEXED(color))
    g_string_append_printf(out, " %s=%d", what, color->indexed.idx);
  else
    g_string_append_printf(out, " %s=#%02x%02x%02x", what, color->rgb.red, color->rgb.green, color->rgb.blue);
}

/* The look of CELL in words, "" for the plain one. */
static char *cell_look(const VTermScreenCell *cell)
{
  GString *out = g_string_new(NULL);
  append_color(out, "fg", &cell->fg, VTERM_COLOR_IS_DEFAULT_FG(&cell->fg));
  append_color(out, "bg", &cell->bg, VTERM_COLOR_IS_DEFAULT_BG(&cell->bg));
  const struct {
    const char *name;
    unsigned on;
  } flags[] = {{"bold", cell->attrs.bold},       {"underline", cell->attrs.underline},
               {"italic", cell->attrs.italic},   {"blink", cell->attrs.blink},
               {"reverse", cell->attrs.reverse}, {"strike", cell->attrs.strike}};
  for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
    if (flags[i].on)
      g_string_append_printf(out, " %s", flags[i].name);
  return g_string_free(out, FALSE);
}

static void dump_looks(const struct term *term, GString *out, int row)
{
  g_autofree char *run = g_strdup("");
  int from = 0;
  for (int col = 0; col <= term->cols; col++) {
    VTermScreenCell cell;
    g_autofree char *look = NULL;
    if (col < term->cols) {
      vterm_screen_get_cell(term->screen, (VTermPos){.row = row, .col = col}, &cell);
      if (is_right_half(&cell))
        continue; /* it keeps the look of what stood there before, which nobody sees */
      look = cell_look(&cell);
      if (strcmp(look, run) == 0)
        continue;
    }
    if (*run)
      g_string_append_printf(out, "%d:%d-%d%s\n", row + 1, from + 1, col, run);
    g_free(run);
    run = g_steal_pointer(&look);
    from = col;
  }
}

char *term_dump(const struct term *term)
{
  GString *out = g_string_new(NULL);
  VTermPos cursor;
  vterm_state_get_cursorpos(vterm_obtain_state(term->vt), &cursor);
  g_string_append_printf(out, "size %dx%d, cursor ", term->cols, term->rows);
  if (term->modes.cursor_visible)
    g_string_append_printf(out, "%d:%d\n", cursor.row + 1, cursor.col + 1);
  else
    g_string_append(out, "hidden\n");
  for (int row = 0; row < term->rows; row++) {
    g_autofree char *text = term_row(term, row);
    g_string_append_printf(out, "|%s\n", text);
  }
  g_string_append(out, "looks\n");
  for (int row = 0; row < term->rows; row++)
    dump_looks(term, out, row);
  return g_string_free(out, FALSE);
}
