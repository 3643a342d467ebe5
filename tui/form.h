/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a form about a guest holds, apart from drawing: what was typed in each field, what is wrong with it,
 * and the spec it makes.  Pure, for its tests. */
#ifndef TUI_FORM_H
#define TUI_FORM_H

#include "core/model/offers.h"
#include "core/model/spec.h"
#include "tui/editor.h"
#include "tui/menu.h"

/* A field of a form; a new group begins a new row. */
struct form_shape {
  enum spec_id id;
  int group, width; /* width 0: to the end of the row */
};

/* The fields of a form in reading order, in which Tab goes; behind them the backend's picker and the pane. */
struct form_fields {
  const struct form_shape *shapes;
  int count;
};
extern const struct form_fields form_new_guest, form_edit_guest;

/* Beside the fields of the spec the pane can have the keys. */
#define FORM_PREVIEW SPEC_COUNT

struct form {
  const struct form_fields *fields;
  struct editor edit[SPEC_COUNT];
  char *error[SPEC_COUNT];  /* why the text of a field does not do, advice after a newline; NULL: it does */
  bool touched[SPEC_COUNT]; /* set by the user: templates leave it alone */
  int focus;                /* enum spec_id, or FORM_PREVIEW */
};

void form_init(struct form *form, const struct form_fields *fields);
void form_clear(struct form *form);
const char *form_text(const struct form *form, enum spec_id id);
/* Set a field as the user (TOUCHED) or the program does; its error follows. */
void form_set(struct form *form, enum spec_id id, const char *text, bool touched);
/* Say why the text of a field does not do. */
void form_refuse(struct form *form, enum spec_id id, const char *why);
/* A field to type in, rather than one to choose from. */
bool form_is_typed(enum spec_id id);
/* Is the field in this form, and has it a part in a launch from the present template on the present backend?
 */
bool form_shows(const struct form *form, enum spec_id id);
/* To the next (1) or previous (-1) field that shows. */
void form_move(struct form *form, int step);
/* The choices of field ID as a menu, its present value under the cursor.  OFFERS may be NULL. */
void form_menu(const struct form *form, enum spec_id id, const struct offers *offers, struct menu *menu);
/* Deal with a key of the focused field: editing, or choosing by Left, Right.  True when the field's text
 * changed. */
bool form_key(struct form *form, int key, const struct offers *offers);
/* The fields the user set as a spec, for a template to fill the others; those that are wrong are left out.
 * spec_free. */
struct spec *form_given(const struct form *form);
/* All fields as a spec. */
struct spec *form_spec(const struct form *form);
/* Take what SPEC was filled with into the fields that the user did not set. */
void form_take(struct form *form, const struct spec *spec);
/* Look through all fields that show, or TOUCHED_ONLY those that the user set; false, and the focus on the
 * first one that is wrong. */
bool form_check(struct form *form, bool touched_only, const struct offers *offers);
/* Why field ID with its present choice cannot be had (greyed in OFFERS), or NULL; borrowed from OFFERS. */
const char *form_refusal(const struct form *form, enum spec_id id, const struct offers *offers);

#endif
