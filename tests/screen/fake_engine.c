/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "fake.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "tests/unit/fake_snapshots.h"

#define HISTORY 120

struct engine {
  enum fake_world world;
  bool readonly;
  int wake;
  unsigned news;
  struct scan *scan;
  struct history *history;
  GPtrArray *events, *jobs;
  struct offers *offers, *offers_ready; /* ready: known from the next poll on */
  struct snapshot_list *snapshots;
  struct spec *asked; /* the spec of the preview asked for */
  char *xml, *argv, *preview_error;
  char *files_uuid, **files;
  char *notice;
  bool notice_is_error;
  GPtrArray *unfinished; /* char *, NULL-terminated */
  double interval;
};

static void news(struct engine *engine, unsigned what)
{
  engine->news |= what;
  eventfd_write(engine->wake, 1);
}

static void free_event(gpointer event)
{
  event_free(event);
}

static void free_job(gpointer job)
{
  job_free(job);
}

static void add_events(struct engine *engine)
{
  static const struct {
    enum event_kind kind;
    const char *guest, *text;
  } past[] = {{EVENT_SESSION, NULL, "session began"},
              {EVENT_CONNECTION, NULL, "qemu:///embed: open"},
              {EVENT_GUEST, "tour-virtio", "started"},
              {EVENT_GUEST, "tour-ide", "started"},
              {EVENT_GUEST, "alpine-01", "shut off (destroyed)"},
              {EVENT_WARNING, "silent", "does not answer: its QEMU may be stopped"}};
  int64_t now = clock_wall_ns();
  for (size_t i = 0; i < G_N_ELEMENTS(past); i++) {
    struct event *event = event_new(past[i].kind, 0, i == 2 ? "00000000-0000-4000-8000-000000000000" : "",
                                    past[i].guest, past[i].text);
    event->wall_ns = now + (int64_t)i * NS_PER_S;
    g_ptr_array_add(engine->events, event);
  }
}

static struct job *add_job(struct engine *engine, enum action_id action, const char *guest,
                           enum job_state state, const char *error)
{
  struct job job = {.id = engine->jobs->len + 1,
                    .action = action,
                    .state = state,
                    .guest = (char *)(uintptr_t)guest,
                    .error = (char *)(uintptr_t)error,
                    .progress = state == JOB_RUNNING ? 0.42 : -1,
                    .step = state == JOB_RUNNING ? (char *)(uintptr_t) "making the disk" : NULL,
                    .asked_wall_ns = clock_wall_ns(),
                    .started_mono_ns = NS_PER_S,
                    .ended_mono_ns = job_state_ended(state) ? NS_PER_S + 310 * NS_PER_MS : 0};
  struct job *copy = job_copy(&job);
  g_ptr_array_add(engine->jobs, copy);
  news(engine, NEWS_JOB);
  return copy;
}

static void set_notice(struct engine *engine, bool is_error, char *text)
{
  g_free(engine->notice);
  engine->notice = text;
  engine->notice_is_error = is_error;
  news(engine, NEWS_NOTICE);
}

struct engine *fake_engine_new(enum fake_world world, bool readonly, bool unfinished)
{
  struct engine *engine = g_new0(struct engine, 1);
  engine->world = world;
  engine->readonly = readonly;
  engine->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  engine->interval = 1;
  engine->history = history_new(HISTORY);
  engine->events = g_ptr_array_new_with_free_func(free_event);
  engine->jobs = g_ptr_array_new_with_free_func(free_job);
  engine->unfinished = g_ptr_array_new_with_free_func(g_free);
  for (uint64_t tick = 1; tick <= HISTORY; tick++) {
    if (engine->scan)
      scan_unref(engine->scan);
    engine->scan = fake_scan(world, tick);
    history_add(engine->history, engine->scan);
  }
  add_events(engine);
  if (unfinished) {
    g_ptr_array_add(engine->unfinished, g_strdup("/state/virtlens/2026-11-20T101500Z.journal"));
    g_ptr_array_add(engine->unfinished, g_strdup("/state/virtlens/2026-11-19T221000Z.journal"));
  }
  g_ptr_array_add(engine->unfinished, NULL);
  news(engine, NEWS_SCAN | NEWS_EVENT);
  return engine;
}

