/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Actions on real guests in a lab: what they do, and what they leave alone. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/error.h"
#include "core/virt/act/backing.h"
#include "core/virt/virt_private.h"
#include "tests/live/lab_bench.h"
#include "tests/unit/test.h"

static void check_launch_fails(struct bench *bench, int code, const char *said, const char *const *fields)
{
  GError *fault = NULL;
  int disks = count_entries(bench->root, "disks"), logs = count_entries(bench->root, "logs");
  int definitions = count_entries(bench->root, "etc/qemu");
  cr_assert_not(launch(bench, fields, NULL, &fault), "%s was launched", fields[1]);
  cr_assert(strstr(fault->message, said), "'%s' is not in: %s", said, fault->message);
  cr_assert_eq(fault->code, code, "%d: %s", fault->code, fault->message);
  cr_assert_eq(count_entries(bench->root, "disks"), disks, "disks are left: %s", fault->message);
  cr_assert_eq(count_entries(bench->root, "logs"), logs, "a log is left: %s", fault->message);
  cr_assert_eq(count_entries(bench->root, "etc/qemu"), definitions, "a definition is left: %s",
               fault->message);
  g_error_free(fault);
}

Test(lab, a_failed_launch_leaves_nothing, .timeout = 900)
{
  struct bench bench;
  set_up(&bench);
  char uuid[37];
  GError *fault = NULL;
  cr_assert(launch(&bench, FIELDS("name", "taken", "disk", "4M"), uuid, &fault), "%s",
            fault ? fault->message : "");
  check_launch_fails(&bench, ERROR_REFUSED, "there already", FIELDS("name", "taken"));
  check_launch_fails(&bench, ERROR_RESOURCES, "memory", FIELDS("name", "a", "memory", "8T"));
  check_launch_fails(&bench, ERROR_RESOURCES, "disk", FIELDS("name", "a", "disk", "64T"));
  check_launch_fails(&bench, ERROR_USAGE, "/nonexistent",
                     FIELDS("name", "a", "template", "image", "image", "/nonexistent"));
  /* Disks are made, then QEMU finds that this is no kernel. */
  check_launch_fails(&bench, ERROR_GENERAL, "the guest cannot be started: ",
                     FIELDS("name", "a", "template", "kernel", "kernel", "/proc/self/comm", "memory", "16M",
                            "accel", "tcg"));
  g_autofree char *old = g_build_filename(bench.root, "disks", "b.qcow2", NULL);
  g_autofree char *text = NULL;
  cr_assert(g_file_set_contents(old, "precious", -1, NULL));
  check_launch_fails(&bench, ERROR_REFUSED, "not overwritten", FIELDS("name", "b"));
  cr_assert(g_file_get_contents(old, &text, NULL, NULL) && g_str_equal(text, "precious"));
  tear_down(&bench);
}

/* The guest whose definition libvirt shall not tell; NULL: it tells all.  Ours stands before the library's.
 */
static _Atomic(const char *) unreadable;

char *virDomainGetXMLDesc(virDomainPtr domain, unsigned int flags)
{
  char *(*real)(virDomainPtr, unsigned int) =
      (char *(*)(virDomainPtr, unsigned int))(uintptr_t)dlsym(RTLD_NEXT, "virDomainGetXMLDesc");
  const char *name = atomic_load(&unreadable);
  return real(name && g_str_equal(virDomainGetName(domain), name) ? NULL : domain, flags);
}

/* The guest that libvirt takes for running when it is next asked, as it does with one whose QEMU ended while
 * nobody was attached; NULL: none. */
static _Atomic(const char *) taken_for_running;

int virDomainIsActive(virDomainPtr domain)
{
  int (*real)(virDomainPtr) = (int (*)(virDomainPtr))(uintptr_t)dlsym(RTLD_NEXT, "virDomainIsActive");
  const char *name = atomic_load(&taken_for_running);
  if (!name || !g_str_equal(virDomainGetName(domain), name))
    return real(domain);
  atomic_store(&taken_for_running, NULL);
  return 1;
}

/* While a file of "first" goes, the mark of its deletion is there.  Ours stands before the library's, too. */
static atomic_int unmarked;

