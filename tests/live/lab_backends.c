/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests on every backend that works here. */
#include <unistd.h>

#include "core/base/error.h"
#include "tests/live/lab_bench.h"
#include "tests/unit/test.h"

/* What is tried: each backend with the best accelerator, and emulation once. */
static const struct trial {
  const char *name, *backend, *accel;
} trials[] = {
    {"blk", "virtio-blk", "auto"}, {"scsi", "virtio-scsi", "auto"}, {"lsi", "scsi-lsi", "auto"},
    {"ide", "ide", "auto"},        {"sata", "sata", "auto"},        {"usb", "usb", "auto"},
    {"tcg", "virtio-blk", "tcg"},
};
#define TRIALS G_N_ELEMENTS(trials)

static void launch_trial(struct bench *bench, const struct trial *trial, char uuid[37])
{
  GError *fault = NULL;
  bool ok = launch(
      bench, FIELDS("name", trial->name, "backend", trial->backend, "disk", "4M", "accel", trial->accel),
      uuid, &fault);
  cr_assert(ok, "%s: %s", trial->name, ok ? "" : fault->message);
}

Test(lab, every_backend_works, .timeout = 900)
{
  struct bench bench;
  char uuids[TRIALS][37];
  GError *fault = NULL;
  set_up(&bench);
  for (size_t i = 0; i < TRIALS; i++)
    launch_trial(&bench, &trials[i], uuids[i]);
  for (size_t i = 0; i < TRIALS; i++) {
    cr_assert(does_io(&bench, uuids[i]), "%s: no I/O", trials[i].name);
    cr_assert(act_with(&bench, ACTION_DELETE, uuids[i], "force-off", &fault), "%s: %s", trials[i].name,
              fault ? fault->message : "");
  }
  cr_assert_eq(count_entries(bench.root, "disks"), 0, "disks are left");
  cr_assert_eq(count_entries(bench.root, "logs"), 0, "logs are left");
  tear_down(&bench);
}
