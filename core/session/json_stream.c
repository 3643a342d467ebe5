/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/json_stream.h"

#include <errno.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define VALUE_MAX (16 << 20) /* bytes of one value: a scan of thousands of guests is below */
#define SCALAR_MAX 64
#define VALUE_FLAGS (JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY | JSON_REJECT_DUPLICATES)

void json_stream_init(struct json_stream *stream, const char *name, FILE *file)
{
  *stream = (struct json_stream){.name = name, .file = file, .line = 1, .column = 1};
}

bool json_stream_error(struct json_stream *stream, GError **err, const char *what)
{
  if (ferror(stream->file))
    return error_set_errno(err, ERROR_RESOURCES, errno, NULL, "cannot read %s", stream->name);
  g_autofree char *safe = text_safe(what);
  return error_set(err, ERROR_GENERAL, NULL, "%s:%ld:%ld: %s", stream->name, stream->line, stream->column,
                   safe);
}

static int take(struct json_stream *stream)
{
  int c = getc_unlocked(stream->file);
  if (c == '\n') {
    stream->line++;
    stream->column = 1;
  } else if (c != EOF && (c & 0xc0) != 0x80) {
    stream->column++;
  }
  return c;
}

static int look(struct json_stream *stream)
{
  int c = getc_unlocked(stream->file);
  if (c != EOF)
    ungetc(c, stream->file);
  return c;
}

int json_stream_peek(struct json_stream *stream)
{
  int c;
  while ((c = look(stream)) == ' ' || c == '\t' || c == '\n' || c == '\r')
    take(stream);
  return c;
}

bool json_stream_expect(struct json_stream *stream, char what, GError **err)
{
  int c = json_stream_peek(stream);
  if (c == what) {
    take(stream);
    return true;
  }
  g_autofree char *text = c == EOF ? g_strdup_printf("the file ends where '%c' is expected", what)
                                   : g_strdup_printf("'%c' expected", what);
  return json_stream_error(stream, err, text);
}

bool json_stream_more(struct json_stream *stream, char end, bool *ret_more, GError **err)
{
  int c = json_stream_peek(stream);
  *ret_more = c == ',';
  if (c == ',' || c == end) {
    take(stream);
    return true;
  }
  g_autofree char *text = c == EOF ? g_strdup_printf("the file ends before '%c'", end)
                                   : g_strdup_printf("',' or '%c' expected", end);
  return json_stream_error(stream, err, text);
}

/* One byte at a time, so that nothing beyond the value is taken. */
static size_t feed(void *buffer, size_t length, void *context)
{
  struct json_stream *stream = context;
  stream->too_large = stream->size >= VALUE_MAX;
  int c = length == 0 || stream->too_large ? EOF : take(stream);
  if (c == EOF)
    return 0;
  stream->size++;
  *(char *)buffer = (char)c;
  return 1;
}

/* Numbers and words end at what follows them, which jansson would take. */
static json_t *scalar(struct json_stream *stream, json_error_t *error)
{
  char text[SCALAR_MAX + 1];
  size_t used = 0;
  for (int c = look(stream); used < SCALAR_MAX && c != EOF && (g_ascii_isalnum(c) || strchr("+-.", c));
       c = look(stream))
    text[used++] = (char)take(stream);
  return json_loadb(text, used, JSON_DECODE_ANY, error);
}

json_t *json_stream_value(struct json_stream *stream, GError **err)
{
  json_error_t error = {0};
  int c = json_stream_peek(stream);
  stream->size = 0;
  stream->too_large = false;
  json_t *value = c != EOF && strchr("{[\"", c) ? json_load_callback(feed, stream, VALUE_FLAGS, &error)
                                                : scalar(stream, &error);
  if (!value)
    json_stream_error(stream, err,
                      stream->too_large     ? "a value of more than 16 MiB"
                      : look(stream) == EOF ? "the file ends in the middle"
                                            : error.text);
  return value;
}
