/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/base/keyfile.h"

#include <string.h>

struct parser {
  keyfile_visit visit;
  void *context;
  char *section;
  bool lost; /* after a broken [section]: what follows is nobody's, and has been complained of */
  int line;
};

static int column_of(const char *line, const char *at)
{
  return (int)g_utf8_strlen(line, at - line) + 1;
}

static void complain(struct parser *parser, int column, const char *fault)
{
  const struct keyfile_entry entry = {.line = parser->line, .name_column = column, .value_column = column};
  parser->visit(parser->context, &entry, fault);
}

static void section_line(struct parser *parser, const char *line, const char *start)
{
  const char *end = strchr(start, ']');
  parser->lost = true;
  if (!end || end == start + 1) {
    complain(parser, column_of(line, start), "a section is written [name]");
    return;
  }
  if (end[1 + strspn(end + 1, " \t")] != '\0') {
    complain(parser, column_of(line, end + 1), "nothing may follow the section's ]");
    return;
  }
  parser->lost = false;
  g_free(parser->section);
  parser->section = g_strndup(start + 1, (gsize)(end - start - 1));
}

static const char *skip_blanks(const char *s)
{
  while (*s == ' ' || *s == '\t')
    s++;
  return s;
}

static void entry_line(struct parser *parser, const char *line, const char *start)
{
  /* A key may itself be '=': look for the sign after the first character. */
  const char *sign = strchr(start + 1, '=');
  if (!sign) {
    complain(parser, column_of(line, start), "expected NAME = VALUE");
    return;
  }
  if (parser->lost)
    return;
  if (!parser->section) {
    complain(parser, column_of(line, start), "a [section] must come first");
    return;
  }
  g_autofree char *name = g_strchomp(g_strndup(start, (gsize)(sign - start)));
  const char *value_at = skip_blanks(sign + 1);
  g_autofree char *value = g_strchomp(g_strdup(value_at));
  const struct keyfile_entry entry = {
      parser->section, name, value, parser->line, column_of(line, start), column_of(line, value_at)};
  parser->visit(parser->context, &entry, NULL);
}

static void one_line(struct parser *parser, const char *line)
{
  const char *start = skip_blanks(line);
  if (*start == '\0' || *start == '#')
    return;
  if (*start == '[' && start[1] != '\0' && start[1] != ' ' && start[1] != '=')
    section_line(parser, line, start);
  else
    entry_line(parser, line, start);
}

void keyfile_parse(const char *text, size_t length, keyfile_visit visit, void *context)
{
  struct parser parser = {.visit = visit, .context = context};
  const char *end = text + length;
  for (const char *at = text; at < end;) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    const size_t size = (size_t)((stop ? stop : end) - at);
    g_autofree char *line = g_strndup(at, size);
    const size_t used = size && line[size - 1] == '\r' ? size - 1 : size;
    const char *bad;
    line[used] = '\0';
    parser.line++;
    if (memchr(at, '\0', size))
      complain(&parser, 1, "the line holds a zero byte");
    else if (!g_utf8_validate(line, -1, &bad))
      complain(&parser, (int)(bad - line) + 1, "not valid UTF-8");
    else
      one_line(&parser, line);
    at += size + 1;
  }
  g_free(parser.section);
}
