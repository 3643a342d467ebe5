/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is stolen from a guest's vCPUs. */
#include <string.h>

#include "core/base/text.h"
#include "core/base/units.h"
#include "tui/detail_rows.h"
#include "tui/figures.h"

#define INDENT 2
#define RIVALS_SHOWN 8
#define RIVAL_MIN 0.1 /* percent */

/* Averages hide the story: what the worst of the kept readings were stands beside what is now. */
static const struct graph_spec guest_graph = {
    "steal",     SCOPE_GUEST,
    GUEST_STEAL, ROLE_GRAPH_STEAL,
    0,           {{"p95", GUEST_STEAL, 95}, {"p99", GUEST_STEAL, 99}, {"max", GUEST_STEAL, 100}}};
static const struct graph_spec vcpu_graph = {
    "vCPU",           SCOPE_VCPU, VCPU_STEAL,
    ROLE_GRAPH_STEAL, 0,          {{"p95", VCPU_STEAL, 95}, {"p99", VCPU_STEAL, 99}, {"ran", VCPU_RUN, 0}}};

static void add_what(const struct detail_page *page)
{
  const struct settings *settings = app_settings(page->app);
  g_autofree char *text = g_strdup_printf(
      "Steal: a vCPU could run, and the host ran something else on its CPU.  p95, p99: so much or less in 95 "
      "(99) of 100 of the readings kept (at most %.0f).  From steal-threshold (%.0f %%) on it is coloured, "
      "and an "
      "event tells.",
      settings_number(settings, SETTING_HISTORY), settings_number(settings, SETTING_STEAL_THRESHOLD));
  detail_add_text(page, ROLE_DIM, INDENT, 0, text);
}

/* What another hypervisor below takes from the host is missing to all its guests, and in no steal of theirs.
 */
static void add_host(const struct detail_page *page)
{
  const struct host_scan *host = app_scan(page->app)->host;
  double steal = 0;
  units_buf buf;
  detail_add_title(page, "stolen from its host");
  if (!host || !readings_get(&host->r, HOST_STEAL, &steal)) {
    detail_add_text(page, ROLE_DIM, INDENT, 0, "-: the host's own steal is not known yet");
    return;
  }
  g_autofree char *text = g_strdup_printf(
      "%s %% of the host's CPU time: %s", units_percent(buf, steal),
      steal > 0
          ? "the host is a guest itself, and what it does not get, none of its guests can get; it is in no "
            "figure above."
          : "nothing, or it is no guest itself.");
  detail_add_text(page, steal > 0 ? ROLE_TEXT : ROLE_DIM, INDENT, 0, text);
}

/* "CPU 0, 3": where its vCPUs were.  Caller frees. */
static char *cpus_text(const GArray *cpus)
{
  GString *text = g_string_new("CPU ");
  for (guint i = 0; i < cpus->len; i++)
    g_string_append_printf(text, "%s%d", i ? ", " : "", g_array_index(cpus, int, i));
  return g_string_free(text, FALSE);
}

static void add_rival(const struct detail_page *page, const struct rival *rival)
{
  const struct guest *guest =
      *rival->uuid ? scan_find_uuid(app_scan(page->app), -1, rival->uuid, NULL) : NULL;
  const bool own = strcmp(rival->uuid, page->guest->info->uuid) == 0;
  g_autofree char *who = own     ? g_strdup("its own QEMU, beside its vCPUs")
                         : guest ? g_strdup_printf("guest %s", guest->info->name)
                                 : g_strdup_printf("%s (process %d)", rival->name, (int)rival->pid);
  g_autofree char *line = g_strdup_printf("%5.1f %%  %s", rival->percent, who);
  detail_add_text(page, guest && !own ? ROLE_WARN : ROLE_TEXT, INDENT, 0, line);
}

