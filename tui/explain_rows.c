/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of virtualization a guest is, its devices, and what of it can be seen here and why not else. */
#include "core/base/text.h"
#include "tui/detail_rows.h"
#include "tui/figures.h"

#define INDENT 2
#define DEEPER 4

/* What is told, and onto which page. */
struct drawing {
  const struct detail_page *page;
  enum kind kind;
  const struct explanation
      *explanation; /* NULL: a record is replayed, which holds the kind and figures alone */
};

static void add(const struct drawing *d, enum role role, int indent, const char *text)
{
  detail_add_text(d->page, role, indent, 0, text);
}

static void add_reasons(const struct drawing *d)
{
  g_autofree char *why = g_strdup_printf("Told by %s.", d->explanation->why);
  g_autofree char *host = g_strdup_printf("Its host: %s.", d->explanation->host);

  add(d, ROLE_DIM, INDENT, why);
  add(d, ROLE_DIM, INDENT, host);
}

static void add_kind(const struct drawing *d)
{
  detail_add_title(d->page, kind_row(d->kind)->title);
  add(d, ROLE_TEXT, INDENT, kind_row(d->kind)->text);
  if (d->explanation)
    add_reasons(d);
  else
    add(d, ROLE_DIM, INDENT, "This is a recorded session: it holds no more of it than figures.");
}

static void add_device(const struct drawing *d, const struct explained_device *device)
{
  g_autofree char *head = g_strdup_printf("%s  %s  %s", device->name, device->backend,
                                          device->path_known ? backend_path_name(device->path) : "-");

  add(d, device->path_known ? figure_path_role(device->path) : ROLE_DIM, INDENT, head);
  add(d, ROLE_DIM, DEEPER, device->how);
}

static void add_devices(const struct drawing *d)
{
  if (!d->explanation)
    return;
  detail_add_title(d->page, "devices");
  for (int i = 0; i < d->explanation->device_count; i++)
    add_device(d, &d->explanation->devices[i]);
  if (d->explanation->device_count == 0)
    add(d, ROLE_DIM, INDENT, "it has neither disks nor NICs");
}

/* "EXIT/s 12.3k, IOEX/s 0": what SOURCE gives just now, in the columns that show it.  Caller frees. */
static char *figures_text(const struct drawing *d, const struct source_row *source)
{
  GString *text = g_string_new(NULL);

  for (int i = 0; i < source->count; i++) {
    const struct figure figure = figure_guest(app_scan(d->page->app), d->page->guest, source->metrics[i]);
    g_autofree char *value = figure_with_unit(&figure);
    g_string_append_printf(text, "%s%s %s", i ? ", " : "",
                           metric_table(SCOPE_GUEST, NULL)[source->metrics[i]].title, value);
  }
  return g_string_free(text, FALSE);
}

static void add_source(const struct drawing *d, enum source id)
{
  const struct source_row *source = source_row(id);
  const char *reason = d->explanation ? d->explanation->sources[id].text : NULL;
  bool there = d->explanation ? d->explanation->sources[id].there : source->count > 0;
  g_autofree char *figures = figures_text(d, source);
  const char *shown = !there              ? ""
                      : source->count > 0 ? figures
                                          : "to be had, but this version does not read it";
  g_autofree char *line = g_strdup_printf("%s %s: %s%s%s", there ? "+" : "-", source->title, shown,
                                          *shown && reason ? "; " : "", reason ? reason : "");

  detail_add_text(d->page, !there ? ROLE_DIM : reason ? ROLE_WARN : ROLE_GOOD, DEEPER, 2, line);
}

static void add_sight(const struct drawing *d, enum sight sight)
{
  const struct sight_cell *cell = kind_sight(d->kind, sight);
  g_autofree char *sentence = g_strdup_printf("%s: %s.", sight_title(sight), cell->text);

  sentence[0] = g_ascii_toupper(sentence[0]);
  add(d, ROLE_TEXT, INDENT, sentence);
  for (int i = 0; i < SOURCES; i++)
    if (cell->sources & (1u << i) && (d->explanation || source_row((enum source)i)->count > 0))
      add_source(d, (enum source)i);
}

static void add_sights(const struct drawing *d)
{
  detail_add_title(d->page,
                   d->explanation ? "what can be seen of it (+ here, - not here)" : "what can be seen of it");
  if (!kind_sight(d->kind, SIGHT_STEAL)->text) {
    add(d, ROLE_DIM, INDENT, "of this kind this program does not know");
    return;
  }
  for (int i = 0; i < SIGHTS; i++)
    add_sight(d, (enum sight)i);
}

void detail_fill_explanation(const struct detail_page *page)
{
  struct replay_state replay;
  const char *error;
  const struct explanation *explanation =
      engine_explanation(app_engine(page->app), page->target->uuid, &error);
  engine_replay_state(app_engine(page->app), &replay);
  if (!explanation && !replay.active) {
    detail_add_text(page, error ? ROLE_WRONG : ROLE_DIM, INDENT, 0,
                    error ? error : "looking at it and its host ...");
    return;
  }
  const struct drawing d = {page, explanation ? explanation->kind : page->guest->info->kind, explanation};
  add_kind(&d);
  add_devices(&d);
  add_sights(&d);
}
