/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/virt.h"

#include "core/base/error.h"
#include "core/virt/act/act.h"
#include "core/virt/act/chain.h"
#include "core/virt/act/console.h"
#include "core/virt/act/delete.h"
#include "core/virt/act/functions.h"
#include "core/virt/act/launch.h"
#include "core/virt/act/snapshots.h"
#include "core/virt/act/stop_all.h"
#include "core/virt/act/sweep.h"
#include "core/virt/conn/setup.h"
#include "core/virt/conn/uri.h"
#include "core/virt/prepare/offers.h"
#include "core/virt/prepare/preview.h"
#include "core/virt/prepare/template.h"
#include "core/virt/verify/explain_guest.h"
#include "core/virt/verify/verify.h"
#include "core/virt/virt_private.h"
#include "core/virt/watch/probe.h"
#include "core/virt/watch/process.h"
#include "core/virt/watch/scanner.h"
#include "core/virt/watch/tasks.h"

bool virt_setup(const char *log_file, GError **err)
{
  return setup_libvirt(log_file, err);
}

/* ---- its life ---- */

static void drop(struct virt *virt)
{
  watch_unref(virt->watch);
  hub_unref(virt->hub);
  g_free(virt);
}

static void say_what_was_left(struct hub *hub)
{
  const char *const *left = hub->lab ? lab_left(hub->lab) : NULL;
  for (int i = 0; left && left[i]; i++)
    hub_say(hub, EVENT_WARNING, left[i]);
}

struct virt *virt_new(const struct virt_options *options, const struct sink *sink, int conn, GError **err)
{
  struct lab *lab = options->lab ? lab_open(options->lab_root, err) : NULL;
  if (options->lab && !lab)
    return NULL;
  struct virt *virt = g_new0(struct virt, 1);
  virt->hub = hub_new(options->uri, lab, options->readonly, sink, conn);
  virt->watch = watch_new(virt->hub, options->interval_seconds, options->watch_budget, options->record_all);
  say_what_was_left(virt->hub);
  if (scanner_start(virt->watch))
    return virt;
  error_set(err, ERROR_RESOURCES, "End other programs and try again.", "cannot start a thread for %s",
            virt->hub->label);
  drop(virt);
  return NULL;
}

void virt_free(struct virt *virt, double deadline_seconds)
{
  if (!virt)
    return;
  int left = hub_stop(virt->hub, deadline_seconds);
  if (left > 0)
    g_message("%s: %d threads are still in a call of libvirt and are left behind", virt->hub->label, left);
  drop(virt);
}

/* ---- how it is watched ---- */

bool virt_is_local(const struct virt *virt)
{
  return uri_is_local(virt->hub->uri);
}

bool virt_is_lab(const struct virt *virt)
{
  return hub_lab_root(virt->hub) != NULL;
}

void virt_set_interval(struct virt *virt, double seconds)
{
  watch_set_interval(virt->watch, seconds);
}

void virt_set_attention(struct virt *virt, const char *const *uuids)
{
  watch_set_attention(virt->watch, uuids);
}

void virt_kick(struct virt *virt)
{
  watch_kick(virt->watch);
}

bool virt_look_inside(struct virt *virt, const char *uuid, GError **err)
{
  return watch_look_inside(virt->watch, uuid, err);
}

/* ---- what can be launched ---- */

struct offers *virt_offers(struct virt *virt, GError **err)
{
  return offers_read(virt->hub, err);
}

bool virt_apply_template(struct virt *virt, struct spec *spec, GError **err)
{
  (void)virt;
  const struct template_kind *kind;
  return template_fill(spec, &kind, err);
}

bool virt_save_template(const struct spec *spec, const char *name, bool replace, char **ret_path,
                        GError **err)
{
  return template_save(spec, NULL, name, replace, ret_path, err);
}

bool virt_preview(struct virt *virt, const struct spec *spec, char **ret_xml, char **ret_argv, GError **err)
{
  return preview_launch(virt->hub, spec, ret_xml, ret_argv, err);
}

/* ---- what is done ---- */

bool virt_act(struct virt *virt, struct act *act, GError **err)
{
  const bool done = act_do(virt->hub, act, err);
  if (act->uuid[0])
    watch_mark(virt->watch, act->uuid); /* not all that is done brings an event */
  return done;
}

