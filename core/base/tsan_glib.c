/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Only in builds with the thread sanitizer.  GLib's locks are futexes of a library that the
 * sanitizer has not instrumented: it would see no order between threads at all.  The linker's
 * --wrap sends our calls here, where the order is told.  Thread pools and queues of GLib hand
 * over what they are given, so they are told of as well. */
#include <glib.h>
#include <sanitizer/tsan_interface.h>

/* X(result, name, parameters, arguments, before, after): tell BEFORE, call, tell AFTER. */
#define WRAPPED(X)                                                                                           \
  X(void, g_mutex_lock, (GMutex * lock), (lock), , __tsan_acquire(lock))                                     \
  X(void, g_mutex_unlock, (GMutex * lock), (lock), __tsan_release(lock), )                                   \
  X(void, g_cond_wait, (GCond * cond, GMutex * lock), (cond, lock), __tsan_release(lock),                    \
    __tsan_acquire(lock))                                                                                    \
  X(gboolean, g_cond_wait_until, (GCond * cond, GMutex * lock, gint64 end), (cond, lock, end),               \
    __tsan_release(lock), __tsan_acquire(lock))                                                              \
  X(void, g_async_queue_push, (GAsyncQueue * queue, gpointer item), (queue, item), __tsan_release(queue), )  \
  X(gpointer, g_async_queue_try_pop, (GAsyncQueue * queue), (queue), , __tsan_acquire(queue))                \
  X(gpointer, g_async_queue_pop, (GAsyncQueue * queue), (queue), , __tsan_acquire(queue))                    \
  X(gpointer, g_async_queue_timeout_pop, (GAsyncQueue * queue, guint64 us), (queue, us), ,                   \
    __tsan_acquire(queue))                                                                                   \
  X(gboolean, g_thread_pool_push, (GThreadPool * pool, gpointer item, GError * *err), (pool, item, err),     \
    __tsan_release(item), )                                                                                  \
  X(void, g_thread_pool_free, (GThreadPool * pool, gboolean now, gboolean wait), (pool, now, wait), ,        \
    __tsan_acquire(&pools))

/* All thread pools of the process: what their functions did is before the end of any. */
static char pools;

#define DECLARE(result, name, parameters, ...)                                                               \
  result __real_##name parameters;                                                                           \
  result __wrap_##name parameters;
WRAPPED(DECLARE)

#define DEFINE(result, name, parameters, arguments, before, after)                                           \
  result __wrap_##name parameters                                                                            \
  {                                                                                                          \
    before;                                                                                                  \
    CALL_##result(__real_##name arguments, after)                                                            \
  }
#define CALL_void(call, after)                                                                               \
  call;                                                                                                      \
  after;
#define CALL_gboolean(call, after)                                                                           \
  gboolean result = call;                                                                                    \
  after;                                                                                                     \
  return result;
#define CALL_gpointer(call, after)                                                                           \
  gpointer result = call;                                                                                    \
  after;                                                                                                     \
  return result;
WRAPPED(DEFINE)

/* The function of a pool, with the order told around it. */
struct work {
  GFunc run;
  gpointer user;
};

static void work(gpointer item, gpointer data)
{
  const struct work *work = data;
  __tsan_acquire(item);
  work->run(item, work->user);
  __tsan_release(&pools);
}

GThreadPool *__real_g_thread_pool_new(GFunc run, gpointer user, gint max, gboolean exclusive, GError **err);
GThreadPool *__wrap_g_thread_pool_new(GFunc run, gpointer user, gint max, gboolean exclusive, GError **err);

GThreadPool *__wrap_g_thread_pool_new(GFunc run, gpointer user, gint max, gboolean exclusive, GError **err)
{
  struct work *order = g_new(struct work, 1); /* as long as the process: a pool tells nobody of its end */
  *order = (struct work){run, user};
  return __real_g_thread_pool_new(work, order, max, exclusive, err);
}
