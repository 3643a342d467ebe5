/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What guests of the made-up world tell of themselves. */
#include <string.h>

#include "tests/fake/fake.h"

static struct inside *refused(const char *why)
{
  struct inside *inside = inside_new();
  inside->no_addresses = g_strdup(why);
  inside->no_file_systems = g_strdup(why);
  return inside;
}

static void add_address(struct inside *inside, const char *device, const char *mac, const char *address)
{
  inside->addresses = g_renew(struct inside_address, inside->addresses, inside->address_count + 1);
  inside->addresses[inside->address_count++] =
      (struct inside_address){g_strdup(device), g_strdup(mac), g_strdup(address)};
}

static void add_file_system(struct inside *inside, const char *mount, const char *type, const char *disks,
                            uint64_t used_mib)
{
  inside->file_systems =
      g_renew(struct inside_file_system, inside->file_systems, inside->file_system_count + 1);
  inside->file_systems[inside->file_system_count++] = (struct inside_file_system){
      g_strdup(mount), g_strdup(type), g_strdup(disks), used_mib > 0, UINT64_C(8) << 30, used_mib << 20};
}

static struct inside *with_agent(void)
{
  struct inside *inside = inside_new();
  add_address(inside, "eth0", "52:54:00:01:02:03", "10.0.2.15/24");
  add_address(inside, "eth0", "52:54:00:01:02:03", "fec0::5054:ff:fe01:203/64");
  add_address(inside, "docker0", "02:42:8f:11:22:33", "172.17.0.1/16");
  add_file_system(inside, "/", "ext4", "sda", 1536);
  add_file_system(inside, "/run/user/0", "fuse.portal", NULL, 0);
  return inside;
}

static struct inside *hostile(void)
{
  struct inside *inside = inside_new();
  add_address(inside, "\033]0;pwned\007", "52:54:00:00:00:01", "\033[2J10.0.0.1/8");
  add_file_system(inside, "/mnt/\xe2\x80\xaegnp",
                  "\xc2\x9b"
                  "31mext4",
                  "\033[31mvda", 1);
  return inside;
}

struct inside *fake_inside(const char *name)
{
  if (!strcmp(name, "silent"))
    return refused("its agent does not answer: Guest agent is not responding: Guest agent not available for "
                   "now");
  if (!strcmp(name, "tour-ide"))
    return refused("it has no channel for an agent: QEMU guest agent is not configured");
  if (g_str_has_suffix(name, "-lab"))
    return with_agent();
  return g_str_has_prefix(name, "a-name-") ? hostile() : NULL;
}
