/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables: every row whole, unique and found again. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/action.h"
#include "core/model/event.h"
#include "core/model/job.h"
#include "core/model/metric.h"
#include "core/model/scan.h"

static void metric_is_sane(enum metric_scope scope, const struct metric *rows, int count, int i)
{
  const struct metric *m = &rows[i];
  cr_assert_eq(metric_find(scope, m->name), i, "%s is not unique", m->name);
  cr_assert(*m->text && *m->title && m->scale > 0, "%s", m->name);
  cr_assert_leq(text_width(m->title), 9, "%s", m->title);
  if (m->kind == METRIC_GAUGE || m->kind == METRIC_COUNTER) {
    cr_assert(m->a == 0 && m->b == 0, "%s is read, not derived", m->name);
    return;
  }
  cr_assert(m->a > 0 && m->a < count && m->b < count, "%s", m->name);
  cr_assert_eq(rows[m->a].kind, METRIC_COUNTER, "%s", m->name);
  cr_assert_eq(rows[m->a].group, m->group, "%s comes from another group than its counter", m->name);
  if (m->kind == METRIC_RATE_PER)
    cr_assert_eq(rows[m->b].kind, METRIC_GAUGE, "%s", m->name);
  else
    cr_assert_eq(rows[m->b].kind, m->kind == METRIC_RATE ? rows[0].kind : METRIC_COUNTER, "%s", m->name);
}

/* DESIGN section 9: the unit is part of the name. */
static void name_tells_unit(const struct metric *m)
{
  static const struct {
    enum metric_unit unit;
    const char *tail;
  } tails[] = {
      {UNIT_PERCENT, "_percent"}, {UNIT_BYTES_PER_S, "_bytes_per_second"}, {UNIT_PER_S, "_per_second"}};
  for (size_t i = 0; i < G_N_ELEMENTS(tails); i++)
    if (m->unit == tails[i].unit)
      cr_assert(g_str_has_suffix(m->name, tails[i].tail), "%s", m->name);
  if (m->unit == UNIT_BYTES)
    cr_assert(strstr(m->name, "_bytes"), "%s", m->name);
  if (m->unit == UNIT_SECONDS)
    cr_assert(strstr(m->name, "_seconds"), "%s", m->name);
  cr_assert_eq(m->kind == METRIC_COUNTER, g_str_has_suffix(m->name, "_total"), "%s", m->name);
  for (const char *p = m->name; *p; p++)
    cr_assert(g_ascii_islower(*p) || g_ascii_isdigit(*p) || *p == '_', "%s", m->name);
}

Test(metrics, rows_are_whole)
{
  for (int scope = 0; scope < SCOPE_COUNT; scope++) {
    int count;
    const struct metric *rows = metric_table((enum metric_scope)scope, &count);
    cr_assert_gt(count, 0);
    cr_assert(*metric_scope_name((enum metric_scope)scope));
    for (int i = 0; i < count; i++) {
      metric_is_sane((enum metric_scope)scope, rows, count, i);
      name_tells_unit(&rows[i]);
    }
    cr_assert_eq(metric_find((enum metric_scope)scope, "no_such_metric"), -1);
  }
}

Test(metrics, words)
{
  cr_assert_str_eq(metric_unit_text(UNIT_BYTES_PER_S), "bytes/s");
  cr_assert_str_eq(metric_unit_text(UNIT_PERCENT), "%");
  cr_assert_str_eq(metric_unit_text(UNIT_NONE), "");
  cr_assert_str_eq(metric_unit_text(UNIT_SECONDS), "s");
  for (int g = 0; g < GROUP_COUNT; g++)
    for (int h = 0; h < g; h++)
      cr_assert_str_neq(metric_group_name((enum metric_group)g), metric_group_name((enum metric_group)h));
}

Test(backends, rows_are_whole_and_found_again)
{
  int count;
  const struct backend *rows = backend_table(&count);
  for (int i = 0; i < count; i++) {
    const struct backend *b = &rows[i];
    cr_assert_eq(backend_find(b->class, b->name), b, "%s is not unique", b->name);
    cr_assert(*b->text);
    cr_assert_eq(b->bus == NULL, b->path == PATH_DIRECT, "%s", b->name);
    cr_assert_eq(b->prefix != NULL, b->class == BACKEND_DISK && b->bus, "%s", b->name);
    cr_assert(b->class != BACKEND_DISK || !b->bus || b->max_disks > 0, "%s", b->name);
    if (b->bus)
      cr_assert_eq(backend_of(b->class, b->bus, b->controller), b, "%s", b->name);
  }
  cr_assert_null(backend_find(BACKEND_NIC, "ide"));
  cr_assert_null(backend_find(BACKEND_DISK, "IDE"));
}