int unlink(const char *path)
{
  int (*real)(const char *) = (int (*)(const char *))(uintptr_t)dlsym(RTLD_NEXT, "unlink");
  g_autofree char *folder = g_path_get_dirname(path), *mark = g_build_filename(folder, ".first.job", NULL);
  if (g_str_has_suffix(path, "/first-boot.qcow2") && !g_file_test(mark, G_FILE_TEST_EXISTS))
    atomic_fetch_add(&unmarked, 1);
  return real(path);
}

static void make_overlay(const char *base, const char *over)
{
  const char *argv[] = {"qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "qcow2", over, NULL};
  cr_assert(g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                         NULL, NULL));
}

static const char *why_it_stays(const struct deletion *deletion, const char *path)
{
  for (guint i = 0; i < deletion->files->len; i++) {
    const struct deletion_file *file = deletion->files->pdata[i];
    if (g_str_equal(file->path, path))
      return file->stays;
  }
  return NULL;
}

Test(lab, delete_removes_its_own_files_only, .timeout = 900)
{
  struct bench bench;
  set_up(&bench);
  char first[37], second[37];
  GError *fault = NULL;
  cr_assert(launch(&bench, FIELDS("name", "first", "disk", "4M"), first, &fault), "%s",
            fault ? fault->message : "");
  g_autofree char *disk = g_build_filename(bench.root, "disks", "first.qcow2", NULL);
  g_autofree char *outside = g_build_filename(bench.dir, "outside.qcow2", NULL);
  cr_assert_not(act_with(&bench, ACTION_DELETE, first, NULL, &fault), "a running guest was deleted");
  cr_assert_eq(fault->code, ERROR_REFUSED);
  g_clear_error(&fault);
  cr_assert(act_with(&bench, ACTION_FORCE_OFF, first, NULL, &fault));
  make_overlay(disk, outside);
  /* The second guest stands on a file that stands on the first one's disk. */
  cr_assert(
      launch(&bench,
             FIELDS("name", "second", "template", "image", "image", outside, "memory", "16M", "accel", "tcg"),
             second, &fault),
      "%s", fault ? fault->message : "");
  cr_assert(act_with(&bench, ACTION_FORCE_OFF, second, NULL, &fault));
  atomic_store(&unreadable, "second");
  cr_assert_null(virt_deletion(bench.virt, first, &fault), "what will be refused is said beforehand");
  g_clear_error(&fault);
  cr_assert_not(act_with(&bench, ACTION_DELETE, first, NULL, &fault), "deleted what another guest may need");
  cr_assert(strstr(fault->message, "second") && !strstr(fault->message, "no reason"), "%s", fault->message);
  cr_assert(file_there(&bench, "disks/first-boot.qcow2"));
  g_clear_error(&fault);
  atomic_store(&unreadable, NULL);
  struct deletion *deletion = virt_deletion(bench.virt, first, &fault);
  const char *stays = deletion ? why_it_stays(deletion, disk) : NULL;
  cr_assert(stays && strstr(stays, "needed by second"), "another guest's backing file would go: %s", stays);
  deletion_free(deletion);
  cr_assert(act_with(&bench, ACTION_DELETE, first, NULL, &fault), "%s", fault ? fault->message : "");
  cr_assert(file_there(&bench, "disks/first.qcow2"), "a backing file of another guest was removed");
  cr_assert_not(file_there(&bench, "disks/first-boot.qcow2"));
  cr_assert_eq(atomic_load(&unmarked), 0, "killed in the middle, it would leave files that nobody knows of");
  cr_assert_not(file_there(&bench, "disks/.first.job"), "its mark is left");
  cr_assert(act_with(&bench, ACTION_DELETE, second, "keep-disks", &fault));
  cr_assert(file_there(&bench, "disks/second.qcow2"), "keep-disks did not keep the disk");
  cr_assert(g_file_test(outside, G_FILE_TEST_EXISTS));
  tear_down(&bench);
}

