/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/base/text.h"

#include <string.h>

#include "core/base/error.h"

#define NAME_MAX_BYTES 200

/* The character at P and its length in bytes; false: an invalid byte (length 1). */
static bool decode(const char *p, gunichar *ret, int *ret_length)
{
  *ret_length = 1;
  if (!((unsigned char)*p & 0x80)) {
    *ret = (unsigned char)*p;
    return true;
  }
  *ret = g_utf8_get_char_validated(p, -1);
  if (*ret > 0x10ffff)
    return false;
  *ret_length = (unsigned char)g_utf8_skip[(unsigned char)*p];
  return true;
}

/* Does a terminal act on C, or not show it?  By Unicode's general category: controls (Cc),
 * format characters (Cf: bidi marks and isolates, zero-width characters, BOM, tags),
 * separators of lines and paragraphs; unassigned ones have no known width. */
static bool is_unsafe(gunichar c)
{
  if (c >= 0x20 && c < 0x7f)
    return false;
  switch (g_unichar_type(c)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_FORMAT:
  case G_UNICODE_UNASSIGNED:
  case G_UNICODE_SURROGATE:
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
    return true;
  default:
    return c >= 0xe0000 && c <= 0xe0fff;
  }
}

char *text_safe(const char *s)
{
  GString *out = g_string_new(NULL);
  int length;
  for (const char *p = s ? s : ""; *p; p += length) {
    gunichar c;
    if (!decode(p, &c, &length))
      g_string_append_printf(out, "\\x%02x", (unsigned char)*p);
    else if (!is_unsafe(c))
      g_string_append_len(out, p, length);
    else
      g_string_append_printf(out, length == 1 ? "\\x%02x" : "\\u{%04x}", c);
  }
  return g_string_free(out, FALSE);
}

char *text_line(const char *s)
{
  g_autoptr(GString) line = g_string_new(NULL);
  for (const char *p = s ? s : ""; *p; p++)
    if (*p != '\n')
      g_string_append_c(line, *p);
    else if (p[1] && line->len && !strchr(".:;,!?", line->str[line->len - 1]))
      g_string_append(line, ". ");
    else if (p[1])
      g_string_append_c(line, ' ');
  return text_safe(line->str);
}

bool text_is_safe(const char *s)
{
  int length;
  for (const char *p = s ? s : ""; *p; p += length) {
    gunichar c;
    if (!decode(p, &c, &length) || is_unsafe(c))
      return false;
  }
  return true;
}

static int char_width(gunichar c)
{
  if (c < 0x300)
    return 1;
  if (g_unichar_iszerowidth(c))
    return 0;
  return g_unichar_iswide(c) ? 2 : 1;
}

/* Columns of the character at P, and its LENGTH in bytes. */
static int width_at(const char *p, int *length)
{
  gunichar c;
  return decode(p, &c, length) ? char_width(c) : 1;
}

int text_width(const char *s)
{
  int width = 0, length;
  for (const char *p = s; *p; p += length)
    width += width_at(p, &length);
  return width;
}

size_t text_break(const char *s, int cols)
{
  const char *start = s + strspn(s, " "), *blank = NULL, *p;
  int width = (int)(start - s), length;
  for (p = start; *p && *p != '\n'; p += length) {
    width += width_at(p, &length);
    if (*p == ' ')
      blank = p;
    if (width > cols)
      return (size_t)((blank ? blank : p > s ? p : p + length) - s);
  }
  return (size_t)(p - s);
}

/* Bytes of S that fill at most COLS columns, combining marks included. */
static size_t bytes_within(const char *s, int cols)
{
  int length;
  const char *p = s;
  for (int width = 0; *p; p += length) {
    width += width_at(p, &length);
    if (width > cols)
      break;
  }
  return p - s;
}

char *text_fit(const char *s, int cols, bool ascii)
{
  if (cols <= 0)
    return g_strdup("");
  if (!s[bytes_within(s, cols)])
    return g_strdup(s);
  size_t keep = bytes_within(s, cols - 1);
  return g_strdup_printf("%.*s%s", (int)keep, s, ascii ? "~" : "…");
}

char *text_ascii(const char *s)
{
  GString *out = g_string_new(NULL);
  int length;
  for (const char *p = s; *p; p += length) {
    gunichar c;
    g_string_append_c(out, decode(p, &c, &length) && c < 0x80 ? *p : '?');
  }
  return g_string_free(out, FALSE);
}

static const char *name_fault(const char *name)
{
  size_t length = strlen(name);
  if (!length)
    return "it is empty";
  if (!strcmp(name, ".") || !strcmp(name, ".."))
    return "\".\" and \"..\" are folders";
  if (length > NAME_MAX_BYTES)
    return "it is longer than 200 bytes";
  if (strchr(name, '/'))
    return "it holds a \"/\"";
  if (!g_utf8_validate(name, -1, NULL))
    return "it is not valid UTF-8";
  if (!text_is_safe(name))
    return "it holds control or invisible characters";
  gunichar last = g_utf8_get_char(g_utf8_prev_char(name + length));
  if (g_unichar_isspace(g_utf8_get_char(name)) || g_unichar_isspace(last))
    return "it begins or ends with a blank";
  return NULL;
}

