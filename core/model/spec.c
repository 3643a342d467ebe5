/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/spec.h"

#include <assert.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/model/mac.h"

#define MIB (INT64_C(1) << 20)
#define TIB (INT64_C(1) << 40)
#define SECTOR 512
/* What one BIOS call moves: int 13h takes up to 127 sectors (Phoenix EDD specification 1.1). */
#define BLOCK_MAX (127 * SECTOR)

static const char *const accels[] = {"auto", "kvm", "tcg", NULL};
static const char *const caches[] = {"default",    "none",   "writeback", "writethrough",
                                     "directsync", "unsafe", NULL};
static const char *const aios[] = {"default", "native", "threads", "io_uring", NULL};
static const char *const discards[] = {"default", "ignore", "unmap", NULL};
static const char *const orders[] = {"sequential", "random", NULL};
static const char *const formats[] = {"qcow2", "raw", NULL};

/* Least memory: 8 MiB is what a boot sector under SeaBIOS was seen to live with, with room to spare. */
static const struct spec_field fields[] = {
    [SPEC_NAME] = {"name", "name", SPEC_TEXT, "", 0, 0, NULL,
                   "name of the guest; empty: made from the template's"},
    [SPEC_TEMPLATE] = {"template", "template", SPEC_CHOICE, "pulse", 0, 0, NULL,
                       "what the guest is made from: pulse, linux, image, iso, kernel or one of your own"},
    [SPEC_BACKEND] = {"backend", "backend", SPEC_CHOICE, "virtio-blk", 0, 0, NULL,
                      "how its disk is attached"},
    [SPEC_VCPUS] = {"vcpus", "vCPUs", SPEC_INT, "1", 1, 255, NULL, "virtual CPUs"},
    [SPEC_MEMORY] = {"memory", "memory", SPEC_SIZE, "16 MiB", 8 * MIB, 16 * TIB, NULL, "memory of the guest"},
    [SPEC_DISK] = {"disk", "disk", SPEC_SIZE, "1 GiB", MIB, 64 * TIB, NULL,
                   "size of its disk, which is thin"},
    [SPEC_ACCEL] = {"accel", "accel", SPEC_CHOICE, "auto", 0, 0, accels,
                    "kvm, tcg (emulated), or the best there is"},
    [SPEC_CACHE] = {"cache", "cache", SPEC_CHOICE, "none", 0, 0, caches, "how the host caches the disk"},
    [SPEC_AIO] = {"aio", "aio", SPEC_CHOICE, "default", 0, 0, aios,
                  "how QEMU does its I/O; native needs cache none"},
    [SPEC_IOTHREAD] = {"iothread", "iothread", SPEC_BOOL, "no", 0, 0, NULL,
                       "a thread of its own for the disk (virtio only)"},
    [SPEC_DISCARD] = {"discard", "discard", SPEC_CHOICE, "default", 0, 0, discards,
                      "whether the guest's discards reach the disk"},
    [SPEC_FORMAT] = {"format", "format", SPEC_CHOICE, "qcow2", 0, 0, formats,
                     "of a new disk's image; only qcow2 has snapshots inside"},
    [SPEC_NIC] = {"nic", "NIC", SPEC_CHOICE, "none", 0, 0, NULL, "model of its NIC, or none"},
    [SPEC_SSH] = {"ssh", "SSH", SPEC_BOOL, "yes", 0, 0, NULL,
                  "a port of this machine, 2222 or the next free one, leads to its port 22"},
    [SPEC_IMAGE] = {"image", "image", SPEC_FILE, "", 0, 0, NULL, "an existing disk image or ISO file"},
    [SPEC_KERNEL] = {"kernel", "kernel", SPEC_FILE, "", 0, 0, NULL, "a kernel to boot directly"},
    [SPEC_INITRD] = {"initrd", "initrd", SPEC_FILE, "", 0, 0, NULL, "the initramfs for the kernel"},
    [SPEC_CMDLINE] = {"cmdline", "cmdline", SPEC_TEXT, "", 0, 0, NULL, "the kernel's command line"},
    [SPEC_BLOCK_SIZE] = {"block-size", "block size", SPEC_SIZE, "4 KiB", SECTOR, BLOCK_MAX, NULL,
                         "pulse: bytes per request, a multiple of 512"},
    [SPEC_MIX] = {"mix", "reads %", SPEC_INT, "70", 0, 100, NULL, "pulse: percent of its requests that read"},
    [SPEC_ORDER] = {"order", "order", SPEC_CHOICE, "sequential", 0, 0, orders,
                    "pulse: where its requests go"},
    [SPEC_DEVICE] = {"device", "device", SPEC_TEXT, "", 0, 0, NULL,
                     "PCI address of a virtual function (SR-IOV)"},
    [SPEC_NETWORK] = {"network", "network", SPEC_TEXT, "", 0, 0, NULL,
                      "the libvirt network that its NIC is on; with nic=sr-iov-vf: that hands it a function"},
    [SPEC_MAC] = {"mac", "MAC", SPEC_TEXT, "", 0, 0, NULL, "MAC address of its NIC; empty: one is made up"},
    [SPEC_VLAN] = {"vlan", "VLAN", SPEC_TEXT, "", 0, 0, NULL,
                   "VLAN that the host puts a virtual function of a NIC into, 1 to 4094; empty: none"},
    [SPEC_TITLE] = {"title", "title", SPEC_TEXT, "", 0, 0, NULL, "a line about it"},
};
static_assert(G_N_ELEMENTS(fields) == SPEC_COUNT, "a field has no row");

