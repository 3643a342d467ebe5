/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/backend.h"

#include <glib.h>
#include <string.h>

#define LETTERS 26
#define DISK(name, path, bus, controller, prefix, max, text)                                                 \
  {                                                                                                          \
    name, BACKEND_DISK, PATH_##path, bus, controller, prefix, max, text                                      \
  }
#define NIC(name, path, model, text)                                                                         \
  {                                                                                                          \
    name, BACKEND_NIC, PATH_##path, model, NULL, NULL, 0, text                                               \
  }

/* Words of libvirt's formatdomain: <target bus=>, <controller type='scsi' model=>, <interface><model type=>.
 * max_disks: virtio-blk one PCI slot each, of the 32 of bus 0 some taken; SCSI 7 targets on LSI
 * (formatdomain, "address"); IDE 2 channels of 2; AHCI 6 ports; USB the ports of one controller. */
static const struct backend rows[] = {
    DISK("virtio-blk", PARAVIRTUAL, "virtio", NULL, "vd", 20, "virtio block device: one ring, few exits"),
    DISK("virtio-scsi", PARAVIRTUAL, "scsi", "virtio-scsi", "sd", 255, "SCSI commands over a virtio ring"),
    DISK("scsi-lsi", EMULATED, "scsi", "lsilogic", "sd", 7, "LSI 53C895A SCSI controller, emulated"),
    DISK("ide", EMULATED, "ide", NULL, "hd", 4, "PIIX IDE controller, emulated register by register"),
    DISK("sata", EMULATED, "sata", NULL, "sd", 6, "AHCI SATA controller, emulated"),
    DISK("usb", EMULATED, "usb", NULL, "sd", 4, "USB mass storage, emulated"),
    DISK("nvme", EMULATED, "nvme", NULL, "nvme", 1, "NVMe controller, emulated"),
    DISK("sr-iov-nvme", DIRECT, NULL, NULL, NULL, 0, "virtual function of an NVMe drive, passed through"),
    NIC("virtio-net", PARAVIRTUAL, "virtio", "virtio network device"),
    NIC("e1000", EMULATED, "e1000", "Intel 82540EM, emulated"),
    NIC("e1000e", EMULATED, "e1000e", "Intel 82574L, emulated"),
    NIC("rtl8139", EMULATED, "rtl8139", "Realtek 8139, emulated"),
    NIC("sr-iov-vf", DIRECT, NULL, "virtual function of a NIC, passed through"),
};

const struct backend *backend_table(int *ret_count)
{
  *ret_count = G_N_ELEMENTS(rows);
  return rows;
}

const struct backend *backend_find(enum backend_class class, const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    if (rows[i].class == class && !strcmp(rows[i].name, name))
      return &rows[i];
  return NULL;
}

/* Other words that libvirt has for the same device (formatdomain: virtio transitional devices). */
static const char *const same_bus[][2] = {{"virtio-non-transitional", "virtio"},
                                          {"virtio-transitional", "virtio"},
                                          {"virtio-net", "virtio"},
                                          {"virtio-net-pci", "virtio"},
                                          {NULL, NULL}};
static const char *const same_controller[][2] = {
    {"virtio-non-transitional", "virtio-scsi"}, {"virtio-transitional", "virtio-scsi"}, {NULL, NULL}};

static const char *canonical(const char *const (*same)[2], const char *word)
{
  for (; (*same)[0]; same++)
    if (!g_strcmp0(word, (*same)[0]))
      return (*same)[1];
  return word;
}

const struct backend *backend_of(enum backend_class class, const char *bus, const char *controller)
{
  if (!bus)
    return NULL;
  bus = canonical(same_bus, bus);
  controller = canonical(same_controller, controller);
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    if (rows[i].class == class && !g_strcmp0(rows[i].bus, bus) &&
        (!rows[i].controller || !g_strcmp0(rows[i].controller, controller)))
      return &rows[i];
  return NULL;
}

char *backend_disk_name(const char *prefix, int number)
{
  if (number < LETTERS)
    return g_strdup_printf("%s%c", prefix, 'a' + number);
  g_autofree char *first = backend_disk_name(prefix, number / LETTERS - 1);
  return g_strdup_printf("%s%c", first, 'a' + number % LETTERS);
}

const char *backend_path_name(enum backend_path path)
{
  static const char *const names[] = {"emulated", "paravirtual", "direct"};
  return names[path];
}
