/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/layout.h"

/* From this width on the events stand beside the details. */
#define SIDE_FROM_W 120
#define SIDE_W 48
#define TABLE_MIN_ROWS 5
#define DETAIL_MAX_ROWS 25

/* Heights of the panes by the height of the area, the first row that fits. */
static const struct step {
  int from, host, host_rule, detail, notice_rule;
} steps[] = {{60, 4, 1, 14, 1}, {40, 4, 1, 10, 1}, {28, 3, 1, 7, 1}, {19, 3, 1, 4, 1},
             {16, 3, 1, 3, 0},  {13, 2, 0, 2, 0},  {8, 2, 0, 0, 0},  {0, 1, 0, 0, 0}};

/* Cut H rows off the top of REST. */
static struct rect take(struct rect *rest, int h)
{
  if (h > rest->h)
    h = rest->h;
  struct rect r = {rest->x, rest->y, rest->w, h};
  rest->y += h;
  rest->h -= h;
  return r;
}

void layout_screen(struct layout_screen *ret, int w, int h)
{
  struct rect rest = {0, 0, w, h};
  ret->top = take(&rest, 1);
  ret->area = take(&rest, MAX(rest.h - 2, 0));
  ret->notice = take(&rest, rest.h > 1 ? 1 : 0);
  ret->keys = take(&rest, 1);
}

/* Rows of the table that stay empty are given to the details, up to what these can fill. */
static int detail_rows(const struct step *step, int area_h, int guests)
{
  if (step->detail == 0)
    return 0;
  int table = area_h - step->host - step->host_rule - 1 - step->notice_rule - 1 - step->detail;
  int spare = CLAMP(table - MAX(guests + 1, TABLE_MIN_ROWS), 0, MAX(DETAIL_MAX_ROWS - step->detail, 0));
  return step->detail + spare;
}

void layout_main(struct layout_main *ret, struct rect area, int guests)
{
  const struct step *step = steps;
  while (area.h < step->from)
    step++;
  int detail = detail_rows(step, area.h, guests);
  struct rect rest = area;
  ret->host = take(&rest, step->host);
  ret->host_rule = take(&rest, step->host_rule);
  ret->head = take(&rest, 1);
  int below = step->notice_rule + (detail ? detail + 1 : 0);
  ret->table = take(&rest, MAX(rest.h - below, 0));
  ret->detail_rule = take(&rest, detail ? 1 : 0);
  ret->detail = take(&rest, detail);
  ret->notice_rule = take(&rest, step->notice_rule);
  ret->side = (struct rect){area.x + area.w, ret->detail.y, 0, 0};
  if (ret->detail.h > 0 && area.w >= SIDE_FROM_W) {
    int w = MAX(SIDE_W, area.w / 3);
    ret->detail.w -= w;
    ret->side = (struct rect){area.x + area.w - w, ret->detail.y, w, ret->detail.h};
  }
}

struct rect layout_centre(struct rect area, int w, int h)
{
  w = MIN(w, area.w);
  h = MIN(h, area.h);
  return (struct rect){area.x + (area.w - w) / 2, area.y + (area.h - h) / 2, w, h};
}
