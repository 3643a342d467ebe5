/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Theme files: those shipped, and bad ones. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/error.h"
#include "core/engine/settings.h"
#include "tui/theme.h"

Test(tui_theme, shipped_ones_say_every_role)
{
  g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
  g_auto(GStrv) names = settings_themes();
  cr_assert_geq(g_strv_length(names), 5u);
  for (int i = 0; names[i]; i++) {
    g_autoptr(GError) err = NULL;
    g_autofree char *text = settings_theme_text(names[i], &err);
    struct theme *theme = text ? theme_parse(names[i], text, &err) : NULL;
    cr_assert_not_null(theme, "%s: %s", names[i], err ? err->message : "");
    for (int role = 0; role < ROLE_COUNT; role++) {
      g_autofree char *line = g_strdup_printf("\n%s =", role_name((enum role)role));
      cr_assert_not_null(strstr(text, line), "%s says nothing of %s", names[i], role_name((enum role)role));
    }
    theme_free(theme);
  }
}

/* The mono theme shows what is selected and what is wrong without a colour. */
Test(tui_theme, mono_has_no_colours)
{
  g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
  g_autofree char *text = settings_theme_text("mono", NULL);
  struct theme *theme = theme_parse("mono", text, NULL);
  for (int role = 0; role < ROLE_COUNT; role++)
    cr_assert(theme->look[role].fg < 0 && theme->look[role].bg < 0);
  cr_assert(theme->look[ROLE_SELECTED].attributes & LOOK_REVERSE);
  cr_assert(theme->look[ROLE_WRONG].attributes);
  cr_assert(theme->look[ROLE_CHOICE].attributes);
  theme_free(theme);
}

Test(tui_theme, looks)
{
  const char *text = "# one\n\nselected = 255/bright-white on 24/blue bold underline\n dim=244\r\ntext = "
                     "default on 16/black\n";
  struct theme *theme = theme_parse("x", text, NULL);
  cr_assert_not_null(theme);
  const struct look *l = &theme->look[ROLE_SELECTED];
  cr_assert_eq(l->fg, 255);
  cr_assert_eq(l->fg16, 15);
  cr_assert_eq(l->bg, 24);
  cr_assert_eq(l->bg16, 4);
  cr_assert_eq(l->attributes, LOOK_BOLD | LOOK_UNDERLINE);
  cr_assert_eq(theme->look[ROLE_DIM].fg, 244);
  cr_assert_eq(theme->look[ROLE_DIM].fg16, -1);
  cr_assert_eq(theme->look[ROLE_TEXT].bg16, 0);
  theme_free(theme);
}

Test(tui_theme, bad_ones_name_line_and_column)
{
  static const struct {
    const char *text, *where;
  } bad[] = {{"text = default\nfoo = red\n", "x:2:1:"},
             {"text red\n", "x:1:1:"},
             {"text = \n", "x:1:"},
             {"text = rde\n", "x:1:8:"},
             {"text = red blue\n", "x:1:12:"},
             {"text = red on\n", "x:1:12:"},
             {"text = 256\n", "x:1:8:"},
             {"text = 300/red\n", "x:1:8:"},
             {"text = 12/200\n", "x:1:8:"},
             {"text = red on bold\n", "x:1:15:"},
             {"text = red on blue on red\n", "x:1:20:"}};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) err = NULL;
    cr_assert_null(theme_parse("x", bad[i].text, &err), "taken: %s", bad[i].text);
    cr_assert_eq(err->code, ERROR_USAGE);
    cr_assert(g_str_has_prefix(err->message, bad[i].where), "\"%s\": %s", bad[i].text, err->message);
  }
}

Test(tui_theme, roles)
{
  for (int role = 0; role < ROLE_COUNT; role++) {
    cr_assert_eq(role_find(role_name((enum role)role)), role);
    cr_assert(*role_text((enum role)role));
  }
  cr_assert_eq(role_find("no-such"), -1);
}
