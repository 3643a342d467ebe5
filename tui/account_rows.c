/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the time of a guest's disk requests goes, beside another guest's whose disk lies on another path. */
#include <math.h>

#include "core/base/text.h"
#include "core/model/account.h"
#include "tui/detail_rows.h"
#include "tui/figures.h"

#define INDENT 2
#define TITLE_WIDTH 20
#define VALUE_WIDTH 23

/* VALUE as a figure, in words where it is none.  Caller frees. */
static char *value_text(enum account_item item, double value)
{
  const struct figure f = {
      .kind = isfinite(value) ? FIGURE_VALUE : FIGURE_NOT_YET, .unit = account_unit(item), .value = value};
  return figure_with_unit(&f);
}

/* "tour-ide (ide)", short enough for a column.  Caller frees. */
static char *head_of(const struct guest *guest)
{
  g_autofree char *name = text_safe(guest->info->name), *backend = guest_backend_text(guest->info);
  g_autofree char *head = g_strdup_printf("%s, %s", name, backend);
  return text_fit(head, VALUE_WIDTH, false);
}

/* TEXT at the right end of W columns.  Caller frees. */
static char *right(const char *text, int w)
{
  return g_strdup_printf("%*s%s", MAX(w - text_width(text), 0), "", text);
}

static void add_row(const struct detail_page *page, enum role role, const char *title, const char *own,
                    const char *other)
{
  g_autofree char *first = right(own, VALUE_WIDTH), *second = right(other, VALUE_WIDTH + 2);
  g_autofree char *line = g_strdup_printf("%-*s %s%s", TITLE_WIDTH, title, first, second);
  detail_add_text(page, role, INDENT, 0, line);
}

static void add_table(const struct detail_page *page, const struct account *own, const struct guest *beside)
{
  struct account other;
  g_autofree char *own_head = head_of(page->guest), *other_head = beside ? head_of(beside) : g_strdup("");
  add_row(page, ROLE_HEAD, "", own_head, other_head);
  if (beside)
    account_of(beside, &other);
  for (int i = 0; i < ACCOUNT_ITEMS; i++) {
    g_autofree char *mine = value_text((enum account_item)i, own->item[i]),
                    *theirs = beside ? value_text((enum account_item)i, other.item[i]) : g_strdup("");
    add_row(page, ROLE_TEXT, account_title((enum account_item)i), mine, theirs);
  }
}

static void add_reasons(const struct detail_page *page, const struct guest *guest,
                        const struct account *account)
{
  const char *reason;
  g_autofree char *name = text_safe(guest->info->name);
  detail_add_text(page, ROLE_HEAD, INDENT, 0, name);
  for (int i = 0; (reason = account_reason(guest, account, i)); i++)
    detail_add_text(page, ROLE_TEXT, INDENT, 0, reason);
  if (!account_reason(guest, account, 0))
    detail_add_text(page, ROLE_DIM, INDENT, 0, "of a disk attached so, nothing is known to tell");
}

void detail_fill_account(const struct detail_page *page)
{
  const struct guest *beside = account_other(app_scan(page->app), page->guest);
  struct account own, other;
  account_of(page->guest, &own);
  detail_add_title(page, "where the time of a disk request goes (averages of the last reading)");
  add_table(page, &own, beside);
  if (!beside)
    detail_add_text(page, ROLE_DIM, INDENT, 0,
                    "No other guest works on a disk attached in another way; :tour starts two to compare.");
  detail_add_title(page, "in words");
  add_reasons(page, page->guest, &own);
  if (beside) {
    account_of(beside, &other);
    add_reasons(page, beside, &other);
  }
  detail_add_disks_below(page);
}
