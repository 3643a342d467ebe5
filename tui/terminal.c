/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/terminal.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/units.h"
#include "tui/keys.h"
#include "tui/outlet.h"
#include "tui/palette.h"

/* Long enough for the bytes of one key over a slow line, short enough that Esc answers at once. */
#define ESC_DELAY_MS 25

/* How long the end waits for a terminal that takes nothing. */
#define DRAIN_MS 500

struct terminal {
  SCREEN *screen;
  struct outlet *outlet;
  struct termios before; /* of the terminal, when we came */
  int log_fd;            /* 0: none */
  int errors_fd;         /* the user's standard error while it leads to the log; -1: it does not */
  struct palette *palette;
  bool utf8, mouse, repaint;
  enum graph_style graphs;
  int signal_fd;
  struct canvas *shown; /* what curses was given last */
  MEVENT press;
};

static const int told_signals[] = {SIGWINCH, SIGCONT, SIGTSTP, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

static void told_set(sigset_t *set)
{
  sigemptyset(set);
  for (size_t i = 0; i < G_N_ELEMENTS(told_signals); i++)
    sigaddset(set, told_signals[i]);
}

void terminal_block_signals(void)
{
  sigset_t set;
  told_set(&set);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  /* A closed output is found by the write that fails. */
  signal(SIGPIPE, SIG_IGN);
}

/* ---- standard error ---- */

/* What is not ours to draw must not be on the screen.  Children keep the log for as long as they live. */
static void divert_errors(struct terminal *terminal)
{
  if (!terminal->log_fd)
    return;
  terminal->errors_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (terminal->errors_fd >= 0)
    dup2(terminal->log_fd, STDERR_FILENO);
}

static void put_back_errors(struct terminal *terminal)
{
  if (terminal->errors_fd < 0)
    return;
  dup2(terminal->errors_fd, STDERR_FILENO);
  close(terminal->errors_fd);
  terminal->errors_fd = -1;
}

/* ---- signals that end the program at once ---- */

/* The program is broken already, so curses is not asked: ECMA-48 and xterm's words for attributes off, the
 * first screen, a visible cursor; then a terminal that echoes lines.  Only what a signal handler may call. */
static void on_fatal(int number)
{
  static const char words[] = "\033[0m\033[?1049l\033[?25h\r\n"
                              "virtlens: ended by a fault; virtlens.log in its state folder may say more\r\n";
  struct termios modes;
  if (write(STDOUT_FILENO, words, sizeof words - 1) > 0 && tcgetattr(STDIN_FILENO, &modes) == 0) {
    modes.c_lflag |= ICANON | ECHO | ECHOE | ECHOK | ISIG | IEXTEN;
    modes.c_iflag |= ICRNL | IXON | BRKINT;
    modes.c_oflag |= OPOST | ONLCR;
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
  }
  signal(number, SIG_DFL);
  raise(number);
}

static void watch_fatal(void)
{
  struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_RESETHAND | SA_NODEFER};
  for (size_t i = 0; i < G_N_ELEMENTS(fatal_signals); i++)
    sigaction(fatal_signals[i], &action, NULL);
}

static void unwatch_fatal(void)
{
  for (size_t i = 0; i < G_N_ELEMENTS(fatal_signals); i++)
    signal(fatal_signals[i], SIG_DFL);
}

/* ---- what the terminal can do ---- */

static bool check_terminal(GError **err)
{
  const char *advice = "use \"virtlens --batch\" for output without a screen";
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
    return error_set(err, ERROR_USAGE, advice, "no screen: standard %s is not a terminal",
                     isatty(STDIN_FILENO) ? "output" : "input");
  const char *name = getenv("TERM");
  if (!name || !*name)
    return error_set(err, ERROR_USAGE,
                     "set it to your terminal's type, such as \"xterm-256color\"; or use --batch",
                     "no screen: TERM is not set");
  int found;
  if (setupterm(name, STDOUT_FILENO, &found) != OK)
    return error_set(
        err, ERROR_USAGE, "set TERM to a known type, such as \"xterm\" or \"vt100\"; or use --batch",
        "no screen: %s: TERM=%s",
        found == 0 ? "this terminal type is not known here" : "the terminal database was not found", name);
  bool able = cursor_address && clear_screen;
  del_curterm(cur_term);
  if (!able)
    return error_set(err, ERROR_USAGE, advice, "no screen: a terminal of type \"%s\" cannot place its cursor",
                     name);
  return true;
}