void engine_free(struct engine *engine)
{
  scan_unref(engine->scan);
  history_free(engine->history);
  g_ptr_array_unref(engine->events);
  g_ptr_array_unref(engine->jobs);
  g_ptr_array_unref(engine->unfinished);
  offers_unref(engine->offers);
  offers_unref(engine->offers_ready);
  snapshot_list_free(engine->snapshots);
  spec_free(engine->asked);
  char *texts[] = {engine->xml, engine->argv, engine->preview_error, engine->files_uuid, engine->notice};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_strfreev(engine->files);
  close(engine->wake);
  g_free(engine);
}

/* ---- answers ---- */

static void answer_preview(struct engine *engine)
{
  g_free(engine->xml);
  g_free(engine->argv);
  const char *name = spec_text(engine->asked, SPEC_NAME), *backend = spec_text(engine->asked, SPEC_BACKEND);
  const struct backend *row = backend_find(BACKEND_DISK, backend);
  engine->xml = g_markup_printf_escaped(
      "<domain type='kvm'>\n  <name>%s</name>\n  <memory unit='bytes'>%s</memory>\n  <vcpu>%s</vcpu>\n"
      "  <os>\n    <type arch='x86_64' machine='pc'>hvm</type>\n    <boot dev='hd'/>\n  </os>\n"
      "  <devices>\n    <disk type='file' device='disk'>\n"
      "      <driver name='qemu' type='qcow2' cache='%s' io='%s'/>\n      <target dev='vda' bus='%s'/>\n"
      "    </disk>\n  </devices>\n</domain>\n",
      name, spec_text(engine->asked, SPEC_MEMORY), spec_text(engine->asked, SPEC_VCPUS),
      spec_text(engine->asked, SPEC_CACHE), spec_text(engine->asked, SPEC_AIO),
      row && row->bus ? row->bus : backend);
  engine->argv = g_strdup_printf(
      "/usr/bin/qemu-system-x86_64 -name guest=%s -machine pc,accel=kvm -m %s -smp %s "
      "-blockdev {\"driver\":\"file\",\"filename\":\"/var/lib/virtlens/%s.qcow2\"} -nographic",
      name, spec_text(engine->asked, SPEC_MEMORY), spec_text(engine->asked, SPEC_VCPUS), name);
  g_clear_pointer(&engine->asked, spec_free);
}

unsigned engine_poll(struct engine *engine)
{
  eventfd_t count;
  eventfd_read(engine->wake, &count);
  unsigned what = engine->news;
  engine->news = 0;
  if (engine->offers_ready) {
    offers_unref(engine->offers);
    engine->offers = g_steal_pointer(&engine->offers_ready);
  }
  if (engine->asked)
    answer_preview(engine);
  return what;
}

int engine_wake_fd(const struct engine *engine)
{
  return engine->wake;
}

const struct scan *engine_scan(const struct engine *engine)
{
  return engine->scan;
}

const struct history *engine_history(const struct engine *engine)
{
  return engine->history;
}

const GPtrArray *engine_events(const struct engine *engine)
{
  return engine->events;
}

const GPtrArray *engine_jobs(const struct engine *engine)
{
  return engine->jobs;
}

const struct offers *engine_offers(const struct engine *engine, G_GNUC_UNUSED int conn)
{
  return engine->offers;
}

const char *engine_notice(const struct engine *engine, bool *ret_is_error)
{
  *ret_is_error = engine->notice_is_error;
  return engine->notice;
}

void engine_ask_offers(struct engine *engine, G_GNUC_UNUSED int conn)
{
  offers_unref(engine->offers_ready);
  engine->offers_ready = fake_offers();
  news(engine, NEWS_OFFERS);
}

void engine_ask_preview(struct engine *engine, G_GNUC_UNUSED int conn, const struct spec *spec)
{
  spec_free(engine->asked);
  engine->asked = spec_copy(spec);
  news(engine, NEWS_PREVIEW);
}

bool engine_preview(const struct engine *engine, const char **ret_xml, const char **ret_argv,
                    const char **ret_error)
{
  *ret_xml = engine->xml;
  *ret_argv = engine->argv;
  *ret_error = engine->preview_error;
  return engine->xml && !engine->asked;
}

