/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration: what is shipped reads clean, what is wrong is named with its place. */
#include "tests/unit/test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "conf/embedded.h"
#include "core/base/error.h"
#include "core/engine/settings.h"

static char *write_temp(const char *text, size_t length)
{
  char *path = NULL;
  const int fd = g_file_open_tmp("virtlens-conf-XXXXXX", &path, NULL);
  cr_assert(fd >= 0);
  cr_assert(write(fd, text, length) == (ssize_t)length);
  close(fd);
  return path;
}

static bool no_pink(enum setting_id id, const char *value, GError **err)
{
  return id != SETTING_THEME || strcmp(value, "pink") != 0 ||
         error_set(err, ERROR_USAGE, "try blue", "no theme \"pink\"");
}

static char *no_nokey(const char *name)
{
  return strcmp(name, "nokey") == 0 ? NULL : g_strdup(strcmp(name, "PgUp") == 0 ? "PageUp" : name);
}

static const struct settings_judge judge = {no_pink, no_nokey};

static GPtrArray *complaints_of(const char *text, size_t length)
{
  g_autofree char *path = write_temp(text, length);
  GPtrArray *complaints = g_ptr_array_new_with_free_func(g_free);
  struct settings *settings = settings_read(path, &judge, complaints);
  cr_assert((settings == NULL) == (complaints->len > 0));
  settings_free(settings);
  g_unlink(path);
  return complaints;
}

/* Each row: a file, and what its only complaint holds (NULL: none). */
static const struct {
  const char *text, *complaint;
} rows[] = {
    {"", NULL},
    {"# only a comment\n\n", NULL},
    {"[settings]\ninterval = 0.5\n", NULL},
    {"[settings]\r\ninterval = 0.5\r\n", NULL},
    {"interval = 1\n", ":1:1: a [section] must come first"},
    {"[settings]\n  intervall = 1\n", ":2:3: unknown setting \"intervall\": did you mean \"interval\"?"},
    {"[settings]\ninterval = 0\n", ":2:12: interval: "},
    {"[settings]\ninterval = 1e999\n", ":2:12: interval: "},
    {"[settings]\ninterval = 0\n", "it is too short (Give seconds from 0.1 to 60, "},
    {"[settings]\ninterval =\n", ":2:11: interval: "},
    {"[settings]\nhistory = 59\n", ":2:11: history: "},
    {"[settings]\nwatch-budget = 2\n", ":2:16: watch-budget: "},
    {"[settings]\ngraphs = perhaps\n", ":2:10: graphs: "},
    {"[settings\ninterval = 1\n", ":1:1: a section is written [name]"},
    {"[settings] x\n", ":1:11: nothing may follow"},
    {"[colours]\na = b\n", ":2:1: unknown section [colours]"},
    {"[settings]\njust words\n", ":2:1: expected NAME = VALUE"},
    {"[keys.main]\nF5 = snapshoot\n", ":2:6: unknown command \"snapshoot\" (did you mean "},
    {"[keys.main]\nnokey = quit\n", ":2:1: unknown key \"nokey\" (write a character"},
    {"[keys.main]\nPgUp = help\nPageUp = quit\n", ":3:1: key \"PageUp\" is bound twice"},
    {"[keys.nowhere]\nq = quit\n", ":2:1: unknown place \"nowhere\""},
    {"[keys.main]\nb = help\nb = quit\n", ":3:1: key \"b\" is bound twice in [keys.main], first to \"help\""},
    {"[keys.main]\n= = faster\n", NULL},
    {"[keys.main]\n\xc3\xa4 = faster\n", NULL},
    {"[settings]\n\xff\n", ":2:1: not valid UTF-8"},
};

