/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/act.h"

#include "core/base/error.h"
#include "core/virt/act/delete.h"
#include "core/virt/act/keep.h"
#include "core/virt/act/launch.h"
#include "core/virt/act/life.h"
#include "core/virt/act/redefine.h"
#include "core/virt/act/snapshots.h"
#include "core/virt/act/tour.h"

static const struct row {
  bool (*whole)(struct acting *acting, GError **err); /* needs no guest */
  bool (*guest)(struct acting *acting, virDomainPtr domain, GError **err);
} rows[ACTION_COUNT] = {
    [ACTION_LAUNCH] = {launch_guest, NULL},
    [ACTION_START] = {NULL, life_start},
    [ACTION_STOP] = {NULL, life_stop},
    [ACTION_FORCE_OFF] = {NULL, life_force_off},
    [ACTION_PAUSE] = {NULL, life_pause},
    [ACTION_RESUME] = {NULL, life_resume},
    [ACTION_REBOOT] = {NULL, life_reboot},
    [ACTION_RESET] = {NULL, life_reset},
    [ACTION_DELETE] = {NULL, delete_guest},
    [ACTION_TOUR] = {tour, NULL},
    [ACTION_SNAPSHOT] = {NULL, snapshot_take},
    [ACTION_REVERT] = {NULL, snapshot_revert},
    [ACTION_SNAPSHOT_DELETE] = {NULL, snapshot_delete},
    [ACTION_SAVE] = {NULL, keep_save},
    [ACTION_SAVE_DROP] = {NULL, keep_save_drop},
    [ACTION_AUTOSTART] = {NULL, keep_autostart},
    [ACTION_RENAME] = {NULL, redefine_rename},
    [ACTION_EDIT] = {NULL, redefine_edit},
    [ACTION_UNDO] = {NULL, redefine_undo},
};

static bool act_on_guest(struct acting *acting, const struct row *row, GError **err)
{
  g_autoptr(virDomain) domain = guest_of_uuid(acting->conn, acting->act->uuid, err);
  return domain && row->guest(acting, domain, err);
}

bool act_do(struct hub *hub, struct act *act, GError **err)
{
  const struct row *row = &rows[act->action];
  if (hub->readonly)
    return error_set(err, ERROR_REFUSED, "Start virtlens without --readonly.", "%s: opened read-only",
                     action_row(act->action)->name);
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  if (!conn)
    return false;
  struct acting acting = {hub, conn, act};
  return row->whole ? row->whole(&acting, err) : act_on_guest(&acting, row, err);
}
