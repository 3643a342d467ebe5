/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/form.h"

#include <string.h>

#include "tui/keys.h"

static const struct form_shape new_guest[] = {
    {SPEC_NAME, 0, 20},      {SPEC_TEMPLATE, 0, 14}, {SPEC_VCPUS, 1, 4},    {SPEC_MEMORY, 1, 8},
    {SPEC_ACCEL, 1, 6},      {SPEC_NIC, 1, 11},      {SPEC_SSH, 1, 10},     {SPEC_DISK, 2, 8},
    {SPEC_CACHE, 2, 13},     {SPEC_AIO, 2, 9},       {SPEC_IOTHREAD, 2, 4}, {SPEC_DISCARD, 2, 9},
    {SPEC_BLOCK_SIZE, 3, 8}, {SPEC_MIX, 3, 5},       {SPEC_IMAGE, 4, 0},    {SPEC_KERNEL, 5, 0},
    {SPEC_INITRD, 6, 0},     {SPEC_CMDLINE, 7, 0},   {SPEC_DEVICE, 8, 16},  {SPEC_NETWORK, 9, 14},
    {SPEC_MAC, 9, 17},       {SPEC_VLAN, 9, 4},
};
const struct form_fields form_new_guest = {new_guest, G_N_ELEMENTS(new_guest)};

static const struct form_shape edit_guest[] = {{SPEC_TITLE, 0, 0}, {SPEC_VCPUS, 1, 4}, {SPEC_MEMORY, 1, 10}};
const struct form_fields form_edit_guest = {edit_guest, G_N_ELEMENTS(edit_guest)};

/* Fields that only some values of another one (or, UNLESS, all others) give a use. */
static const struct {
  enum spec_id id;
  enum spec_id by;
  const char *const *values;
  bool unless;
} parts[] = {
    {SPEC_IMAGE, SPEC_TEMPLATE, (const char *const[]){"image", "iso", NULL}, false},
    {SPEC_KERNEL, SPEC_TEMPLATE, (const char *const[]){"kernel", NULL}, false},
    {SPEC_INITRD, SPEC_TEMPLATE, (const char *const[]){"kernel", NULL}, false},
    {SPEC_CMDLINE, SPEC_TEMPLATE, (const char *const[]){"kernel", "linux", NULL}, false},
    {SPEC_BLOCK_SIZE, SPEC_TEMPLATE, (const char *const[]){"pulse", NULL}, false},
    {SPEC_MIX, SPEC_TEMPLATE, (const char *const[]){"pulse", NULL}, false},
    {SPEC_DEVICE, SPEC_BACKEND, (const char *const[]){"sr-iov-nvme", NULL}, false},
    {SPEC_NETWORK, SPEC_NIC, (const char *const[]){"none", NULL}, true},
    {SPEC_MAC, SPEC_NIC, (const char *const[]){"none", NULL}, true},
    {SPEC_VLAN, SPEC_NIC, (const char *const[]){"sr-iov-vf", NULL}, false},
    {SPEC_SSH, SPEC_NIC, (const char *const[]){"none", NULL}, true},
    {SPEC_SSH, SPEC_TEMPLATE, (const char *const[]){"pulse", NULL}, true},
};

void form_init(struct form *form, const struct form_fields *fields)
{
  *form = (struct form){.fields = fields, .focus = fields->shapes[0].id};
  for (int i = 0; i < SPEC_COUNT; i++)
    editor_init(&form->edit[i], spec_field((enum spec_id)i)->initial);
}

void form_clear(struct form *form)
{
  for (int i = 0; i < SPEC_COUNT; i++) {
    editor_clear(&form->edit[i]);
    g_free(form->error[i]);
  }
}

const char *form_text(const struct form *form, enum spec_id id)
{
  return editor_text(&form->edit[id]);
}

