/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quantities as typed and as shown. */
#include "tests/unit/test.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * KIB)
#define GIB (MIB * KIB)

/* A refused word: a usage error with advice, the result untouched. */
#define REFUSED(Call, Err, What)                                                                             \
  do {                                                                                                       \
    g_autoptr(GError) Err = NULL;                                                                            \
    cr_assert_not(Call, "\"%s\" was taken", What);                                                           \
    cr_assert(g_error_matches(Err, ERROR_DOMAIN, ERROR_USAGE), "%s", What);                                  \
    cr_assert_not_null(error_advice(Err));                                                                   \
  } while (0)

Test(units, sizes)
{
  static const struct {
    const char *s;
    uint64_t bytes;
  } rows[] = {
      {"0", 0},
      {"512", 512},
      {"1K", KIB},
      {"16M", 16 * MIB},
      {"16 MiB", 16 * MIB},
      {"1.5 GiB", 3 * GIB / 2},
      {"2TB", 2 * KIB * GIB},
      {"1kb", KIB},
      {"7B", 7},
      {" 8m ", 8 * MIB},
      {".5k", 512},
      {"1.k", KIB},
      {"1P", MIB * GIB},
      {"15E", 15 * GIB * GIB},
      {"0.1G", 107374182},
      {"18446744073709551615", UINT64_MAX},
      {"007", 7},
      {"1.0", 0},
  };
  for (size_t i = 0; i + 1 < G_N_ELEMENTS(rows); i++) {
    uint64_t bytes = 1;
    g_autoptr(GError) err = NULL;
    cr_assert(units_parse_size(rows[i].s, &bytes, &err), "%s: %s", rows[i].s, err ? err->message : "");
    cr_assert_eq(bytes, rows[i].bytes, "%s: %" G_GUINT64_FORMAT, rows[i].s, bytes);
  }
}

Test(units, sizes_refused)
{
  static const char *const bad[] = {"",
                                    " ",
                                    "-1",
                                    "-1M",
                                    "x",
                                    "M",
                                    "1e9",
                                    "1e999",
                                    "1X",
                                    "1MM",
                                    "1.5",
                                    "1.5B",
                                    "0x10",
                                    "1 2",
                                    "16E",
                                    "18446744073709551616",
                                    "99999999999999999999G",
                                    "+1",
                                    ".",
                                    "1..5M",
                                    "nan",
                                    "inf",
                                    "1\u00a0M",
                                    "1,5M",
                                    "1Ki ib"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    uint64_t bytes = 77;
    REFUSED(units_parse_size(bad[i], &bytes, &err), err, bad[i]);
    cr_assert_eq(bytes, 77u);
  }
}

Test(units, size_text_comes_back)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(4);
  for (int i = 0; i < 20000; i++) {
    uint64_t n = ((uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand)) >> g_rand_int_range(rand, 0, 64);
    n <<= g_rand_int_range(rand, 0, 40);
    uint64_t back = 0;
    g_autofree char *text = units_size_text(n);
    cr_assert(units_parse_size(text, &back, NULL), "%s", text);
    cr_assert_eq(back, n, "%s", text);
  }
  g_autofree char *one = units_size_text(GIB), *odd = units_size_text(1000), *zero = units_size_text(0);
  cr_assert_str_eq(one, "1 GiB");
  cr_assert_str_eq(odd, "1000 B");
  cr_assert_str_eq(zero, "0 B");
}

Test(units, seconds)
{
  static const struct {
    const char *s;
    double seconds;
  } rows[] = {{"1", 1},   {"0.5", 0.5}, {"250ms", 0.25}, {"1m", 60},
              {"2 s", 2}, {"60", 60},   {".1", 0.1},     {"1MIN", 60}};
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    double s = 0;
    cr_assert(units_parse_seconds(rows[i].s, 0.1, 60, &s, NULL), "%s", rows[i].s);
    cr_assert_float_eq(s, rows[i].seconds, 1e-12, "%s", rows[i].s);
  }
  static const char *const bad[] = {"",   "0", "0.05", "61",  "-1", "1e1", "1e999", "nan", "inf",
                                    "1x", "s", "1h",   "1 2", "+1", "0x1", ".",     "99ms"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    double s = 7;
    REFUSED(units_parse_seconds(bad[i], 0.1, 60, &s, &err), err, bad[i]);
    cr_assert_eq(s, 7);
  }
}

