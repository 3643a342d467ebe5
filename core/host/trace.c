/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/proc.h"
#include "core/host/trace_private.h"

#define STOP_NS NS_PER_S /* for virtlens-trace to end when told to */
#define CHUNK (256 << 10)
#define UNTAKEN 2 /* turns that may have been delivered and not dealt with */
#define INSTALL "install virtlens with its tracing (configure --with-bpf); all else works without"

struct trace {
  const struct trace_class *class;
  struct trace_receiver receiver;
  GThread *thread;
  atomic_int untaken; /* turns */
  int wake;           /* eventfd: what is above or follows has changed */
  GMutex lock;
  union trace_wish wish;
  bool wished, stop;
};

/* What the thread has of the program that it follows. */
struct follow {
  struct trace *trace;
  char *program;
  pid_t pid;            /* 0: not started, or not there any more */
  int orders, frames;   /* our ends of its standard input and output; -1: closed */
  GByteArray *unsent;   /* of the orders */
  GByteArray *received; /* of the frames */
  GArray *gathered[TRACE_PARTS];
  int64_t turn_mono_ns; /* when the turn before ended; 0: it has not greeted */
  bool told;            /* to stop */
  int64_t heard_ns;     /* when it last said something, or could not for our sake */
  bool over;            /* the last turn was delivered */
};

/* ---- turns ---- */

/* What was gathered is delivered as a turn that ended at MONO_NS. */
static void hand_over(struct follow *f, struct trace_moment moment)
{
  const struct trace_class *class = f->trace->class;

  moment.wall_ns = clock_wall_ns() - (clock_mono_ns() - moment.mono_ns);
  /* The first turn may have ended before the greeting was read. */
  moment.seconds = f->turn_mono_ns ? (double)MAX(moment.mono_ns - f->turn_mono_ns, 0) / (double)NS_PER_S : 0;
  f->turn_mono_ns = moment.mono_ns;
  atomic_fetch_add(&f->trace->untaken, 1);
  class->deliver(&f->trace->receiver, f->gathered, &moment);
  class->gather(f->gathered);
}

static void deliver_last(struct follow *f, char *problem)
{
  f->over = true;
  hand_over(f, (struct trace_moment){.mono_ns = clock_mono_ns(), .ended = true, .problem = problem});
}

/* The last turn, with what ERR says, which is taken. */
static void fail(struct follow *f, GError *err)
{
  deliver_last(f, g_strdup(err->message));
  g_error_free(err);
}

/* ---- frames ---- */

static void take_hello(struct follow *f, const void *body, G_GNUC_UNUSED size_t count)
{
  const struct wire_hello *hello = body;
  GError *err = NULL;

  f->turn_mono_ns = clock_mono_ns();
  if (hello->version == WIRE_VERSION)
    return;
  error_set(&err, ERROR_UNSUPPORTED, "install both from one version",
            "%s speaks version %u of its protocol, this virtlens version %d", f->program, hello->version,
            WIRE_VERSION);
  fail(f, err);
}

static void take_turn(struct follow *f, const void *body, G_GNUC_UNUSED size_t count)
{
  const struct wire_turn *ended = body;

  hand_over(f, (struct trace_moment){.mono_ns = (int64_t)ended->mono_ns, .sending = ended->sending});
}

/* What to do about ERROR of a step that needs PROGRAM's privilege, or the kernel's help.  Caller frees. */
static char *advice_for(int error, const char *program)
{
  if (error == ENOENT)
    return g_strdup(
        "as root: mount -t tracefs nodev /sys/kernel/tracing; a kernel with CONFIG_FTRACE_SYSCALLS "
        "has it");
  return g_strdup_printf(
      "as root: setcap cap_bpf,cap_perfmon,cap_dac_read_search=p %s; 'virtlens check' tells "
      "what else is missing",
      program);
}

static void take_problem(struct follow *f, const void *body, G_GNUC_UNUSED size_t count)
{
  const struct wire_problem *problem = body;
  g_autofree char *advice = advice_for(problem->error, f->program);
  GError *err = NULL;

  error_set_errno(&err, ERROR_RESOURCES, problem->error, problem->step <= WIRE_ATTACH ? advice : NULL,
                  TRACE_PROGRAM ": %s", wire_step_text(problem->step));
  fail(f, err);
}

static void take_end(struct follow *f, G_GNUC_UNUSED const void *body, G_GNUC_UNUSED size_t count)
{
  deliver_last(f, NULL);
}

/* Of the frames that come whatever is traced. */
static void (*const takers[])(struct follow *, const void *, size_t) = {
    [WIRE_HELLO] = take_hello, [WIRE_TURN] = take_turn, [WIRE_PROBLEM] = take_problem, [WIRE_END] = take_end};

