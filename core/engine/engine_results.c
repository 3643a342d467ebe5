/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results of benchmarks for the screen: read and analysed by a worker. */
#include "core/base/error.h"
#include "core/bench/sheets.h"
#include "core/engine/bench.h"
#include "core/engine/engine_private.h"

struct results_order {
  struct inbox *inbox;
  char *file, *baseline;
  uint64_t number;
};

static void order_free(void *data)
{
  struct results_order *order = data;
  g_free(order->file);
  g_free(order->baseline);
  g_free(order);
}

void results_answer_free(struct results_answer *answer)
{
  if (!answer)
    return;
  sheet_book_free(answer->book);
  g_free(answer->error);
  g_free(answer);
}

static bool run_results(G_GNUC_UNUSED struct task *task, void *context, G_GNUC_UNUSED GError **err)
{
  const struct results_order *order = context;
  struct results_answer *answer = g_new0(struct results_answer, 1);
  g_autoptr(GError) why = NULL;
  g_autofree char *file = order->file ? g_strdup(order->file) : bench_newest_results(&why);
  answer->number = order->number;
  answer->book = file ? bench_sheets_read(file, order->baseline, &why) : NULL;
  answer->error = why ? error_line(why) : NULL;
  const bool done = answer->book != NULL;
  inbox_push(order->inbox, MESSAGE_RESULTS, -1, answer, (GDestroyNotify)results_answer_free);
  return done;
}

void engine_ask_results(struct engine *engine, const char *file, const char *baseline)
{
  struct results_order *order = g_new0(struct results_order, 1);
  *order = (struct results_order){engine->inbox, g_strdup(file), g_strdup(baseline), ++engine->results_asked};
  jobs_ask(engine->workers, LANE_ASK, run_results, order, order_free);
}

unsigned engine_take_results(struct engine *engine, struct message *message)
{
  const struct results_answer *answer = message->payload;
  if (answer->number != engine->results_asked)
    return 0; /* a newer one is on its way */
  results_answer_free(engine->results);
  engine->results = g_steal_pointer(&message->payload);
  return NEWS_RESULTS;
}

const struct sheet_book *engine_results(const struct engine *engine, const char **ret_error)
{
  const struct results_answer *answer = engine->results;
  const bool newest = answer && answer->number == engine->results_asked;
  *ret_error = newest ? answer->error : NULL;
  return newest ? answer->book : NULL;
}
