/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/platform.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/virt/conn/kvm.h"
#include "core/virt/conn/lab_conf.h"
#include "core/virt/conn/libvirt.h"
#include "core/virt/conn/uri.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/hostdev.h"
#include "core/virt/prepare/linux_kernel.h"
#include "core/virt/prepare/pci.h"
#include "core/virt/prepare/sriov.h"

const char *const machine_names[MACHINES] = {[MACHINE_PC] = "pc", [MACHINE_Q35] = "q35"};

void platform_free(struct platform *platform)
{
  if (!platform)
    return;
  char *texts[] = {platform->type,      platform->disk_dir, platform->disk_reason,  platform->log_dir,
                   platform->linux_dir, platform->pool,     platform->network,      platform->kvm_reason,
                   platform->soft_kvm,  platform->version,  platform->linux_source, platform->passt_reason};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  for (int i = 0; i < SRIOV_CLASSES; i++)
    g_free(platform->vf_reason[i]);
  sriov_list_free(platform->functions);
  g_clear_pointer(&platform->networks, g_ptr_array_unref);
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
  if (xml)
    platform->buses[machine] = platform_disk_buses(xml);
  if (!platform->buses[machine])
    platform->bus_reason[machine] = g_strdup_printf("libvirt tells no domain capabilities for machine %s: %s",
                                                    machine_names[machine], last_text());
}

static char *device_reason(const char *lab_root)
{
  g_autofree char *user = lab_qemu_user(lab_root);
  g_autofree char *group = lab_qemu_group(lab_root);
  return kvm_device_reason(user, group);
}

static void read_kvm(struct platform *platform, virConnectPtr conn, const char *lab_root)
{
  g_autofree char *xml = take_text(virConnectGetDomainCapabilities(conn, NULL, "x86_64", "pc", "kvm", 0));
  if (!xml) {
    g_autofree char *device = platform->local ? device_reason(lab_root) : NULL;
    platform->kvm_reason =
        device ? g_steal_pointer(&device) : g_strdup_printf("libvirt offers no KVM here: %s", last_text());
    return;
  }
  if (!platform->local)
    return;
  platform->kvm_reason = device_reason(lab_root);
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
  uint64_t total;
  host_memory(conn, &total, &platform->memory_free_bytes);
}

/* libvirt takes 20 characters of a guest's name and its number into ROOT/lib/qemu/channel/target/
 * domain-N-NAME/org.qemu.guest_agent.0; a socket's path ends at 107 bytes. */
static size_t agent_room(const char *root)
{
  const size_t most = sizeof((struct sockaddr_un *)NULL)->sun_path - 1,
               rest = strlen(root) + strlen("/lib/qemu/channel/target/domain-99999-/org.qemu.guest_agent.0");
  return most > rest ? most - rest : 0;
}

static void read_lab_places(struct platform *platform, const char *root)
{
  struct statvfs fs;
  platform->disk_dir = g_build_filename(root, "disks", NULL);
  platform->log_dir = g_build_filename(root, "logs", NULL);
  platform->linux_dir = linux_kernel_dir(root, &platform->linux_source);
  platform->agent_room = agent_room(root);
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
  g_autoptr(virStoragePool) pool = virStoragePoolLookupByName(conn, "default");
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
  platform->linux_dir = linux_kernel_dir(NULL, &platform->linux_source);
}

static void network_free(void *data)
{
  struct platform_network *network = data;
  g_free(network->name);
  g_free(network);
}

static struct platform_network *network_of(virNetworkPtr network)
{
  struct platform_network *row = g_new(struct platform_network, 1);
  g_autofree char *xml = take_text(virNetworkGetXMLDesc(network, 0)),
                  *mode = xml ? xml_text(xml, "/network/forward/@mode") : NULL;
  *row = (struct platform_network){g_strdup(virNetworkGetName(network)), virNetworkIsActive(network) == 1,
                                   !g_strcmp0(mode, "hostdev")};
  return row;
}