void engine_ask_files(struct engine *engine, int conn, const char *uuid)
{
  const struct guest *guest = scan_find_uuid(engine->scan, conn, uuid, NULL);
  const char *name = guest ? guest->info->name : "gone";
  g_free(engine->files_uuid);
  g_strfreev(engine->files);
  engine->files_uuid = g_strdup(uuid);
  engine->files = g_new0(char *, 3);
  engine->files[0] = g_strdup_printf("/var/lib/virtlens/%s.qcow2", name);
  engine->files[1] = g_strdup_printf("/var/lib/virtlens/log/%s.log", name);
  news(engine, NEWS_FILES);
}

void engine_ask_snapshots(struct engine *engine, G_GNUC_UNUSED int conn, const char *uuid)
{
  snapshot_list_free(engine->snapshots);
  engine->snapshots = fake_snapshots(uuid);
}

const struct snapshot_list *engine_snapshots(const struct engine *engine, G_GNUC_UNUSED const char *uuid,
                                             const char **ret_error)
{
  *ret_error = NULL;
  return engine->snapshots;
}

const char *const *engine_files(const struct engine *engine, const char *uuid, const char **ret_error)
{
  *ret_error = NULL;
  return g_strcmp0(engine->files_uuid, uuid) == 0 ? (const char *const *)engine->files : NULL;
}

bool engine_apply_template(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED int conn, struct spec *spec,
                           GError **err)
{
  static const struct {
    const char *name, *memory, *disk;
  } values[] = {{"pulse", "16M", "256M"}, {"image", "1G", "1G"},   {"iso", "1G", "10G"},
                {"kernel", "512M", "1G"}, {"linux", "256M", "1G"}, {"mine", "2G", "4G"}};
  for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
    if (strcmp(values[i].name, spec_text(spec, SPEC_TEMPLATE)) != 0)
      continue;
    bool ok = (spec->given[SPEC_MEMORY] || spec_set(spec, SPEC_MEMORY, values[i].memory, err)) &&
              (spec->given[SPEC_DISK] || spec_set(spec, SPEC_DISK, values[i].disk, err));
    return ok;
  }
  return error_set(err, ERROR_USAGE, "Mend the file or choose another template.",
                   "template '%s': it has faults", spec_text(spec, SPEC_TEMPLATE));
}

/* ---- acting ---- */

static void remove_guest(struct engine *engine, const char *uuid)
{
  struct scan *scan = fake_scan(engine->world, engine->scan->tick + 1);
  struct conn_scan *conn = scan->conns[0];
  for (int i = 0; i < conn->guest_count; i++) {
    if (strcmp(conn->guests[i]->info->uuid, uuid) != 0)
      continue;
    guest_free(conn->guests[i]);
    conn->guest_count--;
    memmove(conn->guests + i, conn->guests + i + 1, (size_t)(conn->guest_count - i) * sizeof *conn->guests);
    break;
  }
  scan_unref(engine->scan);
  engine->scan = scan;
  news(engine, NEWS_SCAN);
}

bool engine_act(struct engine *engine, int conn, const char *uuid, enum action_id action,
                G_GNUC_UNUSED const char *const *flags, uint64_t *ret_job, GError **err)
{
  const struct guest *guest = scan_find_uuid(engine->scan, conn, uuid, NULL);
  if (engine->readonly)
    return error_set(err, ERROR_REFUSED, "start virtlens without --readonly",
                     "opened read-only: nothing can be changed");
  if (!guest)
    return error_set(err, ERROR_GENERAL, NULL, "%s: the guest is gone", action_row(action)->name);
  struct job *job = add_job(engine, action, guest->info->name, JOB_DONE, NULL);
  if (ret_job)
    *ret_job = job->id;
  set_notice(engine, false, job_sentence(job, 0));
  if (action == ACTION_DELETE)
    remove_guest(engine, uuid);
  return true;
}