Test(settings, every_fault_is_named_with_its_place)
{
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GPtrArray) complaints = complaints_of(rows[i].text, strlen(rows[i].text));
    if (!rows[i].complaint) {
      cr_assert_eq(complaints->len, 0, "row %zu: %s", i, complaints->len ? (char *)complaints->pdata[0] : "");
      continue;
    }
    cr_assert_eq(complaints->len, 1, "row %zu: %u complaints", i, complaints->len);
    cr_assert(strstr(complaints->pdata[0], rows[i].complaint), "row %zu: %s", i,
              (char *)complaints->pdata[0]);
  }
}

Test(settings, what_the_screen_knows_is_judged_with_its_place_and_later_too)
{
  static const char text[] = "[settings]\nsort = any\ntheme = pink\n";
  g_autofree char *path = write_temp(text, sizeof text - 1), *empty = write_temp("", 0);
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  cr_assert_null(settings_read(path, &judge, complaints));
  cr_assert_eq(complaints->len, 1);
  cr_assert(strstr(complaints->pdata[0], ":3:9: theme: no theme \"pink\" (try blue)"), "%s",
            (char *)complaints->pdata[0]);
  struct settings *settings = settings_read(empty, &judge, complaints);
  struct settings *copy = settings_copy(settings);
  cr_assert_not(settings_set(settings, SETTING_THEME, "pink", NULL));
  cr_assert_not(settings_set(copy, SETTING_THEME, "pink", NULL));
  cr_assert(settings_set(settings, SETTING_THEME, "blue", NULL));
  settings_free(settings);
  settings_free(copy);
  g_unlink(path);
  g_unlink(empty);
}

Test(settings, all_faults_are_reported_at_once)
{
  const char text[] = "[settings]\na = 1\nb = 2\n[keys.main]\nq = q\n";
  g_autoptr(GPtrArray) complaints = complaints_of(text, sizeof text - 1);
  cr_assert_eq(complaints->len, 3);
}

Test(settings, a_zero_byte_is_a_fault)
{
  const char text[] = "[settings]\ninterval = 1\0\n";
  g_autoptr(GPtrArray) complaints = complaints_of(text, sizeof text - 1);
  cr_assert_eq(complaints->len, 1);
}

static const struct binding *binding_of(const struct settings *settings, const char *place, const char *key)
{
  const GPtrArray *bindings = settings_bindings(settings);
  const struct binding *found = NULL;
  for (guint i = 0; i < bindings->len; i++) {
    const struct binding *b = bindings->pdata[i];
    if (!strcmp(b->place, place) && !strcmp(b->key, key)) {
      cr_assert_null(found);
      found = b;
    }
  }
  return found;
}

Test(settings, the_users_keys_come_on_top)
{
  const char text[] = "[keys.main]\nn = help\nS = none\n[keys.all]\nPgUp = none\n";
  g_autofree char *path = write_temp(text, sizeof text - 1);
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  struct settings *settings = settings_read(path, &judge, complaints);
  cr_assert_not_null(settings);
  cr_assert_str_eq(binding_of(settings, "main", "n")->command, "help");
  cr_assert(binding_of(settings, "main", "n")->user);
  cr_assert_null(binding_of(settings, "main", "S"));
  cr_assert_null(binding_of(settings, "all", "PageUp"), "by whichever name");
  cr_assert_str_eq(binding_of(settings, "main", "x")->command, "stop");
  settings_free(settings);
  g_unlink(path);
}

Test(settings, every_function_key_has_a_plain_twin)
{
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *path = write_temp("", 0);
  struct settings *settings = settings_read(path, NULL, complaints);
  const GPtrArray *bindings = settings_bindings(settings);
  for (guint i = 0; i < bindings->len; i++) {
    const struct binding *b = bindings->pdata[i];
    if (b->key[0] != 'F' || !b->key[1])
      continue;
    bool twin = false;
    for (guint k = 0; k < bindings->len; k++) {
      const struct binding *other = bindings->pdata[k];
      twin = twin || (!strcmp(other->command, b->command) && strlen(other->key) == 1);
    }
    cr_assert(twin, "%s (%s) has no plain key", b->key, b->command);
  }
  settings_free(settings);
  g_unlink(path);
}

