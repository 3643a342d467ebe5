/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A figure on the screen: a value, "-" (not yet), "n/a" or "direct" with the reason. */
#ifndef TUI_FIGURES_H
#define TUI_FIGURES_H

#include "core/model/scan.h"
#include "tui/theme.h"

enum figure_kind { FIGURE_VALUE, FIGURE_NOT_YET, FIGURE_NA, FIGURE_DIRECT };

struct figure {
  enum figure_kind kind;
  enum metric_unit unit;
  double value;
  double age;         /* seconds since its group was read; -1: never */
  bool old;           /* older than two ticks, or of a guest that does not answer */
  const char *reason; /* of all kinds but a value, one clause */
};

/* The figure METRIC (SCOPE_GUEST) of GUEST in SCAN. */
struct figure figure_guest(const struct scan *scan, const struct guest *guest, int metric);
/* The same from the readings R of one of its vCPUs, disks or NICs. */
struct figure figure_part(const struct scan *scan, const struct guest *guest, const struct readings *r,
                          enum metric_scope scope, int metric);
/* VALUE in at most figure_width(UNIT) columns.  Returns BUF. */
const char *figure_value(char buf[24], enum metric_unit unit, double value);
/* The whole figure: its value, "-", "n/a" or "direct".  Returns BUF. */
const char *figure_text(char buf[24], const struct figure *figure);
/* The same with its unit: "62.1%", "16.8M/s", "38µs".  Caller frees. */
char *figure_with_unit(const struct figure *figure);
enum role figure_role(const struct figure *figure);
/* How what lies on PATH looks. */
enum role figure_path_role(enum backend_path path);
/* Seconds since GROUP of GUEST was read; -1: never. */
double figure_age(const struct guest *guest, enum metric_group group, int64_t now_ns);
int figure_width(enum metric_unit unit);
/* An age in at most 5 columns, in words that cannot be taken for milliseconds: "0.3s", "42s", "12min"; "-"
 * when below 0.  Returns BUF. */
const char *figure_age_text(char buf[24], double seconds);
/* "A live process stands behind it and has not answered for ..." : seconds, 0 when it answers. */
double figure_stuck(const struct guest *guest, int64_t now_ns);

#endif
