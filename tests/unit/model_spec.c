/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a new guest is to be: fields, limits, refusals. */
#include "tests/unit/test.h"

#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/model/spec.h"

Test(spec, fields_are_whole_and_defaults_pass_their_own_checks)
{
  struct spec *spec = spec_new();
  for (int i = 0; i < SPEC_COUNT; i++) {
    const struct spec_field *field = spec_field((enum spec_id)i);
    g_autoptr(GError) err = NULL;
    cr_assert_eq(spec_find(field->name), i);
    cr_assert(*field->title && *field->text);
    cr_assert_not(spec->given[i]);
    cr_assert_str_eq(spec_text(spec, (enum spec_id)i), field->initial);
    cr_assert(spec_set(spec, (enum spec_id)i, field->initial, &err), "%s", err ? err->message : "");
    cr_assert(spec->given[i]);
  }
  cr_assert_eq(spec_find("vcpu"), -1);
  spec_free(spec);
  spec_free(NULL);
}

static void taken(enum spec_id id, const char *value)
{
  struct spec *spec = spec_new();
  g_autoptr(GError) err = NULL;
  cr_assert(spec_set(spec, id, value, &err), "%s", err ? err->message : "");
  cr_assert_str_eq(spec_text(spec, id), value);
  spec_free(spec);
}

static void refused(enum spec_id id, const char *value)
{
  struct spec *spec = spec_new();
  g_autoptr(GError) err = NULL;
  cr_assert_not(spec_set(spec, id, value, &err), "%s=%s", spec_field(id)->name, value);
  cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_USAGE));
  g_autofree char *what = error_what(err);
  cr_assert(text_is_safe(what), "%s", spec_field(id)->name);
  cr_assert_str_eq(spec_text(spec, id), spec_field(id)->initial, "it stays as it was");
  cr_assert_not(spec->given[id]);
  spec_free(spec);
}

