/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests on every backend that works here. */
#include <string.h>
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

/* What is said of it is what was asked for, and what QEMU's counters give. */
static void is_explained(struct bench *bench, const char *uuid, const struct trial *trial)
{
  const struct backend *backend = backend_find(BACKEND_DISK, trial->backend);
  GError *fault = NULL;
  struct explanation *explanation = virt_explain(bench->virt, uuid, &fault);
  cr_assert_not_null(explanation, "%s: %s", trial->name, fault ? fault->message : "");
  bool emulated = explanation->kind == KIND_TCG;
  cr_assert(emulated || explanation->kind == KIND_KVM_QEMU, "%s", trial->name);
  cr_assert(emulated || strcmp(trial->accel, "tcg") != 0, "%s", trial->name);
  cr_assert_gt(explanation->device_count, 0);
  const struct explained_device *first = &explanation->devices[0];
  cr_assert(first->path_known && first->path == backend->path, "%s: %s", trial->name, first->how);
  cr_assert_str_eq(first->backend, backend->name);
  cr_assert(explanation->sources[SOURCE_DELAY].there && explanation->sources[SOURCE_TIMES].there);
  cr_assert(!emulated || !explanation->sources[SOURCE_COUNTERS].there, "%s: exits without KVM", trial->name);
  explanation_free(explanation);
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
    is_explained(&bench, uuids[i], &trials[i]);
    cr_assert(act_with(&bench, ACTION_DELETE, uuids[i], "force-off", &fault), "%s: %s", trials[i].name,
              fault ? fault->message : "");
  }
  cr_assert_eq(count_entries(bench.root, "disks"), 0, "disks are left");
  cr_assert_eq(count_entries(bench.root, "logs"), 0, "logs are left");
  tear_down(&bench);
}