Test(units, integers_and_booleans)
{
  int64_t n;
  bool b;
  cr_assert(units_parse_int(" 42 ", 0, 100, &n, NULL) && n == 42);
  cr_assert(units_parse_int("-3", -5, 5, &n, NULL) && n == -3);
  cr_assert(units_parse_int("+3", -5, 5, &n, NULL) && n == 3);
  cr_assert(units_parse_int("9223372036854775807", 0, INT64_MAX, &n, NULL) && n == INT64_MAX);
  static const char *const bad[] = {
      "", "x", "1x", "1.5", "1e3", "-", "- 1", "0x1", "101", "-1", "9223372036854775808"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    n = 7;
    REFUSED(units_parse_int(bad[i], 0, 100, &n, &err), err, bad[i]);
    cr_assert_eq(n, 7);
  }
  for (const char *const *w = (const char *const[]){"yes", "ON", "True", "1", NULL}; *w; w++)
    cr_assert(units_parse_bool(*w, &b, NULL) && b, "%s", *w);
  for (const char *const *w = (const char *const[]){"no", "off", "FALSE", "0", NULL}; *w; w++)
    cr_assert(units_parse_bool(*w, &b, NULL) && !b, "%s", *w);
  REFUSED(units_parse_bool("maybe", &b, &err), err, "maybe");
  REFUSED(units_parse_bool("", &b, &err), err, "");
}

Test(units, short_figures)
{
  units_buf b;
  cr_assert_str_eq(units_bytes(b, 0), "0");
  cr_assert_str_eq(units_bytes(b, 512), "512B");
  cr_assert_str_eq(units_bytes(b, 1000), "0.98K");
  cr_assert_str_eq(units_bytes(b, 16.8 * 1048576), "16.8M");
  cr_assert_str_eq(units_bytes(b, 148.0 * 1048576), "148M");
  cr_assert_str_eq(units_bytes(b, 1023.9 * 1024), "1.0M");
  cr_assert_str_eq(units_count(b, 4600), "4.6k");
  cr_assert_str_eq(units_count(b, 38), "38");
  cr_assert_str_eq(units_count(b, 38.4), "38.4");
  cr_assert_str_eq(units_count(b, 999.6), "1.0k");
  cr_assert_str_eq(units_percent(b, 62.14), "62.1");
  cr_assert_str_eq(units_percent(b, 0), "0.0");
  cr_assert_str_eq(units_percent(b, 99.96), "100");
  cr_assert_str_eq(units_percent(b, 1200), "1.2k");
  cr_assert_str_eq(units_seconds(b, 38e-6, false), "38µ");
  cr_assert_str_eq(units_seconds(b, 38e-6, true), "38u");
  cr_assert_str_eq(units_seconds(b, 2.1e-3, false), "2.1m");
  cr_assert_str_eq(units_seconds(b, 1.2, false), "1.2s");
  cr_assert_str_eq(units_seconds(b, 500e-9, false), "500n");
  cr_assert_str_eq(units_seconds(b, 0, false), "0");
}

static void fits(const char *figure, double value)
{
  cr_assert_leq(text_width(figure), UNITS_WIDTH, "%g: %s", value, figure);
  cr_assert_gt(text_width(figure), 0, "%g", value);
  cr_assert(text_is_safe(figure));
}

Test(units, short_figures_fit_their_width)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(5);
  static const double odd[] = {0,     -1,    1e-12, 0.04, 0.995, 9.95,  9.96,    99.94, 99.95,
                               999.4, 999.5, 1e3,   1e30, 1e300, 99999, 99999.5, 3.6e8, 1e12};
  for (int i = 0; i < 20000; i++) {
    double v = i < (int)G_N_ELEMENTS(odd) ? odd[i] : pow(10, g_rand_double_range(rand, -12, 22));
    units_buf b;
    fits(units_bytes(b, v), v);
    fits(units_count(b, v), v);
    fits(units_percent(b, v), v);
    fits(units_seconds(b, v, false), v);
    fits(units_seconds(b, v, true), v);
  }
}

/* What a short figure says, read back. */
static double figure_value(const char *figure, double step, const char *letters)
{
  char *end;
  double v = g_ascii_strtod(figure, &end);
  const char *letter = *end ? strchr(letters, *end) : letters;
  cr_assert_not_null(letter, "%s", figure);
  for (; letter && letter > letters; letter--)
    v *= step;
  return v;
}

Test(units, short_figures_say_what_they_were_given)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(6);
  for (int i = 0; i < 20000; i++) {
    double v = pow(10, g_rand_double_range(rand, 1, 17));
    units_buf b;
    double bytes = figure_value(units_bytes(b, v), 1024, "BKMGTPE");
    cr_assert_leq(fabs(bytes - v), 0.051 * v, "%.9g bytes: %s", v, b);
    double count = figure_value(units_count(b, v), 1000, " kMGTPE");
    cr_assert_leq(fabs(count - v), 0.051 * v, "%.9g: %s", v, b);
  }
}

