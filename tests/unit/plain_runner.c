/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the unit tests of one program without Criterion, each in a process of its own. */
#include "tests/unit/test.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEST_SECONDS_MAX 300 /* a test that hangs fails */

static struct plain_test *first; /* filled before main, by constructors */

void plain_add(struct plain_test *test)
{
  test->next = first;
  first = test;
}

_Noreturn void plain_fail(const char *file, int line, const char *expected, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  fprintf(stderr, "%s:%d: expected %s:", file, line, expected);
  vfprintf(stderr, fmt, args);
  fputc('\n', stderr);
  va_end(args);
  _exit(1);
}

static bool passes(const struct plain_test *test)
{
  int status;
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    alarm(TEST_SECONDS_MAX);
    test->run();
    exit(0); /* by exit, so that leaks are looked for */
  }
  return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(void)
{
  int run = 0, failed = 0;
  for (const struct plain_test *test = first; test; test = test->next) {
    run++;
    if (!passes(test)) {
      failed++;
      fprintf(stderr, "FAIL %s::%s\n", test->suite, test->name);
    }
  }
  printf("%d tests, %d failed\n", run, failed);
  return failed || !run;
}
