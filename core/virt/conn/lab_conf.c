/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/lab_conf.h"

#include <unistd.h>

#include "core/base/error.h"
#include "core/virt/conn/kvm.h"
#include "core/virt/conn/qemu_conf.h"

/* The first line says whose the file is: while it stands there, we keep the rest up to date. */
#define CONF_HEAD "# Written by virtlens at each start.  Remove this line to keep settings of your own.\n"
#define CONF_STDIO                                                                                           \
  "# Serial logs are written by QEMU itself: a lab has no virtlogd.\nstdio_handler = \"file\"\n"
#define CONF_GROUP "# The group of /dev/kvm, which QEMU's user is not in.\ngroup = \"%s\"\n"

static char *read_conf(const char *root)
{
  g_autofree char *file = g_build_filename(root, "etc", "qemu.conf", NULL);
  char *text = NULL;
  return g_file_get_contents(file, &text, NULL, NULL) ? text : NULL;
}

char *lab_qemu_user(const char *lab_root)
{
  if (geteuid() != 0)
    return lab_root ? g_strdup(g_get_user_name()) : NULL;
  g_autofree char *text = lab_root ? read_conf(lab_root) : NULL;
  char *user = text ? qemu_conf_value(text, "user") : NULL;
  return user ? user : g_strdup(QEMU_CONF_USER);
}

char *lab_qemu_group(const char *lab_root)
{
  g_autofree char *text = lab_root ? read_conf(lab_root) : NULL;
  return text ? qemu_conf_value(text, "group") : NULL;
}

/* What qemu.conf is to be, OLD being there (NULL: nothing). */
static char *conf_text(const char *old)
{
  if (old && !g_str_has_prefix(old, CONF_HEAD)) {
    g_autofree char *handler = qemu_conf_value(old, "stdio_handler");
    return g_strconcat(old, handler ? "" : CONF_STDIO, NULL);
  }
  g_autofree char *group = geteuid() == 0 ? kvm_group_needed(QEMU_CONF_USER) : NULL;
  g_autofree char *extra = group ? g_strdup_printf(CONF_GROUP, group) : NULL;
  return g_strconcat(CONF_HEAD, CONF_STDIO, extra, NULL);
}

bool lab_conf_write(const char *root, GError **err)
{
  g_autofree char *old = read_conf(root);
  g_autofree char *text = conf_text(old);
  if (old && g_str_equal(old, text))
    return true;
  g_autofree char *file = g_build_filename(root, "etc", "qemu.conf", NULL);
  GError *fault = NULL;
  if (g_file_set_contents_full(file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &fault))
    return true;
  error_set(err, ERROR_RESOURCES, NULL, "lab settings: %s", fault->message);
  g_error_free(fault);
  return false;
}
