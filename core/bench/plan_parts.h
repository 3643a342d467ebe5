/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of plan.h share: options as text. */
#ifndef BENCH_PLAN_PARTS_H
#define BENCH_PLAN_PARTS_H

#include "core/bench/plan.h"

/* Whether VALUE can stand in OPTION; ERR says what is wrong, without the option's name. */
bool plan_check(enum bench_option option, const char *value, GError **err);
/* The items of VALUE, which is one where OPTION is no list; g_strfreev. */
char **plan_items(enum bench_option option, const char *value);
/* The word of OPTION that is WORD, static or a table's; NULL: there is no such word. */
const char *plan_choice(enum bench_option option, const char *word);
/* WORD as the number of OPTION: bytes, seconds or a plain number. */
bool plan_number(enum bench_option option, const char *word, double *ret, GError **err);

#endif