Test(lab, guests_are_paused_resumed_reset_and_stopped, .timeout = 900)
{
  struct bench bench;
  set_up(&bench);
  char uuid[37];
  GError *fault = NULL;
  cr_assert(launch(&bench, FIELDS("name", "p", "disk", "4M"), uuid, &fault), "%s",
            fault ? fault->message : "");
  cr_assert(does_io(&bench, uuid));
  static const enum action_id going[] = {ACTION_PAUSE, ACTION_RESUME, ACTION_RESET, ACTION_REBOOT};
  for (size_t i = 0; i < G_N_ELEMENTS(going); i++)
    cr_assert(act_with(&bench, going[i], uuid, NULL, &fault), "%s: %s", action_row(going[i])->name,
              fault ? fault->message : "");
  cr_assert(does_io(&bench, uuid));
  cr_assert_not(act_with(&bench, ACTION_START, uuid, NULL, &fault));
  cr_assert(strstr(fault->message, "already running"), "libvirt's text is lost: %s", fault->message);
  g_clear_error(&fault);
  cr_assert_not(act_with(&bench, ACTION_STOP, uuid, NULL, &fault), "pulse took an ACPI shutdown");
  cr_assert_eq(fault->code, ERROR_RISKY, "%s", fault->message);
  cr_assert(strstr(fault->message, "not within 1 s") && strstr(error_advice(fault), "force"), "%s",
            fault->message);
  g_clear_error(&fault);
  cr_assert(act_with(&bench, ACTION_STOP, uuid, "force", &fault), "%s", fault ? fault->message : "");
  cr_assert(act_with(&bench, ACTION_START, uuid, NULL, &fault), "%s", fault ? fault->message : "");
  tear_down(&bench);
}

Test(lab, a_preview_is_what_would_be_launched, .timeout = 900)
{
  struct bench bench;
  set_up(&bench);
  char *xml = NULL, *argv = NULL;
  GError *fault = NULL;
  struct spec *spec = spec_new();
  cr_assert(spec_set(spec, SPEC_NAME, "a<&b", NULL) && spec_set(spec, SPEC_BACKEND, "sata", NULL));
  cr_assert(virt_preview(bench.virt, spec, &xml, &argv, &fault), "%s", fault ? fault->message : "");
  cr_assert(strstr(xml, "<name>a&lt;&amp;b</name>"));
  cr_assert(strstr(argv, "qemu-system") && strstr(argv, "q35") && strstr(argv, "disks/a<&b.qcow2"));
  cr_assert_eq(count_entries(bench.root, "disks"), 0);
  cr_assert_eq(count_entries(bench.root, "etc/qemu"), 0);
  free(xml);
  free(argv);
  spec_free(spec);
  tear_down(&bench);
}

Test(lab, a_cancelled_launch_leaves_nothing, .timeout = 900)
{
  struct bench bench;
  set_up(&bench);
  atomic_bool cancel = true;
  struct spec *spec = spec_new();
  cr_assert(spec_set(spec, SPEC_NAME, "c", NULL));
  struct act act = {.action = ACTION_LAUNCH, .spec = spec, .cancel = &cancel};
  GError *fault = NULL;
  cr_assert_not(virt_act(bench.virt, &act, &fault));
  cr_assert_eq(fault->code, ERROR_CANCELLED, "%s", fault->message);
  cr_assert_eq(count_entries(bench.root, "disks"), 0);
  g_error_free(fault);
  spec_free(spec);
  tear_down(&bench);
}

/* Cancels as soon as a copy says how far it is. */
static void cancel_copy(void *context, double fraction, const char *step)
{
  if (fraction > 0 && strstr(step, "copying"))
    atomic_store((atomic_bool *)context, true);
}

static bool run(const char *const *argv)
{
  int status = -1;
  return g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
                      NULL, NULL, NULL, NULL, &status, NULL) &&
         status == 0;
}

static void fill_disk(const char *path)
{
  cr_assert(run((const char *const[]){"qemu-io", "-c", "write -P 7 8M 300M", path, NULL}));
}

static bool is_filled(const char *path)
{
  return run((const char *const[]){"qemu-io", "-r", "-c", "read -P 7 8M 300M", path, NULL});
}

/* "s", off, with a disk that takes a while to copy. */
static void make_source(struct bench *bench, char ret_uuid[37])
{
  GError *fault = NULL;
  cr_assert(launch(bench, FIELDS("name", "s", "disk", "400M"), ret_uuid, &fault), "%s",
            fault ? fault->message : "");
  cr_assert(act_with(bench, ACTION_FORCE_OFF, ret_uuid, NULL, &fault));
}

