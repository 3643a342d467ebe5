/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/theme.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

struct role_row {
  const char *name, *text;
};

#define ROLE_ROW(id, name, text) {name, text},
static const struct role_row roles[] = {ROLES(ROLE_ROW)};
#undef ROLE_ROW

/* ECMA-48's eight and aixterm's bright ones, by number. */
static const char *const colours[] = {
    "black",        "red",           "green",       "yellow",         "blue",
    "magenta",      "cyan",          "white",       "bright-black",   "bright-red",
    "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white"};

static const struct {
  const char *name;
  unsigned attribute;
} attributes[] = {{"bold", LOOK_BOLD},
                  {"dim", LOOK_DIM},
                  {"underline", LOOK_UNDERLINE},
                  {"reverse", LOOK_REVERSE},
                  {"italic", LOOK_ITALIC}};

const char *role_name(enum role role)
{
  return roles[role].name;
}

const char *role_text(enum role role)
{
  return roles[role].text;
}

int role_find(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
    if (strcmp(roles[i].name, name) == 0)
      return (int)i;
  return -1;
}

/* "cyan", "default", "39": false if none of them. */
static bool parse_one(const char *word, short *ret)
{
  if (strcmp(word, "default") == 0) {
    *ret = -1;
    return true;
  }
  for (size_t i = 0; i < G_N_ELEMENTS(colours); i++)
    if (strcmp(colours[i], word) == 0) {
      *ret = (short)i;
      return true;
    }
  guint64 number;
  if (!g_ascii_string_to_unsigned(word, 10, 0, 255, &number, NULL))
    return false;
  *ret = (short)number;
  return true;
}

/* "cyan" for all, or "39/cyan": with 256 colours, and with 16 or 8. */
static bool parse_colour(const char *word, short *ret, short *ret16)
{
  g_auto(GStrv) parts = g_strsplit(word, "/", 2);
  if (!parts[0] || !parse_one(parts[0], ret))
    return false;
  if (parts[1])
    return parse_one(parts[1], ret16) && *ret16 < 16;
  *ret16 = *ret < 16 ? *ret : -1;
  return true;
}

static unsigned find_attribute(const char *word)
{
  for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++)
    if (strcmp(attributes[i].name, word) == 0)
      return attributes[i].attribute;
  return 0;
}

/* One word of a look: a colour, "on" before the ground's colour, an attribute. */
static bool take_word(struct look *look, const char *word, bool *on, int *colours_seen)
{
  unsigned attribute = find_attribute(word);
  if (attribute) {
    look->attributes |= attribute;
    return !*on;
  }
  if (strcmp(word, "on") == 0) {
    bool first = !*on && *colours_seen < 2;
    *on = true;
    return first;
  }
  if (*on) {
    *on = false;
    *colours_seen = 2;
    return parse_colour(word, &look->bg, &look->bg16);
  }
  return (*colours_seen)++ == 0 && parse_colour(word, &look->fg, &look->fg16);
}

struct position {
  const char *name;
  int line;
};

static bool complain(GError **err, struct position at, const char *start, const char *word, const char *why)
{
  return error_set(err, ERROR_USAGE,
                   "a line reads: ROLE = COLOUR [on COLOUR] [bold|dim|underline|reverse|italic]",
                   "%s:%d:%d: %s: \"%s\"", at.name, at.line, (int)(word - start) + 1, why, word);
}

/* Cut the next word out of *P in place; NULL at the end. */
static char *next_word(char **p)
{
  char *word = *p + strspn(*p, " \t\r");
  if (!*word)
    return NULL;
  char *end = word + strcspn(word, " \t\r");
  *p = *end ? end + 1 : end;
  *end = '\0';
  return word;
}

static bool parse_look(struct look *look, char *start, char *p, struct position at, GError **err)
{
  bool on = false;
  int seen = 0;
  char *word, *last = NULL;
  *look = (struct look){-1, -1, -1, -1, 0};
  while ((word = next_word(&p))) {
    if (!take_word(look, word, &on, &seen))
      return complain(err, at, start, word, "neither a colour nor an attribute here");
    last = word;
  }
  if (!last)
    return complain(err, at, start, p, "a colour is missing");
  if (on)
    return complain(err, at, start, last, "a colour is missing after");
  return true;
}

static bool parse_line(struct theme *theme, char *line, struct position at, GError **err)
{
  char *p = line + strspn(line, " \t\r");
  if (!*p || *p == '#')
    return true;
  char *equals = strchr(p, '=');
  if (!equals)
    return complain(err, at, line, p, "no '=' in");
  *equals = '\0';
  g_strchomp(p);
  int role = role_find(p);
  if (role < 0)
    return complain(err, at, line, p, "no such role");
  return parse_look(&theme->look[role], line, equals + 1, at, err);
}

struct theme *theme_parse(const char *name, const char *text, GError **err)
{
  struct theme *theme = g_new0(struct theme, 1);
  theme->name = g_strdup(name);
  for (int i = 0; i < ROLE_COUNT; i++)
    theme->look[i] = (struct look){-1, -1, -1, -1, 0};
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (int i = 0; lines[i]; i++)
    if (!parse_line(theme, lines[i], (struct position){name, i + 1}, err)) {
      theme_free(theme);
      return NULL;
    }
  return theme;
}

void theme_free(struct theme *theme)
{
  if (!theme)
    return;
  g_free(theme->name);
  g_free(theme);
}

bool theme_refused(void)
{
  const char *no_color = getenv("NO_COLOR"); /* https://no-color.org: set and not empty */
  return no_color && *no_color;
}
