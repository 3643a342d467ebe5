/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/keep.h"

#include "core/base/error.h"

bool keep_save(struct acting *acting, virDomainPtr domain, GError **err)
{
  acting_step(acting, -1, "writing its memory");
  return virDomainManagedSave(domain, 0) == 0 || virt_error(err, NULL, "cannot save it");
}

bool keep_save_drop(struct acting *acting, virDomainPtr domain, GError **err)
{
  (void)acting;
  const int saved = virDomainHasManagedSaveImage(domain, 0);
  if (saved == 0)
    return error_set(err, ERROR_REFUSED, NULL, "save-drop: it has no saved state");
  return (saved > 0 && virDomainManagedSaveRemove(domain, 0) == 0) ||
         virt_error(err, NULL, "its saved state cannot be dropped");
}

/* 1 or 0 as the words say, or the other way round from how it is; -1: ERR. */
static int wanted_autostart(const struct acting *acting, virDomainPtr domain, GError **err)
{
  const bool on = action_flag(acting->act->flags, "on"), off = action_flag(acting->act->flags, "off");
  int is = 0;
  if (on && off) {
    error_set(err, ERROR_USAGE, NULL, "autostart: on or off, not both");
    return -1;
  }
  if (on || off)
    return on;
  if (virDomainGetAutostart(domain, &is) == 0)
    return !is;
  virt_error(err, NULL, "it is not known whether it starts with its host");
  return -1;
}

bool keep_autostart(struct acting *acting, virDomainPtr domain, GError **err)
{
  if (hub_lab_root(acting->hub))
    return error_set(err, ERROR_REFUSED, NULL, "autostart: the lab has no daemon that starts with the host");
  const int on = wanted_autostart(acting, domain, err);
  if (on < 0)
    return false;
  if (virDomainSetAutostart(domain, on) < 0)
    return virt_error(err, NULL, "autostart cannot be changed");
  acting->act->result = g_strdup(on ? "starts with its host" : "does not start with its host");
  return true;
}
