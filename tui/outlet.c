/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "tui/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/clock.h"

struct outlet {
  FILE *file; /* of curses; its descriptor leads to the terminal or into memory */
  int tty;    /* the terminal, as it was given */
  int out;    /* the terminal, opened anew so that only we do not wait */
  int memory;
  char *bytes; /* on their way */
  size_t length, sent;
};

/* The open file of TTY is shared with the shell: O_NONBLOCK there would outlive us. */
static int open_anew(int tty)
{
  char name[4096];
  int fd =
      ttyname_r(tty, name, sizeof name) == 0 ? open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) : -1;
  return fd >= 0 ? fd : fcntl(tty, F_DUPFD_CLOEXEC, 3);
}

struct outlet *outlet_new(int tty)
{
  struct outlet *outlet = g_new0(struct outlet, 1);
  int copy = fcntl(tty, F_DUPFD_CLOEXEC, 3);
  outlet->tty = tty;
  outlet->out = open_anew(tty);
  outlet->memory = memfd_create("virtlens-frame", MFD_CLOEXEC);
  outlet->file = copy >= 0 ? fdopen(copy, "w") : NULL;
  if (outlet->file && outlet->out >= 0 && outlet->memory >= 0)
    return outlet;
  outlet_free(outlet);
  return NULL;
}

void outlet_free(struct outlet *outlet)
{
  if (outlet->file)
    fclose(outlet->file);
  if (outlet->out >= 0)
    close(outlet->out);
  if (outlet->memory >= 0)
    close(outlet->memory);
  g_free(outlet->bytes);
  g_free(outlet);
}

FILE *outlet_file(const struct outlet *outlet)
{
  return outlet->file;
}

int outlet_fd(const struct outlet *outlet)
{
  return outlet->out;
}

void outlet_begin(struct outlet *outlet)
{
  dup3(outlet->memory, fileno(outlet->file), O_CLOEXEC);
}

/* Append what curses wrote to what is on its way, and empty the memory. */
static void take(struct outlet *outlet)
{
  off_t size = lseek(outlet->memory, 0, SEEK_CUR);
  if (size <= 0)
    return;
  outlet->length -= outlet->sent;
  if (outlet->length > 0)
    memmove(outlet->bytes, outlet->bytes + outlet->sent, outlet->length);
  outlet->sent = 0;
  outlet->bytes = g_realloc(outlet->bytes, outlet->length + (size_t)size);
  ssize_t got = pread(outlet->memory, outlet->bytes + outlet->length, (size_t)size, 0);
  outlet->length += got > 0 ? (size_t)got : 0;
  lseek(outlet->memory, 0, SEEK_SET);
}

void outlet_end(struct outlet *outlet)
{
  dup3(outlet->tty, fileno(outlet->file), O_CLOEXEC);
  take(outlet);
  outlet_flush(outlet);
}

bool outlet_flush(struct outlet *outlet)
{
  while (outlet->sent < outlet->length) {
    ssize_t n = write(outlet->out, outlet->bytes + outlet->sent, outlet->length - outlet->sent);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno != EAGAIN)
      outlet->sent = outlet->length; /* the terminal is gone: the end of input tells it too */
    if (n <= 0)
      break;
    outlet->sent += (size_t)n;
  }
  return outlet->sent == outlet->length;
}

void outlet_drain(struct outlet *outlet, int ms)
{
  int64_t deadline = clock_mono_ns() + ms * NS_PER_MS;
  while (!outlet_flush(outlet)) {
    struct pollfd fd = {.fd = outlet->out, .events = POLLOUT};
    int64_t left = (deadline - clock_mono_ns()) / NS_PER_MS;
    if (left <= 0 || poll(&fd, 1, (int)left) <= 0)
      break;
  }
  if (outlet->sent < outlet->length) {
    tcflush(outlet->out, TCOFLUSH);
    outlet->sent = outlet->length;
  }
}