/* The syntax of one field. */
static void check_field(struct form *form, enum spec_id id)
{
  g_autoptr(GError) err = NULL;
  struct spec *probe = spec_new();
  g_clear_pointer(&form->error[id], g_free);
  if (*form_text(form, id) && !spec_set(probe, id, form_text(form, id), &err))
    form->error[id] = g_strdup(err->message);
  spec_free(probe);
}

void form_set(struct form *form, enum spec_id id, const char *text, bool touched)
{
  editor_set(&form->edit[id], text);
  form->touched[id] = touched;
  check_field(form, id);
}

void form_refuse(struct form *form, enum spec_id id, const char *why)
{
  g_free(form->error[id]);
  form->error[id] = g_strdup(why);
}

bool form_is_typed(enum spec_id id)
{
  enum spec_type type = spec_field(id)->type;
  return type != SPEC_CHOICE && type != SPEC_BOOL;
}

static bool is_among(const struct form_fields *fields, enum spec_id id)
{
  for (int i = 0; i < fields->count; i++)
    if (fields->shapes[i].id == id)
      return true;
  return id == SPEC_BACKEND;
}

bool form_shows(const struct form *form, enum spec_id id)
{
  if (!is_among(form->fields, id))
    return false;
  /* A template of the user's may have a value where its base needs one. */
  const char *text = form_text(form, id);
  const bool filled = *text && strcmp(text, spec_field(id)->initial) != 0;
  for (size_t i = 0; i < G_N_ELEMENTS(parts) && !filled; i++)
    if (parts[i].id == id &&
        g_strv_contains(parts[i].values, form_text(form, parts[i].by)) == parts[i].unless)
      return false;
  return true;
}

/* What can have the focus, in the order of Tab. */
static int stop_at(const struct form_fields *fields, int at)
{
  return at < fields->count ? (int)fields->shapes[at].id : at == fields->count ? SPEC_BACKEND : FORM_PREVIEW;
}

void form_move(struct form *form, int step)
{
  const int count = form->fields->count + 2;
  int at = 0;
  while (at < count - 1 && stop_at(form->fields, at) != form->focus)
    at++;
  do
    at = (at + step + count) % count;
  while (at < count - 1 && !form_shows(form, (enum spec_id)stop_at(form->fields, at)));
  form->focus = stop_at(form->fields, at);
}

/* ---- choices ---- */

struct offer_list {
  const struct offer *offers;
  int count;
};

/* The offers that field ID chooses from. */
static struct offer_list offers_of(enum spec_id id, const struct offers *offers)
{
  if (!offers)
    return (struct offer_list){0};
  if (id == SPEC_TEMPLATE)
    return (struct offer_list){offers->templates, offers->template_count};
  if (id == SPEC_BACKEND)
    return (struct offer_list){offers->disks, offers->disk_count};
  if (id == SPEC_NIC)
    return (struct offer_list){offers->nics, offers->nic_count};
  if (id == SPEC_ACCEL)
    return (struct offer_list){offers->accels, offers->accel_count};
  return (struct offer_list){0};
}

static const struct offer *find_offer(enum spec_id id, const struct offers *offers, const char *name)
{
  const struct offer_list list = offers_of(id, offers);
  const struct offer *offer = list.offers;
  for (int i = 0; i < list.count; i++, offer++)
    if (strcmp(offer->name, name) == 0)
      return offer;
  return NULL;
}

const char *form_refusal(const struct form *form, enum spec_id id, const struct offers *offers)
{
  const struct offer *offer = find_offer(id, offers, form_text(form, id));
  return offer && !offer->enabled ? offer->reason : NULL;
}

static void add_choice(struct menu *menu, enum spec_id id, const struct offers *offers, const char *name)
{
  const struct offer *offer = find_offer(id, offers, name);
  if (menu_find(menu, name) >= 0)
    return;
  bool refused = offer && !offer->enabled;
  menu_add(menu, name, name, offer ? (refused ? offer->reason : offer->text) : "", refused, false);
}

static const char *const yes_no[] = {"no", "yes", NULL};

