/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What processes ask of memory: by process, and one by one.  Traced while it is open. */
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "tui/lines.h"
#include "tui/memory_rows.h"
#include "tui/views.h"

#define GRAPH_H 4
#define GRAPH_FROM_H 14 /* rows from which on there is a graph */
#define NOT_SEEN "Calls by int 0x80, as old 32-bit programs make them, are not seen."

struct memory_view {
  struct view view;
  struct memory_wish wish;
  struct target guest; /* whose process is asked for; uuid "": none */
  bool asking;         /* ... and is not known yet */
  char *why_not;       /* why it cannot be known; NULL: it is not asked, or known */
  enum memory_list list;
  enum memory_rank by;
  char *filter;
  GArray *held;   /* the rows of LIST while the display is held; NULL: it is not */
  int back, page; /* rows between the last one shown and the end (or, of processes, the beginning) */
};

/* ---- what is wished for ---- */

static void begin(struct memory_view *self)
{
  const struct engine *engine = app_engine(self->view.app);
  struct replay_state replay;
  g_autoptr(GError) err = NULL;

  engine_replay_state(engine, &replay);
  self->wish.requests = self->list == MEMORY_REQUESTS;
  self->wish.seconds = engine_interval(engine);
  if (!replay.active && !self->asking && !self->why_not &&
      !engine_memory_watch(app_engine(self->view.app), &self->wish, &err))
    app_say_error(self->view.app, err);
}

static bool take_pid(struct memory_wish *wish, const char *text, GError **err)
{
  int64_t pid;

  if (!units_parse_int(text, 1, G_MAXINT, &pid, err))
    return false;
  wish->whose = MEMORY_PID;
  wish->pid = (int)pid;
  return true;
}

/* A word of :memory; false with ERR NULL: it is none of ours, so it names a guest. */
static bool take_word(struct memory_wish *wish, const char *word, GError **err)
{
  if (strcmp(word, "all") == 0) {
    wish->whose = MEMORY_ALL;
  } else if (strcmp(word, "protections") == 0) {
    wish->protections = true;
  } else if (g_str_has_prefix(word, "name=")) {
    wish->whose = MEMORY_NAMED;
    g_strlcpy(wish->name, word + strlen("name="), sizeof wish->name);
  } else {
    return g_str_has_prefix(word, "pid=") && take_pid(wish, word + strlen("pid="), err);
  }
  return true;
}

/* The words of LINE; RET_GUEST has uuid "" where none is named. */
static bool take_words(struct app *app, const struct command_line *line, struct memory_wish *wish,
                       struct target *ret_guest, GError **err)
{
  g_autoptr(GError) why = NULL;

  *ret_guest = target_of(-1, "");
  for (char **word = line->words; *word; word++) {
    if (take_word(wish, *word, &why))
      continue;
    if (why) {
      g_propagate_error(err, g_steal_pointer(&why));
      return false;
    }
    const struct command_line named = {.command = line->command, .guest = *word};
    g_autoptr(GArray) targets = app_targets_of(app, &named, err);
    if (!targets)
      return false;
    *ret_guest = g_array_index(targets, struct target, 0);
  }
  return true;
}

static void set_guest(struct memory_view *self, const struct target *guest)
{
  self->guest = *guest;
  self->asking = *guest->uuid != '\0';
  g_clear_pointer(&self->why_not, g_free);
  if (self->asking)
    engine_ask_process(app_engine(self->view.app), guest->conn, guest->uuid);
}

/* The answer to what was asked for the guest. */
static void take_process(struct memory_view *self)
{
  const char *error;
  const int pid = engine_process(app_engine(self->view.app), self->guest.uuid, &error);

  if (!self->asking || (!pid && !error))
    return;
  self->asking = false;
  self->why_not = g_strdup(error);
  self->wish.whose = MEMORY_PID;
  self->wish.pid = pid;
  begin(self);
}

/* ---- drawing ---- */