bool engine_launch(struct engine *engine, G_GNUC_UNUSED int conn, const struct spec *spec, uint64_t *ret_job,
                   GError **err)
{
  static const char refusal[] =
      "launch: libvirt: internal error: process exited while connecting to monitor: qemu-system-x86_64: "
      "-device virtio-blk-pci,drive=d0: Failed to get \"write\" lock\nIs another process using the image?";
  const char *name = spec_text(spec, SPEC_NAME);
  if (engine->readonly)
    return error_set(err, ERROR_REFUSED, "start virtlens without --readonly",
                     "opened read-only: nothing can be changed");
  enum job_state state = strstr(name, "fail") ? JOB_FAILED : strstr(name, "hold") ? JOB_RUNNING : JOB_DONE;
  struct job *job = add_job(engine, ACTION_LAUNCH, name, state, state == JOB_FAILED ? refusal : NULL);
  if (ret_job)
    *ret_job = job->id;
  if (job_state_ended(state))
    set_notice(engine, state == JOB_FAILED, job_sentence(job, 0));
  return true;
}

void engine_cancel(struct engine *engine, uint64_t id)
{
  for (guint i = 0; i < engine->jobs->len; i++) {
    struct job *job = g_ptr_array_index(engine->jobs, i);
    if (job->id != id || job_state_ended(job->state))
      continue;
    job->state = JOB_CANCELLED;
    job->ended_mono_ns = job->started_mono_ns + NS_PER_S;
    news(engine, NEWS_JOB);
  }
}

bool engine_save_template(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED const struct spec *spec,
                          const char *name, bool replace, char **ret_path, GError **err)
{
  if (!text_name_ok(name, err))
    return false;
  g_autofree char *path = g_strdup_printf("/config/virtlens/templates/%s.template", name);
  if (!replace && strcmp(name, "mine") == 0)
    return error_set(err, ERROR_REFUSED, "give it another name, or replace it",
                     "template %s: %s is there already", name, path);
  *ret_path = g_steal_pointer(&path);
  return true;
}

/* ---- the rest of the door ---- */

void engine_export_now(struct engine *engine, const char *file)
{
  set_notice(engine, false, g_strdup_printf("exported to %s", file ? file : "/state/virtlens/session.json"));
}

void engine_set_attention(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED const char *const *uuids)
{
}

bool engine_set_interval(struct engine *engine, double seconds, GError **err)
{
  if (!(seconds >= 0.1 && seconds <= 60))
    return error_set(err, ERROR_USAGE, NULL, "tick: %g s is not from 0.1 to 60 s", seconds);
  engine->interval = seconds;
  return true;
}

double engine_interval(const struct engine *engine)
{
  return engine->interval;
}

void engine_refresh(struct engine *engine)
{
  news(engine, NEWS_SCAN);
}

bool engine_readonly(const struct engine *engine)
{
  return engine->readonly;
}

void engine_recording(G_GNUC_UNUSED const struct engine *engine, struct engine_recording *ret)
{
  *ret = (struct engine_recording){.on = true, .seconds = 252};
}

const char *const *engine_unfinished(const struct engine *engine)
{
  return (const char *const *)engine->unfinished->pdata;
}

static void drop_unfinished(struct engine *engine, const char *journal, const char *verb)
{
  for (guint i = 0; i + 1 < engine->unfinished->len; i++) {
    if (strcmp(g_ptr_array_index(engine->unfinished, i), journal) != 0)
      continue;
    set_notice(engine, false, g_strdup_printf("%s %s", verb, journal));
    g_ptr_array_remove_index(engine->unfinished, i);
    return;
  }
}

void engine_recover(struct engine *engine, const char *journal)
{
  drop_unfinished(engine, journal, "recovered");
}

void engine_discard(struct engine *engine, const char *journal)
{
  drop_unfinished(engine, journal, "removed");
}

void engine_replay_state(G_GNUC_UNUSED const struct engine *engine, struct engine_replay *ret)
{
  *ret = (struct engine_replay){0};
}

void engine_replay_pause(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED bool paused)
{
}

void engine_replay_step(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED int scans)
{
}

bool engine_replay_speed(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED double speed, GError **err)
{
  return error_set(err, ERROR_REFUSED, NULL, "this is no replay");
}

void engine_replay_jump(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED int64_t wall_ns)
{
}
