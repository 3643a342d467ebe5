/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a guest left its vCPUs, by exact reason, as KVM is traced. */
#include <string.h>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/model/exit_reason.h"
#include "tui/detail_rows.h"

#define INDENT 2
#define SHOWN 6 /* of each list */

static int by_time_and_count(const void *a, const void *b)
{
  const struct span_sums *x = &((const struct span_row *)a)->span.sums,
                         *y = &((const struct span_row *)b)->span.sums;
  return x->ns != y->ns ? (x->ns < y->ns) - (x->ns > y->ns) : (x->count < y->count) - (x->count > y->count);
}

/* What LOG has of WHAT for the guest, what took most first.  Caller unrefs. */
static GArray *rows_of(const struct span_log *log, const char *uuid, uint32_t what)
{
  const GArray *all = span_log_rows(log);
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct span_row));
  for (guint i = 0; i < all->len; i++) {
    const struct span_row *row = &g_array_index(all, struct span_row, i);
    if (row->span.what == what && strcmp(row->span.uuid, uuid) == 0)
      g_array_append_vals(rows, row, 1);
  }
  g_array_sort(rows, by_time_and_count);
  return rows;
}

static void add_reasons(const struct detail_page *page, const struct span_log *log, const char *title,
                        uint32_t what, char *(*name)(uint64_t))
{
  g_autoptr(GArray) rows = rows_of(log, page->target->uuid, what);
  if (rows->len)
    detail_add_text(page, ROLE_HEAD, INDENT, 0, title);
  for (guint i = 0; i < MIN(rows->len, SHOWN); i++) {
    const struct span_row *row = &g_array_index(rows, struct span_row, i);
    g_autofree char *label = name(row->span.place);
    detail_add_span(page, log, g_str_has_prefix(label, "KVM_EXIT_") ? label + strlen("KVM_EXIT_") : label,
                    row);
  }
  if (rows->len)
    detail_add_strip(page, "  since this was opened; denser: more", NULL);
}

static void add_places(const struct detail_page *page, const struct span_log *log, const char *title,
                       uint32_t what, int shift, const char *(*owner)(uint64_t, const char **))
{
  g_autoptr(GArray) rows = rows_of(log, page->target->uuid, what);
  const double seconds = span_log_newest(log)->seconds;
  if (rows->len)
    detail_add_text(page, ROLE_HEAD, INDENT, 0, title);
  for (guint i = 0; i < MIN(rows->len, SHOWN); i++) {
    const struct span_row *row = &g_array_index(rows, struct span_row, i);
    const char *source, *whose = owner(row->span.place, &source);
    units_buf rate;
    g_autofree char *line =
        g_strdup_printf("%#10" G_GINT64_MODIFIER "x %6s/s  %s%s%s%s", row->span.place << shift,
                        units_count(rate, seconds > 0 ? (double)row->turn.count / seconds : 0),
                        whose ? whose : "a device's, which is not in the tables", whose ? " (" : "",
                        whose ? source : "", whose ? ")" : "");
    detail_add_text(page, ROLE_TEXT, INDENT, 20, line);
  }
}

/* What was seen; false: nothing of this guest. */
static bool add_seen(const struct detail_page *page, const struct span_log *log)
{
  g_autoptr(GArray) exits = rows_of(log, page->target->uuid, SPAN_LEFT),
                    told = rows_of(log, page->target->uuid, SPAN_TO_QEMU);
  add_reasons(page, log, "why, and how long until it ran again:", SPAN_LEFT, exit_reason_name);
  if (!exits->len && told->len)
    detail_add_text(
        page, ROLE_DIM, INDENT, 0,
        "By what reason, this kernel's KVM does not tell: kvm_exit never fired, though the guest left "
        "(kvm_pvm is such a one).");
  add_reasons(page, log, "of these to QEMU, and how long it waited for its proxy:", SPAN_TO_QEMU,
              exit_to_qemu_name);
  add_places(page, log, "ports that it worked on:", SPAN_PORT, 0, exit_port_owner);
  add_places(page, log, "pages of devices (a page may count twice for one access):", SPAN_PAGE, 12,
             exit_page_owner);
  return exits->len || told->len;
}

void detail_add_exits_traced(const struct detail_page *page)
{
  const struct span_log *log = engine_spans(app_engine(page->app), SPAN_EXIT);
  const char *problem = log ? span_log_newest(log)->problem : NULL;
  g_autofree char *why = problem ? text_line(problem) : NULL;
  detail_add_title(page, "by exact reason, as its host's KVM is traced");
  if (why)
    detail_add_text(page, ROLE_WRONG, INDENT, 0, why);
  if (!log)
    detail_add_text(page, ROLE_DIM, INDENT, 0, detail_no_spans(page));
  else if (!add_seen(page, log) && !why)
    detail_add_text(page, ROLE_DIM, INDENT, 0,
                    "KVM was not seen to leave a vCPU of it since this was opened");
}
