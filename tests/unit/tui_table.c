/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest table: the selection belongs to a guest, not to a row. */
#include "tests/unit/test.h"

#include <string.h>

#include "tests/fake/fake.h"
#include "tui/table.h"

struct setup {
  struct engine *engine;
  struct table *table;
};

static struct setup set_up(int guests)
{
  const struct fake_options options = {.world = guests ? FAKE_MANY : FAKE_PLAIN, .guests = guests};
  struct setup s = {fake_engine_new(&options), table_new()};
  fake_step(s.engine);
  fake_step(s.engine);
  table_update(s.table, engine_scan(s.engine));
  return s;
}

static void tear_down(struct setup *s)
{
  table_free(s->table);
  engine_free(s->engine);
}

static void step(struct setup *s)
{
  fake_step(s->engine);
  table_update(s->table, engine_scan(s->engine));
}

static const char *name_at(const struct setup *s, int index)
{
  return table_row(s->table, index)->guest->info->name;
}

static const char *selected(const struct setup *s)
{
  return table_selected(s->table) < 0 ? "(none)" : name_at(s, table_selected(s->table));
}

Test(tui_table, selection_follows_the_guest)
{
  struct setup s = set_up(0);
  table_select(s.table, 6);
  cr_assert_str_eq(selected(&s), "tour-virtio");
  table_set_sort(s.table, columns_find("read/s"), true);
  cr_assert_str_eq(name_at(&s, 0), "tour-virtio");
  cr_assert_eq(table_selected(s.table), 0);
  cr_assert_str_eq(selected(&s), "tour-virtio");
  fake_remove(s.engine, "tour-ide");
  step(&s);
  cr_assert_str_eq(selected(&s), "tour-virtio");
  tear_down(&s);
}

Test(tui_table, a_guest_that_goes_hands_on_to_its_neighbour)
{
  struct setup s = set_up(0);
  table_select(s.table, 6);
  cr_assert_str_eq(selected(&s), "tour-virtio");
  fake_remove(s.engine, "tour-virtio");
  step(&s);
  cr_assert_str_eq(selected(&s), "東京-lab");
  fake_remove(s.engine, "東京-lab");
  step(&s);
  cr_assert_str_eq(selected(&s), "tour-ide");
  tear_down(&s);
}

Test(tui_table, both_directions)
{
  struct setup s = set_up(0);
  table_set_sort(s.table, COLUMN_GUEST, false);
  cr_assert_str_eq(name_at(&s, 0), "--help");
  table_set_sort(s.table, COLUMN_GUEST, true);
  cr_assert_str_eq(name_at(&s, 0), "東京-lab");
  table_set_sort(s.table, columns_find("exit/s"), true);
  cr_assert_str_eq(name_at(&s, 0), "tour-ide");
  table_set_sort(s.table, columns_find("exit/s"), false);
  cr_assert_str_eq(name_at(&s, 0), "silent");
  tear_down(&s);
}

Test(tui_table, filter)
{
  struct setup s = set_up(0);
  table_select(s.table, 6);
  table_set_filter(s.table, "TOUR");
  cr_assert_eq(table_count(s.table), 2);
  cr_assert_eq(table_total(s.table), 8);
  cr_assert_str_eq(selected(&s), "tour-virtio");
  table_set_filter(s.table, "sata");
  cr_assert_eq(table_count(s.table), 1);
  table_set_filter(s.table, "shut off");
  cr_assert_eq(table_count(s.table), 2);
  cr_assert_str_eq(name_at(&s, 1), "alpine-01");
  table_set_filter(s.table, "no such guest");
  cr_assert_eq(table_count(s.table), 0);
  cr_assert_eq(table_selected(s.table), -1);
  struct target target;
  cr_assert_not(table_selected_target(s.table, &target));
  table_set_filter(s.table, "");
  cr_assert_eq(table_count(s.table), 8);
  tear_down(&s);
}

/* While a question is open the rows stand still, also when the figures change and guests go. */
Test(tui_table, frozen_order)
{
  struct setup s = set_up(0);
  table_set_sort(s.table, COLUMN_GUEST, false);
  table_select(s.table, 5);
  table_freeze(s.table, true);
  table_set_sort(s.table, columns_find("read/s"), true);
  step(&s);
  cr_assert_str_eq(name_at(&s, 1), "alpine-01");
  cr_assert_str_eq(name_at(&s, 5), "tour-ide");
  fake_remove(s.engine, "alpine-01");
  step(&s);
  cr_assert_str_eq(name_at(&s, 1), "db-direct");
  cr_assert_str_eq(selected(&s), "tour-ide");
  table_freeze(s.table, false);
  cr_assert_str_eq(name_at(&s, 0), "tour-virtio");
  cr_assert_str_eq(selected(&s), "tour-ide");
  tear_down(&s);
}

Test(tui_table, tags)
{
  struct setup s = set_up(0);
  struct target ide, virtio;
  table_target_of(table_row(s.table, 5), &ide);
  table_target_of(table_row(s.table, 6), &virtio);
  g_autoptr(GArray) none = table_targets(s.table);
  cr_assert_eq(none->len, 1u, "without tags the selected one");
  table_tag(s.table, &virtio, true);
  table_tag(s.table, &ide, true);
  cr_assert_eq(table_tag_count(s.table), 2);
  /* Hidden by the filter, still tagged. */
  table_set_filter(s.table, "virtio-blk");
  g_autoptr(GArray) both = table_targets(s.table);
  cr_assert_eq(both->len, 2u);
  cr_assert_str_eq(g_array_index(both, struct target, 0).uuid, virtio.uuid);
  /* Gone: no longer meant. */
  fake_remove(s.engine, "tour-ide");
  step(&s);
  g_autoptr(GArray) one = table_targets(s.table);
  cr_assert_eq(one->len, 1u);
  table_tag_all(s.table, false);
  cr_assert_eq(table_tag_count(s.table), 0);
  tear_down(&s);
}

Test(tui_table, two_hundred)
{
  struct setup s = set_up(200);
  cr_assert_eq(table_count(s.table), 200);
  table_set_sort(s.table, columns_find("cpu%"), true);
  double before = 1e9, value;
  for (int i = 0; i < 200; i++) {
    if (!readings_get(&table_row(s.table, i)->guest->r, GUEST_CPU, &value))
      continue;
    cr_assert_leq(value, before);
    before = value;
  }
  table_select(s.table, 1000);
  cr_assert_eq(table_selected(s.table), 199);
  table_select(s.table, -5);
  cr_assert_eq(table_selected(s.table), 0);
  tear_down(&s);
}