static void add_list(const struct detail_page *page, const struct rivals *rivals)
{
  g_autofree char *cpus = cpus_text(rivals->cpus);
  g_autofree char *head =
      g_strdup_printf("Its vCPUs were on %s; in %.1f s there ran, of one CPU:", cpus, rivals->seconds);
  detail_add_text(page, ROLE_DIM, INDENT, 0, head);
  guint shown = 0;
  for (guint i = 0; i < rivals->list->len && shown < RIVALS_SHOWN; i++) {
    const struct rival *rival = &g_array_index(rivals->list, struct rival, i);
    if (rival->percent < RIVAL_MIN)
      break;
    add_rival(page, rival);
    shown++;
  }
  if (!shown)
    detail_add_text(page, ROLE_DIM, INDENT, 0, "nobody who is worth a line");
}

/* By looks at all tasks, which anybody may take. */
static void add_estimated(const struct detail_page *page)
{
  const char *error;
  const struct rivals *rivals = engine_rivals(app_engine(page->app), page->target->uuid, &error);
  struct replay_state replay;
  engine_replay_state(app_engine(page->app), &replay);
  if (rivals && rivals->cpus->len > 0 && rivals->seconds > 0)
    add_list(page, rivals);
  else
    detail_add_text(page, ROLE_DIM, INDENT, 0,
                    error           ? error
                    : replay.active ? "n/a: this is a recorded session, and nothing was traced up to here"
                    : rivals && rivals->cpus->len == 0
                        ? "n/a: no vCPU thread of it is to be seen on this machine"
                        : "- (needs two looks at the host's tasks)");
}

/* How long its vCPUs waited each time. */
static void add_waits(const struct detail_page *page, const struct span_log *log)
{
  g_autoptr(GArray) rows = span_log_of(log, page->target->uuid);
  for (guint i = 0; i < rows->len; i++) {
    const struct span_row *row = &g_array_index(rows, struct span_row, i);
    if (row->span.what == SPAN_WAITED)
      detail_add_span(page, log, "its waits", row);
  }
}

/* By the scheduler itself, where it may be traced; false: nothing was seen. */
static bool add_traced(const struct detail_page *page, const struct span_log *log)
{
  struct rivals *rivals = log ? rivals_traced(log, page->target->uuid) : NULL;
  const bool seen = rivals && rivals->cpus->len > 0 && rivals->seconds > 0;
  if (seen) {
    add_list(page, rivals);
    add_waits(page, log);
    detail_add_strip(page, "  since this was opened; denser: more", NULL);
  }
  rivals_free(rivals);
  return seen;
}

/* Which source has served. */
static void add_source(const struct detail_page *page, bool traced, const struct span_log *log)
{
  const char *problem = log ? span_log_newest(log)->problem : NULL;
  g_autofree char *why = problem ? text_line(problem) : NULL;
  g_autofree char *estimated = g_strdup_printf(
      "Estimated: all tasks are looked at once a tick (schedstat), and each counts where it was last.%s%s",
      why ? "  Tracing the scheduler would be exact: " : "", why ? why : "");
  detail_add_text(page, ROLE_DIM, INDENT, 0,
                  traced ? "Exact: the kernel's scheduler is traced while this is shown (sched_switch)."
                         : estimated);
}

static void add_rivals(const struct detail_page *page)
{
  const struct span_log *log = engine_spans(app_engine(page->app), SPAN_CPU);
  detail_add_title(page, "who ran on its CPUs meanwhile");
  const bool traced = add_traced(page, log);
  if (!traced)
    add_estimated(page);
  add_source(page, traced, log);
}

void detail_fill_steal(const struct detail_page *page)
{
  detail_add_title(page, "stolen from this guest");
  detail_add_graph(page, &guest_graph, -1);
  for (int i = 0; i < page->guest->vcpu_count; i++)
    detail_add_graph(page, &vcpu_graph, i);
  add_what(page);
  add_rivals(page);
  add_host(page);
  detail_add_title(page, "as the guest sees it");
  detail_add_text(page, ROLE_DIM, INDENT, 0,
                  "n/a: only its own kernel counts that; look at st in top inside, or at /proc/stat");
}
