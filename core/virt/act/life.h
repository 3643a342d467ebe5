/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's life: started, stopped, paused and so on.  Handlers of actions take acting and the guest. */
#ifndef VIRT_LIFE_H
#define VIRT_LIFE_H

#include "core/virt/act/acting.h"

bool life_start(struct acting *acting, virDomainPtr domain, GError **err);
bool life_stop(struct acting *acting, virDomainPtr domain, GError **err);
bool life_force_off(struct acting *acting, virDomainPtr domain, GError **err);
bool life_pause(struct acting *acting, virDomainPtr domain, GError **err);
bool life_resume(struct acting *acting, virDomainPtr domain, GError **err);
bool life_reboot(struct acting *acting, virDomainPtr domain, GError **err);
/* Its memory goes to a file of libvirt's, and the guest off; its next start goes on from there. */
bool life_save(struct acting *acting, virDomainPtr domain, GError **err);
/* Forget the saved memory: its next start begins anew. */
bool life_save_drop(struct acting *acting, virDomainPtr domain, GError **err);
bool life_reset(struct acting *acting, virDomainPtr domain, GError **err);

/* ---- for others who act ---- */
/* End a guest at once; one that is off already is fine. */
bool life_end(virDomainPtr domain, GError **err);
/* Remove its definition and all that libvirt keeps with it, but for the variables of its firmware if
 * KEEP_NVRAM; one that is gone, as a transient guest is when it ends, is fine. */
bool life_undefine(virDomainPtr domain, bool keep_nvram, GError **err);
/* It does not run, or is gone.  DOMAIN is a virDomainPtr. */
bool life_is_off(void *domain);
/* It is known to take no request to shut down: pulse. */
bool life_ignores_acpi(virDomainPtr domain);

#endif
