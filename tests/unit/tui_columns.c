/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns: names, cells, order, what fits. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "tests/fake/fake.h"
#include "tui/columns.h"
#include "tui/figures.h"

static struct engine *lab(int steps)
{
  const struct fake_options options = {0};
  struct engine *engine = fake_engine_new(&options);
  for (int i = 0; i < steps; i++)
    fake_step(engine);
  return engine;
}

static struct row row_of(const struct engine *engine, const char *name)
{
  struct row row = {NULL, 0};
  row.guest = scan_find_name(engine_scan(engine), name, &row.conn, NULL);
  cr_assert_not_null(row.guest, "%s", name);
  return row;
}

static void check_cell(const struct engine *engine, const char *name, const char *column,
                       const char *expected, enum role expected_role)
{
  struct row row = row_of(engine, name);
  enum role role;
  g_autofree char *text = columns_cell(columns_find(column), engine_scan(engine), &row, &role);
  cr_assert_str_eq(text, expected, "%s of %s is \"%s\"", column, name, text);
  cr_assert_eq(role, expected_role, "%s of %s has role %s", column, name, role_name(role));
}

Test(tui_columns, every_column_is_found)
{
  int count;
  const struct column *table = columns_table(&count);
  for (int i = 0; i < count; i++) {
    cr_assert_eq(columns_find(table[i].title), i, "%s", table[i].title);
    g_autofree char *lower = g_ascii_strdown(table[i].title, -1);
    cr_assert_eq(columns_find(lower), i);
    cr_assert(*table[i].text);
  }
  cr_assert_eq(columns_find("read_bytes_per_second"), columns_find("READ/s"));
  cr_assert_eq(columns_find("nothing"), -1);
}

Test(tui_columns, lists)
{
  g_autoptr(GError) err = NULL;
  g_autoptr(GArray) some = columns_parse("read/s, cpu%,,guest", &err);
  cr_assert_not_null(some);
  cr_assert_eq(some->len, 3u);
  cr_assert_eq(g_array_index(some, int, 0), COLUMN_GUEST);
  cr_assert_eq(g_array_index(some, int, 1), columns_find("read/s"));
  cr_assert_null(columns_parse("guest,raed/s", &err));
  cr_assert_eq(err->code, ERROR_USAGE);
  cr_assert_not_null(strstr(err->message, "READ/s"), "%s", err->message);
}

Test(tui_columns, orders)
{
  static const struct {
    const char *text, *column;
    bool descending;
  } orders[] = {{"guest", "guest", false},
                {"read/s", "read/s", true},
                {"read/s up", "read/s", false},
                {"Guest down", "guest", true}};
  static const char *const bad[] = {"", "nothing", "guest sideways", " guest"};
  int column;
  bool descending;
  for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
    cr_assert(columns_parse_sort(orders[i].text, &column, &descending, NULL), "%s", orders[i].text);
    cr_assert_eq(column, columns_find(orders[i].column));
    cr_assert_eq(descending, orders[i].descending, "%s", orders[i].text);
  }
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
    cr_assert_not(columns_parse_sort(bad[i], &column, &descending, NULL), "%s", bad[i]);
}

Test(tui_columns, three_states)
{
  struct engine *engine = lab(0);
  check_cell(engine, "tour-virtio", "read/s", "-", ROLE_DIM);
  fake_step(engine);
  fake_step(engine);
  check_cell(engine, "alpine-01", "read/s", "-", ROLE_DIM);
  check_cell(engine, "db-direct", "read/s", "direct", ROLE_DIRECT);
  check_cell(engine, "東京-lab", "exit/s", "n/a", ROLE_DIM);
  check_cell(engine, "tour-ide", "rx/s", "n/a", ROLE_DIM);
  check_cell(engine, "tour-virtio", "state", "run", ROLE_GOOD);
  check_cell(engine, "alpine-01", "state", "off", ROLE_DIM);
  check_cell(engine, "tour-virtio", "backend", "virtio-blk", ROLE_PARAVIRTUAL);
  check_cell(engine, "tour-ide", "path", "emulated", ROLE_EMULATED);
  check_cell(engine, "db-direct", "backend", "vf 01:00.1", ROLE_DIRECT);
  struct row row = row_of(engine, "tour-virtio");
  enum role role;
  g_autofree char *text = columns_cell(columns_find("read/s"), engine_scan(engine), &row, &role);
  cr_assert(g_ascii_isdigit(*text), "%s", text);
  cr_assert_eq(role, ROLE_TEXT);
  engine_free(engine);
}

