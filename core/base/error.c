/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/base/error.h"

#include <pthread.h>

#include <string.h>

/* GLib's macro casts const away, and gives NULL for errors of other domains, which never come here. */
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wnull-dereference"

/* The advice is kept beside the message: libvirt's texts hold newlines of their own. */
typedef struct {
  char *advice;
} VirtlensErrorPrivate;

static void virtlens_error_private_init(VirtlensErrorPrivate *priv)
{
  priv->advice = NULL;
}

static void virtlens_error_private_copy(const VirtlensErrorPrivate *from, VirtlensErrorPrivate *to)
{
  to->advice = g_strdup(from->advice);
}

static void virtlens_error_private_clear(VirtlensErrorPrivate *priv)
{
  g_free(priv->advice);
}

GQuark virtlens_error_quark(void);
G_DEFINE_EXTENDED_ERROR(VirtlensError, virtlens_error)

static void register_domain(void)
{
  virtlens_error_quark();
}

/* GLib's own function registers at its first call, which two threads may make at once. */
GQuark error_domain(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, register_domain);
  return virtlens_error_quark();
}

/* Takes WHAT. */
static bool fill(GError **err, enum error_code code, const char *advice, char *what)
{
  if (err) {
    *err = g_error_new(ERROR_DOMAIN, code, "%s%s%s", what, advice ? "\n" : "", advice ? advice : "");
    virtlens_error_get_private(*err)->advice = g_strdup(advice);
  }
  g_free(what);
  return false;
}

bool error_set(GError **err, enum error_code code, const char *advice, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  char *what = g_strdup_vprintf(fmt, args);
  va_end(args);
  return fill(err, code, advice, what);
}

bool error_set_errno(GError **err, enum error_code code, int errnum, const char *advice, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  g_autofree char *what = g_strdup_vprintf(fmt, args);
  va_end(args);
  return fill(err, code, advice, g_strdup_printf("%s: %s", what, g_strerror(errnum)));
}

const char *error_advice(const GError *err)
{
  return err && err->domain == ERROR_DOMAIN ? virtlens_error_get_private(err)->advice : NULL;
}

char *error_what(const GError *err)
{
  if (!err)
    return g_strdup("");
  const char *advice = error_advice(err);
  size_t length = strlen(err->message);
  size_t tail = advice ? strlen(advice) + 1 : 0;
  return g_strndup(err->message, length >= tail ? length - tail : length);
}

char *error_line(const GError *err)
{
  const char *advice = error_advice(err);
  char *what = error_what(err);
  if (!advice)
    return what;
  char *line = g_strdup_printf("%s (%s)", what, advice);
  g_free(what);
  return line;
}

int error_exit_status(const GError *err)
{
  if (!err)
    return 0;
  bool own = err->domain == ERROR_DOMAIN && (err->code == ERROR_USAGE || err->code == ERROR_RESOURCES);
  return own ? err->code : ERROR_GENERAL;
}
