/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/readings.h"

#include <stddef.h>

#include "core/base/clock.h"

struct pair {
  const struct metric *rows;
  struct readings *now;
  const struct readings *before;
  const int64_t *now_at, *before_at;
};

static bool was_read_again(const struct pair *p, enum metric_group group)
{
  return p->now_at[group] != 0 && p->now_at[group] != p->before_at[group];
}

/* How much counter ID grew; false when it is missing or fell. */
static bool growth(const struct pair *p, int id, double *ret)
{
  double now, before;
  if (!readings_get(p->now, id, &now) || !readings_get(p->before, id, &before) || now < before)
    return false;
  *ret = now - before;
  return true;
}

/* Growth of counter ID per second, by the times of its own group. */
static bool growth_rate(const struct pair *p, int id, double *ret)
{
  enum metric_group group = p->rows[id].group;
  int64_t dt = p->now_at[group] - p->before_at[group];
  if (p->before_at[group] == 0 || dt <= 0 || !growth(p, id, ret))
    return false;
  *ret = *ret * (double)NS_PER_S / (double)dt;
  return true;
}

static bool rate(const struct pair *p, const struct metric *m, double *ret)
{
  return growth_rate(p, m->a, ret);
}

static bool rate_less(const struct pair *p, const struct metric *m, double *ret)
{
  double a, b;
  if (!growth_rate(p, m->a, &a) || !growth_rate(p, m->b, &b))
    return false;
  *ret = a > b ? a - b : 0;
  return true;
}

static bool rate_per(const struct pair *p, const struct metric *m, double *ret)
{
  double per;
  if (!readings_get(p->now, m->b, &per) || per <= 0 || !growth_rate(p, m->a, ret))
    return false;
  *ret /= per;
  return true;
}

static bool ratio(const struct pair *p, const struct metric *m, double *ret)
{
  double per;
  if (!growth_rate(p, m->a, ret) || !growth_rate(p, m->b, &per) || per <= 0)
    return false;
  *ret /= per;
  return true;
}

typedef bool (*derivation)(const struct pair *p, const struct metric *m, double *ret);
static const derivation derivations[] = {
    [METRIC_GAUGE] = NULL,          [METRIC_COUNTER] = NULL,      [METRIC_RATE] = rate,
    [METRIC_RATE_LESS] = rate_less, [METRIC_RATE_PER] = rate_per, [METRIC_RATIO] = ratio,
};

static void carry_over(const struct pair *p, int id)
{
  if (readings_has(p->before, id) && !readings_has(p->now, id))
    readings_set(p->now, id, p->before->value[id]);
}

static void derive_one(const struct pair *p, int id)
{
  const struct metric *m = &p->rows[id];
  double value;
  readings_clear(p->now, id);
  if (!p->before)
    return;
  bool again = was_read_again(p, m->group);
  if (m->kind == METRIC_RATE_LESS || m->kind == METRIC_RATIO)
    again = again && was_read_again(p, p->rows[m->b].group);
  if (!again)
    carry_over(p, id);
  else if (derivations[m->kind](p, m, &value))
    readings_set(p->now, id, m->scale * value);
}

void readings_derive(enum metric_scope scope, struct readings *now, const int64_t now_at[GROUP_COUNT],
                     const struct readings *before, const int64_t before_at[GROUP_COUNT])
{
  int count;
  struct pair p = {.now = now, .before = before, .now_at = now_at, .before_at = before_at};
  p.rows = metric_table(scope, &count);
  for (int id = 0; id < count; id++)
    if (before && !derivations[p.rows[id].kind] && !was_read_again(&p, p.rows[id].group))
      carry_over(&p, id);
  for (int id = 0; id < count; id++)
    if (derivations[p.rows[id].kind])
      derive_one(&p, id);
}
