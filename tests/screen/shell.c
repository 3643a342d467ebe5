/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "shell.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void report(int fd, char what, int value)
{
  struct shell_report r = {.what = what, .value = value};
  tcgetattr(STDERR_FILENO, &r.line); /* fails after a hang-up, when nobody can ask for them */
  if (write(fd, &r, sizeof r) != sizeof r)
    _exit(99);
}

static G_GNUC_NORETURN void program_start(char **argv, char **envp, const char *dir, const char *input)
{
  setpgid(0, 0);
  tcsetpgrp(STDERR_FILENO, getpid());
  signal(SIGTTOU, SIG_DFL);
  signal(SIGHUP, SIG_DFL);
  signal(SIGTSTP, SIG_DFL);
  signal(SIGINT, SIG_DFL);
  signal(SIGQUIT, SIG_DFL);
  if (input) {
    int fd = open(input, O_RDONLY);
    if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
      _exit(98);
    close(fd);
  }
  if (chdir(dir) == 0)
    execve(argv[0], argv, envp);
  dprintf(STDERR_FILENO, "%s: %s\r\n", argv[0], g_strerror(errno));
  _exit(127);
}

void shell_run(char **argv, char **envp, const char *dir, const char *input, int status, int control)
{
  signal(SIGTTOU, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGTSTP, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  signal(SIGQUIT, SIG_IGN);
  report(status, 'b', 0);
  pid_t program = fork();
  if (program < 0)
    _exit(99);
  if (program == 0) {
    close(status);
    close(control);
    program_start(argv, envp, dir, input);
  }
  setpgid(program, program);
  tcsetpgrp(STDERR_FILENO, program);
  report(status, 'p', program);
  for (;;) {
    int how = 0;
    if (waitpid(program, &how, WUNTRACED) < 0)
      _exit(99);
    if (!WIFSTOPPED(how)) {
      report(status, 'x', WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how));
      _exit(0);
    }
    tcsetpgrp(STDERR_FILENO, getpid());
    report(status, 's', WSTOPSIG(how));
    char order = 0;
    if (read(control, &order, 1) != 1)
      _exit(99);
    tcsetpgrp(STDERR_FILENO, program);
    kill(-program, SIGCONT);
  }
}