struct deletion *virt_deletion(struct virt *virt, const char *uuid, GError **err)
{
  return delete_plan(virt->hub, uuid, err);
}

struct console *virt_console_open(struct virt *virt, const struct console_wish *wish, GError **err)
{
  return console_open(virt->hub, wish, err);
}

bool virt_console_wait_open(struct console *console, int64_t deadline_ns)
{
  return console_wait_open(console, deadline_ns);
}

void virt_console_wait(struct console *console, int64_t deadline_ns)
{
  console_wait(console, deadline_ns);
}

GBytes *virt_console_take(struct console *console, bool *ret_ended, char **ret_why)
{
  return console_take(console, ret_ended, ret_why);
}

void virt_console_send(struct console *console, const void *bytes, size_t n)
{
  console_send(console, bytes, n);
}

void virt_console_close(struct console *console)
{
  console_close(console);
}

bool virt_launch_check(struct virt *virt, const struct spec *spec, GError **err)
{
  return launch_check(virt->hub, spec, err);
}

bool virt_sweep(struct virt *virt, const char *prefix, int *ret_count, GError **err)
{
  return sweep_guests(virt->hub, prefix, ret_count, err);
}

/* ---- what is measured beside the scans ---- */

struct probe *virt_probe_new(struct virt *virt, const char *uuid, GError **err)
{
  return probe_new(virt->hub, uuid, err);
}

struct guest *virt_probe_look(struct probe *probe, GError **err)
{
  return probe_look(probe, err);
}

char *virt_probe_xml(const struct probe *probe)
{
  return probe_xml(probe);
}

char *virt_probe_command(const struct probe *probe)
{
  return probe_command(probe);
}

void virt_probe_free(struct probe *probe)
{
  probe_free(probe);
}

bool virt_versions(struct virt *virt, char **ret_libvirt, char **ret_hypervisor, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(virt->hub, err);
  unsigned long version;
  *ret_libvirt = *ret_hypervisor = NULL;
  if (!conn)
    return false;
  if (virConnectGetLibVersion(conn, &version) == 0)
    *ret_libvirt = version_text(version);
  if (virConnectGetVersion(conn, &version) == 0)
    *ret_hypervisor = version_text(version);
  return true;
}

/* ---- what is asked ---- */

struct snapshot_list *virt_snapshots(struct virt *virt, const char *uuid, GError **err)
{
  return snapshots_of(virt->hub, uuid, err);
}

struct sriov_list *virt_functions(struct virt *virt, GError **err)
{
  return functions_list(virt->hub, err);
}

int virt_process(struct virt *virt, const char *uuid, GError **err)
{
  g_autoptr(GHashTable) pids = virt_is_local(virt) ? process_by_uuid() : NULL;
  const int pid = pids ? GPOINTER_TO_INT(g_hash_table_lookup(pids, uuid)) : 0;
  if (!pids)
    error_set(err, ERROR_UNSUPPORTED, "run virtlens there", "the guest's process is on another machine");
  else if (pid == 0)
    error_set(err, ERROR_GENERAL, "start the guest, if it is off",
              "no process of this machine says that it runs this guest");
  return pid;
}

struct chain *virt_chain(struct virt *virt, const char *uuid, GError **err)
{
  return chain_of(virt->hub, uuid, err);
}

bool virt_stop_all(struct virt *virt, double deadline_seconds, GError **err)
{
  return stop_all(virt->hub, deadline_seconds, err);
}

struct checkup *virt_check_host(void)
{
  return verify_this_host();
}

enum kind virt_host_kind(void)
{
  return verify_this_kind();
}

struct explanation *virt_explain(struct virt *virt, const char *uuid, GError **err)
{
  return explain_guest(virt->hub, virt_is_local(virt), uuid, err);
}

struct rivals *virt_rivals(struct virt *virt, const char *uuid, const struct task_look *before, GError **err)
{
  if (!virt_is_local(virt)) {
    error_set(err, ERROR_REFUSED, NULL, "only the machine that the guest runs on knows who else runs there");
    return NULL;
  }
  struct task_look *now = tasks_look();
  struct rivals *rivals = rivals_between(before, now, uuid);
  task_look_unref(now);
  return rivals;
}

GHashTable *virt_processes(void)
{
  return process_by_uuid();
}