Test(settings, saving_keeps_comments_and_order)
{
  const char text[] =
      "# mine\n[keys.main]\nb = help\n\n[settings]\n# slow\ninterval = 2\n\n[keys.all]\nw = quit\n";
  g_autofree char *path = write_temp(text, sizeof text - 1), *saved = NULL, *read = NULL;
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  struct settings *settings = settings_read(path, NULL, complaints);
  cr_assert(settings_set(settings, SETTING_INTERVAL, "5", NULL));
  cr_assert(settings_set(settings, SETTING_THEME, "mono", NULL));
  cr_assert(settings_save(settings, &saved, NULL));
  cr_assert_str_eq(saved, path);
  cr_assert(g_file_get_contents(path, &read, NULL, NULL));
  cr_assert(strstr(read, "# mine\n[keys.main]\nb = help\n"));
  cr_assert(strstr(read, "# slow\ninterval = 5\n"));
  cr_assert(strstr(read, "theme = mono\n"));
  cr_assert(strstr(read, "theme = mono") < strstr(read, "[keys.all]"));
  cr_assert(strstr(read, "[keys.all]\nw = quit\n"));
  settings_free(settings);
  settings = settings_read(path, NULL, complaints);
  cr_assert_not_null(settings, "what was saved reads clean");
  cr_assert_str_eq(settings_get(settings, SETTING_THEME), "mono");
  cr_assert_eq(settings_number(settings, SETTING_INTERVAL), 5.0);
  settings_free(settings);
  g_unlink(path);
}

Test(settings, a_bad_value_changes_nothing)
{
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *path = write_temp("", 0);
  struct settings *settings = settings_read(path, NULL, complaints);
  g_autoptr(GError) err = NULL;
  cr_assert_not(settings_set(settings, SETTING_INTERVAL, "-1", &err));
  cr_assert_not_null(err);
  cr_assert_str_eq(settings_get(settings, SETTING_INTERVAL), "1");
  settings_free(settings);
  g_unlink(path);
}

Test(settings, a_number_means_its_unit)
{
  static const struct {
    const char *text;
    double seconds;
  } intervals[] = {{"0.5", 0.5}, {"250ms", 0.25}, {"1m", 60}, {" 2 s", 2}};
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  struct settings *settings = settings_read("/dev/null", NULL, complaints);
  for (size_t i = 0; i < G_N_ELEMENTS(intervals); i++) {
    cr_assert(settings_set(settings, SETTING_INTERVAL, intervals[i].text, NULL));
    cr_assert_eq(settings_number(settings, SETTING_INTERVAL), intervals[i].seconds, "%s", intervals[i].text);
  }
  cr_assert_eq(settings_number(settings, SETTING_HISTORY), 600);
  cr_assert_eq(settings_number(settings, SETTING_STOP_DEADLINE), 60);
  cr_assert(settings_set(settings, SETTING_STOP_DEADLINE, "2m", NULL));
  cr_assert_eq(settings_number(settings, SETTING_STOP_DEADLINE), 120);
  cr_assert_not(settings_set(settings, SETTING_STOP_DEADLINE, "0.5", NULL));
  cr_assert_not(settings_set(settings, SETTING_INTERVAL, "2m", NULL), "each has limits of its own");
  settings_free(settings);
}

Test(settings, a_missing_file_that_was_named_is_a_fault)
{
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  cr_assert_null(settings_read("/nonexistent/virtlens.conf", NULL, complaints));
  cr_assert_eq(complaints->len, 1);
}

Test(settings, no_theme_name_leaves_its_folder)
{
  g_autoptr(GError) err = NULL;
  cr_assert_null(settings_theme_text("../../etc/passwd", &err));
  cr_assert(strstr(err->message, "no theme"));
}