const struct spec_field *spec_field(enum spec_id id)
{
  return &fields[id];
}

int spec_find(const char *name)
{
  for (int i = 0; i < SPEC_COUNT; i++)
    if (!strcmp(fields[i].name, name))
      return i;
  return -1;
}

struct spec *spec_new(void)
{
  struct spec *spec = g_new0(struct spec, 1);
  for (int i = 0; i < SPEC_COUNT; i++)
    spec->value[i] = g_strdup(fields[i].initial);
  return spec;
}

struct spec *spec_copy(const struct spec *spec)
{
  struct spec *copy = g_new(struct spec, 1);
  *copy = *spec;
  for (int i = 0; i < SPEC_COUNT; i++)
    copy->value[i] = g_strdup(spec->value[i]);
  return copy;
}

void spec_free(struct spec *spec)
{
  if (!spec)
    return;
  for (int i = 0; i < SPEC_COUNT; i++)
    g_free(spec->value[i]);
  g_free(spec);
}

static bool refuse(const struct spec_field *field, const char *value, const char *why, const char *advice,
                   GError **err)
{
  g_autofree char *safe = text_safe(value);
  g_autofree char *shown = text_fit(safe, 60, true);
  return error_set(err, ERROR_USAGE, advice, "%s \"%s\": %s", field->name, shown, why);
}

/* One of WORDS (NULL-terminated)? */
static bool check_choice(const struct spec_field *field, const char *const *words, const char *value,
                         GError **err)
{
  if (g_strv_contains(words, value))
    return true;
  const char *closest = text_closest(value, words);
  g_autofree char *all = g_strjoinv(", ", (char **)(uintptr_t)words);
  g_autofree char *advice = closest ? g_strdup_printf("Did you mean %s?  There are: %s.", closest, all)
                                    : g_strdup_printf("There are: %s.", all);
  return refuse(field, value, "there is no such choice", advice, err);
}

static bool check_backend(const struct spec_field *field, enum backend_class class, const char *other,
                          const char *value, GError **err)
{
  int count, n = 0;
  const struct backend *rows = backend_table(&count);
  g_autofree const char **words = g_new0(const char *, count + 2);
  if (other)
    words[n++] = other;
  for (int i = 0; i < count; i++)
    if (rows[i].class == class)
      words[n++] = rows[i].name;
  return check_choice(field, words, value, err);
}

static bool check_size(const struct spec_field *field, enum spec_id id, const char *value, GError **err)
{
  uint64_t bytes;
  g_autoptr(GError) fault = NULL;
  if (!units_parse_size(value, &bytes, &fault)) {
    g_autofree char *what = error_what(fault);
    return error_set(err, ERROR_USAGE, error_advice(fault), "%s: %s", field->name, what);
  }
  g_autofree char *lo = units_size_text((uint64_t)field->min), *hi = units_size_text((uint64_t)field->max);
  g_autofree char *advice = g_strdup_printf("Give a size from %s to %s.", lo, hi);
  if (bytes < (uint64_t)field->min || bytes > (uint64_t)field->max)
    return refuse(field, value, bytes < (uint64_t)field->min ? "it is too small" : "it is too large", advice,
                  err);
  if (id == SPEC_BLOCK_SIZE && bytes % SECTOR)
    return refuse(field, value, "it is not a multiple of 512", advice, err);
  return true;
}