void form_menu(const struct form *form, enum spec_id id, const struct offers *offers, struct menu *menu)
{
  const struct spec_field *field = spec_field(id);
  const char *const *choices = field->type == SPEC_BOOL ? yes_no : field->choices;
  menu_init(menu, false);
  for (; choices && *choices; choices++)
    add_choice(menu, id, offers, *choices);
  struct offer_list list = offers_of(id, offers);
  for (int i = 0; i < list.count; i++)
    add_choice(menu, id, offers, list.offers[i].name);
  if (*form_text(form, id))
    add_choice(menu, id, offers, form_text(form, id));
  menu->at = MAX(menu_find(menu, form_text(form, id)), 0);
}

/* Left and Right pass over what cannot be had; in the backend picker Up and Down stand on every row, so
 * that its reason can be read. */
static bool choose(struct form *form, int key, const struct offers *offers)
{
  enum spec_id id = (enum spec_id)form->focus;
  struct menu menu;
  form_menu(form, id, offers, &menu);
  int before = menu.at;
  if (key == KEYS_LEFT || key == KEYS_RIGHT)
    menu_step(&menu, key == KEYS_RIGHT ? 1 : -1);
  else if (id == SPEC_BACKEND)
    menu_key(&menu, key);
  bool changed = menu.at != before;
  if (changed)
    form_set(form, id, menu_item(&menu)->id, true);
  menu_clear(&menu);
  return changed;
}

bool form_key(struct form *form, int key, const struct offers *offers)
{
  if (form->focus >= SPEC_COUNT)
    return false;
  enum spec_id id = (enum spec_id)form->focus;
  if (!form_is_typed(id))
    return choose(form, key, offers);
  g_autofree char *before = g_strdup(form_text(form, id));
  editor_key(&form->edit[id], key);
  if (strcmp(before, form_text(form, id)) == 0)
    return false;
  form->touched[id] = true;
  check_field(form, id);
  return true;
}

/* ---- the spec ---- */

static struct spec *make_spec(const struct form *form, bool touched_only)
{
  struct spec *spec = spec_new();
  for (int i = 0; i < SPEC_COUNT; i++) {
    const char *text = form_text(form, (enum spec_id)i);
    bool wanted = form->touched[i] || !touched_only || i == SPEC_TEMPLATE;
    if (!wanted || !*text || form->error[i])
      continue;
    if (spec_set(spec, (enum spec_id)i, text, NULL))
      spec->given[i] = form->touched[i] || i == SPEC_TEMPLATE;
  }
  return spec;
}

struct spec *form_given(const struct form *form)
{
  return make_spec(form, true);
}

struct spec *form_spec(const struct form *form)
{
  return make_spec(form, false);
}

void form_take(struct form *form, const struct spec *spec)
{
  for (int i = 0; i < SPEC_COUNT; i++)
    if (!form->touched[i] && i != SPEC_TEMPLATE)
      form_set(form, (enum spec_id)i, spec_text(spec, (enum spec_id)i), false);
}

/* What is wrong with a field as a whole form sees it. */
static void check_whole(struct form *form, enum spec_id id, const struct offers *offers)
{
  check_field(form, id);
  if (form->error[id])
    return;
  const char *why = form_refusal(form, id, offers);
  if (why)
    form_refuse(form, id, why);
  else if (!*form_text(form, id) && *spec_field(id)->initial)
    form_refuse(form, id, "it is empty");
}

bool form_check(struct form *form, bool touched_only, const struct offers *offers)
{
  int first = -1;
  for (int i = 0; i <= form->fields->count; i++) {
    const enum spec_id id = (enum spec_id)stop_at(form->fields, i);
    if (!form_shows(form, id) || (touched_only && !form->touched[id]))
      continue;
    check_whole(form, id, offers);
    if (first < 0 && form->error[id])
      first = (int)id;
  }
  if (first >= 0)
    form->focus = first;
  return first < 0;
}
