/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/base/units.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"

#define SIZE_ADVICE "Give a size such as 512, 16M or 1.5GiB (K = 1024)."

static bool refuse(GError **err, const char *what, const char *s, const char *advice, const char *why)
{
  g_autofree char *safe = text_safe(s);
  g_autofree char *shown = text_fit(safe, 40, true);
  return error_set(err, ERROR_USAGE, advice, "\"%s\" is not a %s: %s", shown, what, why);
}

/* Decimal digits from *P; false on overflow.  RET_DIGITS says how many there were. */
static bool take_digits(const char **p, uint64_t *ret, int *ret_digits)
{
  *ret = 0;
  *ret_digits = 0;
  for (; g_ascii_isdigit(**p); (*p)++, (*ret_digits)++)
    if (!g_uint64_checked_mul(ret, *ret, 10) || !g_uint64_checked_add(ret, *ret, **p - '0'))
      return false;
  return true;
}

/* The shift of a unit ("", "B", "K", "KB", "KiB" ...), or -1. */
static int unit_shift(const char *unit)
{
  static const char letters[] = "KMGTPE";
  if (!*unit || !g_ascii_strcasecmp(unit, "B"))
    return 0;
  const char *letter = strchr(letters, g_ascii_toupper(*unit));
  bool tail = !unit[1] || !g_ascii_strcasecmp(unit + 1, "B") || !g_ascii_strcasecmp(unit + 1, "iB");
  return letter && tail ? 10 * (int)(letter - letters + 1) : -1;
}

/* The digits after the point as bytes of a unit of 2^SHIFT, rounded down. */
static uint64_t fraction_bytes(const char *digits, int count, int shift)
{
  unsigned __int128 n = 0, div = 1;
  for (int i = 0; i < MIN(count, 19); i++) {
    n = n * 10 + (unsigned)(digits[i] - '0');
    div *= 10;
  }
  return (uint64_t)((n << shift) / div);
}

bool units_parse_size(const char *s, uint64_t *ret_bytes, GError **err)
{
  const char *p = s, *point = NULL;
  uint64_t whole, unused, bytes;
  int digits, decimals = 0;
  while (g_ascii_isspace(*p))
    p++;
  if (*p == '-')
    return refuse(err, "size", s, SIZE_ADVICE, "it is negative");
  bool fits = take_digits(&p, &whole, &digits);
  if (fits && *p == '.') {
    point = ++p;
    (void)take_digits(&p, &unused, &decimals);
    decimals = (int)strspn(point, "0123456789");
    p = point + decimals;
  }
  if (fits && !digits && !decimals)
    return refuse(err, "size", s, SIZE_ADVICE, *p ? "it does not begin with a number" : "it is empty");
  g_autofree char *unit = g_strstrip(g_strdup(p));
  int shift = unit_shift(unit);
  if (fits && shift < 0)
    return refuse(err, "size", s, SIZE_ADVICE, "the unit is not known");
  if (fits && shift == 0 && point && decimals)
    return refuse(err, "size", s, SIZE_ADVICE, "bytes cannot be divided");
  if (!fits || !g_uint64_checked_mul(&bytes, whole, UINT64_C(1) << shift) ||
      !g_uint64_checked_add(&bytes, bytes, point ? fraction_bytes(point, decimals, shift) : 0))
    return refuse(err, "size", s, SIZE_ADVICE, "it is too large");
  *ret_bytes = bytes;
  return true;
}

/* A plain decimal number at *P: digits with at most one point, no sign, no exponent. */
static bool take_decimal(const char **p, double *ret)
{
  size_t whole = strspn(*p, "0123456789"), all = whole;
  if ((*p)[whole] == '.')
    all += 1 + strspn(*p + whole + 1, "0123456789");
  if (all == 0 || (all == 1 && whole == 0) || all > 30)
    return false;
  g_autofree char *number = g_strndup(*p, all);
  *ret = g_ascii_strtod(number, NULL);
  *p += all;
  return true;
}