static bool check_int(const struct spec_field *field, const char *value, GError **err)
{
  int64_t n;
  g_autoptr(GError) fault = NULL;
  if (units_parse_int(value, field->min, field->max, &n, &fault))
    return true;
  g_autofree char *what = error_what(fault);
  return error_set(err, ERROR_USAGE, error_advice(fault), "%s: %s", field->name, what);
}

/* [DOMAIN:]BUS:SLOT.FUNCTION in hexadecimal, as lspci prints it. */
static bool is_pci_address(const char *s)
{
  static const char *const shapes[] = {"xxxx:xx:xx.x", "xx:xx.x"};
  for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
    const char *shape = shapes[i], *p = s;
    while (*shape && *p && (*shape == 'x' ? g_ascii_isxdigit(*p) : *shape == *p)) {
      shape++;
      p++;
    }
    if (!*shape && !*p)
      return true;
  }
  return false;
}

static bool check_text(const struct spec_field *field, enum spec_id id, const char *value, GError **err)
{
  if (!*value)
    return true;
  if (id == SPEC_NAME)
    return text_name_ok(value, err);
  if (id == SPEC_MAC)
    return mac_parse(value, (char[MAC_TEXT_BYTES]){0}, err);
  if (id == SPEC_VLAN)
    return vlan_parse(value, &(int){0}, err);
  if (id == SPEC_DEVICE && !is_pci_address(value))
    return refuse(field, value, "it is not a PCI address",
                  "Give one as lspci prints it, such as 0000:01:00.1.", err);
  if (!text_is_safe(value))
    return refuse(field, value, "it holds control or invisible characters", NULL, err);
  return true;
}

static bool check_word(const struct spec_field *field, enum spec_id id, const char *value, GError **err)
{
  if (field->choices)
    return check_choice(field, field->choices, value, err);
  if (id == SPEC_BACKEND)
    return check_backend(field, BACKEND_DISK, NULL, value, err);
  if (id == SPEC_NIC)
    return check_backend(field, BACKEND_NIC, "none", value, err);
  return text_name_ok(value, err); /* a template is a file's name */
}

static bool check_bool(const struct spec_field *field, const char *value, GError **err)
{
  bool unused;
  return units_parse_bool(value, &unused, NULL) ||
         refuse(field, value, "it is neither yes nor no", "Give yes or no.", err);
}

static bool check(enum spec_id id, const char *value, GError **err)
{
  const struct spec_field *field = &fields[id];
  switch (field->type) {
  case SPEC_SIZE:
    return check_size(field, id, value, err);
  case SPEC_INT:
    return check_int(field, value, err);
  case SPEC_BOOL:
    return check_bool(field, value, err);
  case SPEC_CHOICE:
    return check_word(field, id, value, err);
  default:
    return check_text(field, id, value, err);
  }
}

bool spec_set(struct spec *spec, enum spec_id id, const char *value, GError **err)
{
  if (!check(id, value, err))
    return false;
  char *copy = g_strdup(value); /* VALUE may be the old one */
  g_free(spec->value[id]);
  spec->value[id] = copy;
  spec->given[id] = true;
  return true;
}

const char *spec_text(const struct spec *spec, enum spec_id id)
{
  return spec->value[id];
}

uint64_t spec_size(const struct spec *spec, enum spec_id id)
{
  uint64_t bytes = 0;
  (void)units_parse_size(spec->value[id], &bytes, NULL);
  return bytes;
}

int64_t spec_int(const struct spec *spec, enum spec_id id)
{
  int64_t n = 0;
  (void)units_parse_int(spec->value[id], fields[id].min, fields[id].max, &n, NULL);
  return n;
}

bool spec_bool(const struct spec *spec, enum spec_id id)
{
  bool b = false;
  (void)units_parse_bool(spec->value[id], &b, NULL);
  return b;
}

char *spec_path(const struct spec *spec, enum spec_id id)
{
  const char *value = spec->value[id];
  if (!*value)
    return NULL;
  if (g_str_has_prefix(value, "~/"))
    return g_build_filename(g_get_home_dir(), value + 2, NULL);
  return g_canonicalize_filename(value, NULL);
}
