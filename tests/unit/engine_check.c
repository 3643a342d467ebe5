/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host verification as people and programs read it. */
#include <jansson.h>
#include <string.h>

#include "core/base/text.h"
#include "core/engine/check.h"
#include "tests/unit/test.h"

/* Every row the same, but for the second, which has everything. */
static struct checkup *sample(const char *seen)
{
  struct checkup *checkup = g_new0(struct checkup, 1);
  checkup->host = g_strdup("b\033[31mox");
  checkup->kernel = g_strdup("6.1");
  checkup->machine = g_strdup("x86_64");
  checkup->verdict = g_strdup("Guests run.");
  for (int i = 0; i < CHECKS; i++)
    finding_set(&checkup->findings[i], i % 2 ? FINDING_MISSING : FINDING_OK, i % 2 ? "buy a new one" : NULL,
                "%s", seen);
  checkup->findings[1].source = g_strdup("/there");
  return checkup;
}

#define LONG                                                                                                 \
  "a\tword \xff a-word-that-is-far-too-long-to-stand-on-any-line-beside-the-title-of-its-row wide "          \
  "\xe6\x96\x87 end"

Test(engine_check, lines_are_safe_and_no_wider_than_the_terminal)
{
  static const int widths[] = {0, 50, 80, 81, 200};
  for (size_t w = 0; w < G_N_ELEMENTS(widths); w++) {
    struct checkup *checkup = sample(LONG);
    g_autofree char *text = check_text(checkup, widths[w], false);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i]; i++) {
      cr_assert(text_is_safe(lines[i]), "%s", lines[i]);
      cr_assert(text_width(lines[i]) <= MAX(widths[w], CHECK_WIDTH_MIN), "%s", lines[i]);
      cr_assert(!g_str_has_suffix(lines[i], " "), "%s|", lines[i]);
    }
    checkup_free(checkup);
  }
}

Test(engine_check, a_row_has_its_state_its_source_and_its_advice)
{
  struct checkup *checkup = sample("seen it");
  g_autofree char *text = check_text(checkup, 80, false);
  cr_assert_not_null(
      strstr(text, "\nRunning guests\n  ok       machine              seen it (/sys/class/dmi/id"));
  cr_assert_not_null(strstr(text, "\n  missing  CPU extensions       seen it (/there)\n"
                                  "                                -> buy a new one\n"));
  cr_assert_not_null(strstr(text, "\n\nGuests run.\n12 ok, 0 limited, 12 missing, 0 unknown.\n"));
  cr_assert_null(strchr(text, '\033'));
  checkup_free(checkup);
}

Test(engine_check, colours_are_around_the_state_alone)
{
  struct checkup *checkup = sample("seen it");
  g_autofree char *plain = check_text(checkup, 80, false), *coloured = check_text(checkup, 80, true);
  g_auto(GStrv) parts = g_strsplit(coloured, "\033[31mmissing\033[39m", -1);
  cr_assert_eq(g_strv_length(parts), 1 + CHECKS / 2);
  g_autoptr(GRegex) escapes = g_regex_new("\033\\[[0-9]+m", 0, 0, NULL);
  g_autofree char *stripped = g_regex_replace(escapes, coloured, -1, 0, "", 0, NULL);
  cr_assert_str_eq(stripped, plain);
  checkup_free(checkup);
}

Test(engine_check, json_holds_what_the_lines_do)
{
  struct checkup *checkup = sample("seen \033 it");
  g_autofree char *text = check_json(checkup);
  json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  cr_assert_not_null(object);
  const json_t *rows = json_object_get(object, "checks");
  cr_assert_eq(json_array_size(rows), CHECKS);
  const json_t *first = json_array_get(rows, 0), *second = json_array_get(rows, 1);
  cr_assert_str_eq(json_string_value(json_object_get(first, "name")), "machine");
  cr_assert_str_eq(json_string_value(json_object_get(first, "seen")), "seen \033 it");
  cr_assert(json_is_null(json_object_get(first, "advice")));
  cr_assert_str_eq(json_string_value(json_object_get(second, "state")), "missing");
  cr_assert_str_eq(json_string_value(json_object_get(second, "source")), "/there");
  cr_assert_str_eq(json_string_value(json_object_get(second, "advice")), "buy a new one");
  cr_assert(json_is_false(json_object_get(object, "accelerated")));
  json_decref(object);
  checkup_free(checkup);
}