bool units_parse_seconds(const char *s, double min, double max, double *ret_s, GError **err)
{
  static const struct {
    const char *name;
    double seconds;
  } units[] = {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"m", 60}, {"min", 60}, {"h", 3600}};
  char lo[G_ASCII_DTOSTR_BUF_SIZE], hi[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(lo, sizeof lo, "%.12g", min);
  g_ascii_formatd(hi, sizeof hi, "%.12g", max);
  g_autofree char *advice =
      g_strdup_printf("Give seconds from %s to %s, or a number with ms, s, min or h.", lo, hi);
  g_autofree char *word = g_strstrip(g_strdup(s));
  const char *p = word;
  double value;
  if (!take_decimal(&p, &value))
    return refuse(err, "time", s, advice,
                  !*word         ? "it is empty"
                  : *word == '-' ? "it is negative"
                                 : "it does not begin with a number");
  while (g_ascii_isspace(*p))
    p++;
  for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
    if (g_ascii_strcasecmp(p, units[i].name) != 0)
      continue;
    value *= units[i].seconds;
    if (value < min || value > max)
      return refuse(err, "time", s, advice, value < min ? "it is too short" : "it is too long");
    *ret_s = value;
    return true;
  }
  return refuse(err, "time", s, advice, "the unit is not known");
}

bool units_parse_int(const char *s, int64_t min, int64_t max, int64_t *ret, GError **err)
{
  g_autofree char *advice =
      g_strdup_printf("Give a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ".", min, max);
  g_autofree char *word = g_strstrip(g_strdup(s));
  char *end = word;
  errno = 0;
  bool sane = g_ascii_isdigit(*word) || ((*word == '-' || *word == '+') && g_ascii_isdigit(word[1]));
  int64_t value = sane ? g_ascii_strtoll(word, &end, 10) : 0;
  if (!sane || *end)
    return refuse(err, "whole number", s, advice, *word ? "it holds something else" : "it is empty");
  if (errno == ERANGE || value < min || value > max)
    return refuse(err, "whole number in range", s, advice,
                  *word == '-' || value < min ? "too small" : "too large");
  *ret = value;
  return true;
}

bool units_parse_bool(const char *s, bool *ret, GError **err)
{
  static const char *const words[2][5] = {{"no", "off", "false", "0"}, {"yes", "on", "true", "1"}};
  for (int b = 0; b < 2; b++) {
    for (const char *const *word = words[b]; *word; word++) {
      if (g_ascii_strcasecmp(s, *word) != 0)
        continue;
      *ret = b;
      return true;
    }
  }
  return refuse(err, "yes or no", s, "Give yes or no.", *s ? "it is another word" : "it is empty");
}

/* V with at most three digits that matter: "0.98", "4.6", "62.1", "148". */
static void three_digits(char *buf, size_t size, double v)
{
  const char *format = v < 0.995 && v > 0 ? "%.2f" : v < 99.95 ? "%.1f" : "%.0f";
  g_ascii_formatd(buf, (int)size, format, v);
}

/* V in the first of UNITS (each STEP times the one before) that leaves it below 999.5. */
static const char *scaled(units_buf buf, double v, double step, const char *units, bool fine)
{
  char number[16];
  if (!isfinite(v) || v < 0)
    return strcpy(buf, "-");
  if (v < 999.5) {
    bool whole = !fine || v >= 99.95 || v == floor(v);
    g_ascii_formatd(number, sizeof number, whole ? "%.0f" : v < 0.995 ? "%.2f" : "%.1f", v);
    g_snprintf(buf, sizeof(units_buf), "%s%s", number, units[0] == ' ' || v == 0 ? "" : "B");
    return buf;
  }
  size_t i = 0;
  while (v >= 999.5 && units[i + 1]) {
    v /= step;
    i++;
  }
  if (v >= 999.5)
    g_snprintf(buf, sizeof(units_buf), ">999%c", units[i]);
  else {
    three_digits(number, sizeof number, v);
    g_snprintf(buf, sizeof(units_buf), "%s%c", number, units[i]);
  }
  return buf;
}

const char *units_bytes(units_buf buf, double bytes)
{
  return scaled(buf, bytes, 1024, "BKMGTPE", false);
}

const char *units_count(units_buf buf, double n)
{
  return scaled(buf, n, 1000, " kMGTPE", true);
}

const char *units_percent(units_buf buf, double percent)
{
  if (!(percent >= 0 && percent < 999.5))
    return scaled(buf, percent, 1000, " kMGTPE", true);
  return g_ascii_formatd(buf, sizeof(units_buf), percent < 99.95 ? "%.1f" : "%.0f", percent);
}

const char *units_seconds(units_buf buf, double s, bool ascii)
{
  static const struct {
    double below, factor;
    const char *unit, *ascii;
  } rows[] = {{0.9995e-6, 1e9, "n", "n"},
              {0.9995e-3, 1e6, "µ", "u"},
              {0.9995, 1e3, "m", "m"},
              {99999.5, 1, "s", "s"},
              {99999.5 * 3600, 1 / 3600.0, "h", "h"}};
  if (!isfinite(s) || s < 0)
    return strcpy(buf, "-");
  if (s == 0)
    return strcpy(buf, "0");
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    if (s >= rows[i].below)
      continue;
    char number[32];
    double v = s * rows[i].factor;
    g_ascii_formatd(number, sizeof number, v < 9.95 && i > 0 ? "%.1f" : "%.0f", v);
    g_snprintf(buf, sizeof(units_buf), "%s%s", number, ascii ? rows[i].ascii : rows[i].unit);
    return buf;
  }
  return strcpy(buf, ">99kh");
}