bool text_name_ok(const char *name, GError **err)
{
  const char *fault = name_fault(name);
  if (!fault)
    return true;
  g_autofree char *safe = text_safe(name);
  g_autofree char *shown = text_fit(safe, 60, true);
  return error_set(err, ERROR_USAGE, "Choose a name of letters, digits, \"-\", \"_\" and \".\".",
                   "the name \"%s\" cannot be used: %s", shown, fault);
}

/* One word from *P into WORD.  False: a quote or backslash is left open. */
static bool take_word(const char **p, GString *word)
{
  char quote = 0;
  for (; **p && (quote || !g_ascii_isspace(**p)); (*p)++) {
    char c = **p;
    if (quote ? c == quote : c == '\'' || c == '"') {
      quote = quote ? 0 : c;
    } else if (c == '\\' && quote != '\'') {
      if (!*++*p)
        return false;
      g_string_append_c(word, **p);
    } else {
      g_string_append_c(word, c);
    }
  }
  return !quote;
}

char **text_split_words(const char *line, GError **err)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GString) word = g_string_new(NULL);
  for (const char *p = line;;) {
    while (g_ascii_isspace(*p))
      p++;
    if (!*p)
      break;
    g_string_truncate(word, 0);
    if (!take_word(&p, word)) {
      error_set(err, ERROR_USAGE, "Close the quote, or put \\ before a quote that is meant as such.",
                "the line ends inside a quote");
      return NULL;
    }
    g_ptr_array_add(words, g_strdup(word->str));
  }
  g_ptr_array_add(words, NULL);
  return (char **)g_ptr_array_steal(words, NULL);
}

const char *text_last_word(const char *line, char **ret_word)
{
  g_autoptr(GString) word = g_string_new(NULL);
  const char *p = line, *start;
  do {
    while (g_ascii_isspace(*p))
      p++;
    start = p;
    g_string_truncate(word, 0);
  } while (take_word(&p, word) && *p);
  if (ret_word)
    *ret_word = g_strdup(word->str);
  return start;
}

char *text_quote_word(const char *word)
{
  if (*word && !strpbrk(word, " \t\n\v\f\r'\"\\"))
    return g_strdup(word);
  GString *out = g_string_new("'");
  for (const char *p = word; *p; p++) {
    if (*p == '\'')
      g_string_append(out, "'\\''");
    else
      g_string_append_c(out, *p);
  }
  return g_string_free(g_string_append_c(out, '\''), FALSE);
}

static char *fold(const char *s)
{
  g_autofree char *valid = g_utf8_make_valid(s, -1);
  g_autofree char *folded = g_utf8_casefold(valid, -1);
  return g_utf8_normalize(folded, -1, G_NORMALIZE_ALL);
}

bool text_matches(const char *s, const char *pattern)
{
  if (g_str_is_ascii(s) && g_str_is_ascii(pattern))
    return strcasestr(s, pattern) != NULL;
  g_autofree char *folded = fold(s);
  g_autofree char *wanted = fold(pattern);
  return strstr(folded, wanted) != NULL;
}

/* Optimal string alignment distance (Damerau 1964: insertion, deletion, substitution,
 * transposition of neighbours), ASCII case ignored. */
static unsigned distance(const char *a, const char *b)
{
  size_t m = strlen(a), n = strlen(b), w = n + 1;
  g_autofree unsigned *d = g_new(unsigned, (m + 1) * w);
  for (size_t i = 0; i <= m; i++)
    d[i * w] = i;
  for (size_t j = 0; j <= n; j++)
    d[j] = j;
  for (size_t i = 1; i <= m; i++) {
    for (size_t j = 1; j <= n; j++) {
      char x = g_ascii_tolower(a[i - 1]), y = g_ascii_tolower(b[j - 1]);
      unsigned best = MIN(d[(i - 1) * w + j], d[i * w + j - 1]) + 1;
      best = MIN(best, d[(i - 1) * w + j - 1] + (x != y));
      if (i > 1 && j > 1 && x == g_ascii_tolower(b[j - 2]) && y == g_ascii_tolower(a[i - 2]))
        best = MIN(best, d[(i - 2) * w + j - 2] + 1);
      d[i * w + j] = best;
    }
  }
  return d[m * w + n];
}

#define CLOSEST_MAX_BYTES 64 /* nothing that long is a slip of the finger */

const char *text_closest(const char *word, const char *const *words)
{
  const char *closest = NULL;
  size_t length = strlen(word);
  if (!length || length > CLOSEST_MAX_BYTES)
    return NULL;
  unsigned limit = MAX(1, length / 3) + 1; /* one slip in three letters */
  for (; *words; words++) {
    unsigned d = distance(word, *words);
    if (d < limit && d < strlen(*words)) {
      limit = d;
      closest = *words;
    }
  }
  return closest;
}

void text_append_csv(GString *out, const char *text)
{
  g_autofree char *safe = text_safe(text);
  const char *guard = *safe && strchr("=+-@", *safe) ? "'" : "";

  if (!strpbrk(safe, ",\"\n\r")) {
    g_string_append_printf(out, "%s%s", guard, safe);
    return;
  }
  g_string_append_printf(out, "\"%s", guard);
  for (const char *c = safe; *c; c++) {
    if (*c == '"')
      g_string_append_c(out, '"');
    g_string_append_c(out, *c);
  }
  g_string_append_c(out, '"');
}
