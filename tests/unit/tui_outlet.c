/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes on the way to a terminal that takes them late, or never. */
#include "config.h"

#include "tests/unit/test.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tui/outlet.h"

#define MUCH (1 << 20) /* more than any terminal's buffer */

struct line {
  int master, tty;
  struct outlet *outlet;
};

static struct line open_line(void)
{
  struct line line = {.master = posix_openpt(O_RDWR | O_NOCTTY)};
  cr_assert_geq(line.master, 0);
  cr_assert(grantpt(line.master) == 0 && unlockpt(line.master) == 0);
  line.tty = open(ptsname(line.master), O_RDWR | O_NOCTTY);
  cr_assert_geq(line.tty, 0);
  struct termios modes;
  tcgetattr(line.tty, &modes);
  modes.c_oflag &= ~(tcflag_t)OPOST;
  tcsetattr(line.tty, TCSANOW, &modes);
  line.outlet = outlet_new(line.tty);
  cr_assert_not_null(line.outlet);
  return line;
}

static void close_line(struct line *line)
{
  outlet_free(line->outlet);
  close(line->tty);
  close(line->master);
}

static void send_frame(struct line *line, const char *bytes, size_t n)
{
  outlet_begin(line->outlet);
  cr_assert_eq(write(fileno(outlet_file(line->outlet)), bytes, n), (ssize_t)n);
  outlet_end(line->outlet);
}

/* Read until COUNT bytes came, sending on what waits. */
static char *receive(struct line *line, size_t count)
{
  char *bytes = g_malloc0(count + 1);
  for (size_t got = 0; got < count;) {
    struct pollfd fd = {.fd = line->master, .events = POLLIN};
    outlet_flush(line->outlet);
    cr_assert_gt(poll(&fd, 1, 10000), 0, "%zu of %zu bytes came", got, count);
    ssize_t n = read(line->master, bytes + got, count - got);
    cr_assert_gt(n, 0);
    got += (size_t)n;
  }
  return bytes;
}

Test(tui_outlet, in_order)
{
  struct line line = open_line();
  send_frame(&line, "one ", 4);
  send_frame(&line, "two ", 4);
  cr_assert(outlet_flush(line.outlet));
  /* Outside of a frame curses reaches the terminal itself. */
  cr_assert_eq(write(fileno(outlet_file(line.outlet)), "three", 5), 5);
  g_autofree char *bytes = receive(&line, 13);
  cr_assert_str_eq(bytes, "one two three");
  close_line(&line);
}

/* If this waited for the terminal, it would wait for ever. */
Test(tui_outlet, a_terminal_that_takes_nothing_holds_nobody)
{
  struct line line = open_line();
  g_autofree char *much = g_malloc(MUCH);
  memset(much, 'x', MUCH);
  send_frame(&line, much, MUCH);
  cr_assert_not(outlet_flush(line.outlet));
  outlet_drain(line.outlet, 50);
  cr_assert(outlet_flush(line.outlet), "what is dropped is no longer on its way");
  close_line(&line);
}

Test(tui_outlet, what_is_taken_late_is_complete)
{
  struct line line = open_line();
  g_autofree char *much = g_malloc(MUCH);
  for (int i = 0; i < MUCH; i++)
    much[i] = (char)('a' + i % 26);
  send_frame(&line, much, MUCH / 2);
  send_frame(&line, much + MUCH / 2, MUCH / 2);
  g_autofree char *bytes = receive(&line, MUCH);
  cr_assert(memcmp(bytes, much, MUCH) == 0);
  cr_assert(outlet_flush(line.outlet));
  close_line(&line);
}

Test(tui_outlet, the_descriptor_of_the_shell_stays_as_it_is)
{
  struct line line = open_line();
  cr_assert_not(fcntl(line.tty, F_GETFL) & O_NONBLOCK);
  send_frame(&line, "x", 1);
  cr_assert_not(fcntl(line.tty, F_GETFL) & O_NONBLOCK);
  close_line(&line);
}