char *units_span(double seconds)
{
  char number[32];
  if (!isfinite(seconds) || seconds < 0)
    return g_strdup("-");
  if (seconds < 59.95) {
    bool tiny = seconds > 0 && seconds < 0.00995;
    const char *format = tiny || seconds >= 9.995 ? "%.1f" : "%.2f";
    g_ascii_formatd(number, sizeof number, format, tiny ? seconds * 1e3 : seconds);
    return g_strdup_printf("%s %s", number, tiny ? "ms" : "s");
  }
  double limit = 1e15;
  int64_t s = (int64_t)(MIN(seconds, limit) + 0.5);
  if (s < 3600)
    return g_strdup_printf("%d min %d s", (int)(s / 60), (int)(s % 60));
  if (s < 86400)
    return g_strdup_printf("%d h %d min", (int)(s / 3600), (int)(s % 3600 / 60));
  return g_strdup_printf("%" G_GINT64_FORMAT " d %d h", s / 86400, (int)(s % 86400 / 3600));
}

char *units_hms(double seconds)
{
  double limit = 1e15;
  int64_t s = isfinite(seconds) && seconds > 0 ? (int64_t)MIN(seconds, limit) : 0;
  return g_strdup_printf("%02" G_GINT64_FORMAT ":%02d:%02d", s / 3600, (int)(s / 60 % 60), (int)(s % 60));
}

char *units_size_text(uint64_t bytes)
{
  static const char *const names[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  size_t i = 0;
  while (bytes && bytes % 1024 == 0 && i + 1 < G_N_ELEMENTS(names)) {
    bytes /= 1024;
    i++;
  }
  return g_strdup_printf("%" G_GUINT64_FORMAT " %s", bytes, names[i]);
}

/* Seconds since the epoch, rounded down also before it. */
static time_t whole_seconds(int64_t wall_ns, int *ret_ms)
{
  int64_t s = wall_ns / NS_PER_S, rest = wall_ns % NS_PER_S;
  if (rest < 0) {
    rest += NS_PER_S;
    s--;
  }
  *ret_ms = (int)(rest / NS_PER_MS);
  return (time_t)s;
}

char *units_time_utc(int64_t wall_ns)
{
  struct tm tm;
  int ms;
  time_t t = whole_seconds(wall_ns, &ms);
  gmtime_r(&t, &tm);
  return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                         tm.tm_hour, tm.tm_min, tm.tm_sec, ms);
}

