/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a guest left its vCPUs, by KVM's counters; what of it is needless; and where the time of its requests
 * goes, in words. */
#include "core/base/units.h"
#include "core/model/exits.h"
#include "tui/detail_rows.h"
#include "tui/figures.h"

#define INDENT 2
#define HANGING 4
#define NAME_WIDTH 20 /* "emulated instruction" */

static const struct graph_spec guest_graph = {
    "exits",          SCOPE_GUEST, GUEST_EXITS,
    ROLE_GRAPH_EXITS, 0,           {{"p95", GUEST_EXITS, 95}, {"max", GUEST_EXITS, 100}}};
static const struct graph_spec vcpu_graph = {
    "vCPU",           SCOPE_VCPU, VCPU_EXITS,
    ROLE_GRAPH_EXITS, 0,          {{"io", VCPU_IO, 0}, {"mmio", VCPU_MMIO, 0}, {"halt", VCPU_HALT, 0}}};

static void add_kind(const struct detail_page *page, const struct exit_kind *kind, double all)
{
  double rate;
  units_buf buf;
  if (!exits_rate(page->guest, -1, kind->metric, &rate)) {
    g_autofree char *line = g_strdup_printf("%-*s       -        %s", NAME_WIDTH, kind->name, kind->text);
    detail_add_text(page, ROLE_DIM, INDENT, NAME_WIDTH + 17, line);
    return;
  }
  g_autofree char *share = all > 0 ? g_strdup_printf("%.0f%%", 100 * rate / all) : g_strdup("-");
  g_autofree char *line = g_strdup_printf("%-*s %6s/s %5s  %s", NAME_WIDTH, kind->name,
                                          units_count(buf, rate), share, kind->text);
  detail_add_text(page, rate > 0 ? ROLE_TEXT : ROLE_DIM, INDENT, NAME_WIDTH + 17, line);
}

static void add_kinds(const struct detail_page *page)
{
  int count;
  double all = 0;
  const struct exit_kind *kinds = exit_kinds(&count);
  exits_rate(page->guest, -1, VCPU_EXITS, &all);
  detail_add_title(page, "by kind: per second, share of all exits (kinds overlap)");
  for (int i = 0; i < count; i++)
    add_kind(page, &kinds[i], all);
}

static void add_hint(const struct detail_page *page, const struct exit_hint *hint)
{
  g_autofree char *advice = g_strdup_printf("→ %s", hint->advice);
  g_autofree char *source = g_strdup_printf("(%s)", hint->source);
  detail_add_text(page, ROLE_WARN, INDENT, 0, hint->meaning);
  detail_add_text(page, ROLE_TEXT, HANGING, 2, advice);
  detail_add_text(page, ROLE_DIM, HANGING, 2, source);
}

static void add_hints(const struct detail_page *page)
{
  int count, fit = 0;
  const struct exit_hint *hints = exit_hints(&count);
  detail_add_title(page, "needless work");
  for (int i = 0; i < count; i++) {
    if (!exit_hint_fits(&hints[i], page->guest))
      continue;
    add_hint(page, &hints[i]);
    fit++;
  }
  if (!fit)
    detail_add_text(page, ROLE_GOOD, INDENT, 0, "none of the known patterns fits what it does now");
}

void detail_fill_exits(const struct detail_page *page)
{
  const struct figure exits = figure_guest(app_scan(page->app), page->guest, GUEST_EXITS);
  detail_add_title(page, "exits: the guest leaves a vCPU, and the host does something for it");
  detail_add_graph(page, &guest_graph, -1);
  if (exits.kind != FIGURE_VALUE)
    return; /* the graph's place says why */
  for (int i = 0; i < page->guest->vcpu_count; i++)
    detail_add_graph(page, &vcpu_graph, i);
  add_hints(page);
  add_kinds(page);
  detail_add_exits_traced(page);
}
