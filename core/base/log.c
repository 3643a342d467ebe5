/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"

#define LOG_MAX_BYTES (4 * 1024 * 1024)

static const char *field(const GLogField *fields, gsize n, const char *key)
{
  for (gsize i = 0; i < n; i++)
    if (!strcmp(fields[i].key, key) && fields[i].length < 0)
      return fields[i].value;
  return "";
}

static const char *level_name(GLogLevelFlags level)
{
  if (level & G_LOG_LEVEL_ERROR)
    return "error";
  if (level & G_LOG_LEVEL_CRITICAL)
    return "critical";
  if (level & G_LOG_LEVEL_WARNING)
    return "warning";
  return level & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO) ? "info" : "debug";
}

static GLogWriterOutput write_line(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
  const char *domain = field(fields, n, "GLIB_DOMAIN");
  if (g_log_writer_default_would_drop(level, domain))
    return G_LOG_WRITER_HANDLED;
  g_autofree char *time = units_time_utc(clock_wall_ns());
  g_autofree char *safe = text_safe(field(fields, n, "MESSAGE"));
  g_autofree char *line = g_strdup_printf("%s %s %s: %s\n", time, domain, level_name(level), safe);
  /* One write: O_APPEND keeps lines of several threads and processes apart. */
  ssize_t written = write(GPOINTER_TO_INT(data), line, strlen(line));
  return written < 0 ? G_LOG_WRITER_UNHANDLED : G_LOG_WRITER_HANDLED;
}

bool log_to_file(const char *file, int *ret_fd, GError **err)
{
  struct stat st;
  if (stat(file, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > LOG_MAX_BYTES) {
    g_autofree char *old = g_strconcat(file, ".1", NULL);
    (void)rename(file, old); /* failing, it only grows on */
  }
  int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
  if (fd < 0)
    return error_set_errno(err, ERROR_RESOURCES, errno, "Set XDG_STATE_HOME to a folder that you may write.",
                           "cannot open the log %s", file);
  g_log_set_writer_func(write_line, GINT_TO_POINTER(fd), NULL);
  if (ret_fd)
    *ret_fd = fd;
  return true;
}