char *units_time_of_day(int64_t wall_ns)
{
  struct tm tm;
  int ms;
  time_t t = whole_seconds(wall_ns, &ms);
  localtime_r(&t, &tm);
  return g_strdup_printf("%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Exactly DIGITS digits and then the character AFTER (0: none) at *P. */
static bool take_field(const char **p, int digits, char after, int *ret)
{
  *ret = 0;
  for (int i = 0; i < digits; i++) {
    if (!g_ascii_isdigit(**p))
      return false;
    *ret = *ret * 10 + (*(*p)++ - '0');
  }
  if (after && g_ascii_toupper(**p) != after && !(after == 'T' && **p == ' '))
    return false;
  *p += after != 0;
  return true;
}

static bool take_fraction(const char **p, int64_t *ret_ns)
{
  *ret_ns = 0;
  if (**p != '.')
    return true;
  if (!g_ascii_isdigit(*++*p))
    return false;
  for (int64_t unit = NS_PER_S / 10; g_ascii_isdigit(**p); (*p)++, unit /= 10)
    *ret_ns += (**p - '0') * unit;
  return true;
}

static bool take_zone(const char **p, int *ret_seconds)
{
  char sign = *(*p)++;
  int h, m;
  *ret_seconds = 0;
  if (g_ascii_toupper(sign) == 'Z')
    return true;
  if ((sign != '+' && sign != '-') || !take_field(p, 2, ':', &h) || !take_field(p, 2, 0, &m) || h > 23 ||
      m > 59)
    return false;
  *ret_seconds = (h * 3600 + m * 60) * (sign == '-' ? -1 : 1);
  return true;
}

/* RFC 3339 section 5.6. */
static bool take_time(const char *p, struct tm *tm, int64_t *ret_ns, int *ret_zone)
{
  int year, month;
  bool ok = take_field(&p, 4, '-', &year) && take_field(&p, 2, '-', &month) &&
            take_field(&p, 2, 'T', &tm->tm_mday) && take_field(&p, 2, ':', &tm->tm_hour) &&
            take_field(&p, 2, ':', &tm->tm_min) && take_field(&p, 2, 0, &tm->tm_sec) &&
            take_fraction(&p, ret_ns) && take_zone(&p, ret_zone) && !*p;
  if (!ok || month < 1 || month > 12 || tm->tm_hour > 23 || tm->tm_min > 59 || tm->tm_sec > 60)
    return false;
  tm->tm_year = year - 1900;
  tm->tm_mon = month - 1;
  return true;
}

bool units_parse_time(const char *s, int64_t *ret_wall_ns, GError **err)
{
  struct tm tm = {0};
  int64_t ns, total;
  int zone;
  const char *advice = "Give a time such as 2026-11-21T08:34:07Z.";
  if (!take_time(s, &tm, &ns, &zone))
    return refuse(err, "time", s, advice, *s ? "it is not of the form of RFC 3339" : "it is empty");
  int day = tm.tm_mday, month = tm.tm_mon;
  bool leap = tm.tm_sec == 60;
  time_t t = timegm(&tm);
  if (!leap && (tm.tm_mday != day || tm.tm_mon != month))
    return refuse(err, "time", s, advice, "there is no such day");
  if (__builtin_mul_overflow((int64_t)t - zone, NS_PER_S, &total) ||
      __builtin_add_overflow(total, ns, ret_wall_ns))
    return refuse(err, "time", s, advice, "it is out of range");
  return true;
}
