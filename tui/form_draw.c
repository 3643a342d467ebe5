/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/form_draw.h"

#include <string.h>

#include "core/base/text.h"
#include "tui/figures.h"

#define LABEL 10 /* columns of the first label in a row */
#define WIDE 130 /* from here on the pane stands beside the fields */
#define LEFT 78
#define PICKER_MIN 5
#define PANE_MIN 4
#define PANE_WANTED 6

struct place {
  enum spec_id id;
  int x, y, label, w;
};

static int flow(const struct form *form, int columns, struct place places[SPEC_COUNT], int *ret_count)
{
  const struct form_shape *shapes = form->fields->shapes;
  int x = 0, y = 0, n = 0, group = 0;
  for (int i = 0; i < form->fields->count; i++) {
    if (!form_shows(form, shapes[i].id))
      continue;
    int title = text_width(spec_field(shapes[i].id)->title);
    int label = x == 0 ? MAX(title, LABEL) : title;
    int w = shapes[i].width ? shapes[i].width : columns;
    if (x > 0 && (shapes[i].group != group || x + label + w + 5 > columns - 1)) {
      x = 0;
      y++;
      label = MAX(title, LABEL);
    }
    group = shapes[i].group;
    w = MAX(MIN(w, columns - x - label - 7), 4);
    places[n++] = (struct place){shapes[i].id, x + 2, y, label, w};
    x += label + w + 5; /* blank, brackets, gap */
  }
  *ret_count = n;
  return n ? y + 1 : 0;
}

int form_pane_width(struct rect area)
{
  return (area.w >= WIDE ? area.w - LEFT - 1 : area.w) - 3;
}

static int backend_rows(const struct form_scene *scene)
{
  return scene->offers ? MAX(scene->offers->disk_count, 1) : 1;
}

static void split_wide(struct rect area, struct form_layout *ret)
{
  ret->upper = (struct rect){area.x, area.y, LEFT, area.h};
  ret->pane = (struct rect){area.x + LEFT + 1, area.y, area.w - LEFT - 1, area.h};
}

/* The pane under the rest: what the fields leave, for which the picker gives up rows. */
static void split_tall(const struct form_scene *scene, struct rect area, struct form_layout *ret)
{
  int others = ret->field_rows + 3; /* title, help, heading of the picker */
  int left = area.h - others - ret->picker_rows;
  if (left < PANE_WANTED)
    ret->picker_rows = MAX(MIN(ret->picker_rows, PICKER_MIN), ret->picker_rows - (PANE_WANTED - left));
  left = area.h - others - ret->picker_rows;
  if (left < PANE_MIN)
    left = scene->pane_counts ? MIN(lines_count(scene->pane) + 1, MAX(area.h / 2, 2)) : 0;
  ret->upper = (struct rect){area.x, area.y, area.w, area.h - left};
  ret->pane = (struct rect){area.x, area.y + area.h - left, area.w, left};
}

void form_layout(const struct form_scene *scene, struct rect area, struct form_layout *ret)
{
  struct place places[SPEC_COUNT];
  int n;
  *ret = (struct form_layout){.columns = area.w >= WIDE ? LEFT : area.w, .picker_rows = backend_rows(scene)};
  ret->field_rows = flow(scene->form, ret->columns, places, &n);
  if (area.w >= WIDE)
    split_wide(area, ret);
  else if (scene->form->focus == FORM_PREVIEW && area.h < ret->field_rows + PICKER_MIN + 3 + PANE_MIN)
    ret->pane = area;
  else
    split_tall(scene, area, ret);
  int room = ret->upper.h - ret->field_rows - 3;
  ret->fixed_help = ret->upper.h > 0 && room < MIN(ret->picker_rows, PICKER_MIN);
  if (!ret->fixed_help && ret->upper.h > 0)
    ret->picker_rows = MIN(ret->picker_rows, room);
}

/* ---- fields ---- */

/* What is chosen, and what that comes to as far as it is known: "yes: 2222".  Caller frees. */
static char *choice_text(const struct form_scene *scene, enum spec_id id)
{
  const char *text = form_text(scene->form, id);
  const int port = scene->offers ? scene->offers->ssh_port : 0;
  return id == SPEC_SSH && port && !strcmp(text, "yes") ? g_strdup_printf("yes: %d", port) : text_safe(text);
}

