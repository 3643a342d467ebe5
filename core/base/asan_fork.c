/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Only in builds with the address sanitizer.  Its allocator (of GCC 12) is not made ready for a fork: a lock
 * that another thread holds at that moment stays locked in the child for ever, and libvirt allocates there
 * before it starts QEMU.  Here a fork waits until nobody is in the allocator, and keeps everybody out
 * meanwhile; the C library's own allocator does the same.  The sanitizer's functions are called by the names
 * that it has for those who come before it. */
#include <dlfcn.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/types.h>

/* By this the linker is made to take the file out of its archive. */
extern const char asan_fork_linked;
const char asan_fork_linked = 1;

static atomic_int inside, forking;
static _Thread_local int depth; /* the allocator may allocate */

static void enter(void)
{
  if (depth++ > 0)
    return;
  for (;;) {
    atomic_fetch_add(&inside, 1);
    if (!atomic_load(&forking))
      return;
    atomic_fetch_sub(&inside, 1);
    while (atomic_load(&forking))
      sched_yield();
  }
}

static void leave(void)
{
  if (--depth == 0)
    atomic_fetch_sub(&inside, 1);
}

/* X(result, name, parameters, arguments) */
#define ALLOCATING(X)                                                                                        \
  X(void *, malloc, (size_t size), (size))                                                                   \
  X(void *, calloc, (size_t count, size_t size), (count, size))                                              \
  X(void *, realloc, (void *old, size_t size), (old, size))                                                  \
  X(void *, reallocarray, (void *old, size_t count, size_t size), (old, count, size))                        \
  X(void *, memalign, (size_t alignment, size_t size), (alignment, size))                                    \
  X(void *, aligned_alloc, (size_t alignment, size_t size), (alignment, size))                               \
  X(int, posix_memalign, (void **ret, size_t alignment, size_t size), (ret, alignment, size))                \
  X(char *, strdup, (const char *text), (text))                                                              \
  X(char *, __strdup, (const char *text), (text))                                                            \
  X(char *, strndup, (const char *text, size_t size), (text, size))

#define GUARDED(result, name, parameters, arguments)                                                         \
  result __interceptor_##name parameters;                                                                    \
  result name parameters;                                                                                    \
  result name parameters                                                                                     \
  {                                                                                                          \
    enter();                                                                                                 \
    result made = __interceptor_##name arguments;                                                            \
    leave();                                                                                                 \
    return made;                                                                                             \
  }
ALLOCATING(GUARDED)

void __interceptor_free(void *memory);
void free(void *memory);
void free(void *memory)
{
  enter();
  __interceptor_free(memory);
  leave();
}

pid_t fork(void);
pid_t fork(void)
{
  pid_t (*real)(void) = (pid_t(*)(void))dlsym(RTLD_NEXT, "fork");
  while (atomic_exchange(&forking, 1))
    sched_yield();
  while (atomic_load(&inside) > 0)
    sched_yield();
  pid_t pid = real();
  atomic_store(&forking, 0);
  return pid;
}
