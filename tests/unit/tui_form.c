/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The form for a new guest: its fields, what is wrong with them, and its layout. */
#include "tests/unit/test.h"

#include <string.h>

#include "tui/form_draw.h"
#include "tui/keys.h"

static void type(struct form *form, const struct offers *offers, const char *text)
{
  for (; *text; text++)
    form_key(form, *text, offers);
}

static struct offers *some_offers(void)
{
  struct offers *offers = offers_new(0);
  int count;
  const struct backend *table = backend_table(&count);
  for (int i = 0; i < count; i++)
    if (table[i].class == BACKEND_DISK)
      offers_add(&offers->disks, &offers->disk_count, &table[i], table[i].name, table[i].text,
                 strcmp(table[i].name, "nvme") == 0 ? "libvirt does not list it" : NULL);
  static const char *const templates[] = {"pulse", "linux", "image", "iso", "kernel"};
  for (size_t i = 0; i < G_N_ELEMENTS(templates); i++)
    offers_add(&offers->templates, &offers->template_count, NULL, templates[i], "",
               strcmp(templates[i], "linux") == 0 ? "there is no kernel" : NULL);
  return offers;
}

Test(tui_form, starts_with_the_defaults_and_is_right)
{
  struct form form;
  form_init(&form, &form_new_guest);
  form_set(&form, SPEC_NAME, "a", false);
  cr_assert(form_check(&form, false, NULL));
  struct spec *spec = form_spec(&form);
  for (int i = 0; i < SPEC_COUNT; i++)
    if (i != SPEC_NAME)
      cr_assert_str_eq(spec_text(spec, (enum spec_id)i), spec_field((enum spec_id)i)->initial);
  spec_free(spec);
  form_clear(&form);
}

Test(tui_form, wrong_fields_say_so_while_they_are_typed)
{
  struct form form;
  form_init(&form, &form_new_guest);
  form.focus = SPEC_VCPUS;
  type(&form, NULL, "0000");
  cr_assert_not_null(form.error[SPEC_VCPUS], "10000 vCPUs");
  form_key(&form, KEYS_CTRL('U'), NULL);
  type(&form, NULL, "2");
  cr_assert_null(form.error[SPEC_VCPUS]);
  form.focus = SPEC_MEMORY;
  form_key(&form, KEYS_CTRL('U'), NULL);
  type(&form, NULL, "1e999");
  cr_assert_not_null(form.error[SPEC_MEMORY]);
  cr_assert_str_eq(form_text(&form, SPEC_MEMORY), "1e999", "what was typed stays");
  struct spec *spec = form_spec(&form);
  cr_assert_eq(spec_int(spec, SPEC_VCPUS), 2);
  cr_assert_str_eq(spec_text(spec, SPEC_MEMORY), spec_field(SPEC_MEMORY)->initial);
  spec_free(spec);
  form_clear(&form);
}

Test(tui_form, check_goes_to_the_first_wrong_field)
{
  struct form form;
  form_init(&form, &form_new_guest);
  cr_assert(form_check(&form, false, NULL), "an empty name is made up by the engine");
  static const char *const names[] = {".", "..", "a/b", " a", "a\033b", "\xe2\x80\xae"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    form_set(&form, SPEC_NAME, names[i], true);
    cr_assert_not(form_check(&form, false, NULL), "name %zu", i);
    cr_assert_eq(form.focus, SPEC_NAME);
  }
  form_set(&form, SPEC_NAME, "fine", true);
  form_set(&form, SPEC_DISK, "", true);
  form.focus = SPEC_BACKEND;
  cr_assert_not(form_check(&form, false, NULL));
  cr_assert_eq(form.focus, SPEC_DISK);
  form_clear(&form);
}

Test(tui_form, greyed_choices_are_passed_over_or_refused_with_their_reason)
{
  struct form form;
  struct offers *offers = some_offers();
  form_init(&form, &form_new_guest);
  form_set(&form, SPEC_NAME, "a", true);
  form.focus = SPEC_TEMPLATE;
  cr_assert(form_key(&form, KEYS_RIGHT, offers));
  cr_assert_str_eq(form_text(&form, SPEC_TEMPLATE), "image", "linux is greyed");
  form_key(&form, KEYS_LEFT, offers);
  cr_assert_str_eq(form_text(&form, SPEC_TEMPLATE), "pulse");
  form.focus = SPEC_BACKEND;
  while (strcmp(form_text(&form, SPEC_BACKEND), "nvme") != 0)
    cr_assert(form_key(&form, KEYS_DOWN, offers));
  cr_assert_str_eq(form_refusal(&form, SPEC_BACKEND, offers), "libvirt does not list it");
  cr_assert_not(form_check(&form, false, offers));
  cr_assert_str_eq(form.error[SPEC_BACKEND], "libvirt does not list it");
  form_key(&form, KEYS_UP, offers);
  cr_assert(form_check(&form, false, offers));
  form_clear(&form);
  offers_unref(offers);
}