static bool find_utf8(const char *setting)
{
  bool forced;
  if (setting && strcmp(setting, "auto") != 0 && units_parse_bool(setting, &forced, NULL))
    return forced && MB_CUR_MAX > 1;
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* The Linux console's fonts have at most 512 glyphs: no braille and few blocks. */
static enum graph_style find_graphs(const char *setting, bool utf8)
{
  static const char *const names[] = {"braille", "block", "ascii", "none"};
  for (size_t i = 0; setting && i < G_N_ELEMENTS(names); i++)
    if (strcmp(setting, names[i]) == 0)
      return (enum graph_style)i;
  const char *name = getenv("TERM");
  if (!utf8 || (name && strcmp(name, "linux") == 0))
    return GRAPH_ASCII;
  return GRAPH_BRAILLE;
}

static void set_modes(const struct terminal *terminal)
{
  raw();
  noecho();
  nonl();
  intrflush(stdscr, FALSE);
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  set_escdelay(ESC_DELAY_MS);
  curs_set(0);
  /* Scrolling regions and line insertion make sense for text, not for figures that change in place. */
  idlok(stdscr, FALSE);
  if (terminal->mouse)
    mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
  mouseinterval(0);
}

struct terminal *terminal_new(const struct terminal_options *options, GError **err)
{
  if (!check_terminal(err))
    return NULL;
  struct terminal *terminal = g_new0(struct terminal, 1);
  terminal->log_fd = options->log_fd;
  terminal->errors_fd = -1;
  tcgetattr(STDIN_FILENO, &terminal->before);
  terminal->outlet = outlet_new(STDOUT_FILENO);
  terminal->screen = terminal->outlet ? newterm(NULL, outlet_file(terminal->outlet), stdin) : NULL;
  if (!terminal->screen) {
    if (terminal->outlet)
      outlet_free(terminal->outlet);
    g_free(terminal);
    error_set(err, ERROR_GENERAL, "try another TERM, or --batch",
              "no screen: the terminal could not be set up");
    return NULL;
  }
  watch_fatal();
  terminal->utf8 = find_utf8(options->utf8);
  terminal->graphs = find_graphs(options->graphs, terminal->utf8);
  terminal->mouse = options->mouse;
  sigset_t set;
  told_set(&set);
  terminal->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  terminal->palette = palette_new();
  terminal->repaint = true;
  set_modes(terminal);
  divert_errors(terminal);
  return terminal;
}

void terminal_free(struct terminal *terminal)
{
  if (!terminal)
    return;
  outlet_begin(terminal->outlet);
  endwin();
  outlet_end(terminal->outlet);
  outlet_drain(terminal->outlet, DRAIN_MS);
  tcsetattr(STDIN_FILENO, TCSANOW, &terminal->before);
  put_back_errors(terminal);
  unwatch_fatal();
  delscreen(terminal->screen);
  outlet_free(terminal->outlet);
  close(terminal->signal_fd);
  canvas_free(terminal->shown);
  palette_free(terminal->palette);
  g_free(terminal);
}

bool terminal_utf8(const struct terminal *terminal)
{
  return terminal->utf8;
}

enum graph_style terminal_graphs(const struct terminal *terminal)
{
  return terminal->graphs;
}

void terminal_set_graphs(struct terminal *terminal, const char *setting)
{
  terminal->graphs = find_graphs(setting, terminal->utf8);
}

int terminal_colours(const struct terminal *terminal)
{
  return palette_colours(terminal->palette);
}

void terminal_size(const struct terminal *terminal, int *ret_w, int *ret_h)
{
  (void)terminal;
  getmaxyx(stdscr, *ret_h, *ret_w);
}

void terminal_set_theme(struct terminal *terminal, const struct theme *theme)
{
  palette_set_theme(terminal->palette, theme);
  terminal->repaint = true;
}

/* ---- signals ---- */

int terminal_input_fd(const struct terminal *terminal)
{
  (void)terminal;
  return STDIN_FILENO;
}

int terminal_output_fd(const struct terminal *terminal)
{
  return outlet_fd(terminal->outlet);
}

bool terminal_ready(struct terminal *terminal)
{
  return outlet_flush(terminal->outlet);
}

int terminal_signal_fd(const struct terminal *terminal)
{
  return terminal->signal_fd;
}

static void take_size(struct terminal *terminal)
{
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
    return;
  resizeterm(size.ws_row, size.ws_col);
  terminal->repaint = true;
}

/* Whoever continued us may have used the terminal meanwhile. */
static void take_back(struct terminal *terminal)
{
  reset_prog_mode();
  take_size(terminal);
  terminal->repaint = true;
}

int terminal_signal(struct terminal *terminal)
{
  struct signalfd_siginfo info;
  if (read(terminal->signal_fd, &info, sizeof info) != (ssize_t)sizeof info)
    return 0;
  int number = (int)info.ssi_signo;
  if (number == SIGWINCH)
    take_size(terminal);
  else if (number == SIGCONT)
    take_back(terminal);
  return number;
}

void terminal_suspend(struct terminal *terminal)
{
  endwin();
  put_back_errors(terminal);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  struct sigaction before, action = {.sa_handler = SIG_DFL};
  sigaction(SIGTSTP, &action, &before);
  /* The whole group stops, as the terminal's own ^Z would do it: a script that started us stops too. */
  kill(0, SIGTSTP);
  sigaction(SIGTSTP, &before, NULL);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  divert_errors(terminal);
  take_back(terminal);
}

/* ---- keys ---- */

/* At its end, a descriptor is readable and has nothing to read. */
static bool input_ended(void)
{
  struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
  int waiting = 0;
  if (poll(&fd, 1, 0) <= 0)
    return false;
  if (fd.revents & (POLLERR | POLLNVAL))
    return true;
  if (!(fd.revents & (POLLIN | POLLHUP)))
    return false;
  return ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0;
}

int terminal_key(struct terminal *terminal, bool *ret_ended)
{
  wint_t code;
  *ret_ended = input_ended();
  if (*ret_ended)
    return KEYS_NONE;
  for (;;) {
    int got = get_wch(&code);
    if (got == ERR)
      return KEYS_NONE;
    if (got == KEY_CODE_YES && code == KEY_MOUSE && getmouse(&terminal->press) != OK)
      continue;
    int key = keys_from_curses((unsigned)code, got == KEY_CODE_YES);
    if (key != KEYS_NONE)
      return key;
  }
}

bool terminal_mouse(struct terminal *terminal, int *ret_x, int *ret_y, int *ret_wheel)
{
  const MEVENT *press = &terminal->press;
  *ret_x = press->x;
  *ret_y = press->y;
  *ret_wheel = press->bstate & BUTTON4_PRESSED ? -1 : press->bstate & BUTTON5_PRESSED ? 1 : 0;
  return press->bstate != 0;
}

/* ---- drawing ---- */

static void write_cell(const struct terminal *terminal, int x, int y, const struct cell *cell)
{
  attr_t attributes;
  short pair;
  wchar_t text[2] = {(wchar_t)cell->ch, 0};
  cchar_t out;
  palette_look(terminal->palette, cell->role, cell->ground, &attributes, &pair);
  setcchar(&out, text, attributes, pair, NULL);
  mvadd_wch(y, x, &out);
}

static bool same_row(const struct terminal *terminal, const struct canvas *canvas, int y, int w)
{
  return memcmp(canvas_row(canvas, y), canvas_row(terminal->shown, y), sizeof(struct cell) * (size_t)w) == 0;
}

static void write_row(struct terminal *terminal, const struct canvas *canvas, int y, int w)
{
  const struct cell *now = canvas_row(canvas, y), *before = canvas_row(terminal->shown, y);
  for (int x = 0; x < w; x++)
    if (now[x].ch && (terminal->repaint || memcmp(&now[x], &before[x], sizeof now[x]) != 0))
      write_cell(terminal, x, y, &now[x]);
}

static void fit_shown(struct terminal *terminal, const struct canvas *canvas)
{
  struct rect area = canvas_area(canvas);
  if (!terminal->shown)
    terminal->shown = canvas_new(area.w, area.h, terminal->utf8, terminal->graphs);
  struct rect before = canvas_area(terminal->shown);
  if (before.w == area.w && before.h == area.h)
    return;
  canvas_resize(terminal->shown, area.w, area.h);
  terminal->repaint = true;
}

static void place_cursor(const struct canvas *canvas)
{
  int x, y;
  bool wanted = canvas_get_cursor(canvas, &x, &y);
  curs_set(wanted ? 1 : 0);
  leaveok(stdscr, !wanted);
  if (wanted)
    move(y, x);
}

void terminal_show(struct terminal *terminal, const struct canvas *canvas)
{
  fit_shown(terminal, canvas);
  outlet_begin(terminal->outlet);
  struct rect area = canvas_area(canvas);
  int w, h;
  terminal_size(terminal, &w, &h);
  if (terminal->repaint)
    clear();
  for (int y = 0; y < MIN(area.h, h); y++)
    if (terminal->repaint || !same_row(terminal, canvas, y, area.w))
      write_row(terminal, canvas, y, MIN(area.w, w));
  canvas_copy(terminal->shown, canvas);
  terminal->repaint = false;
  place_cursor(canvas);
  refresh();
  outlet_end(terminal->outlet);
}

void terminal_repaint(struct terminal *terminal)
{
  terminal->repaint = true;
}
