/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What needs no database: where one is, rows that wait on disk, and what is told of a delivery. */
#include "tests/unit/test.h"

#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/database/place.h"
#include "core/database/spool.h"
#include "core/model/delivery.h"

Test(place, parts_of_a_url_are_found_and_written_again)
{
  static const char url[] = "mysql://lab@db.example:3307/procesos?socket=/run/x";
  struct place place;
  cr_assert(place_parse(url, NULL, &place, NULL));
  cr_assert_str_eq(place.user, "lab");
  cr_assert_str_eq(place.host, "db.example");
  cr_assert_eq(place.port, 3307);
  cr_assert_str_eq(place.name, "procesos");
  cr_assert_str_eq(place.socket, "/run/x");
  cr_assert_null(place.password);
  g_autofree char *text = place_text(&place);
  cr_assert_str_eq(text, url);
  place_clear(&place);
}

Test(place, what_is_left_out_is_the_usual)
{
  struct place place;
  cr_assert(place_parse("mysql://localhost/x", NULL, &place, NULL));
  cr_assert_null(place.user);
  cr_assert_null(place.socket);
  cr_assert_eq(place.port, 0);
  g_autofree char *text = place_text(&place);
  cr_assert_str_eq(text, "mysql://localhost/x");
  place_clear(&place);
}

Test(place, no_other_form_is_taken_and_no_password_repeated)
{
  static const char *const bad[] = {"",
                                    "mysql:",
                                    "mysql://host",
                                    "mysql://host/",
                                    "mysql://host/a/b",
                                    "mysql://host/a?x=1",
                                    "mysql://host/a?socket=/s&x=1",
                                    "mysql://host/a?socket=s",
                                    "mysql://host/a#b",
                                    "http://host/a",
                                    "mysql://u:seCret@host/a",
                                    "mysql://u:seCret@host:port/a",
                                    "mysql://u:seCret@host:99999999/a"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    struct place place;
    g_autoptr(GError) err = NULL;
    cr_assert_not(place_parse(bad[i], NULL, &place, &err), "%s", bad[i]);
    cr_assert_eq(err->code, ERROR_USAGE, "%s", bad[i]);
    cr_assert_null(strstr(err->message, "seCret"), "%s", bad[i]);
    place_clear(&place);
  }
}

static struct spool *spool_of(uint64_t capacity)
{
  g_autofree char *dir = g_dir_make_tmp("virtlens-spool-XXXXXX", NULL);
  struct spool *spool = spool_new(dir, capacity, NULL);
  cr_assert_not_null(spool);
  cr_assert_eq(rmdir(dir), 0, "the file has a name");
  return spool;
}

static uint64_t append(struct spool *spool, int32_t first, uint64_t count, GError **err)
{
  g_autofree struct table_row *rows = g_new0(struct table_row, count);
  for (uint64_t i = 0; i < count; i++)
    rows[i].pid = first + (int32_t)i;
  return spool_append(spool, rows, count, err);
}

/* The first COUNT rows are there, from FIRST on; they go. */
static void take(struct spool *spool, int32_t first, uint64_t count)
{
  g_autofree struct table_row *rows = g_new0(struct table_row, count);
  cr_assert_eq(spool_peek(spool, rows, count, NULL), count);
  for (uint64_t i = 0; i < count; i++)
    cr_assert_eq(rows[i].pid, first + (int32_t)i);
  spool_drop(spool, count);
}

Test(spool, rows_come_out_in_order_round_and_round)
{
  struct spool *spool = spool_of(10);
  for (int32_t n = 0; n < 1000; n += 7) {
    cr_assert_eq(append(spool, n, 7, NULL), 7);
    cr_assert_eq(spool_waiting(spool), 7);
    take(spool, n, 3);
    take(spool, n + 3, 4);
  }
  cr_assert_eq(spool_waiting(spool), 0);
  spool_free(spool);
}

Test(spool, what_finds_no_room_is_told)
{
  struct spool *spool = spool_of(10);
  g_autoptr(GError) err = NULL;
  cr_assert_eq(append(spool, 0, 6, NULL), 6);
  take(spool, 0, 4);
  cr_assert_eq(append(spool, 6, 20, &err), 8, "as many as there is room for");
  cr_assert_not_null(strstr(err->message, "10 requests wait"));
  take(spool, 4, 10);
  cr_assert_eq(append(spool, 14, 10, NULL), 10, "there is room again");
  take(spool, 14, 10);
  spool_free(spool);
}

Test(spool, what_is_read_stays_until_it_is_dropped)
{
  struct spool *spool = spool_of(4);
  struct table_row rows[8];
  cr_assert_eq(append(spool, 1, 3, NULL), 3);
  cr_assert_eq(spool_peek(spool, rows, 8, NULL), 3);
  cr_assert_eq(spool_peek(spool, rows, 8, NULL), 3);
  take(spool, 1, 3);
  cr_assert_eq(spool_peek(spool, rows, 8, NULL), 0);
  spool_free(spool);
}

static void expect_news(const struct delivery *delivery, struct delivery_told *told, const char *expected,
                        bool wrong)
{
  bool is_wrong;
  g_autofree char *text = delivery_news(delivery, told, &is_wrong);
  cr_assert_not_null(text);
  cr_assert_str_eq(text, expected);
  cr_assert_eq(is_wrong, wrong);
}

static void expect_none(const struct delivery *delivery, struct delivery_told *told)
{
  bool is_wrong;
  g_autofree char *text = delivery_news(delivery, told, &is_wrong);
  cr_assert_null(text);
}

Test(delivery, each_change_is_told_once)
{
  char place[] = "mysql://h/d", problem[] = "it is away", refusal[] = "too large";
  struct delivery delivery = {.place = place};
  struct delivery_told told = {false, false};
  expect_none(&delivery, &told);
  delivery.problem = problem;
  expect_news(&delivery, &told, "memory requests wait on disk for mysql://h/d: it is away", true);
  expect_none(&delivery, &told);
  delivery.refusal = refusal;
  expect_news(&delivery, &told,
              "memory requests that mysql://h/d cannot hold are left out and counted: too large", true);
  expect_none(&delivery, &told);
  delivery.problem = NULL;
  expect_news(&delivery, &told, "memory requests are stored in mysql://h/d again", false);
  expect_none(&delivery, &told);
}