Test(lab, a_cancelled_copy_leaves_nothing, .timeout = 900)
{
  struct bench bench;
  set_up(&bench);
  char uuid[37];
  GError *fault = NULL;
  make_source(&bench, uuid);
  g_autofree char *disk = g_build_filename(bench.root, "disks", "s.qcow2", NULL);
  fill_disk(disk);
  /* One that holds snapshots is copied on every file system: none shares blocks. */
  cr_assert(run((const char *const[]){"qemu-img", "snapshot", "-c", "kept", disk, NULL}));
  atomic_bool cancel = false;
  struct act act = {.action = ACTION_CLONE,
                    .flags = (const char *const[]){"name=c", "mode=full", NULL},
                    .cancel = &cancel,
                    .context = &cancel,
                    .progress = cancel_copy};
  g_strlcpy(act.uuid, uuid, sizeof act.uuid);
  cr_assert_not(virt_act(bench.virt, &act, &fault), "it was done before it could be cancelled");
  cr_assert_eq(fault->code, ERROR_CANCELLED, "%s", fault->message);
  cr_assert_eq(count_entries(bench.root, "disks"), 2, "the half-made copy is left");
  g_error_free(fault);
  tear_down(&bench);
}

static char *uuid_of(struct bench *bench, const char *name)
{
  char uuid[VIR_UUID_STRING_BUFLEN];
  g_autoptr(virConnect) conn = hub_action_conn(bench->virt->hub, NULL);
  g_autoptr(virDomain) domain = virDomainLookupByName(conn, name);
  cr_assert(domain && virDomainGetUUIDString(domain, uuid) == 0, "%s", name);
  return g_strdup(uuid);
}

Test(lab, a_cancelled_rebase_leaves_the_disk_where_it_stood, .timeout = 900)
{
  struct bench bench;
  set_up(&bench);
  char uuid[37];
  GError *fault = NULL;
  make_source(&bench, uuid);
  g_autofree char *source = g_build_filename(bench.root, "disks", "s.qcow2", NULL),
                  *other = g_build_filename(bench.root, "disks", "other.qcow2", NULL),
                  *disk = g_build_filename(bench.root, "disks", "l-vdb.qcow2", NULL);
  fill_disk(source);
  cr_assert(run((const char *const[]){"qemu-img", "create", "-q", "-f", "qcow2", other, "400M", NULL}));
  cr_assert(act_with(&bench, ACTION_CLONE, uuid, "name=l", &fault), "%s", fault ? fault->message : "");
  g_autofree char *linked = uuid_of(&bench, "l");
  atomic_bool cancel = false;
  struct act act = {.action = ACTION_REBASE,
                    .flags = (const char *const[]){"disk=vdb", "base=other.qcow2", NULL},
                    .cancel = &cancel,
                    .context = &cancel,
                    .progress = cancel_copy};
  g_strlcpy(act.uuid, linked, sizeof act.uuid);
  cr_assert_not(virt_act(bench.virt, &act, &fault), "it was done before it could be cancelled");
  cr_assert_eq(fault->code, ERROR_CANCELLED, "%s", fault->message);
  g_clear_error(&fault);
  g_autofree char *behind = backing_of_file(disk);
  cr_assert_str_eq(behind, source);
  cr_assert(is_filled(disk), "it holds something else now");
  act.cancel = NULL;
  act.progress = NULL;
  cr_assert(virt_act(bench.virt, &act, &fault), "%s", fault ? fault->message : "");
  g_free(act.result);
  g_autofree char *now = backing_of_file(disk);
  cr_assert_str_eq(now, other);
  cr_assert(is_filled(disk), "it does not hold what it held");
  tear_down(&bench);
}

/* ---- cancelled at any moment ---- */

struct cancelling {
  atomic_bool cancel;
  int steps_left;
};

static void cancel_at(void *context, double fraction, const char *step)
{
  struct cancelling *cancelling = context;
  (void)fraction;
  (void)step;
  if (--cancelling->steps_left == 0)
    atomic_store(&cancelling->cancel, true);
}

