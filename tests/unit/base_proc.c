/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running other programs. */
#include "tests/unit/test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/proc.h"

static char *output(const char *const *argv)
{
  g_autoptr(GError) err = NULL;
  char *out = NULL;
  cr_assert(proc_run(argv, NULL, &out, &err), "%s", err ? err->message : "");
  return out;
}

Test(proc, gives_the_output)
{
  g_autofree char *out = output((const char *const[]){"printf", "%s|%s", "a b", "$HOME;*", NULL});
  cr_assert_str_eq(out, "a b|$HOME;*");
}

Test(proc, takes_more_than_a_pipe_holds)
{
  g_autofree char *out = output((const char *const[]){"head", "-c", "1000000", "/dev/zero", NULL});
  cr_assert_not_null(out);
  g_autofree char *lines = output((const char *const[]){"seq", "1", "100000", NULL});
  cr_assert_eq(strlen(lines), (size_t)588895);
  cr_assert(g_str_has_suffix(lines, "99999\n100000\n"));
}

static void collect(void *context, const char *text)
{
  g_string_append_printf(context, "[%s]", text);
}

Test(proc, follow_hands_on_what_is_said)
{
  g_autoptr(GError) err = NULL;
  g_autoptr(GString) said = g_string_new(NULL);
  const char *const argv[] = {"sh", "-c", "echo one; read line < /dev/stdin; echo two", NULL};
  cr_assert(proc_follow(argv, NULL, collect, said, &err), "%s", err ? err->message : "");
  cr_assert(strstr(said->str, "[one\n") && strstr(said->str, "two\n]"), "%s", said->str);
  cr_assert_not(proc_follow((const char *const[]){"false", NULL}, NULL, collect, said, &err));
}

Test(proc, stdin_is_at_its_end)
{
  g_autofree char *out = output((const char *const[]){"cat", NULL});
  cr_assert_str_eq(out, "");
}

Test(proc, failure_holds_the_programs_own_words)
{
  g_autoptr(GError) err = NULL;
  const char *const argv[] = {"sh", "-c", "echo out; echo 'one\ntwo' >&2; exit 3", NULL};
  char *out = NULL;
  cr_assert_not(proc_run(argv, NULL, &out, &err));
  cr_assert_null(out);
  cr_assert_str_eq(err->message, "sh failed (exit status 3): one\ntwo");
}

Test(proc, death_by_signal_is_failure)
{
  g_autoptr(GError) err = NULL;
  cr_assert_not(proc_run((const char *const[]){"sh", "-c", "kill -SEGV $$", NULL}, NULL, NULL, &err));
  cr_assert(strstr(err->message, "signal 11"), "%s", err->message);
}

Test(proc, missing_program_says_so)
{
  g_autoptr(GError) err = NULL;
  cr_assert_not(proc_run((const char *const[]){"/dev/null", NULL}, NULL, NULL, &err));
  cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_RESOURCES), "%s", err->message);
  g_clear_error(&err);
  cr_assert_not(proc_run((const char *const[]){"no-such-program-at-all", NULL}, NULL, NULL, &err));
  cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_RESOURCES));
  cr_assert(strstr(err->message, "cannot run no-such-program-at-all: No such file"), "%s", err->message);
  cr_assert_not_null(error_advice(err));
}

Test(proc, does_not_wait_for_grandchildren)
{
  char fifo[] = "/tmp/virtlens-unit-XXXXXX";
  cr_assert_not_null(mkdtemp(fifo));
  g_autofree char *path = g_build_filename(fifo, "fifo", NULL);
  g_autofree char *out = output(
      (const char *const[]){"sh", "-c", "mkfifo \"$1\"; (read x < \"$1\") & echo done", "sh", path, NULL});
  cr_assert_str_eq(out, "done\n"); /* the reader still waits, and holds our pipe */
  FILE *release = fopen(path, "w");
  cr_assert_not_null(release);
  fputs("x\n", release);
  fclose(release);
  unlink(path);
  rmdir(fifo);
}

static gpointer cancel_when_there(gpointer data)
{
  const char *path = ((char **)data)[0];
  while (access(path, F_OK) != 0)
    g_thread_yield();
  atomic_store((atomic_bool *)((void **)data)[1], true);
  return NULL;
}

