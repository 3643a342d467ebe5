/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/verify/explain_sources.h"

#include "core/virt/conn/xml.h"

/* Each gives why the source is not to be had, NULL: it is.  Caller frees. */
typedef char *source_reason(const struct explain_input *input, enum kind kind);

static bool is_xen(enum kind kind)
{
  return kind == KIND_XEN_PV || kind == KIND_XEN_PVHVM || kind == KIND_XEN_PVH || kind == KIND_XEN_SRIOV;
}

/* Of what libvirt tells: TOLD, or why not. */
static char *libvirt_reason(const struct explain_input *input, enum kind kind, bool told)
{
  if (told)
    return NULL;
  if (!input->active)
    return g_strdup("the guest does not run");
  return g_strdup(is_xen(kind) ? "libvirt's Xen driver does not tell it"
                               : "libvirt does not tell it: it or QEMU may be too old");
}

static char *counters_reason(const struct explain_input *input, enum kind kind)
{
  return libvirt_reason(input, kind, input->counters);
}

static char *delay_reason(const struct explain_input *input, enum kind kind)
{
  return libvirt_reason(input, kind, input->delay);
}

static char *times_reason(const struct explain_input *input, enum kind kind)
{
  return libvirt_reason(input, kind, input->times);
}

static char *elsewhere_reason(const struct explain_input *input)
{
  return input->host ? NULL : g_strdup("its host is another machine: only there can that be seen");
}

static char *sched_reason(const struct explain_input *input, enum kind kind)
{
  (void)kind;
  char *reason = elsewhere_reason(input);
  return reason || input->active ? reason : g_strdup("the guest does not run");
}

/* What of the host tracing needs, in the order in which it is got. */
static char *kvm_events_reason(const struct explain_input *input, enum kind kind)
{
  static const enum check_id needed[] = {CHECK_CAPABILITIES, CHECK_LOCKDOWN, CHECK_BTF, CHECK_TRACEFS};
  char *reason = elsewhere_reason(input);

  (void)kind;
  if (reason)
    return reason;
  for (size_t i = 0; i < G_N_ELEMENTS(needed); i++) {
    const struct finding *finding = &input->host->findings[needed[i]];
    if (finding->state == FINDING_LIMITED || finding->state == FINDING_MISSING)
      return g_strdup_printf("%s: %s%s%s%s", check_row(needed[i])->title, finding->seen,
                             finding->advice ? " (" : "", finding->advice ? finding->advice : "",
                             finding->advice ? ")" : "");
  }
  return NULL;
}

static char *xen_trace_reason(const struct explain_input *input, enum kind kind)
{
  char *reason = elsewhere_reason(input);

  (void)kind;
  return reason || input->host->kind == KIND_DOM0 ? reason : g_strdup("this machine is not Xen's dom0");
}

static char *agent_reason(const struct explain_input *input, enum kind kind)
{
  static const char channel[] = "/domain/devices/channel/target[@name='org.qemu.guest_agent.0']";
  g_autofree char *state_path = g_strconcat(channel, "/@state", NULL),
                  *name_path = g_strconcat(channel, "/@name", NULL);
  g_autofree char *state = xml_text(input->domain_xml, state_path);
  g_autofree char *name = xml_text(input->domain_xml, name_path);

  (void)kind;
  if (!name)
    return g_strdup("its definition has no channel for one (org.qemu.guest_agent.0)");
  return g_strcmp0(state, "connected") == 0 ? NULL : g_strdup("it does not answer");
}

static char *inside_reason(const struct explain_input *input, enum kind kind)
{
  (void)input;
  (void)kind;
  return g_strdup("only there: log in and look, virtlens sees it from outside");
}

static source_reason *const reasons[] = {
    [SOURCE_COUNTERS] = counters_reason,     [SOURCE_DELAY] = delay_reason,
    [SOURCE_TIMES] = times_reason,           [SOURCE_SCHED] = sched_reason,
    [SOURCE_KVM_EVENTS] = kvm_events_reason, [SOURCE_XEN_TRACE] = xen_trace_reason,
    [SOURCE_AGENT] = agent_reason,           [SOURCE_INSIDE] = inside_reason,
};
G_STATIC_ASSERT(G_N_ELEMENTS(reasons) == SOURCES);

void explain_sources(const struct explain_input *input, struct explanation *ret)
{
  for (int i = 0; i < SOURCES; i++) {
    ret->sources[i].text = reasons[i](input, ret->kind);
    ret->sources[i].there = !ret->sources[i].text;
  }
  bool software = input->host && input->host->findings[CHECK_KVM_RUNS].state == FINDING_LIMITED;
  if (ret->sources[SOURCE_KVM_EVENTS].there && software)
    ret->sources[SOURCE_KVM_EVENTS].text =
        g_strdup("but kvm_exit, the event with the reasons, never comes from a KVM made in software");
}