Test(spec, values_taken_and_refused)
{
  static const struct {
    enum spec_id id;
    const char *taken[6], *refused[9];
  } rows[] = {
      {SPEC_NAME, {"", "pulse-02", "--help", "42"}, {".", "..", "a/b", "a\nb", "a\u202e"}},
      {SPEC_TEMPLATE, {"pulse", "linux", "mine"}, {"", "a/b", ".."}},
      {SPEC_BACKEND, {"virtio-blk", "ide", "sata", "nvme"}, {"", "IDE", "virtio-net", "floppy"}},
      {SPEC_VCPUS, {"1", "255"}, {"", "0", "256", "-1", "1.5", "1e2", "two", "99999999999999999999"}},
      {SPEC_MEMORY, {"8M", "16 MiB", "16T"}, {"", "0", "7M", "17T", "-16M", "1e999", "16X", "x"}},
      {SPEC_DISK, {"1M", "1G", "64T"}, {"", "1023K", "65T", "-1G", "1.2.3G"}},
      {SPEC_ACCEL, {"auto", "kvm", "tcg"}, {"", "hvf", "KVM"}},
      {SPEC_CACHE, {"none", "default", "writeback", "writethrough", "directsync", "unsafe"}, {"", "nona"}},
      {SPEC_AIO, {"native", "threads", "io_uring", "default"}, {"uring"}},
      {SPEC_IOTHREAD, {"yes", "no", "on", "0"}, {"", "maybe"}},
      {SPEC_DISCARD, {"default", "ignore", "unmap"}, {"on"}},
      {SPEC_FORMAT, {"qcow2", "raw"}, {"vmdk", ""}},
      {SPEC_ORDER, {"sequential", "random"}, {"both"}},
      {SPEC_NIC, {"none", "virtio-net", "e1000"}, {"", "virtio-blk", "ne2k"}},
      {SPEC_IMAGE, {"", "/a b.qcow2", "~/x.iso"}, {"a\x1b[0m", "\xff"}},
      {SPEC_CMDLINE, {"", "console=ttyS0 quiet"}, {"a\nb"}},
      {SPEC_BLOCK_SIZE, {"512", "4K", "65024"}, {"", "0", "511", "513", "65536", "-512"}},
      {SPEC_MIX, {"0", "100", "70"}, {"", "101", "-1", "70%"}},
      {SPEC_DEVICE,
       {"", "0000:01:00.1", "01:00.1", "0000:AF:1f.7"},
       {"1:0.1", "0000:01:00", "x", "0000:01:00.1.2"}},
      {SPEC_NETWORK, {"", "default"}, {"a\x1b[0m"}},
      {SPEC_MAC,
       {"", "52:54:00:12:34:56", "02:AB:cd:ef:00:01"},
       {"52:54:00:12:34", "52:54:00:12:34:5g", "52-54-00-12-34-56", "52:54:00:12:34:56:78",
        "01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "x"}},
      {SPEC_VLAN, {"", "1", "4094"}, {"0", "4095", "-1", "x", "1.5", "99999999999999999999"}},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    for (int k = 0; k < 6 && rows[i].taken[k]; k++)
      taken(rows[i].id, rows[i].taken[k]);
    for (int k = 0; k < 9 && rows[i].refused[k]; k++)
      refused(rows[i].id, rows[i].refused[k]);
  }
}

Test(spec, refusals_say_what_would_do)
{
  struct spec *spec = spec_new();
  g_autoptr(GError) err = NULL;
  spec_set(spec, SPEC_BACKEND, "virtio-blok", &err);
  cr_assert(strstr(err->message, "backend \"virtio-blok\""), "%s", err->message);
  cr_assert(strstr(error_advice(err), "Did you mean virtio-blk?"), "%s", err->message);
  g_clear_error(&err);
  spec_set(spec, SPEC_MEMORY, "1K", &err);
  cr_assert(strstr(error_advice(err), "from 8 MiB to 16 TiB"), "%s", err->message);
  g_clear_error(&err);
  spec_set(spec, SPEC_VCPUS, "0", &err);
  cr_assert(g_str_has_prefix(err->message, "vcpus: "), "%s", err->message);
  spec_free(spec);
}

Test(spec, values_as_numbers)
{
  struct spec *spec = spec_new();
  cr_assert_eq(spec_size(spec, SPEC_MEMORY), UINT64_C(16) << 20);
  cr_assert_eq(spec_size(spec, SPEC_DISK), UINT64_C(1) << 30);
  cr_assert_eq(spec_int(spec, SPEC_VCPUS), 1);
  cr_assert_not(spec_bool(spec, SPEC_IOTHREAD));
  cr_assert(spec_set(spec, SPEC_IOTHREAD, "on", NULL));
  cr_assert(spec_set(spec, SPEC_VCPUS, " 4 ", NULL));
  cr_assert(spec_bool(spec, SPEC_IOTHREAD));
  cr_assert_eq(spec_int(spec, SPEC_VCPUS), 4);
  struct spec *copy = spec_copy(spec);
  spec_free(spec);
  cr_assert_eq(spec_int(copy, SPEC_VCPUS), 4);
  cr_assert(copy->given[SPEC_VCPUS]);
  cr_assert_not(copy->given[SPEC_DISK]);
  cr_assert(spec_set(copy, SPEC_CMDLINE, "quiet", NULL));
  cr_assert(spec_set(copy, SPEC_CMDLINE, spec_text(copy, SPEC_CMDLINE), NULL), "its own old value");
  cr_assert_str_eq(spec_text(copy, SPEC_CMDLINE), "quiet");
  spec_free(copy);
}

Test(spec, paths_are_absolute)
{
  struct spec *spec = spec_new();
  cr_assert_null(spec_path(spec, SPEC_IMAGE));
  cr_assert(spec_set(spec, SPEC_IMAGE, "~/x.iso", NULL));
  g_autofree char *home = spec_path(spec, SPEC_IMAGE);
  cr_assert(g_path_is_absolute(home) && g_str_has_suffix(home, "/x.iso") && !strchr(home, '~'), "%s", home);
  cr_assert_eq(chdir("/usr"), 0);
  cr_assert(spec_set(spec, SPEC_KERNEL, "lib/../k", NULL));
  g_autofree char *kernel = spec_path(spec, SPEC_KERNEL);
  cr_assert_str_eq(kernel, "/usr/k");
  spec_free(spec);
}