Test(proc, cancel_kills_the_whole_group)
{
  char dir[] = "/tmp/virtlens-unit-XXXXXX";
  cr_assert_not_null(mkdtemp(dir));
  g_autofree char *path = g_build_filename(dir, "pid", NULL);
  atomic_bool cancel = false;
  void *data[] = {path, &cancel};
  GThread *thread = g_thread_new("cancel", cancel_when_there, data);
  g_autoptr(GError) err = NULL;
  /* The child's own child blocks for ever on the FIFO that nobody writes. */
  const char *const argv[] = {
      "sh", "-c", "mkfifo \"$1.f\"; cat \"$1.f\" & echo $! > \"$1.t\"; mv \"$1.t\" \"$1\"; wait",
      "sh", path, NULL};
  cr_assert_not(proc_run(argv, &cancel, NULL, &err));
  g_thread_join(thread);
  cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_CANCELLED), "%s", err->message);
  g_autofree char *text = NULL;
  cr_assert(g_file_get_contents(path, &text, NULL, NULL));
  pid_t grandchild = (pid_t)g_ascii_strtoll(text, NULL, 10);
  /* It is dead as soon as it is no longer there or a zombie waiting for init. */
  g_autofree char *stat = g_strdup_printf("/proc/%d/stat", (int)grandchild);
  g_autofree char *state = NULL;
  while (g_file_get_contents(stat, &state, NULL, NULL) && !strstr(state, ") Z") && kill(grandchild, 0) == 0)
    g_clear_pointer(&state, g_free);
  g_autofree char *fifo = g_strconcat(path, ".f", NULL);
  unlink(fifo);
  unlink(path);
  rmdir(dir);
}

/* A shell with our ENDS, at its end: its exit status. */
static int end_of_shell(const char *script, const struct proc_ends *ends)
{
  pid_t pid = 0;
  int status = 0;
  cr_assert_eq(proc_spawn((const char *const[]){"sh", "-c", script, NULL}, ends, &pid), 0);
  cr_assert_eq(waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(proc, spawn_gives_the_ends_and_no_other)
{
  int in[2], out[2];
  char said[64] = "";
  cr_assert_eq(pipe(in), 0); /* not closed by exec */
  cr_assert_eq(pipe(out), 0);
  cr_assert_eq(write(in[1], "word\n", 5), (ssize_t)5);
  cr_assert_eq(end_of_shell("read word; echo $word; echo lost >&2; ls /proc/self/fd | wc -l",
                            &(struct proc_ends){in[0], out[1], -1}),
               0);
  cr_assert(read(out[0], said, sizeof said - 1) > 0);
  cr_assert_str_eq(said, "word\n4\n"); /* the fourth is the folder that ls reads */
}

Test(proc, spawn_without_ends_has_nothing)
{
  cr_assert_eq(end_of_shell("! read word && echo lost && echo lost >&2", &(struct proc_ends){-1, -1, -1}), 0);
}

Test(proc, spawn_makes_a_group)
{
  cr_assert_eq(end_of_shell("test $(ps -o pgid= -p $$) -eq $$", &(struct proc_ends){-1, -1, -1}), 0);
}

Test(proc, spawn_says_why_not)
{
  pid_t pid;
  cr_assert_eq(proc_spawn((const char *const[]){"no-such-program-at-all", NULL},
                          &(struct proc_ends){-1, -1, -1}, &pid),
               ENOENT);
}

Test(proc, children_get_default_signals)
{
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  signal(SIGPIPE, SIG_IGN);
  g_autofree char *out =
      output((const char *const[]){"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status", NULL});
  const char *ignored = strstr(out, "SigIgn:\t");
  cr_assert(strstr(out, "SigBlk:\t0000000000000000\n"), "%s", out);
  cr_assert_not_null(ignored);
  guint64 set = g_ascii_strtoull(ignored + strlen("SigIgn:\t"), NULL, 16);
  cr_assert_not(set >> (SIGPIPE - 1) & 1, "%s", out); /* glibc keeps 32 and 33 to itself */
}
