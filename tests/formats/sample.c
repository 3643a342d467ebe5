/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints two ticks of a made-up scan, with names as bad as libvirt lets through, in the format
 * named on the command line; tests/formats/check.py reads them with parsers we did not write. */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/engine/batch.h"

static const char *const names[] = {"=cmd|' /C calc'!A0",
                                    "--help",
                                    "42",
                                    "comma, \"quote\"",
                                    "esc\x1b[31m\\n\\",
                                    "line\nfeed",
                                    "g\xc3\xa4st",
                                    ("bad\xff"
                                     "byte"),
                                    "bidi\xe2\x80\xaex"};

static struct guest *make_guest(int number)
{
  g_autofree char *uuid = g_strdup_printf("00000000-0000-4000-8000-%012d", number);
  struct guest_info *info = guest_info_new(names[number], uuid);

  info->accel = number % 2 ? ACCEL_KVM : ACCEL_UNKNOWN;
  if (number % 3) {
    info->disk_count = 1;
    info->disks = g_renew(struct disk_info, info->disks, 1);
    info->disks[0] = (struct disk_info){.target = g_strdup("vda"),
                                        .bus = g_strdup("virtio"),
                                        .backend = backend_find(BACKEND_DISK, "virtio-blk")};
  }
  struct guest *guest = guest_new(info);
  guest_info_unref(info);
  return guest;
}

/* Counters of a running guest, FACTOR times some first value. */
static void fill_guest(struct guest *guest, int number, int factor)
{
  guest->state = GUEST_RUNNING;
  guest->id = number;
  guest->run = 1;
  for (int group = 0; group < GROUP_COUNT; group++)
    guest->at_ns[group] = factor * NS_PER_S;
  readings_set(&guest->r, GUEST_CPU_TIME, 12.345678901 * factor);
  guest_resize_vcpus(guest, 2);
  for (int i = 0; i < 2; i++)
    readings_set(&guest->vcpus[i], VCPU_TIME, 1.5 * factor + i);
  guest_resize_disks(guest, 2);
  guest->disks[0].target = g_strdup("vda");
  guest->disks[1].target = g_strdup("we\"ird\\disk\n");
  for (int i = 0; i < 2; i++) {
    readings_set(&guest->disks[i].r, DISK_RD_BYTES, 9007199254740991.0 / 4 * factor);
    readings_set(&guest->disks[i].r, DISK_RD_REQS, 100.0 * factor);
    readings_set(&guest->disks[i].r, DISK_RD_TIME, 0.000123456 * factor);
  }
  guest_resize_nics(guest, 2);
  guest->nics[0].target = g_strdup("vnet0"); /* the other has no name */
  for (int i = 0; i < 2; i++)
    readings_set(&guest->nics[i].r, NIC_RX_BYTES, 1e6 * factor);
}

static struct scan *make_scan(int tick, const struct scan *before)
{
  struct scan *scan = scan_new(2);
  GPtrArray *guests = g_ptr_array_new();

  scan->tick = (uint64_t)tick;
  scan->interval_seconds = 1;
  scan->wall_ns = INT64_C(1795249938) * NS_PER_S + 123 * NS_PER_MS + tick * NS_PER_S;
  scan->mono_ns = tick * NS_PER_S;
  scan->host = host_scan_new("host\"\\\n", 3);
  if (before) {
    readings_set(&scan->host->r, HOST_CPU, 33.3);
    readings_set(&scan->host->cores[0], CORE_CPU, 66.6);
    readings_set(&scan->host->cores[2], CORE_CPU, 0);
  }
  readings_set(&scan->host->r, HOST_MEM_TOTAL, 25276502016.0);
  scan->conns[0] = conn_scan_new("qemu:///system");
  scan->conns[0]->state = CONN_OPEN;
  for (int i = 0; i < (int)G_N_ELEMENTS(names); i++) {
    struct guest *guest = make_guest(i);
    if (i != 2) /* "42" is shut off: nothing is known */
      fill_guest(guest, i, tick);
    else
      guest->state = GUEST_SHUTOFF;
    guest_derive(guest, before ? scan_find_uuid(before, 0, guest->info->uuid, NULL) : NULL);
    g_ptr_array_add(guests, guest);
  }
  conn_scan_take_guests(scan->conns[0], guests);
  scan->conns[1] = conn_scan_new("test+ssh://nowhere/default");
  scan->conns[1]->state = CONN_LOST;
  scan->conns[1]->error = g_strdup("end of file,\n\x1b[31mred");
  return scan;
}

int main(int argc, char **argv)
{
  int format = argc == 2 ? batch_format_find(argv[1]) : -1;
  g_autoptr(GString) out = g_string_new(NULL);

  if (format < 0) {
    fprintf(stderr, "usage: sample text|csv|json|openmetrics\n");
    return 2;
  }
  struct scan *one = make_scan(1, NULL), *two = make_scan(2, one);
  batch_write(out, (enum batch_format)format, one, &(struct batch_stream){0, NS_PER_S});
  batch_write(out, (enum batch_format)format, two, &(struct batch_stream){1, NS_PER_S});
  scan_unref(one);
  scan_unref(two);
  return fwrite(out->str, 1, out->len, stdout) != out->len;
}
