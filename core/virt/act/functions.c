/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/functions.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/virt/prepare/nvme.h"
#include "core/virt/prepare/platform.h"
#include "core/virt/prepare/sriov.h"

#define DEVICES "/sys/bus/pci/devices/"

struct sriov_list *functions_list(struct hub *hub, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  return conn ? platform_functions(conn, hub_lab_root(hub), err) : NULL;
}

/* ---- making ---- */

/* Kernel documentation, PCI/pci-iov-howto: the number is written to the device's sriov_numvfs. */
static bool write_attribute(const char *device, const char *name, int value, GError **err)
{
  g_autofree char *path = g_strconcat(DEVICES, device, "/", name, NULL);
  g_autofree char *text = g_strdup_printf("%d", value);
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  const bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
  const int fault = errno;
  if (fd >= 0)
    close(fd);
  return done || error_set(err, fault == EACCES ? ERROR_RESOURCES : ERROR_GENERAL,
                           fault == EACCES ? "Start virtlens as root." : NULL, "writing %d to %s: %s", value,
                           path, g_strerror(fault));
}

/* One that a guest has, or that somebody put aside for one. */
static const struct sriov_vf *in_use(const struct sriov_pf *pf)
{
  for (guint i = 0; i < pf->list->len; i++) {
    const struct sriov_vf *vf = pf->list->pdata[i];
    if (vf->holder || !g_strcmp0(vf->driver, PCI_PASSTHROUGH))
      return vf;
  }
  return NULL;
}

static bool may_make(const struct sriov_pf *pf, int64_t count, GError **err)
{
  const struct sriov_vf *used = in_use(pf);
  g_autofree char *safe = used && used->holder ? text_safe(used->holder) : NULL;
  if (used)
    return error_set(err, ERROR_REFUSED, "Stop that guest, or detach it (:detach GUEST device=ADDRESS).",
                     "%s is in use: %s%s", used->address, safe ? "guest " : "bound to " PCI_PASSTHROUGH,
                     safe ? safe : "");
  return count <= pf->total ||
         error_set(err, ERROR_USAGE, NULL, "count %d: %s has at most %d", (int)count, pf->address, pf->total);
}

/* The host's own driver must not take functions that have no queues yet. */
static bool make(const struct acting *acting, const struct sriov_pf *pf, int count, GError **err)
{
  g_autofree char *drive = pf->class == SRIOV_NVME ? pci_nvme_device("/sys", "/dev", pf->address) : NULL;
  acting_step(acting, -1, "removing those that there are");
  if (drive && pf->made && !nvme_set_offline(drive, err))
    return false;
  if (pf->made && !write_attribute(pf->address, "sriov_numvfs", 0, err))
    return false;
  if (count == 0)
    return true;
  acting_step(acting, -1, "making them");
  if (drive && !write_attribute(pf->address, "sriov_drivers_autoprobe", 0, err))
    return false;
  return write_attribute(pf->address, "sriov_numvfs", count, err) &&
         (!drive || nvme_set_online(drive, count, err));
}

static bool make_for(struct acting *acting, const GPtrArray *pfs, const char *name, int count, GError **err)
{
  const struct sriov_pf *pf = sriov_find_pf(pfs, name);
  g_autofree char *safe = name ? text_safe(name) : NULL;
  if (!pf)
    return error_set(err, ERROR_USAGE, ":vfs lists them.", "%s%s",
                     !pfs->len ? "no device here has virtual functions"
                     : safe    ? "there is no such device: "
                               : "which device is missing: several have virtual functions",
                     pfs->len && safe ? safe : "");
  if (!may_make(pf, count, err) || !make(acting, pf, count, err))
    return false;
  acting->act->result = g_strdup_printf("%s: %d virtual functions, %d before", pf->address, count, pf->made);
  return true;
}

bool functions_make(struct acting *acting, GError **err)
{
  const char *name = action_value(acting->act->flags, "pf"),
             *number = action_value(acting->act->flags, "count");
  int64_t count;
  if (!number)
    return error_set(err, ERROR_USAGE, "Write :make-vfs count=2, with pf=ADDRESS where there are several.",
                     "how many is missing");
  if (!units_parse_int(number, 0, G_MAXUINT16, &count, err))
    return false;
  const char *root = hub_lab_root(acting->hub);
  if (!root && !platform_is_local(acting->conn))
    return error_set(err, ERROR_UNSUPPORTED, "Run virtlens there.",
                     "virtual functions of another host cannot be made from here");
  struct sriov_list *list = platform_functions(acting->conn, root, err);
  const bool done = list && make_for(acting, list->pfs, name, (int)count, err);
  sriov_list_free(list);
  return done;
}
