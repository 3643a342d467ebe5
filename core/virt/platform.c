/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/platform.h"

#include <string.h>
#include <sys/statvfs.h>

#include "core/base/path.h"
#include "core/virt/acting.h"
#include "core/virt/kvm.h"
#include "core/virt/xml_read.h"

const char *const machine_names[MACHINES] = {[MACHINE_PC] = "pc", [MACHINE_Q35] = "q35"};

void platform_free(struct platform *platform)
{
  if (!platform)
    return;
  char *texts[] = {platform->type,        platform->disk_dir, platform->disk_reason, platform->log_dir,
                   platform->linux_dir,   platform->pool,     platform->network,     platform->emulator,
                   platform->kvm_reason,  platform->soft_kvm, platform->vf_reason,   platform->version,
                   platform->linux_source};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  for (int i = 0; i < MACHINES; i++) {
    g_strfreev(platform->buses[i]);
    g_free(platform->bus_reason[i]);
  }
  g_free(platform);
}

char **platform_disk_buses(const char *capabilities_xml)
{
  return xml_texts(capabilities_xml, "/domainCapabilities/devices/disk/enum[@name='bus']/value");
}

static void read_buses(struct platform *platform, virConnectPtr conn, enum machine machine)
{
  g_autofree char *xml =
      take_text(virConnectGetDomainCapabilities(conn, NULL, "x86_64", machine_names[machine], "qemu", 0));
  if (xml) {
    platform->buses[machine] = platform_disk_buses(xml);
    if (!platform->emulator)
      platform->emulator = xml_text(xml, "/domainCapabilities/path");
  }
  if (!platform->buses[machine])
    platform->bus_reason[machine] = g_strdup_printf("libvirt tells no domain capabilities for machine %s: %s",
                                                    machine_names[machine], last_text());
}

static void read_kvm(struct platform *platform, virConnectPtr conn, const char *lab_root)
{
  g_autofree char *xml = take_text(virConnectGetDomainCapabilities(conn, NULL, "x86_64", "pc", "kvm", 0));
  if (!xml) {
    g_autofree char *device = platform->local ? kvm_device_reason(lab_root) : NULL;
    platform->kvm_reason =
        device ? g_steal_pointer(&device) : g_strdup_printf("libvirt offers no KVM here: %s", last_text());
    return;
  }
  if (!platform->local)
    return;
  platform->kvm_reason = kvm_device_reason(lab_root);
  platform->soft_kvm = kvm_software_reason("/proc/cpuinfo", "/sys/module");
}

static void read_memory(struct platform *platform, virConnectPtr conn)
{
  g_autofree char *text = NULL;
  if (platform->local && g_file_get_contents("/proc/meminfo", &text, NULL, NULL)) {
    const char *line = strstr(text, "\nMemAvailable:");
    platform->memory_free_bytes =
        line ? g_ascii_strtoull(line + strlen("\nMemAvailable:"), NULL, 10) * 1024 : 0;
    return;
  }
  virNodeMemoryStats stats[16];
  int n = G_N_ELEMENTS(stats);
  if (virNodeGetMemoryStats(conn, VIR_NODE_MEMORY_STATS_ALL_CELLS, stats, &n, 0) < 0)
    return;
  for (int i = 0; i < n; i++) /* KiB */
    if (!g_str_equal(stats[i].field, VIR_NODE_MEMORY_STATS_TOTAL))
      platform->memory_free_bytes += stats[i].value * 1024;
}

/* Where virtlens-mklinux puts the kernel: beside the sessions, or for root into the default lab. */
static void read_linux(struct platform *platform, const char *root)
{
  g_autofree char *state = path_state();
  g_autofree char *beside = g_build_filename(state, "linux", NULL);
  char *own = g_build_filename(root, "linux", NULL);
  const char *const places[] = {own, beside, LAB_OF_ROOT "/linux"};
  const char *found = lab_closed(state) ? own : beside;
  for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
    if (linux_is_in(places[i])) {
      found = places[i];
      break;
    }
  bool copy = lab_closed(found);
  platform->linux_source = copy ? g_strdup(found) : NULL;
  platform->linux_dir = g_strdup(copy ? own : found);
  g_free(own);
}

