/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/reaching.h"

#include "core/base/error.h"
#include "core/virt/act/define.h"
#include "core/virt/conn/reach.h"
#include "core/virt/prepare/ports.h"

static bool take_another(struct acting *acting, virDomainPtr domain, int before, struct port_held *held,
                         GError **err)
{
  if (virDomainHasManagedSaveImage(domain, 0) == 1)
    return error_set(
        err, ERROR_REFUSED,
        "End that program, or forget the saved state (:save-drop): it then gets another port.",
        "port %d of 127.0.0.1, with which its state was saved for its SSH: another program has it", before);
  if (!ports_hold(acting->conn, domain, held, err) || !define_port(acting, domain, held->port, err))
    return false;
  g_free(acting->act->result);
  acting->act->result =
      g_strdup_printf("its SSH is port %d of 127.0.0.1 now: another program has %d", held->port, before);
  return true;
}

bool reaching_hold(struct acting *acting, virDomainPtr domain, struct port_held *held, GError **err)
{
  if (virDomainIsActive(domain) == 1 || !platform_is_local(acting->conn))
    return true;
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE));
  const int port = xml ? reach_port(xml) : 0;
  return !port || port_hold(held, port, NULL) || take_another(acting, domain, port, held, err);
}