static void read_networks(struct platform *platform, virConnectPtr conn)
{
  virNetworkPtr *networks = NULL;
  const int count = virConnectListAllNetworks(conn, &networks, 0);
  platform->networks = count < 0 ? NULL : g_ptr_array_new_with_free_func(network_free);
  for (int i = 0; i < count; i++) {
    struct platform_network *row = network_of(networks[i]);
    g_ptr_array_add(platform->networks, row);
    if (row->active && !row->functions && g_str_equal(row->name, "default"))
      platform->network = g_strdup("default");
    virNetworkFree(networks[i]);
  }
  free(networks);
}

/* Domain capabilities tell nothing of it: libvirt is asked for the command line of a guest that has it. */
static void read_passt(struct platform *platform, virConnectPtr conn)
{
  static const char probe[] =
      "<domain type='qemu'><name>passt</name><memory>65536</memory><os><type arch='x86_64'>hvm</type></os>"
      "<devices><interface type='user'><backend type='passt'/></interface></devices></domain>";
  g_autofree char *program = platform->local ? g_find_program_in_path("passt") : NULL,
                  *argv =
                      program ? take_text(virConnectDomainXMLToNative(conn, "qemu-argv", probe, 0)) : NULL;
  platform->passt_reason =
      !platform->local ? g_strdup("no port of this machine leads to another host's guests")
      : !program       ? g_strdup("it is not installed")
      : !argv          ? g_strdup_printf("libvirt %s refuses it: %s", platform->version, last_text())
                       : NULL;
}

static bool is_qemu(const struct platform *platform)
{
  return g_str_equal(platform->type, "QEMU");
}

static void read_version(struct platform *platform, virConnectPtr conn)
{
  unsigned long version = 0;
  platform->version = virConnectGetLibVersion(conn, &version) == 0 ? version_text(version) : g_strdup("");
}

bool platform_is_local(virConnectPtr conn)
{
  g_autofree char *uri = take_text(virConnectGetURI(conn));
  return uri && uri_is_local(uri);
}

/* ---- virtual functions ---- */

/* The devices that guests of CONN have now, or would have at their next start if they have it: name by
 * address. */
static GHashTable *holders_of(virConnectPtr conn)
{
  GHashTable *holders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  virDomainPtr *domains = NULL;
  const int count = virConnectListAllDomains(conn, &domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE);
  for (int i = 0; i < count; i++) {
    g_autofree char *xml = take_text(virDomainGetXMLDesc(domains[i], 0));
    g_auto(GStrv) addresses = xml ? hostdev_addresses(xml) : NULL;
    for (int k = 0; addresses && addresses[k]; k++)
      g_hash_table_insert(holders, g_strdup(addresses[k]), g_strdup(virDomainGetName(domains[i])));
    virDomainFree(domains[i]);
  }
  free(domains);
  return holders;
}

/* Rights are root's: the lab's QEMU is started by this process, that of a session by the user. */
static bool started_by_root(virConnectPtr conn, const char *lab_root)
{
  g_autofree char *uri = lab_root ? NULL : take_text(virConnectGetURI(conn));
  return uri ? strstr(uri, "/system") != NULL : geteuid() == 0;
}

