/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of the journal's blobs: varints, numbers and texts.  Writing never fails;
 * reading checks every bound and sets BAD once, after which everything reads as 0. */
#ifndef SESSION_BLOB_H
#define SESSION_BLOB_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* How a number is stored.  The words are those of the journal's table `metric`. */
enum blob_form {
  FORM_INTEGER, /* exact; integers as the difference to the value before */
  FORM_NANO,    /* seconds, kept to the nanosecond, likewise */
  FORM_DECIMAL, /* seven significant decimal digits: what is derived or drawn only */
  BLOB_FORMS
};
const char *blob_form_name(enum blob_form form);
int blob_form_find(const char *name); /* -1: none */

void blob_put_uint(GByteArray *out, uint64_t n); /* 7 bits a byte, low first */
void blob_put_int(GByteArray *out, int64_t n);   /* zigzag */
void blob_put_decimal(GByteArray *out, double value);
/* A finite VALUE in FORM; BEFORE is the one stored before it, or 0. */
void blob_put_number(GByteArray *out, enum blob_form form, double value, double before);
void blob_put_text(GByteArray *out, const char *text); /* NULL is kept as NULL */

struct blob_in {
  const uint8_t *at, *end;
  bool bad;
};
uint64_t blob_get_uint(struct blob_in *in);
/* The same, BAD when above MAX. */
uint64_t blob_get_limited(struct blob_in *in, uint64_t max);
/* A count of things that take at least one byte each. */
int blob_get_count(struct blob_in *in);
int64_t blob_get_int(struct blob_in *in);
double blob_get_decimal(struct blob_in *in);
double blob_get_number(struct blob_in *in, enum blob_form form, double before);
char *blob_get_text(struct blob_in *in); /* g_free; NULL also when BAD */
/* Sum and difference that wrap as unsigned numbers do (input may be anything). */
int64_t blob_sum(int64_t a, int64_t b);
int64_t blob_diff(int64_t a, int64_t b);

#endif
