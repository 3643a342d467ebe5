/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans from files, and those that are shipped. */
#include <errno.h>
#include <string.h>

#include "conf/embedded.h"
#include "core/base/error.h"
#include "core/base/keyfile.h"
#include "core/base/text.h"
#include "core/bench/plan_parts.h"

#define ENDING ".plan"
#define FILE_MOST (64 * 1024) /* bytes; what is larger is no plan */

struct reader {
  struct bench_plan *plan;
  bool given[BENCH_OPTIONS];
  GError **err;
  bool failed;
};

/* The first fault is kept, with its place. */
static void refuse(struct reader *reader, int line, int column, const char *advice, const char *what)
{
  g_autofree char *name = text_safe(reader->plan->name), *safe = text_safe(what);
  if (!reader->failed)
    error_set(reader->err, ERROR_USAGE, advice, "%s:%d:%d: %s", name, line, column, safe);
  reader->failed = true;
}

static void refuse_name(struct reader *reader, const struct keyfile_entry *entry)
{
  const char *names[BENCH_OPTIONS + 1] = {NULL};
  for (int i = 0; i < BENCH_OPTIONS; i++)
    names[i] = bench_option_row((enum bench_option)i)->name;
  const char *closest = text_closest(entry->name, names);
  g_autofree char *advice = closest ? g_strdup_printf("did you mean %s?", closest) : NULL;
  g_autofree char *what = g_strdup_printf("\"%s\" is no option of a plan", entry->name);
  refuse(reader, entry->line, entry->name_column, advice, what);
}

static void take(void *context, const struct keyfile_entry *entry, const char *fault)
{
  struct reader *reader = context;
  g_autoptr(GError) why = NULL;
  if (fault) {
    refuse(reader, entry->line, entry->name_column, NULL, fault);
    return;
  }
  if (strcmp(entry->section, "plan") != 0) {
    refuse(reader, entry->line, 1, NULL, "a plan has one section, [plan]");
    return;
  }
  const int option = bench_option_find(entry->name);
  if (option < 0) {
    refuse_name(reader, entry);
  } else if (reader->given[option]) {
    refuse(reader, entry->line, entry->name_column, NULL, "this option is given twice");
  } else if (!bench_plan_set(reader->plan, (enum bench_option)option, entry->value, &why)) {
    g_autofree char *what = error_what(why);
    refuse(reader, entry->line, entry->value_column, error_advice(why), what);
  } else {
    reader->given[option] = true;
  }
}

static struct bench_plan *plan_new(const char *name)
{
  struct bench_plan *plan = g_new0(struct bench_plan, 1);
  plan->name = g_strdup(name);
  plan->cells = g_array_new(FALSE, FALSE, sizeof(struct bench_cell));
  for (int i = 0; i < BENCH_OPTIONS; i++)
    plan->value[i] = g_strdup(bench_option_row((enum bench_option)i)->initial);
  return plan;
}

struct bench_plan *bench_plan_parse(const char *name, const char *text, size_t length, GError **err)
{
  struct reader reader = {.plan = plan_new(name), .err = err};
  g_autoptr(GError) why = NULL;
  keyfile_parse(text, length, take, &reader);
  if (!reader.failed && bench_plan_expand(reader.plan, &why))
    return reader.plan;
  if (!reader.failed) {
    g_autofree char *what = error_what(why), *safe = text_safe(name);
    error_set(err, ERROR_USAGE, error_advice(why), "%s: %s", safe, what);
  }
  bench_plan_free(reader.plan);
  return NULL;
}

char **bench_plan_names(void)
{
  GPtrArray *names = g_ptr_array_new();
  for (const struct embedded *file = embedded_table; file->name; file++)
    if (g_str_has_suffix(file->name, ENDING))
      g_ptr_array_add(names, g_strndup(file->name, strlen(file->name) - strlen(ENDING)));
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(names, FALSE);
}

static bool no_such_plan(const char *name, const GError *why, GError **err)
{
  g_auto(GStrv) names = bench_plan_names();
  g_autofree char *safe = text_safe(name), *all = g_strjoinv(", ", names);
  g_autofree char *advice = g_strdup_printf("name a file, or one of the plans that are shipped: %s", all);
  return error_set(err, ERROR_USAGE, advice, "there is no plan %s: %s", safe, why->message);
}

struct bench_plan *bench_plan_read(const char *name, GError **err)
{
  g_autofree char *file = g_strconcat(name, ENDING, NULL), *text = NULL;
  const struct embedded *shipped = embedded_find(file);
  g_autoptr(GError) why = NULL;
  gsize length;
  if (shipped)
    return bench_plan_parse(name, shipped->text, shipped->length, err);
  if (!g_file_test(name, G_FILE_TEST_IS_REGULAR))
    g_set_error_literal(&why, G_FILE_ERROR, G_FILE_ERROR_NOENT, "it is neither shipped nor a file");
  if (why || !g_file_get_contents(name, &text, &length, &why)) {
    no_such_plan(name, why, err);
    return NULL;
  }
  if (length > FILE_MOST) {
    g_autofree char *safe = text_safe(name);
    error_set(err, ERROR_USAGE, NULL, "%s: %zu bytes are too many for a plan", safe, (size_t)length);
    return NULL;
  }
  return bench_plan_parse(name, text, length, err);
}