/* False: it is none of those, nor of those that this kind of tracing has. */
static bool take_frame(struct follow *f, const struct wire_head *head, const void *body)
{
  if (head->kind >= G_N_ELEMENTS(takers) || !takers[head->kind])
    return f->trace->class->take(f->gathered, head, body);
  takers[head->kind](f, body, wire_count(head));
  return true;
}

/* May a frame of KIND come now? */
static bool is_in_place(const struct follow *f, __u32 kind)
{
  return f->turn_mono_ns ? kind != WIRE_HELLO : kind == WIRE_HELLO || kind == WIRE_PROBLEM;
}

static void fail_protocol(struct follow *f)
{
  GError *err = NULL;

  error_set(&err, ERROR_GENERAL, NULL, "what %s says is not in its protocol", f->program);
  fail(f, err);
}

/* All whole frames that were received. */
static void take_frames(struct follow *f)
{
  size_t at = 0;

  while (!f->over && f->received->len - at >= sizeof(struct wire_head)) {
    struct wire_head head;
    memcpy(&head, f->received->data + at, sizeof head);
    if (!wire_head_ok(&head) || !is_in_place(f, head.kind)) {
      fail_protocol(f);
      return;
    }
    if (f->received->len - at - sizeof head < head.bytes)
      break;
    if (!take_frame(f, &head, f->received->data + at + sizeof head)) {
      fail_protocol(f);
      return;
    }
    at += sizeof head + head.bytes;
  }
  g_byte_array_remove_range(f->received, 0, (guint)at);
}

