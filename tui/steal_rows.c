/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is stolen from a guest's vCPUs. */
#include "core/base/units.h"
#include "tui/detail_rows.h"
#include "tui/figures.h"

#define INDENT 2

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

void detail_fill_steal(const struct detail_page *page)
{
  detail_add_title(page, "stolen from this guest");
  detail_add_graph(page, &guest_graph, -1);
  for (int i = 0; i < page->guest->vcpu_count; i++)
    detail_add_graph(page, &vcpu_graph, i);
  add_what(page);
  add_host(page);
  detail_add_title(page, "as the guest sees it");
  detail_add_text(page, ROLE_DIM, INDENT, 0,
                  "n/a: only its own kernel counts that; look at st in top inside, or at /proc/stat");
}
