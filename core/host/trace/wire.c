/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/trace/wire.h"

#include <limits.h>

static const struct {
  size_t size; /* of one thing in it */
  bool many;
} shapes[] = {
    [WIRE_HELLO] = {sizeof(struct wire_hello), false},
    [WIRE_REQUESTS] = {sizeof(struct traced_request), true},
    [WIRE_SUMS] = {sizeof(struct wire_sums), true},
    [WIRE_TURN] = {sizeof(struct wire_turn), false},
    [WIRE_PROBLEM] = {sizeof(struct wire_problem), false},
    [WIRE_END] = {0, false},
    [WIRE_SPANS] = {sizeof(struct traced_span), true},
};
#define KINDS (sizeof shapes / sizeof *shapes)
_Static_assert((sizeof(struct wire_head) | sizeof(struct wire_hello) | sizeof(struct traced_request) |
                sizeof(struct wire_sums) | sizeof(struct wire_turn) | sizeof(struct wire_problem) |
                sizeof(struct traced_span)) %
                       8 ==
                   0,
               "what follows in a stream lies as it must");

static const char *const steps[] = {
    [WIRE_RAISE] = "it has not the capabilities that it needs",
    [WIRE_LOAD] = "the kernel does not load its programs",
    [WIRE_ATTACH] = "the kernel does not attach its programs",
    [WIRE_DROP] = "it cannot drop the capabilities that it does not need any more",
    [WIRE_RUN] = "what the kernel counted cannot be read",
    [WIRE_ORDER] = "it was given an order that it does not know",
};
_Static_assert(sizeof steps / sizeof *steps == WIRE_STEPS, "a text for each step");

const char *wire_step_text(__u32 step)
{
  return steps[step < WIRE_STEPS ? step : WIRE_STEPS - 1];
}

bool wire_head_ok(const struct wire_head *head)
{
  if (head->kind < WIRE_HELLO || head->kind >= KINDS || head->bytes > WIRE_MAX)
    return false;
  const size_t size = shapes[head->kind].size;
  return shapes[head->kind].many ? head->bytes > 0 && head->bytes % size == 0 : head->bytes == size;
}

size_t wire_count(const struct wire_head *head)
{
  const size_t size = shapes[head->kind].size;
  return size ? head->bytes / size : 0;
}

bool wire_order_ok(const struct wire_order *order)
{
  switch (order->kind) {
  case WIRE_STOP:
  case WIRE_ALL:
  case WIRE_LISTED:
    return true;
  case WIRE_SENDING:
    return order->value <= 1;
  case WIRE_EVERY:
    return order->value >= WIRE_EVERY_MIN && order->value <= WIRE_EVERY_MAX;
  case WIRE_NAMED:
    return order->name[TRACED_NAME - 1] == '\0';
  case WIRE_PID:
    return order->value > 0 && order->value <= INT_MAX;
  default:
    return false;
  }
}