/* What can be read now; false: nothing more will come. */
static bool receive(struct follow *f)
{
  const guint before = f->received->len;

  g_byte_array_set_size(f->received, before + CHUNK);
  const ssize_t n = read(f->frames, f->received->data + before, CHUNK);
  g_byte_array_set_size(f->received, before + (n > 0 ? (guint)n : 0));
  if (n > 0)
    take_frames(f);
  return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* ---- orders ---- */

void trace_order(GByteArray *orders, enum wire_order_kind kind, uint32_t value, const char *name)
{
  struct wire_order order = {.kind = kind, .value = value};

  g_strlcpy(order.name, name, sizeof order.name);
  g_byte_array_append(orders, (const guint8 *)&order, sizeof order);
}

void trace_order_every(GByteArray *orders, double seconds)
{
  trace_order(orders, WIRE_EVERY, CLAMP((uint32_t)(seconds * 1000), WIRE_EVERY_MIN, WIRE_EVERY_MAX), "");
}

/* What other threads have asked for since the last time. */
static void take_wishes(struct follow *f)
{
  struct trace *trace = f->trace;
  eventfd_t ignored;

  eventfd_read(trace->wake, &ignored);
  g_mutex_lock(&trace->lock);
  if (trace->wished)
    trace->class->order(f->unsent, &trace->wish);
  trace->wished = false;
  if (trace->stop && !f->told) {
    trace_order(f->unsent, WIRE_STOP, 0, "");
    f->told = true;
    f->heard_ns = clock_mono_ns();
  }
  g_mutex_unlock(&trace->lock);
}

static void send_orders(struct follow *f)
{
  const ssize_t n = write(f->orders, f->unsent->data, f->unsent->len);

  if (n > 0)
    g_byte_array_remove_range(f->unsent, 0, (guint)n);
  else if (n < 0 && errno != EAGAIN && errno != EINTR)
    g_byte_array_set_size(f->unsent, 0); /* it has ended: its frames tell why */
}

/* ---- the program ---- */

static void close_end(int *fd)
{
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

static int spawn(struct follow *f)
{
  const char *argv[] = {f->program, NULL, NULL, NULL};
  int in[2], out[2];

  f->trace->class->words(&f->trace->wish, &argv[1]);
  if (pipe2(in, O_CLOEXEC) < 0)
    return errno;
  f->orders = in[1];
  if (pipe2(out, O_CLOEXEC) < 0) {
    close(in[0]);
    return errno;
  }
  f->frames = out[0];
  (void)fcntl(f->orders, F_SETFL, O_NONBLOCK);
  (void)fcntl(f->frames, F_SETFL, O_NONBLOCK);
  const int error = proc_spawn(argv, &(struct proc_ends){in[0], out[1], -1}, &f->pid);
  close(in[0]);
  close(out[1]);
  return error;
}

static bool start(struct follow *f, GError **err)
{
  f->program = path_program(TRACE_PROGRAM);
  const int error = f->program ? spawn(f) : ENOENT;

  if (!error)
    return true;
  f->pid = 0;
  if (error == ENOENT)
    return error_set(err, ERROR_RESOURCES, INSTALL, "there is no " TRACE_PROGRAM " here");
  return error_set_errno(err, ERROR_RESOURCES, error,
                         error == EACCES ? "its group alone may start it: add yourself to that group" : NULL,
                         "cannot start %s", f->program);
}

/* How it ended, when it did not say so. */
static void fail_ended(struct follow *f, int status)
{
  GError *err = NULL;

  if (WIFSIGNALED(status))
    error_set(&err, ERROR_GENERAL, NULL, "%s was killed by signal %d (%s)", f->program, WTERMSIG(status),
              g_strsignal(WTERMSIG(status)));
  else
    error_set(&err, ERROR_GENERAL, NULL, "%s ended by itself, with status %d", f->program,
              WEXITSTATUS(status));
  fail(f, err);
}

static void end(struct follow *f, bool late)
{
  int status = 0;

  close_end(&f->orders);
  close_end(&f->frames);
  if (late && f->pid)
    kill(f->pid, SIGKILL);
  while (f->pid && waitpid(f->pid, &status, 0) < 0 && errno == EINTR)
    continue;
  if (!f->over && late)
    deliver_last(
        f, g_strdup(TRACE_PROGRAM " did not end when told to, and was killed: what it saw last is lost"));
  else if (!f->over)
    fail_ended(f, status);
}

/* ---- the thread ---- */

/* It was told to stop, and could have said something for so long. */
static bool is_late(const struct follow *f)
{
  return f->told && clock_mono_ns() - f->heard_ns >= STOP_NS;
}

/* Until it has ended, or not in time (true). */
static bool follow(struct follow *f)
{
  bool more = true;

  while (more && !f->over && !is_late(f)) {
    const bool full = atomic_load(&f->trace->untaken) >= UNTAKEN;
    struct pollfd fds[] = {{.fd = full ? -1 : f->frames, .events = POLLIN},
                           {.fd = f->trace->wake, .events = POLLIN},
                           {.fd = f->unsent->len ? f->orders : -1, .events = POLLOUT}};

    poll(fds, G_N_ELEMENTS(fds), f->told ? STOP_NS / NS_PER_MS : -1);
    if (full || fds[0].revents)
      f->heard_ns = clock_mono_ns();
    if (fds[1].revents)
      take_wishes(f);
    if (f->unsent->len)
      send_orders(f);
    if (fds[0].revents)
      more = receive(f);
  }
  return more && !f->over;
}

static gpointer run(gpointer data)
{
  struct follow f = {.trace = data,
                     .orders = -1,
                     .frames = -1,
                     .unsent = g_byte_array_new(),
                     .received = g_byte_array_new()};
  GError *err = NULL;

  f.trace->class->gather(f.gathered);
  if (start(&f, &err))
    end(&f, follow(&f));
  else
    fail(&f, err);
  g_byte_array_unref(f.unsent);
  g_byte_array_unref(f.received);
  for (int i = 0; i < TRACE_PARTS; i++)
    g_clear_pointer(&f.gathered[i], g_array_unref);
  g_free(f.program);
  return NULL;
}

/* ---- the other threads ---- */

static void trace_clear(struct trace *trace)
{
  if (trace->wake >= 0)
    close(trace->wake);
  g_mutex_clear(&trace->lock);
  g_free(trace);
}

struct trace *trace_start(const struct trace_class *class, const union trace_wish *wish,
                          const struct trace_receiver *receiver, GError **err)
{
  struct trace *trace = g_new0(struct trace, 1);
  g_autoptr(GError) why = NULL;

  *trace = (struct trace){.class = class, .receiver = *receiver, .wish = *wish, .wished = true};
  g_mutex_init(&trace->lock);
  trace->wake = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
  trace->thread = trace->wake >= 0 ? g_thread_try_new("trace", run, trace, &why) : NULL;
  if (trace->thread)
    return trace;
  error_set(err, ERROR_RESOURCES, NULL, "nothing can be traced: %s", why ? why->message : g_strerror(errno));
  trace_clear(trace);
  return NULL;
}

void trace_wish_anew(struct trace *trace, const union trace_wish *wish)
{
  g_mutex_lock(&trace->lock);
  trace->wish = *wish;
  trace->wished = true;
  g_mutex_unlock(&trace->lock);
  eventfd_write(trace->wake, 1);
}

void trace_took(struct trace *trace)
{
  atomic_fetch_sub(&trace->untaken, 1);
  eventfd_write(trace->wake, 1);
}

void trace_stop(struct trace *trace)
{
  g_mutex_lock(&trace->lock);
  trace->stop = true;
  g_mutex_unlock(&trace->lock);
  eventfd_write(trace->wake, 1);
}

void trace_free(struct trace *trace)
{
  if (!trace)
    return;
  atomic_store(&trace->untaken, INT_MIN); /* what comes now is not waited for */
  trace_stop(trace);
  g_thread_join(trace->thread);
  trace_clear(trace);
}
