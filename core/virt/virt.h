/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One libvirt connection as the engine sees it: opened, scanned, watched and acted
 * on by threads of its own.  Nothing here waits, except where it says so. */
#ifndef VIRT_VIRT_H
#define VIRT_VIRT_H

#include <glib.h>
#include <stdbool.h>

#include "core/model/act.h"
#include "core/model/chain.h"
#include "core/model/checkup.h"
#include "core/model/console.h"
#include "core/model/deletion.h"
#include "core/model/explanation.h"
#include "core/model/offers.h"
#include "core/model/rivals.h"
#include "core/model/sink.h"
#include "core/model/snapshot.h"
#include "core/model/sriov.h"

struct virt;

struct virt_options {
  const char *uri;      /* NULL: libvirt's own choice ($LIBVIRT_DEFAULT_URI, ...) */
  bool lab;             /* the embedded lab; URI is then ignored */
  const char *lab_root; /* NULL: under XDG state, or where libvirt-qemu can go when root */
  bool readonly;
  double interval_seconds;
  double watch_budget; /* share of the tick that heavy calls may take, 0..1 */
  bool record_all;     /* every group of every guest each tick, whatever it costs */
};

/* Once per process, before anything else of libvirt: error function, log to LOG_FILE,
 * event loop thread. */
bool virt_setup(const char *log_file, GError **err);
/* Make ready and begin to open in the background; progress, failures and scans arrive
 * at SINK as connection number CONN.  Fails only for bad options (lab root not usable,
 * held by another program: ERROR_GENERAL naming its pid). */
struct virt *virt_new(const struct virt_options *options, const struct sink *sink, int conn, GError **err);
/* Stop and free.  Waits at most DEADLINE_SECONDS in all for threads that are in a call;
 * those still stuck are left behind with their memory (the process is about to end). */
void virt_free(struct virt *virt, double deadline_seconds);

/* Is its hypervisor on this machine, as far as its URI tells? */
bool virt_is_local(const struct virt *virt);
/* Is it a lab, which is this program's alone as long as it is open? */
bool virt_is_lab(const struct virt *virt);
void virt_set_interval(struct virt *virt, double seconds);
/* The guests the user looks at (rows on screen, selected, tagged): their heavy
 * groups are read each tick.  UUIDS is NULL-terminated and copied. */
void virt_set_attention(struct virt *virt, const char *const *uuids);
/* Scan now rather than at the next tick. */
void virt_kick(struct virt *virt);

/* Do ACT, waiting for its end: call on a worker thread only.  On failure nothing is
 * left behind and ERR holds libvirt's own text. */
bool virt_act(struct virt *virt, struct act *act, GError **err);

/* What this machine has for guests; needs no connection.  Waits for QEMU to tell its version; any thread.
 * checkup_free. */
struct checkup *virt_check_host(void);
/* What kind of machine this is itself; any thread, at once. */
enum kind virt_host_kind(void);
/* What kind of virtualization the guest UUID is, and what of it can be seen (waits: worker thread);
 * explanation_free. */
struct explanation *virt_explain(struct virt *virt, const char *uuid, GError **err);
/* Who ran on the CPUs of the vCPUs of guest UUID since BEFORE (NULL: this is the first look; waits: worker
 * thread); rivals_free.  Refused where the guest is another machine's. */
struct rivals *virt_rivals(struct virt *virt, const char *uuid, const struct task_look *before, GError **err);

/* UUID -> pid_t (GINT_TO_POINTER) of the QEMUs that run on this machine.  Caller unrefs. */
GHashTable *virt_processes(void);
/* Ask the guest UUID, which runs, what it is inside; its next scan has it (waits for its agent, a few seconds
 * at most: worker thread). */
bool virt_look_inside(struct virt *virt, const char *uuid, GError **err);

/* What can be launched here, asked afresh (waits: worker thread). */
struct offers *virt_offers(struct virt *virt, GError **err);
/* A spec as template TEMPLATE fills it: its values where SPEC's are not given by the user (waits: worker
 * thread). */
bool virt_apply_template(struct virt *virt, struct spec *spec, GError **err);
/* Keep SPEC as the user's template NAME; RET_PATH (g_free) is its file.  One that is there is replaced only
 * if REPLACE, else ERROR_REFUSED (waits for the disk: worker thread). */
bool virt_save_template(const struct spec *spec, const char *name, bool replace, char **ret_path,
                        GError **err);
/* The libvirt XML and QEMU command line as a launch of SPEC would make them; nothing
 * is created (waits: worker thread).  Caller frees both. */
bool virt_preview(struct virt *virt, const struct spec *spec, char **ret_xml, char **ret_argv, GError **err);
/* What deleting the guest UUID comes to; NULL: it would be refused (waits: worker thread).  deletion_free. */
struct deletion *virt_deletion(struct virt *virt, const char *uuid, GError **err);
/* The snapshots of the guest UUID, and what would be taken now (waits: worker thread). */
struct snapshot_list *virt_snapshots(struct virt *virt, const char *uuid, GError **err);
/* The virtual functions of its host (waits: worker thread); sriov_list_free. */
struct sriov_list *virt_functions(struct virt *virt, GError **err);
/* The process of this machine that runs the guest UUID; 0 with ERR: it is elsewhere, or none is known (waits:
 * worker thread). */
int virt_process(struct virt *virt, const char *uuid, GError **err);
/* What the disks of the guest UUID stand on (waits: worker thread); chain_free. */
struct chain *virt_chain(struct virt *virt, const char *uuid, GError **err);
/* A console of a guest, see core/virt/act/console.h; the sink's console function tells of news. */
struct console;
struct console *virt_console_open(struct virt *virt, const struct console_wish *wish, GError **err);
bool virt_console_wait_open(struct console *console, int64_t deadline_ns);
void virt_console_wait(struct console *console, int64_t deadline_ns);
GBytes *virt_console_take(struct console *console, bool *ret_ended, char **ret_why);
void virt_console_send(struct console *console, const void *bytes, size_t n);
void virt_console_close(struct console *console);
/* All figures of one guest, asked for at once, see core/virt/watch/probe.h. */
struct probe;
struct probe *virt_probe_new(struct virt *virt, const char *uuid, GError **err);
struct guest *virt_probe_look(struct probe *probe, GError **err);
char *virt_probe_xml(const struct probe *probe);
char *virt_probe_command(const struct probe *probe);
void virt_probe_free(struct probe *probe);
/* Whether SPEC could be launched now, without making anything (waits: worker thread). */
bool virt_launch_check(struct virt *virt, const struct spec *spec, GError **err);
/* Delete those of our guests whose name begins with PREFIX, running or not (waits: worker thread). */
bool virt_sweep(struct virt *virt, const char *prefix, int *ret_count, GError **err);
/* What its libvirt and its hypervisor say of their versions, "9.0.0"; NULL: not told (waits: worker thread).
 * Callers free. */
bool virt_versions(struct virt *virt, char **ret_libvirt, char **ret_hypervisor, GError **err);
/* Stop every guest of the lab (at exit, --lab=stop); waits at most DEADLINE_SECONDS. */
bool virt_stop_all(struct virt *virt, double deadline_seconds, GError **err);

#endif
