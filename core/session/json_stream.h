/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON text read piece by piece, so that a file of any length needs the memory of one
 * item.  Each piece is parsed by jansson; the outermost object and its lists are walked here. */
#ifndef SESSION_JSON_STREAM_H
#define SESSION_JSON_STREAM_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct json_stream {
  const char *name; /* of the file, for errors */
  FILE *file;
  long line, column; /* of the next byte, from 1; columns count characters */
  size_t size;       /* bytes of the value being read */
  bool too_large;
};

void json_stream_init(struct json_stream *stream, const char *name, FILE *file);
/* The next byte that is no blank, not taken; EOF at the end. */
int json_stream_peek(struct json_stream *stream);
/* Take WHAT after blanks; an error with the place otherwise. */
bool json_stream_expect(struct json_stream *stream, char what, GError **err);
/* After a value in a list or an object that END closes: true and *RET_MORE if another follows. */
bool json_stream_more(struct json_stream *stream, char end, bool *ret_more, GError **err);
/* The next value whole: a new reference. */
json_t *json_stream_value(struct json_stream *stream, GError **err);
/* Always false: "FILE:LINE:COLUMN: WHAT" into ERR. */
bool json_stream_error(struct json_stream *stream, GError **err, const char *what);

#endif
