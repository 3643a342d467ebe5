/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of snapshots. */
#include "tests/unit/test.h"

#include "tests/fake/fake.h"

Test(snapshot, rows_stand_behind_their_parents_siblings_by_time)
{
  static const struct {
    const char *name;
    int depth;
  } expected[] = {{"base", 0}, {"after-install", 1}, {"try-ide", 2}, {"other", 1}};
  struct snapshot_list *list = fake_snapshots("u");
  cr_assert_eq(list->count, 4);
  for (int i = 0; i < 4; i++) {
    cr_assert_str_eq(list->rows[i].name, expected[i].name);
    cr_assert_eq(list->rows[i].depth, expected[i].depth);
  }
  snapshot_list_free(list);
}

Test(snapshot, a_row_whose_parent_is_gone_is_a_root)
{
  struct snapshot_list *list = snapshot_list_new("u");
  struct snapshot *row = snapshot_list_add(list);
  row->name = g_strdup("orphan");
  row->parent = g_strdup("deleted");
  snapshot_list_sort(list);
  cr_assert_eq(list->count, 1);
  cr_assert_eq(list->rows[0].depth, 0);
  snapshot_list_free(list);
}

Test(snapshot, a_loop_of_parents_loses_nothing)
{
  struct snapshot_list *list = snapshot_list_new("u");
  struct snapshot *row = snapshot_list_add(list);
  row->name = g_strdup("a");
  row->parent = g_strdup("b");
  row = snapshot_list_add(list);
  row->name = g_strdup("b");
  row->parent = g_strdup("a");
  snapshot_list_sort(list);
  cr_assert_eq(list->count, 2);
  cr_assert_not_null(list->rows[0].name);
  cr_assert_not_null(list->rows[1].name);
  snapshot_list_free(list);
}

Test(snapshot, the_free_name_is_the_first_that_is_free)
{
  struct snapshot_list *list = snapshot_list_new("u");
  snapshot_list_add(list)->name = g_strdup("s1");
  snapshot_list_add(list)->name = g_strdup("s3");
  g_autofree char *name = snapshot_list_free_name(list, "s1", "s");
  cr_assert_str_eq(name, "s2");
  g_autofree char *first = snapshot_list_free_name(list, "before-s1", "before-s1-");
  cr_assert_str_eq(first, "before-s1");
  snapshot_list_free(list);
}