/* WANTED is cancelled at its first step, then at its second and so on, until it is done before: nothing is
 * left of all but the last.  Returns how often it was cancelled. */
static int cancel_at_each_step(struct bench *bench, const struct act *wanted)
{
  const int disks = count_entries(bench->root, "disks"), definitions = count_entries(bench->root, "etc/qemu");
  for (int step = 1;; step++) {
    struct cancelling cancelling = {.steps_left = step};
    struct act act = *wanted;
    act.cancel = &cancelling.cancel;
    act.context = &cancelling;
    act.progress = cancel_at;
    GError *fault = NULL;
    bool done = virt_act(bench->virt, &act, &fault);
    g_free(act.result);
    if (done)
      return step - 1;
    cr_assert_eq(fault->code, ERROR_CANCELLED, "%s", fault->message);
    cr_assert_eq(count_entries(bench->root, "disks"), disks, "step %d: files are left", step);
    cr_assert_eq(count_entries(bench->root, "etc/qemu"), definitions, "step %d: a guest is left", step);
    g_error_free(fault);
  }
}

static int cancel_on(struct bench *bench, const char *name, enum action_id action, const char *const *flags)
{
  struct act act = {.action = action, .flags = flags};
  g_autofree char *uuid = uuid_of(bench, name);
  g_strlcpy(act.uuid, uuid, sizeof act.uuid);
  return cancel_at_each_step(bench, &act);
}

Test(lab, cancelled_at_any_moment_a_job_leaves_nothing, .timeout = 900)
{
  struct bench bench;
  set_up(&bench);
  GError *fault = NULL;
  struct spec *spec = spec_new();
  cr_assert(spec_set(spec, SPEC_NAME, "c", NULL) && spec_set(spec, SPEC_DISK, "4M", NULL));
  cr_assert(cancel_at_each_step(&bench, &(struct act){.action = ACTION_LAUNCH, .spec = spec}) >= 3);
  spec_free(spec);
  g_autofree char *uuid = uuid_of(&bench, "c");
  cr_assert(act_with(&bench, ACTION_FORCE_OFF, uuid, NULL, &fault));
  cr_assert(cancel_on(&bench, "c", ACTION_CLONE, (const char *const[]){"name=full", "mode=full", NULL}) >= 2);
  cr_assert(cancel_on(&bench, "c", ACTION_CLONE, (const char *const[]){"name=linked", NULL}) >= 2);
  cr_assert(cancel_on(&bench, "linked", ACTION_FLATTEN, NULL) >= 1);
  g_autofree char *linked = uuid_of(&bench, "linked");
  cr_assert(act_with(&bench, ACTION_START, linked, NULL, &fault), "%s", fault ? fault->message : "");
  tear_down(&bench);
}

Test(lab, the_tour_is_made_found_and_woken, .timeout = 900)
{
  struct bench bench;
  set_up(&bench);
  GError *fault = NULL;
  cr_assert(act_with(&bench, ACTION_TOUR, "", NULL, &fault), "%s", fault ? fault->message : "");
  g_autoptr(virConnect) conn = hub_action_conn(bench.virt->hub, NULL);
  g_autoptr(virDomain) virtio = virDomainLookupByName(conn, "tour-virtio");
  g_autoptr(virDomain) ide = virDomainLookupByName(conn, "tour-ide");
  cr_assert(virtio && ide);
  cr_assert_eq(virDomainSuspend(virtio), 0);
  cr_assert_eq(virDomainDestroy(ide), 0);
  cr_assert(act_with(&bench, ACTION_TOUR, "", NULL, &fault), "%s", fault ? fault->message : "");
  cr_assert_eq(virDomainIsActive(ide), 1);
  cr_assert_eq(virDomainDestroy(ide), 0);
  atomic_store(&taken_for_running, "tour-ide");
  cr_assert(act_with(&bench, ACTION_TOUR, "", NULL, &fault), "%s", fault ? fault->message : "");
  cr_assert_eq(virDomainIsActive(ide), 1);
  cr_assert_eq(virConnectNumOfDomains(conn), 2);
  tear_down(&bench);
}
