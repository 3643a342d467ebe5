/* SPDX-License-Identifier: GPL-2.0-or-later */
/* virtlens-trace: the one program of virtlens that needs a privilege, and does nothing else.
 *
 * It loads its own programs into the kernel, gives its privilege up, and from then on tells on its standard
 * output what they see, until it is told to stop or nobody listens any more (wire.h).  It opens no file that
 * anybody else names, starts no program, and keeps nothing.  What it has in the kernel is held by its
 * descriptors alone, so that nothing stays behind when it is killed. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "core/host/trace/privilege.h"
#include "core/host/trace/tracer.h"
#include "core/host/trace/wire.h"

#define TURN_MS 1000
#define TAKE_MS 50 /* requests wait at most so long */
#define TURN_REQUESTS                                                                                        \
  16384 /* with more of them a turn ends early: whoever takes turns has room for so many */
#define NS_PER_MS 1000000
#define NS_PER_S 1000000000

struct session {
  struct tracer *tracer;
  unsigned char frame[sizeof(struct wire_head) + WIRE_MAX]; /* being filled */
  size_t filled;                                            /* of it, after the head */
  enum wire_kind kind;
  struct wire_order order; /* being read */
  size_t ordered;          /* bytes of it */
  unsigned every_ms;
  uint64_t turn_ends_ns;
  unsigned requests;      /* of this turn */
  bool sending, sent_all; /* ... from the beginning of the turn on */
  bool stop;
};

static uint64_t now_ns(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* ---- frames ---- */

/* Nobody listens any more: there is no one to tell of it. */
static void write_all(const void *bytes, size_t size)
{
  const unsigned char *at = bytes;

  while (size > 0) {
    const ssize_t n = write(STDOUT_FILENO, at, size);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      exit(EXIT_FAILURE);
    at += n;
    size -= (size_t)n;
  }
}

static void flush(struct session *session)
{
  const struct wire_head head = {session->kind, (__u32)session->filled};

  if (session->filled == 0)
    return;
  memcpy(session->frame, &head, sizeof head);
  write_all(session->frame, sizeof head + session->filled);
  session->filled = 0;
}

/* One of the things that frames of KIND hold, of which many go into one. */
static void put(struct session *session, enum wire_kind kind, const void *thing, size_t size)
{
  if (session->kind != kind || session->filled + size > WIRE_MAX)
    flush(session);
  session->kind = kind;
  memcpy(session->frame + sizeof(struct wire_head) + session->filled, thing, size);
  session->filled += size;
}

static void put_traced(void *context, enum wire_kind kind, const void *thing, size_t size)
{
  struct session *session = context;

  put(session, kind, thing, size);
  session->requests += kind == WIRE_REQUESTS;
}

static void tell(struct session *session, enum wire_kind kind, const void *thing, size_t size)
{
  put(session, kind, thing, size);
  flush(session);
}

/* ---- turns ---- */

static int turn(struct session *session)
{
  const int error = session->tracer->class->turn(session->tracer, put_traced, session);
  const struct wire_turn ended = {.mono_ns = now_ns(), .sending = session->sent_all};

  if (error)
    return error;
  tell(session, WIRE_TURN, &ended, sizeof ended);
  session->sent_all = session->sending;
  session->requests = 0;
  session->turn_ends_ns = ended.mono_ns + (uint64_t)session->every_ms * NS_PER_MS;
  return 0;
}

/* ---- orders ---- */

/* A turn is told apart by whether requests are sent. */
static int turn_sending(struct session *session, bool sending)
{
  session->sent_all = session->sent_all && sending;
  session->sending = sending;
  return turn(session);
}

static int obey(struct session *session, const struct wire_order *order)
{
  switch (order->kind) {
  case WIRE_STOP:
    session->stop = true;
    return 0;
  case WIRE_EVERY:
    session->every_ms = order->value;
    session->turn_ends_ns = now_ns() + (uint64_t)order->value * NS_PER_MS;
    return 0;
  default:
    break;
  }
  const int error = session->tracer->class->obey(session->tracer, order);
  return error || order->kind != WIRE_SENDING ? error : turn_sending(session, order->value != 0);
}

/* What can be read of the orders now.  True, with *STEP and *ERROR: it is to end. */
static bool read_orders(struct session *session, enum wire_step *step, int *error)
{
  const ssize_t n = read(STDIN_FILENO, (unsigned char *)&session->order + session->ordered,
                         sizeof session->order - session->ordered);

  if (n == 0)
    exit(EXIT_SUCCESS); /* whoever gave them is gone */
  session->ordered += n > 0 ? (size_t)n : 0;
  if (session->ordered < sizeof session->order)
    return false;
  session->ordered = 0;
  *step = wire_order_ok(&session->order) ? WIRE_RUN : WIRE_ORDER;
  *error = *step == WIRE_ORDER ? EINVAL : obey(session, &session->order);
  if (*error == ENOTSUP)
    *step = WIRE_ORDER;
  return *error != 0;
}

/* ---- the life of it ---- */

static int wait_ms(const struct session *session)
{
  const uint64_t now = now_ns();
  const int left = now < session->turn_ends_ns ? (int)((session->turn_ends_ns - now) / NS_PER_MS) + 1 : 0;

  return session->sending && left > TAKE_MS ? TAKE_MS : left;
}

static int run(struct session *session, enum wire_step *step)
{
  struct tracer *tracer = session->tracer;
  int error = 0;

  while (!session->stop && !error) {
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                           {.fd = tracer->class->fd ? tracer->class->fd(tracer) : -1, .events = POLLIN}};

    if (poll(fds, sizeof fds / sizeof *fds, wait_ms(session)) < 0 && errno != EINTR)
      return errno;
    if (fds[0].revents && read_orders(session, step, &error))
      return error;
    error = tracer->class->take ? tracer->class->take(tracer, put_traced, session) : 0;
    flush(session);
    if (!error && (now_ns() >= session->turn_ends_ns || session->requests >= TURN_REQUESTS))
      error = turn(session);
  }
  if (error)
    return error;
  tracer->class->detach(tracer);
  return turn(session);
}