Test(units, what_is_not_known_is_a_dash)
{
  units_buf b;
  const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, -1};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    cr_assert_str_eq(units_bytes(b, bad[i]), "-");
    cr_assert_str_eq(units_count(b, bad[i]), "-");
    cr_assert_str_eq(units_percent(b, bad[i]), "-");
    cr_assert_str_eq(units_seconds(b, bad[i], true), "-");
    g_autofree char *span = units_span(bad[i]);
    cr_assert_str_eq(span, "-");
  }
}

Test(units, spans)
{
  static const struct {
    double s;
    const char *span, *hms;
  } rows[] = {{0, "0.00 s", "00:00:00"},        {0.0031, "3.1 ms", "00:00:00"},
              {0.31, "0.31 s", "00:00:00"},     {59.94, "59.9 s", "00:00:59"},
              {59.96, "1 min 0 s", "00:00:59"}, {252, "4 min 12 s", "00:04:12"},
              {7500, "2 h 5 min", "02:05:00"},  {446400, "5 d 4 h", "124:00:00"}};
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *span = units_span(rows[i].s), *hms = units_hms(rows[i].s);
    cr_assert_str_eq(span, rows[i].span, "%s", span);
    cr_assert_str_eq(hms, rows[i].hms, "%s", hms);
  }
}

Test(units, times)
{
  static const struct {
    const char *s;
    int64_t ns;
  } rows[] = {{"1970-01-01T00:00:00Z", 0},
              {"2026-11-21T08:34:07.123Z", INT64_C(1795250047123000000)},
              {"2026-11-21t08:34:07.123z", INT64_C(1795250047123000000)},
              {"2026-11-21 09:34:07.123000000999+01:00", INT64_C(1795250047123000000)},
              {"2026-11-21T03:04:07.123-05:30", INT64_C(1795250047123000000)},
              {"2024-02-29T23:59:59Z", INT64_C(1709251199000000000)},
              {"2016-12-31T23:59:60Z", INT64_C(1483228800000000000)},
              {"1969-12-31T23:59:59.5Z", INT64_C(-500000000)}};
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    int64_t ns = 1;
    g_autoptr(GError) err = NULL;
    cr_assert(units_parse_time(rows[i].s, &ns, &err), "%s", err ? err->message : "");
    cr_assert_eq(ns, rows[i].ns, "%s: %" G_GINT64_FORMAT, rows[i].s, ns);
  }
  static const char *const bad[] = {"",
                                    "now",
                                    "2026-11-21",
                                    "2026-11-21T08:34:07",
                                    "2026-13-01T00:00:00Z",
                                    "2026-02-29T00:00:00Z",
                                    "2026-00-10T00:00:00Z",
                                    "2026-11-00T00:00:00Z",
                                    "2026-11-21T24:00:00Z",
                                    "2026-11-21T08:60:00Z",
                                    "2026-11-21T08:34:61Z",
                                    "2026-11-21T08:34:07.Z",
                                    "2026-11-21T08:34:07Zx",
                                    "2026-11-21T08:34:07+1:00",
                                    "9999-01-01T00:00:00Z",
                                    "0001-01-01T00:00:00Z",
                                    "20261121T083407Z"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    int64_t ns = 5;
    REFUSED(units_parse_time(bad[i], &ns, &err), err, bad[i]);
  }
}

Test(units, times_come_back)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  for (int i = 0; i < 5000; i++) {
    int64_t ms = (int64_t)(g_rand_double_range(rand, -9e15, 9e15)) / 1000, back;
    g_autofree char *text = units_time_utc(ms * NS_PER_MS);
    cr_assert(units_parse_time(text, &back, NULL), "%s", text);
    cr_assert_eq(back, ms * NS_PER_MS, "%s", text);
  }
}

Test(units, time_of_day_is_local)
{
  g_setenv("TZ", "UTC-2", TRUE);
  g_autofree char *text = units_time_of_day(INT64_C(1795250047123000000));
  cr_assert_str_eq(text, "10:34:07");
}

Test(units, fixed_clock_stands_still)
{
  g_setenv("VIRTLENS_FIXED_CLOCK", "1700000000", TRUE);
  cr_assert_eq(clock_wall_ns(), INT64_C(1700000000) * NS_PER_S);
  g_setenv("VIRTLENS_FIXED_CLOCK", "nonsense", TRUE);
  cr_assert_gt(clock_wall_ns(), INT64_C(1700000000) * NS_PER_S);
  cr_assert_leq(clock_mono_ns(), clock_mono_ns());
}