static void read_lab_places(struct platform *platform, const char *root)
{
  struct statvfs fs;
  platform->disk_dir = g_build_filename(root, "disks", NULL);
  platform->log_dir = g_build_filename(root, "logs", NULL);
  read_linux(platform, root);
  if (statvfs(root, &fs) == 0)
    platform->disk_free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
}

/* Pools whose volumes are files in a folder. */
static bool folder_pool(const char *xml)
{
  static const char *const types[] = {"dir", "fs", "netfs", NULL};
  g_autofree char *type = xml_text(xml, "/pool/@type");
  return type && g_strv_contains(types, type);
}

static void read_pool(struct platform *platform, virConnectPtr conn)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName(conn, "default");
  g_autofree char *xml = pool ? take_text(virStoragePoolGetXMLDesc(pool, 0)) : NULL;
  virStoragePoolInfo info;
  if (!xml)
    platform->disk_reason =
        g_strdup_printf("%s (disks are made in the storage pool 'default': virsh pool-define-as "
                        "default dir --target /var/lib/libvirt/images; virsh pool-start default)",
                        last_text());
  else if (!folder_pool(xml))
    platform->disk_reason = g_strdup("the storage pool 'default' is not a folder");
  else if (virStoragePoolGetInfo(pool, &info) < 0 || info.state != VIR_STORAGE_POOL_RUNNING)
    platform->disk_reason = g_strdup("the storage pool 'default' is not active (virsh pool-start default)");
  else {
    platform->disk_dir = xml_text(xml, "/pool/target/path");
    platform->pool = g_strdup("default");
    platform->disk_free_bytes = info.available;
  }
  if (pool)
    virStoragePoolFree(pool);
  g_autofree char *state = path_state();
  platform->linux_dir = g_build_filename(state, "linux", NULL);
}

static void read_network(struct platform *platform, virConnectPtr conn)
{
  virNetworkPtr network = virNetworkLookupByName(conn, "default");
  if (!network)
    return;
  if (virNetworkIsActive(network) == 1)
    platform->network = g_strdup("default");
  virNetworkFree(network);
}

static void read_version(struct platform *platform, virConnectPtr conn)
{
  unsigned long version = 0; /* 1000000 major + 1000 minor + release */
  if (virConnectGetLibVersion(conn, &version) == 0)
    platform->version =
        g_strdup_printf("%lu.%lu.%lu", version / 1000000, version / 1000 % 1000, version % 1000);
  else
    platform->version = g_strdup("");
}

/* "qemu:///system" is here, "qemu+ssh://host/system" is not. */
static bool is_local(virConnectPtr conn)
{
  g_autofree char *uri = take_text(virConnectGetURI(conn));
  const char *host = uri ? strstr(uri, "://") : NULL;
  return host && host[3] == '/';
}

struct platform *platform_read(struct virt *virt, virConnectPtr conn, GError **err)
{
  const char *root = virt_lab_root(virt);
  const char *type = virConnectGetType(conn);
  if (!type) {
    virt_error(err, NULL, "the connection does not tell its driver");
    return NULL;
  }
  struct platform *platform = g_new0(struct platform, 1);
  platform->type = g_strdup(type);
  platform->lab = root != NULL;
  platform->local = platform->lab || is_local(conn);
  read_version(platform, conn);
  read_memory(platform, conn);
  platform->vf_reason =
      platform->local
          ? platform_vf_reason("/sys")
          : g_strdup("PCI functions of a remote host are not looked at: nothing is known of them");
  if (!g_str_equal(type, "QEMU")) {
    platform->disk_reason = g_strdup_printf("driver %s", type);
    platform->kvm_reason = g_strdup_printf("driver %s", type);
    platform->linux_dir = g_strdup("");
    return platform;
  }
  for (int i = 0; i < MACHINES; i++)
    read_buses(platform, conn, (enum machine)i);
  read_kvm(platform, conn, root);
  if (root)
    read_lab_places(platform, root);
  else {
    read_pool(platform, conn);
    read_network(platform, conn);
  }
  return platform;
}
