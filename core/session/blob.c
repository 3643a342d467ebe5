/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/blob.h"

#include <math.h>
#include <string.h>

static const char *const form_names[BLOB_FORMS] = {"integer", "nano", "decimal"};

#define INTEGER_MAX (INT64_C(1) << 53) /* doubles hold every integer up to here */
#define NANO_MAX (INT64_C(1) << 50)    /* n / 1e9 * 1e9 rounds back to n up to here, and some way beyond */
#define DECIMAL_DIGITS 7
#define DECIMAL_LIMIT INT64_C(10000000) /* 10 ^ DECIMAL_DIGITS */
#define EXPONENT_MAX 300
#define TINY 1e-280 /* below it a figure is 0: no reading of ours is */

const char *blob_form_name(enum blob_form form)
{
  return form_names[form];
}

int blob_form_find(const char *name)
{
  for (int i = 0; i < BLOB_FORMS; i++)
    if (g_strcmp0(name, form_names[i]) == 0)
      return i;
  return -1;
}

static uint64_t zigzag(int64_t n)
{
  return ((uint64_t)n << 1) ^ (n < 0 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t n)
{
  return (int64_t)((n >> 1) ^ ((n & 1) ? UINT64_MAX : 0));
}

int64_t blob_sum(int64_t a, int64_t b)
{
  return (int64_t)((uint64_t)a + (uint64_t)b);
}

int64_t blob_diff(int64_t a, int64_t b)
{
  return (int64_t)((uint64_t)a - (uint64_t)b);
}

void blob_put_uint(GByteArray *out, uint64_t n)
{
  uint8_t bytes[10];
  unsigned used = 0;
  for (; n >= 0x80; n >>= 7)
    bytes[used++] = (uint8_t)(n | 0x80);
  bytes[used++] = (uint8_t)n;
  g_byte_array_append(out, bytes, used);
}

void blob_put_int(GByteArray *out, int64_t n)
{
  blob_put_uint(out, zigzag(n));
}

/* VALUE = *RET * 10 ^ *RET_EXPONENT to DECIMAL_DIGITS digits, no zeros at the end. */
static void to_decimal(double value, int64_t *ret, int *ret_exponent)
{
  *ret = 0;
  *ret_exponent = 0;
  if (fabs(value) < TINY)
    return;
  int exponent = (int)floor(log10(fabs(value))) - (DECIMAL_DIGITS - 1);
  /* Dividing by a power that is exact keeps short decimals short. */
  double scaled = exponent < 0 ? value * pow(10, -exponent) : value / pow(10, exponent);
  int64_t digits = llround(scaled);
  while (digits != 0 && (digits % 10 == 0 || digits >= DECIMAL_LIMIT || digits <= -DECIMAL_LIMIT)) {
    digits = digits % 10 == 0 ? digits / 10 : llround((double)digits / 10);
    exponent++;
  }
  *ret = digits;
  *ret_exponent = exponent;
}

void blob_put_decimal(GByteArray *out, double value)
{
  int64_t digits;
  int exponent;
  to_decimal(value, &digits, &exponent);
  blob_put_int(out, digits);
  if (digits != 0)
    blob_put_int(out, exponent);
}

/* VALUE as the integer that FORM stores; false if it must be stored raw. */
static bool as_integer(enum blob_form form, double value, int64_t *ret)
{
  if (form == FORM_NANO) {
    if (!(fabs(value) < 2e6))
      return false;
    *ret = llround(value * 1e9);
    return *ret <= NANO_MAX && *ret >= -NANO_MAX;
  }
  if (!(fabs(value) <= (double)INTEGER_MAX) || value != trunc(value))
    return false;
  *ret = (int64_t)value;
  return true;
}

static void put_raw(GByteArray *out, double value)
{
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  bits = GUINT64_TO_LE(bits);
  g_byte_array_append(out, (const uint8_t *)&bits, sizeof bits);
}

void blob_put_number(GByteArray *out, enum blob_form form, double value, double before)
{
  int64_t n, base;
  if (form == FORM_DECIMAL) {
    blob_put_decimal(out, value);
  } else if (as_integer(form, value, &n)) {
    if (!as_integer(form, before, &base))
      base = 0;
    blob_put_uint(out, zigzag(blob_diff(n, base)) << 1);
  } else {
    blob_put_uint(out, 1);
    put_raw(out, value);
  }
}

void blob_put_text(GByteArray *out, const char *text)
{
  if (!text) {
    blob_put_uint(out, 0);
    return;
  }
  size_t length = strlen(text);
  blob_put_uint(out, length + 1);
  g_byte_array_append(out, (const uint8_t *)text, (unsigned)length);
}

static uint64_t bad(struct blob_in *in)
{
  in->bad = true;
  in->at = in->end;
  return 0;
}

uint64_t blob_get_uint(struct blob_in *in)
{
  uint64_t n = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (in->at >= in->end)
      return bad(in);
    uint8_t byte = *in->at++;
    if (shift == 63 && byte > 1)
      return bad(in);
    n |= (uint64_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return n;
  }
  return bad(in);
}

uint64_t blob_get_limited(struct blob_in *in, uint64_t max)
{
  uint64_t n = blob_get_uint(in);
  return n <= max ? n : bad(in);
}

int blob_get_count(struct blob_in *in)
{
  uint64_t left = (uint64_t)(in->end - in->at);
  return (int)blob_get_limited(in, MIN(left, 1 << 20));
}

int64_t blob_get_int(struct blob_in *in)
{
  return unzigzag(blob_get_uint(in));
}

double blob_get_decimal(struct blob_in *in)
{
  int64_t digits = blob_get_int(in);
  if (digits == 0)
    return 0;
  int64_t exponent = blob_get_int(in);
  if (exponent < -EXPONENT_MAX || exponent > EXPONENT_MAX)
    return (double)bad(in);
  double value =
      exponent < 0 ? (double)digits / pow(10, (double)-exponent) : (double)digits * pow(10, (double)exponent);
  return isfinite(value) ? value : (double)bad(in);
}

static double get_raw(struct blob_in *in)
{
  uint64_t bits;
  double value;
  if ((size_t)(in->end - in->at) < sizeof bits)
    return (double)bad(in);
  memcpy(&bits, in->at, sizeof bits);
  in->at += sizeof bits;
  bits = GUINT64_FROM_LE(bits);
  memcpy(&value, &bits, sizeof value);
  return isfinite(value) ? value : (double)bad(in);
}

double blob_get_number(struct blob_in *in, enum blob_form form, double before)
{
  if (form == FORM_DECIMAL)
    return blob_get_decimal(in);
  uint64_t head = blob_get_uint(in);
  if (head & 1)
    return head == 1 ? get_raw(in) : (double)bad(in);
  int64_t base;
  if (!as_integer(form, before, &base))
    base = 0;
  int64_t n = blob_sum(base, unzigzag(head >> 1)), max = form == FORM_NANO ? NANO_MAX : INTEGER_MAX;
  if (n > max || n < -max)
    return (double)bad(in);
  return form == FORM_NANO ? (double)n / 1e9 : (double)n;
}

char *blob_get_text(struct blob_in *in)
{
  uint64_t length = blob_get_uint(in);
  if (length == 0)
    return NULL;
  length--;
  if (length > (uint64_t)(in->end - in->at) || memchr(in->at, 0, length)) {
    bad(in);
    return NULL;
  }
  char *text = g_strndup((const char *)in->at, length);
  in->at += length;
  return text;
}
