/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/guest.h"

#include <assert.h>
#include <glib.h>
#include <stddef.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"

/* Names as virsh says them. */
static const struct {
  const char *name, *brief;
  bool active;
} states[] = {
    [GUEST_NOSTATE] = {"no state", "?", false},       [GUEST_RUNNING] = {"running", "run", true},
    [GUEST_BLOCKED] = {"idle", "idle", true},         [GUEST_PAUSED] = {"paused", "pause", true},
    [GUEST_SHUTDOWN] = {"in shutdown", "stop", true}, [GUEST_SHUTOFF] = {"shut off", "off", false},
    [GUEST_CRASHED] = {"crashed", "crash", false},    [GUEST_PMSUSPENDED] = {"pmsuspended", "susp", true},
};
static_assert(G_N_ELEMENTS(states) == GUEST_STATES, "a state has no row");

const char *guest_state_name(enum guest_state state)
{
  return states[state].name;
}

const char *guest_state_short(enum guest_state state)
{
  return states[state].brief;
}

bool guest_state_active(enum guest_state state)
{
  return states[state].active;
}

const char *accel_name(enum accel accel)
{
  static const char *const names[ACCELS] = {[ACCEL_UNKNOWN] = "?",
                                            [ACCEL_KVM] = "kvm",
                                            [ACCEL_TCG] = "tcg",
                                            [ACCEL_XEN] = "xen",
                                            [ACCEL_OTHER] = "other"};
  return names[accel];
}

struct guest_info *guest_info_new(const char *name, const char *uuid)
{
  struct guest_info *info = g_new0(struct guest_info, 1);
  refs_init(&info->refs);
  info->name = g_strdup(name);
  g_strlcpy(info->uuid, uuid, sizeof info->uuid);
  return info;
}

struct guest_info *guest_info_ref(const struct guest_info *info)
{
  refs_get(&info->refs);
  return REF_MUTABLE(struct guest_info, info);
}

static void disk_info_clear(struct disk_info *disk)
{
  g_free(disk->target);
  g_free(disk->source);
  g_free(disk->format);
  g_free(disk->bus);
  g_free(disk->cache);
  g_free(disk->io);
  g_free(disk->discard);
}

static void nic_info_clear(struct nic_info *nic)
{
  g_free(nic->target);
  g_free(nic->mac);
  g_free(nic->model);
  g_free(nic->source);
}

void guest_info_unref(struct guest_info *info)
{
  if (!info || !refs_put(&info->refs))
    return;
  for (int i = 0; i < info->disk_count; i++)
    disk_info_clear(&info->disks[i]);
  for (int i = 0; i < info->nic_count; i++)
    nic_info_clear(&info->nics[i]);
  for (int i = 0; i < info->hostdev_count; i++)
    g_free(info->hostdevs[i].address);
  g_free(info->disks);
  g_free(info->nics);
  g_free(info->hostdevs);
  g_free(info->name);
  g_free(info->title);
  g_free(info->template);
  g_free(info->key_file);
  inside_unref(info->inside);
  g_free(info);
}

const struct disk_info *guest_main_disk(const struct guest_info *info)
{
  for (int i = info->disk_count - 1; i >= 0; i--)
    if (!info->disks[i].cdrom && !info->disks[i].readonly)
      return &info->disks[i];
  return info->disk_count > 0 ? &info->disks[0] : NULL;
}

char *guest_backend_text(const struct guest_info *info)
{
  const struct disk_info *disk = guest_main_disk(info);
  if (disk)
    return disk->backend ? g_strdup(disk->backend->name) : text_safe(disk->bus ? disk->bus : "-");
  if (!info->hostdev_count)
    return g_strdup("-");
  const char *address = info->hostdevs[0].address;
  g_autofree char *safe = text_safe(g_str_has_prefix(address, "0000:") ? address + 5 : address);
  return g_strdup_printf("vf %s", safe);
}

int guest_ssh_port(const struct guest_info *info)
{
  for (int i = 0; i < info->nic_count; i++)
    if (info->nics[i].ssh_port)
      return info->nics[i].ssh_port;
  return 0;
}