static char *title_of(const struct memory_view *self)
{
  g_autofree char *guest = *self->guest.uuid ? app_guest_name(self->view.app, &self->guest) : NULL;
  g_autofree char *name = text_safe(self->wish.name), *filter = text_safe(self->filter);
  g_autofree char *whose = guest                              ? g_strdup_printf("of the process of %s", guest)
                           : self->wish.whose == MEMORY_NAMED ? g_strdup_printf("of \"%s\"", name)
                           : self->wish.whose == MEMORY_PID ? g_strdup_printf("of process %d", self->wish.pid)
                                                            : g_strdup("of all processes");
  return g_strdup_printf("Memory requests %s%s%s%s%s", whose, *filter ? " with \"" : "", filter,
                         *filter ? "\"" : "", self->held ? ", held" : "");
}

/* "seen 120: 20 counted, 100 one by one = 98 stored + 2 lost". */
static char *seen_text(const struct memory_sums *total)
{
  const uint64_t seen = memory_sums_seen(total), each = total->sent + total->lost;

  if (!each)
    return g_strdup_printf("seen %" G_GUINT64_FORMAT ", counted by process", seen);
  return g_strdup_printf("seen %" G_GUINT64_FORMAT ": counted %" G_GUINT64_FORMAT
                         ", one by one %" G_GUINT64_FORMAT " = stored %" G_GUINT64_FORMAT
                         " + lost %" G_GUINT64_FORMAT,
                         seen, seen - each, each, total->sent, total->lost);
}

static char *rates_text(const struct memory_turn *turn, const struct memory_sums *total)
{
  const double seconds = turn->seconds > 0 ? turn->seconds : 1;
  units_buf calls, mapped, freed;

  return g_strdup_printf("%s calls/s, %s/s mapped, %s/s freed, %" G_GUINT64_FORMAT " refused in all",
                         units_count(calls, (double)memory_sums_seen(&turn->sums) / seconds),
                         units_bytes(mapped, (double)turn->sums.mapped / seconds),
                         units_bytes(freed, (double)turn->sums.freed / seconds), total->failed);
}

static int draw_state(struct canvas *canvas, struct rect inside, const struct memory_turn *turn)
{
  if (!turn->ended)
    return 0;
  g_autofree char *text = turn->problem ? text_line(turn->problem) : g_strdup("tracing has ended");
  return canvas_put_wrapped(canvas, (struct rect){inside.x + 1, inside.y, inside.w - 2, inside.h},
                            turn->problem ? ROLE_WRONG : ROLE_DIM, text);
}

static int draw_graph(struct canvas *canvas, struct rect inside, const struct memory_log *log)
{
  double values[MEMORY_LOG_RATES];
  const int n = MIN(canvas_graph_values(canvas, inside.w), MEMORY_LOG_RATES);

  if (inside.h < GRAPH_FROM_H)
    return 0;
  memory_log_rates(log, MEMORY_RATE_CALLS, values, n);
  canvas_graph(canvas, (struct rect){inside.x, inside.y, inside.w, GRAPH_H}, values, n, 0, ROLE_GOOD);
  return GRAPH_H;
}

/* The first of ROWS to be shown: the newest request is at the end, the first process at the beginning. */
static int first_row(struct memory_view *self, int rows)
{
  self->back = CLAMP(self->back, 0, MAX(rows - self->page, 0));
  return self->list == MEMORY_PROCESSES ? self->back : MAX(rows - self->page, 0) - self->back;
}

static void draw_list(struct memory_view *self, struct canvas *canvas, struct rect rect,
                      struct memory_log *log)
{
  GArray *rows =
      self->held ? g_array_ref(self->held) : memory_rows_new(log, self->list, self->by, self->filter);
  const double seconds = memory_log_newest(log)->seconds;

