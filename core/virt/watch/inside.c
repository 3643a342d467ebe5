/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/inside.h"

#include <stdlib.h>

#define AGENT_SECONDS 3 /* an agent that does not answer by then is given up */

/* ---- addresses ---- */

/* Every guest has it, and nobody else reaches it there. */
static bool is_loopback(const virDomainInterface *interface)
{
  return !g_strcmp0(interface->name, "lo") && !g_strcmp0(interface->hwaddr, "00:00:00:00:00:00");
}

static void add_address(struct inside *ret, const virDomainInterface *interface,
                        const virDomainIPAddress *address)
{
  if (ret->address_count == INSIDE_MAX)
    return;
  ret->addresses = g_renew(struct inside_address, ret->addresses, ret->address_count + 1);
  ret->addresses[ret->address_count++] = (struct inside_address){
      g_strdup(interface->name), g_strdup(interface->hwaddr),
      address->prefix ? g_strdup_printf("%s/%u", address->addr, address->prefix) : g_strdup(address->addr)};
}

void inside_take_interfaces(struct inside *ret, virDomainInterfacePtr *interfaces, int count)
{
  for (int i = 0; i < count; i++)
    for (unsigned a = 0; !is_loopback(interfaces[i]) && a < interfaces[i]->naddrs; a++)
      add_address(ret, interfaces[i], &interfaces[i]->addrs[a]);
}

/* False: nothing was told, and libvirt's last error says why, or there is nothing to tell. */
static bool ask_addresses(virDomainPtr domain, enum inside_teller teller, struct inside *ret)
{
  static const unsigned sources[TELLERS] = {[TELLER_AGENT] = VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT,
                                            [TELLER_LEASE] = VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE,
                                            [TELLER_ARP] = VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP};
  virDomainInterfacePtr *interfaces = NULL;
  const int count = virDomainInterfaceAddresses(domain, &interfaces, sources[teller], 0);
  inside_take_interfaces(ret, interfaces, count);
  for (int i = 0; i < count; i++)
    virDomainInterfaceFree(interfaces[i]);
  free(interfaces);
  ret->teller = teller;
  return teller == TELLER_AGENT ? count >= 0 : ret->address_count > 0;
}

/* ---- file systems ---- */

static const virTypedParameter *field(virTypedParameterPtr params, int count, unsigned index,
                                      const char *name)
{
  g_autofree char *key = g_strdup_printf("fs.%u.%s", index, name);
  return virTypedParamsGet(params, count, key);
}

static char *text_field(virTypedParameterPtr params, int count, unsigned index, const char *name)
{
  const virTypedParameter *found = field(params, count, index, name);
  return found && found->type == VIR_TYPED_PARAM_STRING ? g_strdup(found->value.s) : NULL;
}

static bool bytes_field(virTypedParameterPtr params, int count, unsigned index, const char *name,
                        uint64_t *ret)
{
  const virTypedParameter *found = field(params, count, index, name);
  const bool told = found && found->type == VIR_TYPED_PARAM_ULLONG;
  *ret = told ? found->value.ul : 0;
  return told;
}

static unsigned number_field(virTypedParameterPtr params, int count, const char *key)
{
  unsigned number = 0;
  return virTypedParamsGetUInt(params, count, key, &number) == 1 ? MIN(number, INSIDE_MAX) : 0;
}

/* "vda, vdb"; NULL: not told. */
static char *disks_of(virTypedParameterPtr params, int count, unsigned index)
{
  g_autofree char *key = g_strdup_printf("fs.%u.disk.count", index);
  const unsigned disks = number_field(params, count, key);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (unsigned i = 0; i < disks; i++) {
    g_autofree char *name = g_strdup_printf("disk.%u.alias", i);
    char *alias = text_field(params, count, index, name);
    if (alias)
      g_ptr_array_add(names, alias);
  }
  g_ptr_array_add(names, NULL);
  return names->len > 1 ? g_strjoinv(", ", (char **)names->pdata) : NULL;
}

void inside_take_file_systems(struct inside *ret, virTypedParameterPtr params, int count)
{
  const unsigned told = number_field(params, count, "fs.count");
  ret->file_systems = g_new0(struct inside_file_system, told);
  for (unsigned i = 0; i < told; i++) {
    struct inside_file_system *into = &ret->file_systems[ret->file_system_count];
    into->mount = text_field(params, count, i, "mountpoint");
    if (!into->mount)
      continue;
    into->type = text_field(params, count, i, "fstype");
    into->disks = disks_of(params, count, i);
    into->sized = bytes_field(params, count, i, "total-bytes", &into->total_bytes) &&
                  bytes_field(params, count, i, "used-bytes", &into->used_bytes);
    ret->file_system_count++;
  }
}

static bool ask_file_systems(virDomainPtr domain, struct inside *ret)
{
  virTypedParameterPtr params = NULL;
  int count = 0;
  if (virDomainGetGuestInfo(domain, VIR_DOMAIN_GUEST_INFO_FILESYSTEM, &params, &count, 0) < 0)
    return false;
  inside_take_file_systems(ret, params, count);
  virTypedParamsFree(params, count);
  return true;
}

/* ---- all of it ---- */

/* libvirt's last error, as that of the agent. */
static char *agent_reason(void)
{
  const int code = virGetLastErrorCode();
  const char *what = code == VIR_ERR_ARGUMENT_UNSUPPORTED ? "it has no channel for an agent"
                     : code == VIR_ERR_AGENT_UNRESPONSIVE ? "its agent does not answer"
                                                          : "its agent does not tell";
  return g_strdup_printf("%s: %s", what, last_text());
}

struct inside *inside_ask(virDomainPtr domain)
{
  struct inside *inside = inside_new();
  /* The limit is the guest's, not the call's: it is given back as libvirt begins. */
  virDomainAgentSetResponseTimeout(domain, AGENT_SECONDS, 0);
  if (!ask_addresses(domain, TELLER_AGENT, inside)) {
    inside->no_addresses = agent_reason();
    inside->no_file_systems = g_strdup(inside->no_addresses); /* it is not waited for twice */
  } else if (!ask_file_systems(domain, inside)) {
    inside->no_file_systems = agent_reason();
  }
  virDomainAgentSetResponseTimeout(domain, VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK, 0);
  if (inside->no_addresses &&
      (ask_addresses(domain, TELLER_LEASE, inside) || ask_addresses(domain, TELLER_ARP, inside)))
    g_clear_pointer(&inside->no_addresses, g_free);
  return inside;
}
