/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reaper PROGRAM [ARGUMENT...]: run a program and take leave of every process that it orphaned; its exit
 * status. libvirt ends a guest by waiting until its process is gone.  The init of some containers and small
 * machines lets the dead lie for a second, which a test then waits for at the end of each guest. */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int status_of(int how)
{
  return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

int main(int argc, char **argv)
{
  if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
    return 99;
  const pid_t program = fork();
  if (program == 0) {
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    _exit(127);
  }
  /* A time limit signals the whole group: what the program does about it decides. */
  signal(SIGTERM, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  for (int how; program > 0;) {
    const pid_t gone = wait(&how);
    if (gone == program)
      return status_of(how);
    if (gone < 0)
      break;
  }
  perror("reaper");
  return 99;
}
