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
  bool writes;  /* it writes to the guest's disks, on which those of other guests may stand */
  enum aim aim; /* by which it is seen whether it is done, when its connection was lost meanwhile */
} rows[ACTION_COUNT] = {
    [ACTION_LAUNCH] = {launch_guest, NULL, false, AIM_LAUNCHED},
    [ACTION_START] = {NULL, life_start, true, AIM_STARTED},
    [ACTION_STOP] = {NULL, life_stop, false, AIM_OFF},
    [ACTION_FORCE_OFF] = {NULL, life_force_off, false, AIM_OFF},
    [ACTION_PAUSE] = {NULL, life_pause, false, AIM_PAUSED},
    [ACTION_RESUME] = {NULL, life_resume, false, AIM_RESUMED},
    [ACTION_REBOOT] = {NULL, life_reboot, false, AIM_UNSEEN},
    [ACTION_RESET] = {NULL, life_reset, false, AIM_UNSEEN},
    [ACTION_DELETE] = {NULL, delete_guest, false, AIM_DELETED},
    [ACTION_UNDELETE] = {undelete_guest, NULL, false, AIM_MADE},
    [ACTION_TOUR] = {tour, NULL, false, AIM_TOUR},
    [ACTION_SNAPSHOT] = {NULL, snapshot_take, false, AIM_SNAPSHOT},
    [ACTION_REVERT] = {NULL, snapshot_revert, false, AIM_REVERTED},
    [ACTION_SNAPSHOT_DELETE] = {NULL, snapshot_delete, false, AIM_NO_SNAPSHOT},
    [ACTION_SNAPSHOT_EDIT] = {NULL, snapshot_edit, false, AIM_UNSEEN},
    [ACTION_CLONE] = {NULL, clone_guest, false, AIM_MADE},
    [ACTION_FLATTEN] = {NULL, flatten_guest, false, AIM_UNSEEN},
    [ACTION_REBASE] = {NULL, rebase_guest, false, AIM_UNSEEN},
    [ACTION_SAVE] = {NULL, life_save, false, AIM_SAVED},
    [ACTION_SAVE_DROP] = {NULL, life_save_drop, false, AIM_NOT_SAVED},
    [ACTION_AUTOSTART] = {NULL, define_autostart, false, AIM_UNSEEN},
    [ACTION_RENAME] = {NULL, define_rename, false, AIM_RENAMED},
    [ACTION_EDIT] = {NULL, define_edit, false, AIM_UNSEEN},
    [ACTION_UNDO] = {NULL, define_undo, false, AIM_UNSEEN},
    [ACTION_ATTACH] = {NULL, device_attach, false, AIM_UNSEEN},
    [ACTION_DETACH] = {NULL, device_detach, false, AIM_UNSEEN},
    [ACTION_SCREENSHOT] = {NULL, screenshot_take, false, AIM_UNSEEN},
    [ACTION_MAKE_VFS] = {functions_make, NULL, false, AIM_UNSEEN},
};

/* A scan may not have told yet that the guest is transient; its state libvirt judges by itself. */
static bool may_be_done(enum action_id action, virDomainPtr domain, GError **err)
{
  struct guest_info info = {.transient_run = virDomainIsPersistent(domain) == 0};
  const struct guest guest = {.info = &info, .state = GUEST_NOSTATE};
  const char *why = action_refusal(action, &guest);
  return !why || error_set(err, ERROR_REFUSED, action_advice(action, &guest), "%s", why);
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
    return aftermath(acting, row->aim, fault, err);
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
