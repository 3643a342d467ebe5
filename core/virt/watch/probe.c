/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/probe.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/virt/conn/uri.h"
#include "core/virt/watch/domain_xml.h"
#include "core/virt/watch/plan.h"
#include "core/virt/watch/process.h"
#include "core/virt/watch/stats.h"
#include "core/virt/watch/threads.h"

struct probe {
  virConnectPtr conn;
  virDomainPtr domain;
  struct guest_info *info;
  pid_t pid; /* 0: not of this machine, or not known */
  struct thread_files files;
  struct threads *threads; /* NULL: nothing is known of them */
};

static bool read_info(struct probe *probe, const char *uuid, GError **err)
{
  g_autofree char *xml = probe_xml(probe);
  if (!xml)
    return virt_error(err, NULL, "the guest's definition cannot be read");
  probe->info = domain_xml_read(xml, virDomainGetName(probe->domain), uuid, err);
  return probe->info != NULL;
}

static void find_process(struct probe *probe, const char *uuid)
{
  g_autoptr(GHashTable) pids = process_by_uuid();
  probe->pid = GPOINTER_TO_INT(g_hash_table_lookup(pids, uuid));
  thread_files_init(&probe->files);
  if (probe->pid)
    probe->threads = threads_new(probe->pid, &probe->files);
}

struct probe *probe_new(struct hub *hub, const char *uuid, GError **err)
{
  struct probe *probe = g_new0(struct probe, 1);
  probe->conn = hub_action_conn(hub, err);
  probe->domain = probe->conn ? guest_of_uuid(probe->conn, uuid, err) : NULL;
  if (!probe->domain || !read_info(probe, uuid, err)) {
    probe_free(probe);
    return NULL;
  }
  if (uri_is_local(hub->uri))
    find_process(probe, uuid);
  return probe;
}

/* What libvirt tells of it, as read in the middle of the call. */
static bool ask(const struct probe *probe, struct guest *guest, GError **err)
{
  virDomainPtr one[] = {probe->domain, NULL};
  virDomainStatsRecordPtr *records = NULL;
  const int64_t from_ns = clock_mono_ns();
  if (virDomainListGetStats(one, plan_stats(true) | plan_stats(false), &records, 0) < 1)
    return virt_error(err, NULL, "the guest's figures cannot be read");
  const int64_t at_ns = from_ns + (clock_mono_ns() - from_ns) / 2;
  guest->state = stats_state(records[0]->params, records[0]->nparams);
  stats_apply(guest, records[0]->params, records[0]->nparams, at_ns, plan_bits(true) | plan_bits(false));
  virDomainStatsRecordListFree(records);
  return true;
}

struct guest *probe_look(struct probe *probe, GError **err)
{
  struct guest *guest = guest_new(probe->info);
  guest->id = (int)virDomainGetID(probe->domain);
  if (!ask(probe, guest, err)) {
    guest_free(guest);
    return NULL;
  }
  if (probe->threads && threads_look(probe->threads))
    threads_put(probe->threads, guest, clock_mono_ns());
  return guest;
}

char *probe_xml(const struct probe *probe)
{
  return take_text(virDomainGetXMLDesc(probe->domain, 0));
}

char *probe_command(const struct probe *probe)
{
  g_autofree char *file = g_strdup_printf("/proc/%d/cmdline", (int)probe->pid), *text = NULL;
  gsize n;
  if (!probe->pid || !g_file_get_contents(file, &text, &n, NULL))
    return NULL;
  GString *line = g_string_new(NULL);
  for (const char *word = text; word < text + n; word += strlen(word) + 1) {
    g_autofree char *quoted = text_quote_word(word);
    g_string_append_printf(line, "%s%s", line->len ? " " : "", quoted);
  }
  return g_string_free(line, FALSE);
}

void probe_free(struct probe *probe)
{
  if (!probe)
    return;
  threads_free(probe->threads);
  guest_info_unref(probe->info);
  if (probe->domain)
    virDomainFree(probe->domain);
  if (probe->conn)
    virConnectClose(probe->conn);
  g_free(probe);
}
