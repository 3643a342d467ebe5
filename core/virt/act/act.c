/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/act.h"

#include "core/base/error.h"
#include "core/virt/act/aftermath.h"
#include "core/virt/act/clone.h"
#include "core/virt/act/define.h"
#include "core/virt/act/delete.h"
#include "core/virt/act/devices.h"
#include "core/virt/act/flatten.h"
#include "core/virt/act/functions.h"
#include "core/virt/act/launch.h"
#include "core/virt/act/life.h"
#include "core/virt/act/rebase.h"
#include "core/virt/act/screenshot.h"
#include "core/virt/act/snapshots.h"
#include "core/virt/act/tour.h"
#include "core/virt/act/undelete.h"
#include "core/virt/act/users.h"

static const struct row {
  bool (*whole)(struct acting *acting, GError **err); /* needs no guest */
  bool (*guest)(struct acting *acting, virDomainPtr domain, GError **err);
  bool writes;        /* it writes to the guest's disks, on which those of other guests may stand */
  outcome_look *look; /* whether it is done, when its connection was lost meanwhile */
} rows[ACTION_COUNT] = {
    [ACTION_LAUNCH] = {launch_guest, NULL, false, outcome_launched},
    [ACTION_START] = {NULL, life_start, true, outcome_started},
    [ACTION_STOP] = {NULL, life_stop, false, outcome_off},
    [ACTION_FORCE_OFF] = {NULL, life_force_off, false, outcome_off},
    [ACTION_PAUSE] = {NULL, life_pause, false, outcome_paused},
    [ACTION_RESUME] = {NULL, life_resume, false, outcome_resumed},
    [ACTION_REBOOT] = {NULL, life_reboot, false, outcome_unseen},
    [ACTION_RESET] = {NULL, life_reset, false, outcome_unseen},
    [ACTION_DELETE] = {NULL, delete_guest, false, outcome_deleted},
    [ACTION_UNDELETE] = {undelete_guest, NULL, false, outcome_cloned},
    [ACTION_TOUR] = {tour, NULL, false, outcome_toured},
    [ACTION_SNAPSHOT] = {NULL, snapshot_take, false, outcome_taken},
    [ACTION_REVERT] = {NULL, snapshot_revert, false, outcome_reverted},
    [ACTION_SNAPSHOT_DELETE] = {NULL, snapshot_delete, false, outcome_snapshot_gone},
    [ACTION_SNAPSHOT_EDIT] = {NULL, snapshot_edit, false, outcome_unseen},
    [ACTION_CLONE] = {NULL, clone_guest, false, outcome_cloned},
    [ACTION_FLATTEN] = {NULL, flatten_guest, false, outcome_unseen},
    [ACTION_REBASE] = {NULL, rebase_guest, false, outcome_unseen},
    [ACTION_SAVE] = {NULL, life_save, false, outcome_saved},
    [ACTION_SAVE_DROP] = {NULL, life_save_drop, false, outcome_not_saved},
    [ACTION_AUTOSTART] = {NULL, define_autostart, false, outcome_unseen},
    [ACTION_RENAME] = {NULL, define_rename, false, outcome_renamed},
    [ACTION_EDIT] = {NULL, define_edit, false, outcome_unseen},
    [ACTION_UNDO] = {NULL, define_undo, false, outcome_unseen},
    [ACTION_ATTACH] = {NULL, device_attach, false, outcome_unseen},
    [ACTION_DETACH] = {NULL, device_detach, false, outcome_unseen},
    [ACTION_SCREENSHOT] = {NULL, screenshot_take, false, outcome_unseen},
    [ACTION_MAKE_VFS] = {functions_make, NULL, false, outcome_unseen},
};

/* A scan may not have told yet that the guest is transient; its state libvirt judges by itself. */
static bool may_be_done(enum action_id action, virDomainPtr domain, GError **err)
{
  struct guest_info info = {.transient_run = virDomainIsPersistent(domain) == 0};
  const struct guest guest = {.info = &info, .state = GUEST_NOSTATE};
  const char *why = action_refusal(action, &guest);
  return !why || error_set(err, ERROR_REFUSED, NULL, "%s", why);
}

static bool act_on_guest(struct acting *acting, const struct row *row, GError **err)
{
  g_autoptr(virDomain) domain = guest_of_uuid(acting->conn, acting->act->uuid, err);
  return domain && (!row->writes || users_allow(acting, domain, err)) &&
         may_be_done(acting->act->action, domain, err) && row->guest(acting, domain, err);
}

static bool act_to_the_end(struct acting *acting, const struct row *row, GError **err)
{
  GError *fault = NULL;
  if (row->whole ? row->whole(acting, &fault) : act_on_guest(acting, row, &fault))
    return true;
  if (aftermath_is_due(acting, fault))
    return aftermath(acting, row->look, fault, err);
  g_propagate_error(err, fault);
  return false;
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
  struct trail trail = {0};
  struct acting acting = {hub, conn, act, &trail};
  const bool done = act_to_the_end(&acting, row, err);
  trail_clear(&trail);
  return done;
}
