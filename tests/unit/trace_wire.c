/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The protocol between virtlens and virtlens-trace: what can be, and what cannot. */
#include "core/host/trace/wire.h"
#include "tests/unit/test.h"

Test(trace_wire, frames_have_the_length_of_their_kind)
{
  const __u32 request = sizeof(struct traced_request), sums = sizeof(struct wire_sums),
              span = sizeof(struct traced_span);
  const struct {
    struct wire_head head;
    bool ok;
    size_t count;
  } rows[] = {
      {{0, 0}, false, 0},
      {{WIRE_HELLO, sizeof(struct wire_hello)}, true, 1},
      {{WIRE_HELLO, 0}, false, 0},
      {{WIRE_HELLO, 2 * sizeof(struct wire_hello)}, false, 0},
      {{WIRE_REQUESTS, 0}, false, 0},
      {{WIRE_REQUESTS, request}, true, 1},
      {{WIRE_REQUESTS, 7 * request}, true, 7},
      {{WIRE_REQUESTS, request + 8}, false, 0},
      {{WIRE_REQUESTS, WIRE_MAX / request * request}, true, WIRE_MAX / request},
      {{WIRE_REQUESTS, (WIRE_MAX / request + 1) * request}, false, 0},
      {{WIRE_SUMS, 3 * sums}, true, 3},
      {{WIRE_SUMS, 0xffffffff / sums * sums}, false, 0},
      {{WIRE_TURN, sizeof(struct wire_turn)}, true, 1},
      {{WIRE_PROBLEM, sizeof(struct wire_problem)}, true, 1},
      {{WIRE_END, 0}, true, 0},
      {{WIRE_END, 8}, false, 0},
      {{WIRE_SPANS, 2 * span}, true, 2},
      {{WIRE_SPANS, span - 8}, false, 0},
      {{WIRE_SPANS + 1, 0}, false, 0},
      {{0xffffffff, 0}, false, 0},
  };

  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    cr_assert_eq(wire_head_ok(&rows[i].head), rows[i].ok, "row %zu", i);
    if (rows[i].ok)
      cr_assert_eq(wire_count(&rows[i].head), rows[i].count, "row %zu", i);
  }
}

Test(trace_wire, orders_are_within_their_bounds)
{
  const struct {
    struct wire_order order;
    bool ok;
  } rows[] = {
      {{WIRE_STOP, 0, ""}, true},
      {{WIRE_ALL, 0, ""}, true},
      {{WIRE_LISTED, 0, ""}, true},
      {{WIRE_SENDING, 1, ""}, true},
      {{WIRE_SENDING, 2, ""}, false},
      {{WIRE_EVERY, WIRE_EVERY_MIN, ""}, true},
      {{WIRE_EVERY, WIRE_EVERY_MIN - 1, ""}, false},
      {{WIRE_EVERY, WIRE_EVERY_MAX, ""}, true},
      {{WIRE_EVERY, WIRE_EVERY_MAX + 1, ""}, false},
      {{WIRE_NAMED, 0, "fifteen letters"}, true},
      {{WIRE_NAMED, 0, {'s', 'i', 'x', 't', 'e', 'e', 'n', ' ', 'l', 'e', 't', 't', 'e', 'r', 's', '!'}},
       false},
      {{WIRE_PID, 1, ""}, true},
      {{WIRE_PID, 0, ""}, false},
      {{WIRE_PID, 0x80000000, ""}, false},
      {{0, 0, ""}, false},
      {{WIRE_PID + 1, 0, ""}, false},
  };

  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    cr_assert_eq(wire_order_ok(&rows[i].order), rows[i].ok, "row %zu", i);
}

Test(trace_wire, every_step_has_a_text)
{
  for (__u32 i = 0; i < WIRE_STEPS; i++)
    cr_assert(*wire_step_text(i));
  cr_assert_str_eq(wire_step_text(WIRE_STEPS), wire_step_text(WIRE_STEPS - 1));
}