Test(tui_columns, stuck_and_old)
{
  struct engine *engine = lab(50);
  struct row row = row_of(engine, "silent");
  enum role role;
  check_cell(engine, "silent", "state", "!50s", ROLE_WRONG);
  g_autofree char *cpu = columns_cell(columns_find("cpu%"), engine_scan(engine), &row, &role);
  cr_assert(g_ascii_isdigit(g_strchug(cpu)[0]), "the last value is kept: %s", cpu);
  cr_assert_eq(role, ROLE_DIM);
  for (int i = 0; i < 150; i++)
    fake_step(engine);
  check_cell(engine, "silent", "state", "!3m", ROLE_WRONG);
  engine_free(engine);
}

Test(tui_columns, reasons)
{
  struct engine *engine = lab(2);
  const struct scan *scan = engine_scan(engine);
  struct row row = row_of(engine, "東京-lab");
  struct figure f = figure_guest(scan, row.guest, GUEST_EXITS);
  cr_assert_eq(f.kind, FIGURE_NA);
  cr_assert_not_null(strstr(f.reason, "KVM"));
  row = row_of(engine, "alpine-01");
  f = figure_guest(scan, row.guest, GUEST_RD);
  cr_assert_eq(f.kind, FIGURE_NOT_YET);
  cr_assert_str_eq(f.reason, "it is not running");
  engine_free(engine);
}

static int sign(const struct engine *engine, const char *column, const char *a, const char *b,
                bool descending)
{
  struct row x = row_of(engine, a), y = row_of(engine, b);
  int order = columns_compare(columns_find(column), engine_scan(engine), &x, &y, descending);
  cr_assert_eq((order > 0) - (order < 0),
               -(columns_compare(columns_find(column), engine_scan(engine), &y, &x, descending) > 0) +
                   (columns_compare(columns_find(column), engine_scan(engine), &y, &x, descending) < 0));
  return (order > 0) - (order < 0);
}

Test(tui_columns, order)
{
  struct engine *engine = lab(3);
  cr_assert_eq(sign(engine, "guest", "alpine-01", "tour-ide", false), -1);
  cr_assert_eq(sign(engine, "guest", "alpine-01", "tour-ide", true), 1);
  cr_assert_eq(sign(engine, "read/s", "tour-virtio", "tour-ide", true), -1);
  cr_assert_eq(sign(engine, "read/s", "tour-virtio", "tour-ide", false), 1);
  /* Without a value: last, whichever way. */
  cr_assert_eq(sign(engine, "read/s", "alpine-01", "tour-ide", true), 1);
  cr_assert_eq(sign(engine, "read/s", "alpine-01", "tour-ide", false), 1);
  cr_assert_eq(sign(engine, "backend", "tour-ide", "tour-virtio", false), -1);
  cr_assert_eq(sign(engine, "cpus", "tour-ide", "alpine-01", false), -1);
  cr_assert(columns_descend_first(columns_find("cpu%")));
  cr_assert_not(columns_descend_first(COLUMN_GUEST));
  engine_free(engine);
}

static bool has(const GArray *placed, const char *title)
{
  int column = columns_find(title);
  for (guint i = 0; i < placed->len; i++)
    if (g_array_index(placed, struct placed, i).column == column)
      return true;
  return false;
}