Test(backends, of_what_libvirt_says)
{
  static const struct {
    enum backend_class class;
    const char *bus, *controller, *name;
  } rows[] = {
      {BACKEND_DISK, "virtio", NULL, "virtio-blk"},
      {BACKEND_DISK, "scsi", "virtio-scsi", "virtio-scsi"},
      {BACKEND_DISK, "scsi", "virtio-transitional", "virtio-scsi"},
      {BACKEND_DISK, "scsi", "buslogic", NULL},
      {BACKEND_DISK, "scsi", "lsilogic", "scsi-lsi"},
      {BACKEND_DISK, "scsi", NULL, NULL},
      {BACKEND_DISK, "fdc", NULL, NULL},
      {BACKEND_DISK, NULL, NULL, NULL},
      {BACKEND_DISK, "sata", "ich9-ahci", "sata"},
      {BACKEND_NIC, "virtio", NULL, "virtio-net"},
      {BACKEND_NIC, "virtio-non-transitional", NULL, "virtio-net"},
      {BACKEND_NIC, "rtl8139", NULL, "rtl8139"},
      {BACKEND_NIC, "ne2k_pci", NULL, NULL},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    const struct backend *b = backend_of(rows[i].class, rows[i].bus, rows[i].controller);
    cr_assert_str_eq(b ? b->name : "none", rows[i].name ? rows[i].name : "none", "row %zu", i);
  }
  cr_assert_str_eq(backend_path_name(PATH_EMULATED), "emulated");
  cr_assert_str_eq(backend_path_name(PATH_PARAVIRTUAL), "paravirtual");
  cr_assert_str_eq(backend_path_name(PATH_DIRECT), "direct");
}

Test(actions, rows_are_whole_and_found_again)
{
  for (int id = 0; id < ACTION_COUNT; id++) {
    const struct action *a = action_row((enum action_id)id);
    cr_assert_eq(action_find(a->name), id);
    cr_assert(*a->doing && *a->done && *a->text && a->needs);
    const char *questions[] = {a->question, a->risky};
    for (size_t i = 0; i < G_N_ELEMENTS(questions); i++)
      cr_assert(!questions[i] || (a->needs & NEEDS_NO_GUEST && !strstr(questions[i], "%s")) ||
                    (strstr(questions[i], "%s") && strchr(questions[i], '?') > strstr(questions[i], "%s")),
                "%s", a->name);
    cr_assert(!a->risky || action_word((enum action_id)id, "force"), "%s has nothing to say yes to", a->name);
  }
  cr_assert_eq(action_find("snapshoot"), -1);
}

Test(actions, what_destroys_asks_and_names_the_guest)
{
  static const enum action_id destroys[] = {ACTION_FORCE_OFF, ACTION_RESET, ACTION_DELETE};
  static const enum action_id harmless[] = {ACTION_START, ACTION_STOP, ACTION_PAUSE, ACTION_RESUME,
                                            ACTION_REBOOT};
  for (size_t i = 0; i < G_N_ELEMENTS(destroys); i++) {
    const char *consequence = NULL;
    g_autofree char *q = action_question(destroys[i], false, "my%s? guest", &consequence);
    cr_assert(strstr(q, "my%s? guest") && g_str_has_suffix(q, "?"), "%s", q);
    cr_assert(consequence && g_ascii_isupper(*consequence), "%s", consequence);
  }
  const char *ignored;
  for (size_t i = 0; i < G_N_ELEMENTS(harmless); i++)
    cr_assert_null(action_question(harmless[i], false, "x", &ignored));
  g_autofree char *offer = action_question(ACTION_STOP, true, "x", &ignored);
  cr_assert_str_eq(offer, "x is still running: force it off?");
  g_autofree char *again = action_question(ACTION_REVERT, true, "x", &ignored);
  cr_assert_str_eq(again, "Revert x?");
}