  memory_rows_draw_head(canvas, rect, self->list, self->by);
  self->page = MAX(rect.h - 1, 1);
  const int first = first_row(self, (int)rows->len);
  for (int i = 0; i < self->page && first + i < (int)rows->len; i++)
    memory_rows_draw(canvas, (struct rect){rect.x, rect.y + 1 + i, rect.w, 1}, self->list, rows,
                     (guint)(first + i), seconds);
  if (!rows->len)
    canvas_put_fit(canvas, rect.x + 1, rect.y + 1, rect.w - 1, ROLE_DIM,
                   *self->filter ? "nothing here matches" : "nothing yet");
  g_array_unref(rows);
}

/* Where requests go into a database: how far they came. */
static int draw_delivery(struct memory_view *self, struct canvas *canvas, struct rect inside)
{
  struct delivery delivery;

  if (!engine_delivery(app_engine(self->view.app), &delivery))
    return 0;
  g_autofree char *counts = delivery_text(&delivery), *place = text_safe(delivery.place);
  g_autofree char *text = g_strdup_printf("%s: %s", place, counts);
  const char *const lines[] = {text, delivery.problem, delivery.refusal};
  const bool all_well = !delivery.problem && !delivery.lost;
  int rows = 0;

  for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
    g_autofree char *line = lines[i] ? text_line(lines[i]) : NULL;
    const struct rect rest = {inside.x + 1, inside.y + rows, inside.w - 2, inside.h - rows};
    rows += line ? canvas_put_wrapped(canvas, rest, i == 0 && all_well ? ROLE_TEXT : ROLE_WARN, line) : 0;
  }
  delivery_clear(&delivery);
  return rows;
}

static void draw_log(struct memory_view *self, struct canvas *canvas, struct rect inside,
                     struct memory_log *log)
{
  const struct memory_turn *turn = memory_log_newest(log);
  const struct memory_sums *total = memory_log_total(log);
  g_autofree char *seen = seen_text(total), *rates = rates_text(turn, total);
  int y = inside.y;

  y += draw_state(canvas, inside, turn);
  canvas_put_fit(canvas, inside.x + 1, y++, inside.w - 1, total->lost ? ROLE_WARN : ROLE_TEXT, seen);
  canvas_put_fit(canvas, inside.x + 1, y++, inside.w - 1, ROLE_TEXT, rates);
  y += draw_delivery(self, canvas, (struct rect){inside.x, y, inside.w, inside.h});
  y += draw_graph(canvas, (struct rect){inside.x, y, inside.w, inside.h}, log);
  draw_list(self, canvas, (struct rect){inside.x, y, inside.w, inside.y + inside.h - 1 - y}, log);
  canvas_put_fit(canvas, inside.x + 1, inside.y + inside.h - 1, inside.w - 1, ROLE_DIM, NOT_SEEN);
}

static void memory_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct memory_view *self = (struct memory_view *)view;
  struct memory_log *log = engine_memory(app_engine(view->app));
  struct replay_state replay;
  g_autofree char *title = title_of(self);
  struct rect inside = canvas_page(canvas, area, title);

  engine_replay_state(app_engine(view->app), &replay);
  inside = (struct rect){area.x, inside.y, area.w, inside.h};
  if (log && !self->asking && !self->why_not)
    draw_log(self, canvas, inside, log);
  else
    canvas_put_unknown(canvas, (struct rect){inside.x + 1, inside.y, inside.w - 2, inside.h},
                       replay.active  ? "nothing was traced up to here"
                       : self->asking ? "looking for its process ..."
                                      : "starting virtlens-trace ...",
                       self->why_not);
}

/* ---- commands ---- */

static void let_go(struct memory_view *self)
{
  g_clear_pointer(&self->held, g_array_unref);
}

static void hold(struct memory_view *self)
{
  struct memory_log *log = engine_memory(app_engine(self->view.app));

  if (self->held)
    let_go(self);
  else if (log)
    self->held = memory_rows_new(log, self->list, self->by, self->filter);
}

static void next_list(struct memory_view *self)
{
  let_go(self);
  self->list = (self->list + 1) % MEMORY_LISTS;
  self->back = 0;
  begin(self);
}