static void check_placed(const GArray *placed, int x, int w)
{
  int count;
  const struct column *table = columns_table(&count);
  int at = x;
  for (guint i = 0; i < placed->len; i++) {
    const struct placed *p = &g_array_index(placed, struct placed, i);
    cr_assert_geq(p->x, at, "columns overlap at width %d", w);
    cr_assert_leq(p->x + p->w, x + w, "%s leaves the screen at width %d", table[p->column].title, w);
    cr_assert(p->column == COLUMN_GUEST || p->w >= (int)strlen(table[p->column].title),
              "%s is cut at width %d", table[p->column].title, w);
    at = p->x + p->w + 1;
  }
}

Test(tui_columns, fit_every_width)
{
  g_autoptr(GArray) chosen = columns_parse("auto", NULL);
  guint before = 0;
  for (int w = 30; w <= 400; w++)
    for (int guest_w = 1; guest_w < 60; guest_w += 13) {
      g_autoptr(GArray) placed = columns_place(chosen, 2, w, 0, guest_w, 11);
      check_placed(placed, 2, w);
      cr_assert_eq(g_array_index(placed, struct placed, 0).column, COLUMN_GUEST);
      if (guest_w == 14) {
        cr_assert_geq(placed->len, before, "a wider screen shows less at %d", w);
        before = placed->len;
      }
    }
}

/* At 80 columns everything of the first screen is there, nothing cut. */
Test(tui_columns, eighty_columns)
{
  static const char *const wanted[] = {"GUEST",  "STATE",   "BACKEND", "CPU%",   "STEAL%",
                                       "READ/s", "WRITE/s", "IOPS",    "LATavg", "EXIT/s"};
  g_autoptr(GArray) chosen = columns_parse("auto", NULL);
  g_autoptr(GArray) placed = columns_place(chosen, 2, 78, 0, 11, 11);
  for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
    cr_assert(has(placed, wanted[i]), "%s is missing", wanted[i]);
  cr_assert_eq(g_array_index(placed, struct placed, 0).w, 11);
}

Test(tui_columns, forty_columns_and_scrolled)
{
  g_autoptr(GArray) chosen = columns_parse("auto", NULL);
  g_autoptr(GArray) narrow = columns_place(chosen, 2, 38, 0, 11, 11);
  cr_assert(has(narrow, "READ/s") && has(narrow, "WRITE/s") && has(narrow, "CPU%"));
  g_autoptr(GArray) scrolled = columns_place(chosen, 2, 38, 7, 11, 11);
  cr_assert(has(scrolled, "GUEST") && has(scrolled, "LATavg") && has(scrolled, "EXIT/s"));
  cr_assert_not(has(scrolled, "READ/s"));
}

/* In a column of milliseconds "12m" would be one of them. */
Test(tui_columns, ages_read_as_ages)
{
  static const struct {
    double age;
    const char *text;
  } rows[] = {{-1, "-"},     {0, "0.0s"},   {0.31, "0.3s"},  {9.94, "9.9s"}, {9.96, "10s"},
              {99.4, "99s"}, {100, "1min"}, {5969, "99min"}, {7300, "2h"}};
  char buf[24];
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    cr_assert_str_eq(figure_age_text(buf, rows[i].age), rows[i].text);
}

/* A costly group read after the light call that dates the scan is fresh, not unknown. */
Test(tui_columns, read_after_the_scan_began)
{
  struct engine *engine = lab(3);
  struct row row = row_of(engine, "tour-ide");
  cr_assert_float_eq(figure_age(row.guest, GROUP_BLOCK, engine_scan(engine)->mono_ns - NS_PER_MS), 0, 1e-9);
  cr_assert_float_eq(figure_age(row.guest, GROUP_BLOCK, engine_scan(engine)->mono_ns + NS_PER_S), 1, 1e-6);
  row = row_of(engine, "alpine-01");
  cr_assert_float_eq(figure_age(row.guest, GROUP_BLOCK, engine_scan(engine)->mono_ns), -1, 1e-9);
  engine_free(engine);
}