/* libvirt raises its QEMU's limit where it is root; that of another host's user is not known. */
static uint64_t lockable_bytes(bool root, bool local)
{
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  if (!root && local)
    (void)getrlimit(RLIMIT_MEMLOCK, &limit);
  return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

struct sriov_list *platform_functions(virConnectPtr conn, const char *lab_root, GError **err)
{
  const bool root = started_by_root(conn, lab_root), local = lab_root || platform_is_local(conn);
  g_autoptr(pci_facts) host = local ? pci_read_sysfs("/sys", "/dev") : pci_read_nodes(conn, err);
  if (!host)
    return NULL;
  g_autoptr(GHashTable) holders = holders_of(conn);
  const struct sriov_place place = {.host = host,
                                    .holders = holders,
                                    .no_rights =
                                        root ? NULL : "QEMU is started as a user, and devices are root's",
                                    .lockable_bytes = lockable_bytes(root, local)};
  struct sriov_list *list = g_new(struct sriov_list, 1);
  *list = (struct sriov_list){sriov_scan(&place), sriov_preflight(&place, NULL)};
  return list;
}

static void read_functions(struct platform *platform, virConnectPtr conn, const char *lab_root)
{
  g_autoptr(GError) fault = NULL;
  platform->functions = platform_functions(conn, lab_root, &fault);
  for (int i = 0; i < SRIOV_CLASSES; i++)
    platform->vf_reason[i] = platform->functions ? sriov_reason(platform->functions, (enum sriov_class)i)
                                                 : g_strdup(fault ? fault->message : "");
}

struct platform *platform_places(virConnectPtr conn, const char *lab_root, GError **err)
{
  const char *type = virConnectGetType(conn);
  if (!type) {
    virt_error(err, NULL, "the connection does not tell its driver");
    return NULL;
  }
  struct platform *platform = g_new0(struct platform, 1);
  platform->type = g_strdup(type);
  platform->lab = lab_root != NULL;
  platform->local = platform->lab || platform_is_local(conn);
  if (lab_root)
    read_lab_places(platform, lab_root);
  else if (is_qemu(platform))
    read_pool(platform, conn);
  else
    platform->disk_reason = g_strdup_printf("driver %s", type);
  return platform;
}

static void read_qemu(struct platform *platform, virConnectPtr conn, const char *lab_root)
{
  for (int i = 0; i < MACHINES; i++)
    read_buses(platform, conn, (enum machine)i);
  read_kvm(platform, conn, lab_root);
  if (!lab_root) {
    platform->agent_room = SIZE_MAX;
    read_networks(platform, conn);
  }
  read_passt(platform, conn);
}

struct platform *platform_read(virConnectPtr conn, const char *lab_root, GError **err)
{
  struct platform *platform = platform_places(conn, lab_root, err);
  if (!platform)
    return NULL;
  read_version(platform, conn);
  read_memory(platform, conn);
  read_functions(platform, conn, lab_root);
  if (is_qemu(platform)) {
    read_qemu(platform, conn, lab_root);
  } else {
    platform->kvm_reason = g_strdup_printf("driver %s", platform->type);
    platform->passt_reason = g_strdup(platform->kvm_reason);
    platform->linux_dir = g_strdup("");
  }
  return platform;
}

/* ---- what follows from the facts ---- */

enum machine platform_machine(const struct backend *backend)
{
  const bool express = backend->path == PATH_DIRECT; /* virtual functions are PCI Express */
  return express || (backend->bus && g_str_equal(backend->bus, "sata")) ? MACHINE_Q35 : MACHINE_PC;
}

enum sriov_class platform_function_class(const struct backend *backend)
{
  return backend->class == BACKEND_DISK ? SRIOV_NVME : SRIOV_NIC;
}

char *platform_refusal(const struct platform *platform, const struct backend *backend)
{
  if (!is_qemu(platform))
    return g_strdup_printf("guests are launched on QEMU; this connection's driver is %s", platform->type);
  if (backend->path == PATH_DIRECT)
    return g_strdup(platform->vf_reason[platform_function_class(backend)]);
  if (backend->class == BACKEND_NIC)
    return NULL;
  enum machine machine = platform_machine(backend);
  if (!platform->buses[machine])
    return g_strdup(platform->bus_reason[machine]);
  if (g_strv_contains((const char *const *)platform->buses[machine],
                      backend->bus ? backend->bus : backend->name))
    return NULL;
  return g_strdup_printf("the domain capabilities of libvirt %s list no disk bus '%s' for machine %s",
                         platform->version, backend->bus ? backend->bus : backend->name,
                         machine_names[machine]);
}

char *platform_linux_reason(const struct platform *platform)
{
  const char *dir = platform->linux_source ? platform->linux_source : platform->linux_dir;
  if (!platform->local)
    return g_strdup("its kernel lies on this machine, the guest would run on another");
  if (linux_kernel_in(dir))
    return NULL;
  return g_strdup_printf("no " LINUX_KERNEL " and " LINUX_INITRD " in %s: virtlens-mklinux makes them", dir);
}
