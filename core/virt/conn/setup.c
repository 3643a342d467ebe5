/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/globals.h>
#include <libxml/parser.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/virt/conn/libvirt.h"

/* libxml2 writes to stderr, also from within libvirt, unless each thread is told otherwise. */
static G_GNUC_PRINTF(2, 3) void on_xml_error(void *context, const char *fmt, ...)
{
  (void)context;
  (void)fmt;
}

static void silence_libxml(void)
{
  xmlInitParser();
  xmlSetGenericErrorFunc(NULL, on_xml_error);
  xmlThrDefSetGenericErrorFunc(NULL, on_xml_error);
}

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
 * file is named by its descriptor, so that any path will do.  The children that libvirt forks log to
 * stderr whatever we say, thus onto the screen: LIBVIRT_DEBUG keeps them to errors (4). */
static bool initialize_logging_to(const char *log_file, GError **err)
{
  int fd = open(log_file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return error_set_errno(err, ERROR_RESOURCES, errno, "Check the folder's owner and permissions.",
                           "cannot write the log %s", log_file);
  g_autofree char *outputs = g_strdup_printf("3:file:/proc/self/fd/%d", fd);
  g_setenv("LIBVIRT_LOG_OUTPUTS", outputs, TRUE);
  bool asked = g_getenv("LIBVIRT_DEBUG") != NULL;
  g_setenv("LIBVIRT_DEBUG", "4", FALSE);
  virSetErrorFunc(NULL, on_error);
  bool ok = virEventRegisterDefaultImpl() == 0 && virInitialize() == 0;
  close(fd);
  g_unsetenv("LIBVIRT_LOG_OUTPUTS");
  if (!asked)
    g_unsetenv("LIBVIRT_DEBUG");
  return ok || virt_error(err, NULL, "cannot make libvirt ready");
}

bool setup_libvirt(const char *log_file, GError **err)
{
  signal(SIGPIPE, SIG_IGN); /* a daemon that dies is an error to report, not our end */
  silence_libxml();
  return initialize_logging_to(log_file, err) && start_event_loop(err);
}