static void draw_field(const struct form_scene *scene, struct canvas *canvas, const struct place *place,
                       int x, int y)
{
  const struct form *form = scene->form;
  bool focus = form->focus == (int)place->id, wrong = form->error[place->id];
  x += place->x;
  y += place->y;
  canvas_put_fit(canvas, x, y, place->label, wrong ? ROLE_WRONG : ROLE_LABEL, spec_field(place->id)->title);
  x += place->label + 1;
  canvas_put(canvas, x, y, focus ? ROLE_KEY : wrong ? ROLE_WRONG : ROLE_RULE, "[");
  struct rect input = {x + 1, y, place->w, 1};
  if (form_is_typed(place->id)) {
    editor_draw(&form->edit[place->id], canvas, input.x, y, input.w, ROLE_INPUT, focus);
  } else {
    g_autofree char *safe = choice_text(scene, place->id);
    canvas_put_fit(canvas, input.x, y, input.w - 1, ROLE_INPUT, safe);
    canvas_put(canvas, input.x + input.w - 1, y, ROLE_INPUT, "▾");
    if (focus)
      canvas_cursor(canvas, input.x, y);
  }
  if (focus)
    canvas_ground(canvas, input, ROLE_CHOICE);
  canvas_put(canvas, x + 1 + place->w, y, focus ? ROLE_KEY : wrong ? ROLE_WRONG : ROLE_RULE, "]");
}

/* What a field is; of SSH, by which network it comes to the guest. */
static const char *field_help(const struct form_scene *scene, enum spec_id id)
{
  const char *network = id == SPEC_SSH && scene->offers ? scene->offers->ssh_network : NULL;
  return network && !strcmp(form_text(scene->form, id), "yes") ? network : spec_field(id)->text;
}

/* One line on the focused field: what is wrong with it, else what it is. */
static void draw_help(const struct form_scene *scene, struct canvas *canvas, struct rect row)
{
  const struct form *form = scene->form;
  if (form->focus >= SPEC_COUNT)
    return;
  enum spec_id id = (enum spec_id)form->focus;
  const char *error = form->error[id], *refusal = form_refusal(form, id, scene->offers);
  g_autofree char *line = g_strdup(error ? error : refusal ? refusal : field_help(scene, id));
  line[strcspn(line, "\n")] = '\0'; /* the advice is told when a launch is tried */
  g_autofree char *text = text_safe(line);
  canvas_put_fit(canvas, row.x + 2, row.y, row.w - 3, error || refusal ? ROLE_WRONG : ROLE_DIM, text);
}

/* ---- the backend picker ---- */

static enum role path_role(const struct offer *offer)
{
  return !offer->enabled  ? ROLE_DISABLED
         : offer->backend ? figure_path_role(offer->backend->path)
                          : ROLE_TEXT;
}

static void draw_backend(const struct form_scene *scene, struct canvas *canvas, struct rect row,
                         const struct offer *offer)
{
  bool chosen = strcmp(offer->name, form_text(scene->form, SPEC_BACKEND)) == 0;
  canvas_put(canvas, row.x, row.y, ROLE_KEY, chosen ? " ▸ " : "   ");
  canvas_put_fit(canvas, row.x + 3, row.y, 12, offer->enabled ? ROLE_TEXT : ROLE_DISABLED, offer->name);
  const char *path = offer->backend ? backend_path_name(offer->backend->path) : "";
  canvas_put_fit(canvas, row.x + 16, row.y, 12, path_role(offer), path);
  g_autofree char *text = text_safe(offer->enabled ? offer->text : offer->reason);
  canvas_put_fit(canvas, row.x + 29, row.y, row.w - 30, offer->enabled ? ROLE_DIM : ROLE_DISABLED, text);
  if (chosen && scene->form->focus == SPEC_BACKEND)
    canvas_ground(canvas, row, ROLE_CHOICE);
  else if (chosen)
    canvas_ground(canvas, row, ROLE_SELECTED_AWAY);
}

