/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"

#define CANCEL_LOOK_MS 50 /* how often the cancel flag is looked at */

enum stream { OUT, ERR, STREAMS };

struct run {
  const char *name;
  pid_t pid;
  int pidfd;
  int fd[STREAMS]; /* our ends; -1: at its end */
  GString *text[STREAMS];
  void (*say)(void *context, const char *text); /* takes what comes on OUT; NULL: it is kept */
  void *context;
};

static void close_fd(int *fd)
{
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

static void give_end(posix_spawn_file_actions_t *files, int end, int standard)
{
  if (end >= 0)
    posix_spawn_file_actions_adddup2(files, end, standard);
  else
    posix_spawn_file_actions_addopen(files, standard, "/dev/null",
                                     standard == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
}

/* Our threads block their signals. */
static void give_signals(posix_spawnattr_t *attr)
{
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(attr, &none);
  posix_spawnattr_setsigdefault(attr, &all);
  posix_spawnattr_setpgroup(attr, 0);
  posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

int proc_spawn(const char *const *argv, const struct proc_ends *ends, pid_t *ret_pid)
{
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attr;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attr);
  give_end(&files, ends->in, STDIN_FILENO);
  give_end(&files, ends->out, STDOUT_FILENO);
  give_end(&files, ends->err, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  give_signals(&attr);
  int rc = posix_spawnp(ret_pid, argv[0], &files, &attr, (char **)(uintptr_t)argv, environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attr);
  return rc;
}

static int start(struct run *run, const char *const *argv)
{
  int theirs[STREAMS] = {-1, -1}, rc = 0;
  for (int i = 0; i < STREAMS && !rc; i++) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) {
      rc = errno;
      break;
    }
    run->fd[i] = ends[0];
    theirs[i] = ends[1];
    (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
  }
  if (!rc)
    rc = proc_spawn(argv, &(struct proc_ends){-1, theirs[OUT], theirs[ERR]}, &run->pid);
  close_fd(&theirs[OUT]);
  close_fd(&theirs[ERR]);
  if (!rc)
    run->pidfd = pidfd_open(run->pid, 0);
  return rc;
}

/* Take what is there now. */
static void drain(struct run *run, enum stream i)
{
  char buf[4096];
  while (run->fd[i] >= 0) {
    ssize_t n = read(run->fd[i], buf, sizeof buf);
    if (n > 0)
      g_string_append_len(run->text[i], buf, n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
      close_fd(&run->fd[i]);
    else if (errno == EAGAIN)
      return;
  }
}

static void hand_on(struct run *run)
{
  if (!run->say || !run->text[OUT]->len)
    return;
  run->say(run->context, run->text[OUT]->str);
  g_string_truncate(run->text[OUT], 0);
}

/* Until the child has ended (its own children may hold the pipes for longer). */
static bool follow(struct run *run, const atomic_bool *cancel)
{
  for (;;) {
    if (cancel && atomic_load(cancel))
      return false;
    struct pollfd fds[] = {{run->fd[OUT], POLLIN, 0}, {run->fd[ERR], POLLIN, 0}, {run->pidfd, POLLIN, 0}};
    if (poll(fds, G_N_ELEMENTS(fds), cancel ? CANCEL_LOOK_MS : -1) < 0 && errno != EINTR)
      return true;
    drain(run, OUT);
    drain(run, ERR);
    hand_on(run);
    if (run->pidfd < 0 ? run->fd[OUT] < 0 && run->fd[ERR] < 0 : fds[2].revents != 0)
      return true;
  }
}

static int reap(struct run *run)
{
  int status = 0;
  while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
    ;
  drain(run, OUT);
  drain(run, ERR);
  return status;
}

static bool judge(const struct run *run, int status, GError **err)
{
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return true;
  g_autofree char *how = WIFSIGNALED(status) ? g_strdup_printf("killed by signal %d (%s)", WTERMSIG(status),
                                                               g_strsignal(WTERMSIG(status)))
                                             : g_strdup_printf("exit status %d", WEXITSTATUS(status));
  g_autofree char *said = g_strchomp(g_strdup(run->text[ERR]->str));
  return error_set(err, ERROR_GENERAL, NULL, "%s failed (%s)%s%s", run->name, how, *said ? ": " : "", said);
}

static void run_clear(struct run *run)
{
  close_fd(&run->fd[OUT]);
  close_fd(&run->fd[ERR]);
  close_fd(&run->pidfd);
  g_string_free(run->text[OUT], TRUE);
  g_string_free(run->text[ERR], TRUE);
}

static bool run_to_end(struct run *run, const char *const *argv, const atomic_bool *cancel, GError **err)
{
  int rc = start(run, argv);
  if (rc)
    return error_set_errno(err, ERROR_RESOURCES, rc,
                           rc == ENOENT ? "Install it, or add its folder to PATH." : NULL, "cannot run %s",
                           run->name);
  bool ended = follow(run, cancel);
  if (!ended) {
    kill(-run->pid, SIGKILL);
    kill(run->pid, SIGKILL);
  }
  int status = reap(run);
  if (!ended)
    return error_set(err, ERROR_CANCELLED, NULL, "%s: cancelled", run->name);
  return judge(run, status, err);
}

static struct run run_of(const char *name)
{
  struct run run = {.name = name, .pidfd = -1, .fd = {-1, -1}};
  for (int i = 0; i < STREAMS; i++)
    run.text[i] = g_string_new(NULL);
  return run;
}

bool proc_run(const char *const *argv, const atomic_bool *cancel, char **ret_out, GError **err)
{
  struct run run = run_of(argv[0]);
  bool ok = run_to_end(&run, argv, cancel, err);
  if (ok && ret_out)
    *ret_out = g_strndup(run.text[OUT]->str, run.text[OUT]->len);
  run_clear(&run);
  return ok;
}

bool proc_follow(const char *const *argv, const atomic_bool *cancel,
                 void (*say)(void *context, const char *text), void *context, GError **err)
{
  struct run run = run_of(argv[0]);
  run.say = say;
  run.context = context;
  bool ok = run_to_end(&run, argv, cancel, err);
  if (ok)
    hand_on(&run);
  run_clear(&run);
  return ok;
}