/* TEXT for a shell, as it is where that will do.  Caller frees. */
static char *shell_word(const char *text)
{
  const bool plain = *text && !text[strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/._-")];
  return plain ? g_strdup(text) : g_shell_quote(text);
}

/* Behind that port is now one guest, now another: what ssh knows of the host's own key says nothing there. */
char *guest_ssh_line(const struct guest_info *info)
{
  const int port = guest_ssh_port(info);
  if (!port)
    return NULL;
  g_autofree char *key = info->key_file ? shell_word(info->key_file) : NULL;
  g_autofree char *option = key ? g_strdup_printf("-i %s ", key) : g_strdup("");
  return g_strdup_printf("ssh -p %d -o NoHostAuthenticationForLocalhost=yes %sroot@127.0.0.1", port, option);
}

struct guest *guest_new(const struct guest_info *info)
{
  struct guest *guest = g_new0(struct guest, 1);
  guest->info = guest_info_ref(info);
  guest->id = -1;
  return guest;
}

static void copy_vcpus(struct guest *to, const struct guest *from)
{
  to->vcpu_count = from->vcpu_count;
  to->vcpus = g_memdup2(from->vcpus, from->vcpu_count * sizeof *from->vcpus);
}

/* Where a guest keeps its parts of each scope. */
static const struct {
  size_t list, count;
} slots[SCOPE_COUNT] = {
    [SCOPE_DISK] = {offsetof(struct guest, disks), offsetof(struct guest, disk_count)},
    [SCOPE_NIC] = {offsetof(struct guest, nics), offsetof(struct guest, nic_count)},
    [SCOPE_THREAD] = {offsetof(struct guest, threads), offsetof(struct guest, thread_count)},
};

static struct guest_part **part_list(struct guest *guest, enum metric_scope scope)
{
  return G_STRUCT_MEMBER_P(guest, slots[scope].list);
}

static int *part_count(struct guest *guest, enum metric_scope scope)
{
  return G_STRUCT_MEMBER_P(guest, slots[scope].count);
}

static void copy_parts(struct guest *to, enum metric_scope scope)
{
  struct guest_part **list = part_list(to, scope);
  const int count = *part_count(to, scope);
  *list = g_memdup2(*list, count * sizeof **list);
  for (int i = 0; i < count; i++)
    (*list)[i].target = g_strdup((*list)[i].target);
}

struct guest *guest_copy(const struct guest *guest)
{
  struct guest *copy = g_new(struct guest, 1);
  *copy = *guest;
  guest_info_ref(guest->info);
  copy_vcpus(copy, guest);
  for (int scope = SCOPE_DISK; scope < SCOPE_COUNT; scope++)
    copy_parts(copy, (enum metric_scope)scope);
  return copy;
}

void guest_free(struct guest *guest)
{
  if (!guest)
    return;
  for (int scope = SCOPE_DISK; scope < SCOPE_COUNT; scope++)
    guest_resize_parts(guest, (enum metric_scope)scope, 0);
  g_free(guest->vcpus);
  g_free(guest->disks);
  g_free(guest->nics);
  g_free(guest->threads);
  guest_info_unref(guest->info);
  g_free(guest);
}

void guest_resize_vcpus(struct guest *guest, int n)
{
  if (n > guest->vcpu_count)
    guest->vcpus = g_renew(struct readings, guest->vcpus, n);
  for (int i = guest->vcpu_count; i < n; i++)
    guest->vcpus[i] = (struct readings){0};
  guest->vcpu_count = n;
}

struct guest_part *guest_parts(const struct guest *guest, enum metric_scope scope, int *ret_count)
{
  struct guest *whole = REF_MUTABLE(struct guest, guest); /* it stays as it is */
  *ret_count = *part_count(whole, scope);
  return *part_list(whole, scope);
}

void guest_resize_parts(struct guest *guest, enum metric_scope scope, int n)
{
  struct guest_part **list = part_list(guest, scope);
  int *count = part_count(guest, scope);
  g_assert(n >= 0 && *count >= 0);
  for (int i = n; i < *count; i++)
    g_free((*list)[i].target);
  if (n > *count)
    *list = g_renew(struct guest_part, *list, n);
  for (int i = *count; i < n; i++)
    (*list)[i] = (struct guest_part){0};
  *count = n;
}

void guest_resize_disks(struct guest *guest, int n)
{
  guest_resize_parts(guest, SCOPE_DISK, n);
}

void guest_resize_nics(struct guest *guest, int n)
{
  guest_resize_parts(guest, SCOPE_NIC, n);
}

double guest_age(const struct guest *guest, enum metric_group group, int64_t now_ns)
{
  int64_t at = guest->at_ns[group];
  return at ? MAX(0.0, (double)(now_ns - at) / (double)NS_PER_S) : -1;
}