static int chosen_backend(const struct form_scene *scene)
{
  for (int i = 0; scene->offers && i < scene->offers->disk_count; i++)
    if (strcmp(scene->offers->disks[i].name, form_text(scene->form, SPEC_BACKEND)) == 0)
      return i;
  return 0;
}

static void draw_picker(const struct form_scene *scene, struct canvas *canvas, struct rect rect, int shown)
{
  const struct offers *offers = scene->offers;
  canvas_put_fit(canvas, rect.x, rect.y, rect.w, ROLE_HEAD,
                 scene->heading ? scene->heading : "   BACKEND      PATH         WHAT IT IS, OR WHY NOT");
  if (!offers) {
    canvas_put_fit(canvas, rect.x + 3, rect.y + 1, rect.w - 3, ROLE_DIM, "asking the host what it can do");
    return;
  }
  int first = CLAMP(chosen_backend(scene) - shown / 2, 0, MAX(offers->disk_count - shown, 0));
  for (int i = 0; i < shown && first + i < offers->disk_count; i++)
    draw_backend(scene, canvas, (struct rect){rect.x, rect.y + 1 + i, rect.w, 1}, &offers->disks[first + i]);
  if (first > 0)
    canvas_put(canvas, rect.x + 1, rect.y + 1, ROLE_KEY, "↑");
  if (first + shown < offers->disk_count)
    canvas_put(canvas, rect.x + 1, rect.y + shown, ROLE_KEY, "↓");
}

/* ---- all of it ---- */

static void draw_title(const struct form_scene *scene, struct canvas *canvas, struct rect row)
{
  int x = canvas_put(canvas, row.x + 1, row.y, ROLE_DIALOG_TITLE, scene->title);
  int room = row.x + row.w - 1 - x - 2;
  if (text_width(scene->room) <= room)
    canvas_put_right(canvas, x + 2, row.y, room, ROLE_DIM, scene->room);
}

/* The row, counted from the first field, that must be seen. */
static int focus_row(const struct form_scene *scene, const struct form_layout *layout,
                     const struct place *places, int n)
{
  for (int i = 0; i < n; i++)
    if (scene->form->focus == (int)places[i].id)
      return places[i].y;
  return layout->field_rows + 1 + chosen_backend(scene);
}

static void draw_upper(const struct form_scene *scene, struct canvas *canvas,
                       const struct form_layout *layout)
{
  struct place places[SPEC_COUNT];
  int n, offset = 0;
  struct rect upper = layout->upper, inner = {upper.x, upper.y + 1, upper.w, upper.h - 1};
  flow(scene->form, layout->columns, places, &n);
  draw_title(scene, canvas, (struct rect){upper.x, upper.y, upper.w, 1});
  int help = inner.y + layout->field_rows, picker = help + 1;
  if (layout->fixed_help) {
    inner.h--;
    offset = MAX(focus_row(scene, layout, places, n) - inner.h + 1, 0);
    help = inner.y + inner.h;
    picker = inner.y + layout->field_rows - offset;
  }
  draw_help(scene, canvas, (struct rect){upper.x, help, upper.w, 1});
  struct rect clip = canvas_clip(canvas, inner);
  for (int i = 0; i < n; i++)
    draw_field(scene, canvas, &places[i], upper.x, inner.y - offset);
  draw_picker(scene, canvas, (struct rect){upper.x, picker, upper.w, layout->picker_rows + 1},
              layout->picker_rows);
  canvas_clip(canvas, clip);
}

static void draw_pane(const struct form_scene *scene, struct canvas *canvas, struct rect pane)
{
  canvas_rule(canvas, pane.x, pane.y, pane.w, scene->pane_title);
  struct rect rows = {pane.x + 1, pane.y + 1, pane.w - 2, pane.h - 1};
  if (scene->pane)
    lines_draw(scene->pane, canvas, rows, scene->scroll);
}

void form_draw(const struct form_scene *scene, struct canvas *canvas, struct rect area)
{
  struct form_layout layout;
  form_layout(scene, area, &layout);
  canvas_fill(canvas, area, ROLE_TEXT);
  if (layout.upper.h > 0)
    draw_upper(scene, canvas, &layout);
  if (layout.pane.h > 0)
    draw_pane(scene, canvas, layout.pane);
}