static void set_filter(struct memory_view *self, const struct command_line *line)
{
  let_go(self);
  g_free(self->filter);
  self->filter = g_strjoinv(" ", line->words);
  self->back = 0;
}

static bool wish_anew(struct memory_view *self, const struct command_line *line, GError **err)
{
  struct memory_wish wish = {.protections = self->wish.protections};
  struct target guest;

  if (!take_words(self->view.app, line, &wish, &guest, err))
    return false;
  let_go(self);
  self->wish = wish;
  if (*guest.uuid)
    engine_memory_stop(app_engine(self->view.app)); /* until its process is known */
  set_guest(self, &guest);
  begin(self);
  return true;
}

static enum view_answer memory_command(struct view *view, const struct command_line *line, GError **err)
{
  struct memory_view *self = (struct memory_view *)view;
  const int step = lines_step(line->command, self->page);

  if (step) {
    const int64_t back =
        self->list == MEMORY_PROCESSES ? (int64_t)self->back + step : (int64_t)self->back - step;
    self->back = (int)CLAMP(back, 0, G_MAXINT / 2); /* drawing brings it into range */
    return VIEW_TAKEN;
  }
  switch (line->command->screen) {
  case COMMAND_NEXT_PANE:
    next_list(self);
    return VIEW_TAKEN;
  case COMMAND_HOLD:
    hold(self);
    return VIEW_TAKEN;
  case COMMAND_SORT:
    let_go(self);
    self->by = (self->by + 1) % MEMORY_RANKS;
    return VIEW_TAKEN;
  case COMMAND_FILTER:
    if (!prompt_for_filter(view->app, line))
      set_filter(self, line);
    return VIEW_TAKEN;
  case COMMAND_MEMORY:
    return wish_anew(self, line, err) ? VIEW_TAKEN : VIEW_FAILED;
  default:
    return VIEW_PASS;
  }
}

static void memory_news(struct view *view, unsigned news)
{
  if (news & NEWS_PROCESS)
    take_process((struct memory_view *)view);
}

static const struct hint *memory_hints(struct view *view, int *ret_count)
{
  static const struct hint processes[] = {{"next-pane", "one by one", NULL},
                                          {"sort", "sort", NULL},
                                          {"hold", "hold", NULL},
                                          {"filter", "search", NULL},
                                          {"back", "back", NULL},

                                          {"help", "help", NULL},
                                          {"memory", "anew", NULL}};
  static const struct hint requests[] = {{"next-pane", "by process", NULL},
                                         {"hold", "hold", NULL},
                                         {"filter", "search", NULL},
                                         {"back", "back", NULL},
                                         {"help", "help", NULL},
                                         {"memory", "anew", NULL}};
  const bool each = ((const struct memory_view *)view)->list == MEMORY_REQUESTS;

  *ret_count = each ? G_N_ELEMENTS(requests) : G_N_ELEMENTS(processes);
  return each ? requests : processes;
}

static void memory_view_free(struct view *view)
{
  struct memory_view *self = (struct memory_view *)view;

  engine_memory_stop(app_engine(view->app));
  let_go(self);
  g_free(self->why_not);
  g_free(self->filter);
  g_free(self);
}

static const struct view_class memory_class = {
    .place = "memory",
    .shape = VIEW_SCREEN,
    .draw = memory_draw,
    .command = memory_command,
    .news = memory_news,
    .hints = memory_hints,
    .free = memory_view_free,
};

struct view *memory_view_new(struct app *app, const struct command_line *line, GError **err)
{
  struct memory_wish wish = {.whose = MEMORY_ALL};
  struct target guest;

  if (!take_words(app, line, &wish, &guest, err))
    return NULL;
  struct memory_view *self = g_new0(struct memory_view, 1);
  self->view = (struct view){&memory_class, app};
  self->wish = wish;
  self->filter = g_strdup("");
  set_guest(self, &guest);
  begin(self);
  return &self->view;
}