static int begin(struct session *session, const struct tracer_class *class, bool option, enum wire_step *step)
{
  int error = privilege_raise();

  *step = WIRE_RAISE;
  if (error)
    return error;
  *step = WIRE_LOAD;
  error = class->load(&session->tracer, class, option);
  if (error)
    return error;
  *step = WIRE_ATTACH;
  error = class->attach(session->tracer);
  if (error)
    return error;
  *step = WIRE_DROP;
  return privilege_drop(class->readable, session->tracer);
}

static int trace(struct session *session, const struct tracer_class *class, bool option)
{
  const struct wire_hello hello = {WIRE_VERSION, (__u32)sysconf(_SC_PAGESIZE)};
  struct wire_problem problem = {0};
  enum wire_step step;
  int error = begin(session, class, option, &step);

  if (!error) {
    tell(session, WIRE_HELLO, &hello, sizeof hello);
    session->every_ms = TURN_MS;
    session->turn_ends_ns = now_ns() + (uint64_t)TURN_MS * NS_PER_MS;
    step = WIRE_RUN;
    error = run(session, &step);
  }
  if (error) {
    problem = (struct wire_problem){step, error};
    tell(session, WIRE_PROBLEM, &problem, sizeof problem);
    return EXIT_FAILURE;
  }
  const struct wire_head end = {WIRE_END, 0};
  write_all(&end, sizeof end);
  return EXIT_SUCCESS;
}

/* Would it work?  In words, for whoever reads them. */
static int check(struct session *session, const struct tracer_class *class)
{
  enum wire_step step;
  const int error = begin(session, class, false, &step);

  if (!error)
    return EXIT_SUCCESS;
  fprintf(stderr, "%s: %s\n", wire_step_text(step), strerror(error));
  return EXIT_FAILURE;
}

static const struct tracer_class *const classes[] = {&tracer_memory, &tracer_block, &tracer_cpu,
                                                     &tracer_exit};

/* NULL: there is none. */
static const struct tracer_class *class_called(const char *name)
{
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
    if (strcmp(classes[i]->name, name) == 0)
      return classes[i];
  return NULL;
}

static int usage(void)
{
  fputs("virtlens-trace is started by virtlens, which it tells what the kernel sees.\n"
        "Usage: virtlens-trace KIND [OPTION] | virtlens-trace check [KIND]\n",
        stderr);
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
    fprintf(stderr, "  %s%s%s\n", classes[i]->name, classes[i]->option ? " " : "",
            classes[i]->option ? classes[i]->option : "");
  return EXIT_FAILURE;
}

/* What the ARGC words of ARGV ask for, done. */
static int run_words(struct session *session, int argc, char **argv)
{
  const bool checks = argc >= 2 && strcmp(argv[1], "check") == 0;
  const char *name = argc > 1 + checks ? argv[1 + checks] : checks ? tracer_memory.name : "";
  const struct tracer_class *class = class_called(name);
  const char *option = !checks && argc == 3 ? argv[2] : NULL;

  if (!class || argc > 3 || (option && (!class->option || strcmp(option, class->option) != 0)))
    return usage();
  return checks ? check(session, class) : trace(session, class, option != NULL);
}

static int say_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
  (void)level, (void)format, (void)args;
  return 0;
}

int main(int argc, char **argv)
{
  struct session session = {0};

  clearenv();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  libbpf_set_print(say_nothing); /* failures are told by their number */
  const int status = run_words(&session, argc, argv);
  if (session.tracer)
    session.tracer->class->free(session.tracer);
  return status;
}
