/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/nvme.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/error.h"

/* Admin commands (figure 139), what Identify returns (figure 244), and what Virtualization Management does
 * (figure 237), by the names of the specification. */
enum { IDENTIFY = 0x06, VIRTUALIZATION_MANAGEMENT = 0x1c };
enum { PRIMARY_CAPABILITIES = 0x14, SECONDARY_LIST = 0x15 };
enum { SECONDARY_OFFLINE = 7, SECONDARY_ASSIGN = 8, SECONDARY_ONLINE = 9 };
enum { RESOURCE_VQ = 0, RESOURCE_VI = 1 }; /* queues, interrupts */
#define ENTRY_BYTES 32                     /* of the list, and of its head */
#define ENTRIES_MAX 127

static int le16(const uint8_t *bytes)
{
  return bytes[0] | bytes[1] << 8;
}

GArray *nvme_parse_secondaries(const uint8_t page[NVME_PAGE_BYTES])
{
  GArray *list = g_array_new(FALSE, FALSE, sizeof(struct nvme_secondary));
  const int count = MIN(page[0], ENTRIES_MAX);
  for (int i = 1; i <= count; i++) {
    const uint8_t *entry = page + (size_t)i * ENTRY_BYTES;
    const struct nvme_secondary row = {.id = le16(entry),
                                       .vf = le16(entry + 8),
                                       .online = entry[4] & 1,
                                       .queues = le16(entry + 10),
                                       .interrupts = le16(entry + 12)};
    g_array_append_val(list, row);
  }
  return list;
}

struct nvme_shares nvme_parse_shares(const uint8_t page[NVME_PAGE_BYTES])
{
  return (struct nvme_shares){.queues =
                                  le16(page + 32), /* VQFRT and VIFRT: 32 bits, of which no drive uses more */
                              .queues_max = le16(page + 44),
                              .interrupts = le16(page + 64),
                              .interrupts_max = le16(page + 76)};
}

const struct nvme_secondary *nvme_secondary_of(const GArray *list, int vf)
{
  for (guint i = 0; vf > 0 && i < list->len; i++) {
    const struct nvme_secondary *row = &g_array_index(list, struct nvme_secondary, i);
    if (row->vf == vf)
      return row;
  }
  return NULL;
}

/* ---- asking the drive ---- */

static int open_device(const char *device, GError **err)
{
  const int fd = open(device, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    error_set(err, errno == EACCES || errno == EPERM ? ERROR_RESOURCES : ERROR_GENERAL, NULL,
              "the drive cannot be asked: %s: %s", device, g_strerror(errno));
  return fd;
}

static bool command(int fd, struct nvme_admin_cmd *admin, const char *what, GError **err)
{
  const int status = ioctl(fd, NVME_IOCTL_ADMIN_CMD, admin);
  if (status == 0)
    return true;
  return status < 0 ? error_set(err, ERROR_GENERAL, NULL, "%s: %s", what, g_strerror(errno))
                    : error_set(err, ERROR_UNSUPPORTED, NULL, "%s: the drive refuses it (NVMe status 0x%x)",
                                what, (unsigned)status);
}

static bool identify(int fd, uint32_t what, uint8_t page[NVME_PAGE_BYTES], GError **err)
{
  memset(page, 0, NVME_PAGE_BYTES);
  struct nvme_admin_cmd admin = {
      .opcode = IDENTIFY, .addr = (uintptr_t)page, .data_len = NVME_PAGE_BYTES, .cdw10 = what};
  return command(fd, &admin, "reading its virtual functions", err);
}

static bool manage(int fd, int id, unsigned action, unsigned resource, int count, GError **err)
{
  struct nvme_admin_cmd admin = {.opcode = VIRTUALIZATION_MANAGEMENT,
                                 .cdw10 = (uint32_t)id << 16 | resource << 8 | action,
                                 .cdw11 = (uint32_t)count};
  return command(fd, &admin, "managing its virtual functions", err);
}

static GArray *read_secondaries(int fd, GError **err)
{
  uint8_t page[NVME_PAGE_BYTES];
  return identify(fd, SECONDARY_LIST, page, err) ? nvme_parse_secondaries(page) : NULL;
}

GArray *nvme_secondaries(const char *device, GError **err)
{
  const int fd = open_device(device, err);
  GArray *list = fd < 0 ? NULL : read_secondaries(fd, err);
  if (fd >= 0)
    close(fd);
  return list;
}

static bool bring_online(int fd, const struct nvme_shares *shares, int count, GError **err)
{
  g_autoptr(GArray) list = read_secondaries(fd, err);
  const int queues = MIN(shares->queues / count, shares->queues_max),
            interrupts = MIN(shares->interrupts / count, shares->interrupts_max);
  for (int vf = 1; list && vf <= count; vf++) {
    const struct nvme_secondary *row = nvme_secondary_of(list, vf);
    if (!row)
      return error_set(err, ERROR_UNSUPPORTED, NULL, "the drive knows no controller of virtual function %d",
                       vf);
    if (!manage(fd, row->id, SECONDARY_ASSIGN, RESOURCE_VI, interrupts, err) ||
        !manage(fd, row->id, SECONDARY_ASSIGN, RESOURCE_VQ, queues, err) ||
        !manage(fd, row->id, SECONDARY_ONLINE, 0, 0, err))
      return false;
  }
  return list != NULL;
}

bool nvme_set_online(const char *device, int count, GError **err)
{
  uint8_t page[NVME_PAGE_BYTES];
  const int fd = open_device(device, err);
  if (fd < 0)
    return false;
  bool done = identify(fd, PRIMARY_CAPABILITIES, page, err);
  if (done) {
    const struct nvme_shares shares = nvme_parse_shares(page);
    done = bring_online(fd, &shares, count, err);
  }
  close(fd);
  return done;
}

bool nvme_set_offline(const char *device, GError **err)
{
  const int fd = open_device(device, err);
  g_autoptr(GArray) list = fd < 0 ? NULL : read_secondaries(fd, err);
  bool done = list != NULL;
  for (guint i = 0; done && i < list->len; i++) {
    const struct nvme_secondary *row = &g_array_index(list, struct nvme_secondary, i);
    done = !row->online || manage(fd, row->id, SECONDARY_OFFLINE, 0, 0, err);
  }
  if (fd >= 0)
    close(fd);
  return done;
}
