/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long things take, as virtlens-trace tells of it. */
#include <string.h>

#include "core/host/trace_private.h"

G_STATIC_ASSERT(TRACED_BUCKETS == SPAN_BUCKETS && TRACED_NAME == SPAN_NAME);

#define MINOR_BITS 20 /* of a device's number inside the kernel */

static void spans_words(const union trace_wish *wish, const char **ret)
{
  ret[0] = span_kind_name(wish->spans.kind);
}

static void spans_order(GByteArray *orders, const union trace_wish *wish)
{
  trace_order_every(orders, wish->spans.seconds);
}

static void spans_gather(GArray *parts[TRACE_PARTS])
{
  parts[0] = g_array_new(FALSE, FALSE, sizeof(struct span));
}

/* What the block device NUMBER is called ("vda"), or its number where nothing tells. */
static void name_device(char ret[SPAN_DEVICE], uint32_t number)
{
  const unsigned major = number >> MINOR_BITS, minor = number & ((1u << MINOR_BITS) - 1);
  g_autofree char *link = g_strdup_printf("/sys/dev/block/%u:%u", major, minor);
  g_autofree char *target = number ? g_file_read_link(link, NULL) : NULL;
  g_autofree char *name = target ? g_path_get_basename(target) : g_strdup_printf("%u:%u", major, minor);

  g_strlcpy(ret, number ? name : "", SPAN_DEVICE);
}

static void take_span(GArray *ret, const struct traced_span *from)
{
  struct span to = {.pid = (int)from->key.pid,
                    .tid = (int)from->key.tid,
                    .what = from->key.what,
                    .place = from->key.place,
                    .sums = {.count = from->sums.count, .ns = from->sums.ns, .bytes = from->sums.bytes}};

  g_strlcpy(to.name, from->key.name, sizeof to.name);
  name_device(to.device, from->key.device);
  memcpy(to.sums.buckets, from->sums.buckets, sizeof to.sums.buckets);
  g_array_append_val(ret, to);
}

static bool spans_take(GArray *parts[TRACE_PARTS], const struct wire_head *head, const void *body)
{
  const struct traced_span *spans = body;

  for (size_t i = 0; head->kind == WIRE_SPANS && i < wire_count(head); i++)
    take_span(parts[0], &spans[i]);
  return head->kind == WIRE_SPANS;
}

static void spans_deliver(const struct trace_receiver *receiver, GArray *parts[TRACE_PARTS],
                          const struct trace_moment *moment)
{
  struct span_turn *turn = span_turn_new(receiver->kind, parts[0]);

  turn->wall_ns = moment->wall_ns;
  turn->mono_ns = moment->mono_ns;
  turn->seconds = moment->seconds;
  turn->ended = moment->ended;
  turn->problem = moment->problem;
  receiver->deliver.spans(receiver->context, turn);
}

static const struct trace_class spans_class = {.words = spans_words,
                                               .order = spans_order,
                                               .gather = spans_gather,
                                               .take = spans_take,
                                               .deliver = spans_deliver};

struct trace *trace_spans(const struct span_wish *wish, trace_deliver_spans *deliver, void *context,
                          GError **err)
{
  const union trace_wish any = {.spans = *wish};
  const struct trace_receiver receiver = {
      .deliver = {.spans = deliver}, .context = context, .kind = wish->kind};

  return trace_start(&spans_class, &any, &receiver, err);
}
