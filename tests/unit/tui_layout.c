/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The layout, as a property over every size: inside the screen, no overlap, room for what must be there. */
#include "tests/unit/test.h"

#include "tui/layout.h"

static bool inside(struct rect r, struct rect of)
{
  if (r.h == 0)
    return true;
  return r.w > 0 && r.h > 0 && r.x >= of.x && r.y >= of.y && r.x + r.w <= of.x + of.w &&
         r.y + r.h <= of.y + of.h;
}

static bool apart(struct rect a, struct rect b)
{
  if (a.h == 0 || b.h == 0 || a.w == 0 || b.w == 0)
    return true;
  return a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
}

static void check_all(const struct rect *rects, size_t n, struct rect of, int w, int h)
{
  for (size_t i = 0; i < n; i++) {
    cr_assert(inside(rects[i], of), "pane %zu leaves the screen at %dx%d", i, w, h);
    for (size_t k = i + 1; k < n; k++)
      cr_assert(apart(rects[i], rects[k]), "panes %zu and %zu overlap at %dx%d", i, k, w, h);
  }
}

static void check_size(int w, int h, int guests)
{
  struct layout_screen s;
  struct layout_main m;
  layout_screen(&s, w, h);
  const struct rect frame[] = {s.top, s.area, s.notice, s.keys};
  check_all(frame, G_N_ELEMENTS(frame), (struct rect){0, 0, w, h}, w, h);
  cr_assert_eq(s.top.h + s.area.h + s.notice.h + s.keys.h, h, "rows are lost at %dx%d", w, h);
  cr_assert_eq(s.keys.y, h - 1, "the keys are not on the last line at %dx%d", w, h);
  layout_main(&m, s.area, guests);
  const struct rect panes[] = {m.host,        m.host_rule, m.head, m.table,
                               m.detail_rule, m.detail,    m.side, m.notice_rule};
  check_all(panes, G_N_ELEMENTS(panes), s.area, w, h);
  cr_assert_eq(m.head.h, 1, "no heading at %dx%d", w, h);
  cr_assert_geq(m.host.h, 1, "no host at %dx%d", w, h);
  cr_assert_geq(m.table.h, 5, "%d rows for guests at %dx%d", m.table.h, w, h);
}

Test(tui_layout, every_size)
{
  static const int guests[] = {0, 1, 7, 200};
  for (size_t g = 0; g < G_N_ELEMENTS(guests); g++)
    for (int h = 12; h <= 60; h++)
      for (int w = 40; w <= 200; w++)
        check_size(w, h, guests[g]);
}

Test(tui_layout, large_sizes)
{
  for (int h = 60; h <= 120; h += 7)
    for (int w = 200; w <= 400; w += 13)
      check_size(w, h, 30);
}

Test(tui_layout, details_take_what_guests_leave)
{
  struct layout_main few, many;
  struct rect area = {0, 1, 80, 21};
  layout_main(&few, area, 2);
  layout_main(&many, area, 50);
  cr_assert_eq(many.detail.h, 4);
  cr_assert_gt(few.detail.h, many.detail.h);
  cr_assert_eq(few.table.h + few.detail.h, many.table.h + many.detail.h);
}

Test(tui_layout, second_pane_on_wide_screens)
{
  struct layout_main m;
  layout_main(&m, (struct rect){0, 1, 119, 40}, 5);
  cr_assert_eq(m.side.h, 0);
  layout_main(&m, (struct rect){0, 1, 120, 40}, 5);
  cr_assert_eq(m.side.h, m.detail.h);
  cr_assert_eq(m.detail.w + m.side.w, 120);
}

Test(tui_layout, centre_fits)
{
  struct rect r = layout_centre((struct rect){0, 1, 40, 9}, 60, 20);
  cr_assert(inside(r, (struct rect){0, 1, 40, 9}));
  r = layout_centre((struct rect){0, 1, 80, 21}, 60, 11);
  cr_assert_eq(r.x, 10);
  cr_assert_eq(r.y, 6);
}
