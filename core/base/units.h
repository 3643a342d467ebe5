/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quantities as people type and read them.  Sizes are binary (K = 1024), as in
 * qemu-img and virsh; figures on screen have a fixed width per unit. */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* "512", "16M", "1.5 GiB", "2TB"(=TiB), case-insensitive -> bytes.  Refused with
 * what/why: empty, negative, not a number, overflow, exponents, unknown unit. */
bool units_parse_size(const char *s, uint64_t *ret_bytes, GError **err);
/* "0.5", "2", "250ms", "1m" -> seconds within [MIN, MAX]. */
bool units_parse_seconds(const char *s, double min, double max, double *ret_s, GError **err);
/* Decimal integer within [MIN, MAX]. */
bool units_parse_int(const char *s, int64_t min, int64_t max, int64_t *ret, GError **err);
/* "yes/no/on/off/true/false/1/0". */
bool units_parse_bool(const char *s, bool *ret, GError **err);

#define UNITS_WIDTH 6 /* columns of the widest short figure */
typedef char units_buf[24];

/* Short figures, at most UNITS_WIDTH columns, e.g. "16.8M", "0.98M", "4.6k", "38µ"; "-" for
 * what is negative or not finite.  The decimal point is a point in every locale.
 * All return BUF. */
const char *units_bytes(units_buf buf, double bytes);           /* binary: K M G T */
const char *units_count(units_buf buf, double n);               /* decimal: k M G */
const char *units_percent(units_buf buf, double percent);       /* "62.1", "100", "1.2k" */
const char *units_seconds(units_buf buf, double s, bool ascii); /* "38µ" (ASCII "38u"), "2.1m", "1.2s" */
/* A span for reading: "0.31 s", "4 min 12 s". */
char *units_span(double seconds);
/* "00:04:12" (hours may pass 99). */
char *units_hms(double seconds);
/* Exact size for forms and previews: "1 GiB", "16 MiB", "1000 B".  Caller frees. */
char *units_size_text(uint64_t bytes);
/* RFC 3339 UTC with milliseconds, "2026-11-21T08:34:07.123Z".  Caller frees. */
char *units_time_utc(int64_t wall_ns);
/* Back from it (any RFC 3339 form with zone). */
bool units_parse_time(const char *s, int64_t *ret_wall_ns, GError **err);
/* Local time of day "12:04:31".  Caller frees. */
char *units_time_of_day(int64_t wall_ns);

#endif
