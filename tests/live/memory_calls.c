/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory_calls NAME ROUNDS [int80 | fork COUNT]: asks for memory as often as it is told to, under NAME, and
 * for nothing else under that name.  Each round is 2 mmap, of which one is refused, 1 mremap, 1 mprotect and
 * 2 munmap, of which one is refused; at last 3 brk.  int80: one mmap by the way of 32-bit programs before,
 * exit status 77 where this kernel has none.  fork: COUNT processes do that, one after the other. */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define ERRNO_MAX 4095

static long ask(long call, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
  return syscall(call, a, b, c, d, -1, 0);
}

static void round_of_calls(void)
{
  const unsigned long anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
  unsigned long at = (unsigned long)ask(SYS_mmap, 0, 2 * PAGE - 1, PROT_READ | PROT_WRITE, anonymous);

  ask(SYS_mmap, 0, 0, PROT_READ, anonymous); /* of nothing: refused */
  at = (unsigned long)ask(SYS_mremap, at, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
  ask(SYS_mprotect, at, PAGE, PROT_READ, 0);
  ask(SYS_munmap, at, 4 * PAGE, 0, 0);
  ask(SYS_munmap, 1, PAGE, 0, 0); /* at no page: refused */
}

static void breaks(void)
{
  const unsigned long end = (unsigned long)ask(SYS_brk, 0, 0, 0, 0);

  ask(SYS_brk, end + 2 * PAGE, 0, 0, 0);
  ask(SYS_brk, end, 0, 0, 0);
}

/* mmap2 of the 32-bit table, asked for by the interrupt that has its own way into the kernel. */
static bool by_interrupt(void)
{
  int result = 192;

  __asm__ volatile("push %%rbp; xor %%ebp, %%ebp; int $0x80; pop %%rbp"
                   : "+a"(result)
                   : "b"(0), "c"(PAGE), "d"(PROT_READ), "S"(MAP_PRIVATE | MAP_ANONYMOUS), "D"(-1)
                   : "memory", "cc", "r8", "r9", "r10", "r11");
  return result >= 0 || result < -ERRNO_MAX; /* the address, of 32 bits */
}

/* A kernel without it faults the process that tries. */
static void no_interrupt(int number)
{
  (void)number;
  _exit(77);
}

static void work(long rounds)
{
  for (long i = 0; i < rounds; i++)
    round_of_calls();
  breaks();
}

static bool work_in_child(long rounds)
{
  const pid_t child = fork();
  int status = -1;

  if (child == 0) {
    work(rounds);
    _exit(0);
  }
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(int argc, char **argv)
{
  if (argc < 3)
    return 2;
  const long rounds = atol(argv[2]), children = argc > 4 && strcmp(argv[3], "fork") == 0 ? atol(argv[4]) : 0;
  bool ok = true;

  prctl(PR_SET_NAME, argv[1]);
  signal(SIGSEGV, no_interrupt);
  if (argc == 4 && strcmp(argv[3], "int80") == 0 && !by_interrupt())
    return 77;
  for (long i = 0; ok && i < children; i++)
    ok = work_in_child(rounds);
  if (!children)
    work(rounds);
  prctl(PR_SET_NAME, "over");
  return ok ? 0 : 1;
}
