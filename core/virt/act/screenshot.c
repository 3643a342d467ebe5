/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/screenshot.h"

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/virt/act/picture.h"
#include "core/virt/conn/xml.h"

#define BYTES_MAX (1U << 30) /* more than the largest picture that is converted */

static bool has_screen(virDomainPtr domain, GError **err)
{
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, 0));
  if (!xml)
    return virt_error(err, NULL, "its definition cannot be read");
  g_autofree char *model = xml_text(xml, "/domain/devices/video/model[@type!='none']/@type");
  return model || error_set(err, ERROR_REFUSED, "Guests of the templates image and iso have one.",
                            "it has no graphic screen: there is no video device in its definition");
}

/* GUEST-TIME.png in the current folder. */
static char *default_file(virDomainPtr domain)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *time = g_date_time_format(now, "%Y%m%d-%H%M%S");
  g_autofree char *name = g_strdelimit(g_strdup(virDomainGetName(domain)), "/", '_');
  return g_strdup_printf("./%s-%s.png", name, time);
}

struct receiving {
  const struct acting *acting;
  GByteArray *bytes;
};

static int receive(virStreamPtr stream, const char *bytes, size_t n, void *context)
{
  (void)stream;
  struct receiving *receiving = context;
  if (!acting_goes_on(receiving->acting, NULL) || receiving->bytes->len + n > BYTES_MAX)
    return -1;
  g_byte_array_append(receiving->bytes, (const guint8 *)bytes, (guint)n);
  return (int)n;
}

static bool receive_all(virDomainPtr domain, virStreamPtr stream, struct receiving *receiving)
{
  g_autofree char *mime = take_text(virDomainScreenshot(domain, stream, 0, 0));
  if (!mime)
    return false;
  if (virStreamRecvAll(stream, receive, receiving) < 0) {
    virStreamAbort(stream);
    return false;
  }
  return virStreamFinish(stream) == 0;
}

static GByteArray *take_picture(const struct acting *acting, virDomainPtr domain, GError **err)
{
  struct receiving receiving = {acting, g_byte_array_new()};
  g_autoptr(virStream) stream = virStreamNew(acting->conn, 0);
  if (stream && receive_all(domain, stream, &receiving))
    return receiving.bytes;
  if (acting_goes_on(acting, err))
    virt_error(err, NULL, "no picture of its screen can be had");
  g_byte_array_unref(receiving.bytes);
  return NULL;
}

static bool write_picture(const GByteArray *bytes, const char *file, GError **err)
{
  struct path_out *out = path_begin(file, err);
  if (!out)
    return false;
  if (picture_write_png(bytes->data, bytes->len, out->file, err))
    return path_commit(out, err);
  path_abandon(out);
  return false;
}

bool screenshot_take(struct acting *acting, virDomainPtr domain, GError **err)
{
  const char *asked = action_value(acting->act->flags, "file");
  g_autofree char *file = asked && *asked ? g_strdup(asked) : default_file(domain);
  if (g_file_test(file, G_FILE_TEST_EXISTS))
    return error_set(err, ERROR_REFUSED, "Choose another name, or remove the file if nothing needs it.",
                     "picture %s: this file is there already and is not overwritten", file);
  if (!has_screen(domain, err))
    return false;
  g_autoptr(GByteArray) bytes = take_picture(acting, domain, err);
  if (!bytes || !write_picture(bytes, file, err))
    return false;
  acting->act->result = g_strdup_printf("its screen is in %s", file);
  return true;
}
