/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt made ready, once per process. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/virt/internal.h"

static void on_error(void *context, virErrorPtr error)
{
  (void)context;
  if (error && error->message)
    g_debug("libvirt: %s", error->message);
}

static void *event_loop(void *unused)
{
  int failures = 0;
  while (failures < 100)
    failures = virEventRunDefaultImpl() < 0 ? failures + 1 : 0;
  g_warning("libvirt's event loop fails again and again: guests' events will not be seen");
  return unused;
}

static bool start_event_loop(GError **err)
{
  pthread_t thread;
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  int rc = pthread_create(&thread, NULL, event_loop, NULL);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  if (rc != 0)
    return error_set_errno(err, ERROR_RESOURCES, rc, NULL, "cannot start libvirt's event loop");
  pthread_setname_np(thread, "virt-events");
  pthread_detach(thread);
  return true;
}

/* libvirt splits LIBVIRT_LOG_OUTPUTS at blanks, and reads it in virInitialize only: the
 * file is named by its descriptor, so that any path will do. */
static bool initialize_logging_to(const char *log_file, GError **err)
{
  int fd = open(log_file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return error_set_errno(err, ERROR_GENERAL, errno, "Check the folder's owner and permissions.",
                           "cannot write the log %s", log_file);
  g_autofree char *outputs = g_strdup_printf("3:file:/proc/self/fd/%d", fd);
  g_setenv("LIBVIRT_LOG_OUTPUTS", outputs, TRUE);
  virSetErrorFunc(NULL, on_error);
  bool ok = virEventRegisterDefaultImpl() == 0 && virInitialize() == 0;
  close(fd);
  g_unsetenv("LIBVIRT_LOG_OUTPUTS");
  return ok || virt_error(err, NULL, "cannot make libvirt ready");
}

bool virt_setup(const char *log_file, GError **err)
{
  signal(SIGPIPE, SIG_IGN); /* a daemon that dies is an error to report, not our end */
  return initialize_logging_to(log_file, err) && start_event_loop(err);
}