Test(actions, what_is_about_no_guest_asks_without_one)
{
  const char *consequence = NULL;
  g_autofree char *question = action_question(ACTION_MAKE_VFS, false, "?", &consequence);
  cr_assert(g_str_has_suffix(question, "anew?") && g_str_has_prefix(consequence, "Those"), "%s", question);
}

static const char *refusal(enum action_id id, enum guest_state state, bool transient)
{
  struct guest_info info = {.persistent = !transient, .transient_run = transient};
  const struct guest guest = {.info = &info, .state = state};
  return action_refusal(id, &guest);
}

Test(actions, what_needs_a_definition_is_refused_to_transient_guests)
{
  static const enum action_id need[] = {ACTION_SAVE, ACTION_AUTOSTART, ACTION_EDIT, ACTION_UNDO};
  for (size_t i = 0; i < G_N_ELEMENTS(need); i++) {
    const char *why = refusal(need[i], GUEST_RUNNING, true);
    cr_assert(why && strstr(why, "transient"), "%s", action_row(need[i])->name);
    cr_assert_null(refusal(need[i], GUEST_RUNNING, false));
  }
  cr_assert_null(refusal(ACTION_STOP, GUEST_RUNNING, true));
  cr_assert_null(refusal(ACTION_FORCE_OFF, GUEST_RUNNING, true));
}

Test(actions, refusals_follow_the_state)
{
  /* columns: running, idle, paused, in shutdown, shut off, pmsuspended; 1: can be done */
  static const enum guest_state states[] = {GUEST_RUNNING,  GUEST_BLOCKED, GUEST_PAUSED,
                                            GUEST_SHUTDOWN, GUEST_SHUTOFF, GUEST_PMSUSPENDED};
  static const struct {
    enum action_id id;
    const char *can;
  } rows[] = {{ACTION_START, "000010"}, {ACTION_STOP, "110100"},   {ACTION_FORCE_OFF, "111101"},
              {ACTION_PAUSE, "110100"}, {ACTION_RESUME, "001000"}, {ACTION_REBOOT, "110100"},
              {ACTION_RESET, "111101"}, {ACTION_DELETE, "000010"}, {ACTION_LAUNCH, "111111"},
              {ACTION_TOUR, "111111"}};
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    for (size_t s = 0; s < G_N_ELEMENTS(states); s++)
      cr_assert_eq(refusal(rows[i].id, states[s], false) == NULL, rows[i].can[s] == '1', "%s when %s",
                   action_row(rows[i].id)->name, guest_state_name(states[s]));
  cr_assert_str_eq(refusal(ACTION_STOP, GUEST_SHUTOFF, false), "it is not running");
  cr_assert_null(refusal(ACTION_FORCE_OFF, GUEST_CRASHED, false));
  cr_assert_null(refusal(ACTION_START, GUEST_CRASHED, false));
}

Test(actions, a_refusal_says_what_to_do)
{
  struct guest_info info = {.persistent = true};
  const struct guest on = {.info = &info, .state = GUEST_RUNNING},
                     off = {.info = &info, .state = GUEST_SHUTOFF},
                     paused = {.info = &info, .state = GUEST_PAUSED};
  cr_assert_str_eq(action_advice(ACTION_CLONE, &on), "Stop it or force it off first.");
  cr_assert_str_eq(action_advice(ACTION_PAUSE, &off), "Start it first.");
  cr_assert_str_eq(action_advice(ACTION_STOP, &paused), "Resume it first.");
  cr_assert_null(action_advice(ACTION_START, &on)); /* it is as it is to be */
  cr_assert_null(action_advice(ACTION_CLONE, &off));
}

Test(states, words)
{
  for (int s = 0; s < GUEST_STATES; s++) {
    cr_assert(*guest_state_name((enum guest_state)s));
    cr_assert_leq(text_width(guest_state_short((enum guest_state)s)), 5);
  }
  cr_assert_str_eq(guest_state_name(GUEST_SHUTOFF), "shut off");
  cr_assert(guest_state_active(GUEST_PAUSED));
  cr_assert_not(guest_state_active(GUEST_SHUTOFF));
  cr_assert_not(guest_state_active(GUEST_CRASHED));
  cr_assert_str_eq(accel_name(ACCEL_TCG), "tcg");
  cr_assert_str_eq(accel_name(ACCEL_UNKNOWN), "?");
  cr_assert_str_eq(conn_state_name(CONN_LOST), "lost");
}