Test(tui_form, templates_fill_what_the_user_has_not)
{
  struct form form;
  form_init(&form, &form_new_guest);
  form_set(&form, SPEC_MEMORY, "3G", true);
  struct spec *given = form_given(&form);
  cr_assert(given->given[SPEC_MEMORY]);
  cr_assert_not(given->given[SPEC_DISK]);
  cr_assert(spec_set(given, SPEC_DISK, "10G", NULL));
  form_take(&form, given);
  cr_assert_str_eq(form_text(&form, SPEC_MEMORY), "3G");
  cr_assert_str_eq(form_text(&form, SPEC_DISK), "10G");
  spec_free(given);
  form_clear(&form);
}

Test(tui_form, fields_show_where_they_have_a_part)
{
  struct form form;
  form_init(&form, &form_new_guest);
  cr_assert(form_shows(&form, SPEC_MIX));
  cr_assert_not(form_shows(&form, SPEC_KERNEL));
  form_set(&form, SPEC_TEMPLATE, "kernel", true);
  cr_assert_not(form_shows(&form, SPEC_MIX));
  cr_assert(form_shows(&form, SPEC_KERNEL));
  form_clear(&form);
}

Test(tui_form, tab_comes_round_and_meets_every_field_that_shows)
{
  struct form form;
  form_init(&form, &form_new_guest);
  bool met[SPEC_COUNT + 1] = {false};
  int steps = 0;
  do {
    met[form.focus] = true;
    form_move(&form, 1);
  } while (form.focus != SPEC_NAME && ++steps < 100);
  for (int i = 0; i < SPEC_COUNT; i++)
    cr_assert_eq(met[i], form_shows(&form, (enum spec_id)i), "%s", spec_field((enum spec_id)i)->name);
  cr_assert(met[FORM_PREVIEW]);
  form_move(&form, -1);
  cr_assert_eq(form.focus, FORM_PREVIEW);
  form_clear(&form);
}

Test(tui_form, what_the_engine_filled_in_is_taken_where_the_user_set_nothing)
{
  struct form form;
  form_init(&form, &form_new_guest);
  struct spec *spec = spec_new();
  cr_assert(spec_set(spec, SPEC_NAME, "pulse-3", NULL) && spec_set(spec, SPEC_MEMORY, "32M", NULL));
  form_set(&form, SPEC_MEMORY, "64M", true);
  form_take(&form, spec);
  cr_assert_str_eq(form_text(&form, SPEC_NAME), "pulse-3");
  cr_assert_str_eq(form_text(&form, SPEC_MEMORY), "64M");
  form_set(&form, SPEC_NAME, "", true);
  form_take(&form, spec);
  cr_assert_str_eq(form_text(&form, SPEC_NAME), "", "a name that the user cleared stays so");
  spec_free(spec);
  form_clear(&form);
}

static bool drawn(const struct canvas *canvas, const char *text)
{
  g_autofree char *all = canvas_text(canvas);
  return strstr(all, text) != NULL;
}

/* At every size the focused field, its help and the title can be seen. */
Test(tui_form, what_has_the_keys_is_seen_at_every_size)
{
  struct form form;
  struct offers *offers = some_offers();
  form_init(&form, &form_new_guest);
  form_set(&form, SPEC_NAME, "a", true);
  for (int w = 40; w <= 200; w += 8)
    for (int h = 9; h <= 57; h += 3) {
      struct canvas *canvas = canvas_new(w, h, true, GRAPH_BRAILLE);
      form.focus = SPEC_NAME;
      do {
        int scroll = 0;
        g_autoptr(GArray) pane = lines_new();
        lines_add(pane, ROLE_TEXT, "<domain>", w, 0);
        struct form_scene scene = {.form = &form,
                                   .offers = offers,
                                   .title = "New guest",
                                   .room = "",
                                   .pane = pane,
                                   .pane_title = "XML",
                                   .scroll = &scroll};
        canvas_clear(canvas);
        form_draw(&scene, canvas, canvas_area(canvas));
        int x, y;
        bool cursor = canvas_get_cursor(canvas, &x, &y);
        if (form.focus == FORM_PREVIEW)
          cr_assert(drawn(canvas, "<domain>"), "%dx%d", w, h);
        else if (form.focus == SPEC_BACKEND)
          cr_assert(drawn(canvas, "▸ virtio-blk"), "%dx%d", w, h);
        else
          cr_assert(cursor && x < w && y < h && drawn(canvas, "New guest"), "%dx%d focus %d", w, h,
                    form.focus);
        form_move(&form, 1);
      } while (form.focus != SPEC_NAME);
      canvas_free(canvas);
    }
  form_clear(&form);
  offers_unref(offers);
}
