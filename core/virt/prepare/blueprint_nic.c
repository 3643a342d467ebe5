/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of a NIC beside its model. */
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/model/mac.h"
#include "core/virt/prepare/blueprint.h"

static const struct platform_network *find_network(const struct platform *platform, const char *name)
{
  for (guint i = 0; platform->networks && i < platform->networks->len; i++) {
    const struct platform_network *network = platform->networks->pdata[i];
    if (g_str_equal(network->name, name))
      return network;
  }
  return NULL;
}

/* A network either hands out virtual functions, or is one that models of NICs are on. */
static bool suits(const struct platform_network *network, bool direct, GError **err)
{
  g_autofree char *safe = text_safe(network->name), *advice = g_strdup_printf("virsh net-start %s", safe);
  if (!network->active)
    return error_set(err, ERROR_REFUSED, advice, "network %s: it is not active", safe);
  if (network->functions == direct)
    return true;
  return direct ? error_set(err, ERROR_USAGE, "Choose a model of NIC, or another network.",
                            "network %s: it hands out no virtual functions", safe)
                : error_set(err, ERROR_USAGE, "Choose nic=sr-iov-vf, or another network.",
                            "network %s: it hands out virtual functions alone", safe);
}

static bool set_network(struct blueprint *blueprint, const char *name, const struct platform *platform,
                        GError **err)
{
  const struct platform_network *network = find_network(platform, name);
  g_autofree char *safe = text_safe(name);
  if (!network)
    return error_set(err, ERROR_USAGE, platform->lab ? NULL : "virsh net-list --all names them.",
                     platform->lab ? "network %s: a lab has no networks" : "network %s: there is no such one",
                     safe);
  blueprint->network = g_strdup(name);
  return suits(network, blueprint->nic->path == PATH_DIRECT, err);
}

bool blueprint_set_nic(struct blueprint *blueprint, const struct nic_words *words,
                       const struct platform *platform, GError **err)
{
  char mac[MAC_TEXT_BYTES];
  if (words->mac) {
    if (!mac_parse(words->mac, mac, err))
      return false;
    blueprint->mac = g_strdup(mac);
  }
  if (words->vlan && !vlan_parse(words->vlan, &blueprint->vlan, err))
    return false;
  if (blueprint->vlan && blueprint->nic->path != PATH_DIRECT)
    return error_set(err, ERROR_USAGE, "Choose nic=sr-iov-vf, or set the VLAN up inside the guest.",
                     "vlan %d: the host puts only virtual functions of NICs into a VLAN", blueprint->vlan);
  if (words->network)
    return set_network(blueprint, words->network, platform, err);
  if (blueprint->nic->path != PATH_DIRECT)
    blueprint->network = g_strdup(platform->network);
  return true;
}
