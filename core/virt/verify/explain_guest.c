/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/verify/explain_guest.h"

#include <string.h>

#include "core/virt/verify/explain.h"
#include "core/virt/verify/verify.h"
#include "core/virt/watch/process.h"

static bool told(const virDomainStatsRecord *record, const char *field)
{
  for (int i = 0; i < record->nparams; i++)
    if (g_str_equal(record->params[i].field, field))
      return true;
  return false;
}

/* Which counters libvirt has of a guest that runs. */
static void ask_counters(virDomainPtr domain, struct explain_input *ret)
{
  virDomainStatsRecordPtr *records = NULL;
  virDomainPtr one[] = {domain, NULL};

  ret->active = virDomainIsActive(domain) == 1;
  if (!ret->active || virDomainListGetStats(one, VIR_DOMAIN_STATS_VCPU | VIR_DOMAIN_STATS_CPU_TOTAL, &records,
                                            VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT) != 1) {
    virDomainStatsRecordListFree(records);
    return;
  }
  ret->counters = told(records[0], "vcpu.0.exits.sum");
  ret->delay = told(records[0], "vcpu.0.delay");
  ret->times = told(records[0], "cpu.time") && told(records[0], "vcpu.0.time");
  virDomainStatsRecordListFree(records);
}

/* The arguments of its QEMU on this machine, one a line; NULL: none is to be seen. */
static char *command_line(const char *uuid)
{
  g_autoptr(GHashTable) pids = process_by_uuid();
  int pid = GPOINTER_TO_INT(g_hash_table_lookup(pids, uuid));
  g_autofree char *path = g_strdup_printf("/proc/%d/cmdline", pid);
  char *text = NULL;
  gsize length = 0;

  if (pid == 0 || !g_file_get_contents(path, &text, &length, NULL))
    return NULL;
  for (gsize i = 0; i < length; i++)
    if (!text[i])
      text[i] = '\n';
  return text;
}

struct explanation *explain_guest(struct hub *hub, bool local, const char *uuid, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  g_autoptr(virDomain) domain = conn ? guest_of_uuid(conn, uuid, err) : NULL;
  g_autofree char *xml = domain ? take_text(virDomainGetXMLDesc(domain, 0)) : NULL;
  if (!domain)
    return NULL;
  if (!xml) {
    virt_error(err, NULL, "its definition cannot be read");
    return NULL;
  }
  g_autofree char *capabilities = take_text(virConnectGetCapabilities(conn));
  g_autofree char *arguments = local ? command_line(uuid) : NULL;
  struct checkup *host = local ? verify_this_host() : NULL;
  struct explain_input input = {.uuid = uuid,
                                .domain_xml = xml,
                                .capabilities_xml = capabilities,
                                .command_line = arguments,
                                .host = host};
  ask_counters(domain, &input);
  struct explanation *explanation = explain(&input, err);
  checkup_free(host);
  return explanation;
}
