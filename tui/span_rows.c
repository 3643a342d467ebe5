/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long the host's disks take for a guest, as the kernel is seen to do it. */
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/model/proxy.h"
#include "tui/detail_rows.h"

#define INDENT 2
#define LABEL_W 14 /* "nvme0n1 write" */

/* "vda read      123/s  p50 120us  p99 4.1ms", and the strip. */
void detail_add_span(const struct detail_page *page, const struct span_log *log, const char *label,
                     const struct span_row *row)
{
  const struct span_sums *sums = &row->span.sums;
  const double seconds = span_log_newest(log)->seconds;
  units_buf rate, half, most;
  g_autofree char *fit = text_fit(label, LABEL_W, false);
  g_autofree char *text = g_strdup_printf(
      "%*s%s%*s %6s/s  p50 %6ss  p99 %6ss ", INDENT, "", fit, MAX(LABEL_W - text_width(fit), 0), "",
      units_count(rate, seconds > 0 ? (double)row->turn.count / seconds : 0),
      units_seconds(half, span_percentile(sums, 0.5), true),
      units_seconds(most, span_percentile(sums, 0.99), true));
  detail_add_strip(page, text, sums);
}

static void add_rows(const struct detail_page *page, const struct span_log *log, const GArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    const struct span_row *row = &g_array_index(rows, struct span_row, i);
    g_autofree char *device = text_safe(row->span.device);
    g_autofree char *label =
        g_strdup_printf("%s %s", *device ? device : "?", span_what_name(span_log_kind(log), row->span.what));
    detail_add_span(page, log, label, row);
  }
  if (rows->len)
    detail_add_strip(page, "  since this was opened; denser: more", NULL);
  else
    detail_add_text(page, ROLE_DIM, INDENT, 0, "nothing was done for it since this was opened");
}

/* How it is known that these are this guest's. */
static void add_how(const struct detail_page *page, const GArray *rows)
{
  unsigned how = 0;

  for (guint i = 0; i < rows->len; i++)
    how |= 1u << g_array_index(rows, struct span_row, i).span.owner;
  if (how & 1u << SPAN_BY_CGROUP)
    detail_add_text(page, ROLE_DIM, INDENT, 0,
                    "Known by the cgroup that is charged: what the page cache writes for it later, too.");
  if (how & 1u << SPAN_BY_PROCESS)
    detail_add_text(
        page, ROLE_DIM, INDENT, 0,
        "Known by QEMU having asked for it: what the page cache writes for it later is not here.");
}

/* What it cannot be told whose it is, or is no guest's. */
static void add_rest(const struct detail_page *page, const struct span_log *log)
{
  g_autoptr(GArray) rows = span_log_of(log, "");
  const double seconds = span_log_newest(log)->seconds;
  uint64_t count = 0;
  units_buf rate;

  for (guint i = 0; i < rows->len; i++)
    count += g_array_index(rows, struct span_row, i).turn.count;
  g_autofree char *text = g_strdup_printf(
      "%s/s more are no guest's, or it cannot be told whose: the host's own, and what its page cache writes.",
      units_count(rate, seconds > 0 ? (double)count / seconds : 0));
  detail_add_text(page, ROLE_DIM, INDENT, 0, text);
}

/* "Of the 1.2ms that a request takes, the host's disks have it 0.8ms": measured, not what is left. */
static void add_share(const struct detail_page *page, const struct span_log *log, const GArray *rows)
{
  const double per_request = proxy_disk_seconds(page->guest, rows, span_log_newest(log)->seconds);
  struct proxy_split split;
  units_buf latency, disk, ran, waited, rest;

  if (!proxy_split(page->guest, &split) || !isfinite(per_request))
    return;
  const double left = split.device - per_request;
  g_autofree char *behind =
      left >= 0 ? g_strdup_printf("%ss are left for the host's file system, its cache and queues",
                                  units_seconds(rest, left, false))
                : g_strdup("together more than it takes: requests overlap, or the disks work ahead or later");
  g_autofree char *text = g_strdup_printf(
      "A request takes %ss: its proxy ran %ss and waited %ss to run; the host's disks worked %ss for it; %s.",
      units_seconds(latency, split.latency, false), units_seconds(ran, split.ran, false),
      units_seconds(waited, split.waited, false), units_seconds(disk, per_request, false), behind);
  detail_add_text(page, ROLE_TEXT, INDENT, 0, text);
}

static void add_log(const struct detail_page *page, const struct span_log *log)
{
  g_autoptr(GArray) rows = span_log_of(log, page->target->uuid);
  const struct span_turn *newest = span_log_newest(log);
  g_autofree char *problem = newest->problem ? text_line(newest->problem) : NULL;

  if (problem)
    detail_add_text(page, ROLE_WRONG, INDENT, 0, problem);
  if (problem && span_log_rows(log)->len == 0)
    return;
  add_share(page, log, rows);
  add_rows(page, log, rows);
  add_how(page, rows);
  add_rest(page, log);
}

const char *detail_no_spans(const struct detail_page *page)
{
  struct replay_state replay;

  engine_replay_state(app_engine(page->app), &replay);
  if (replay.active)
    return "n/a: nothing was traced up to here";
  return detail_is_local(page) ? "starting virtlens-trace ..."
                               : "n/a: the guest is another machine's; run virtlens there";
}

void detail_add_disks_below(const struct detail_page *page)
{
  const struct span_log *log = engine_spans(app_engine(page->app), SPAN_BLOCK);

  detail_add_title(page, "the host's disks under it, as its kernel times them");
  if (log)
    add_log(page, log);
  else
    detail_add_text(page, ROLE_DIM, INDENT, 0, detail_no_spans(page));
}
