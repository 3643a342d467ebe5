/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/offers.h"

#include "core/virt/prepare/platform.h"
#include "core/virt/prepare/ports.h"
#include "core/virt/prepare/template.h"

static void add_backends(struct offers *offers, const struct platform *platform)
{
  int n;
  const struct backend *rows = backend_table(&n);
  for (int i = 0; i < n; i++) {
    g_autofree char *reason = platform_refusal(platform, &rows[i]);
    bool disk = rows[i].class == BACKEND_DISK;
    offers_add(disk ? &offers->disks : &offers->nics, disk ? &offers->disk_count : &offers->nic_count,
               &rows[i], rows[i].name, rows[i].text, reason);
  }
}

static char *template_reason(const struct template *template, const struct platform *platform)
{
  if (template->reason)
    return g_strdup(template->reason);
  if (!platform->disk_dir)
    return g_strdup_printf("no place for disks: %s", platform->disk_reason);
  return template->kind->flags & TEMPLATE_LINUX ? platform_linux_reason(platform) : NULL;
}

static void add_templates(struct offers *offers, const struct platform *platform)
{
  g_autoptr(GPtrArray) templates = template_list(NULL);
  for (guint i = 0; i < templates->len; i++) {
    const struct template *template = templates->pdata[i];
    g_autofree char *reason = template_reason(template, platform);
    offers_add(&offers->templates, &offers->template_count, NULL, template->name, template->text, reason);
  }
}

static void add_accels(struct offers *offers, const struct platform *platform)
{
  bool kvm = !platform->kvm_reason;
  bool qemu = g_str_equal(platform->type, "QEMU");
  g_autofree char *automatic =
      kvm ? g_strdup_printf("KVM%s%s", platform->soft_kvm ? " for pulse, emulation for the rest: " : "",
                            platform->soft_kvm ? platform->soft_kvm : "")
          : g_strdup_printf("emulation (TCG), because %s", platform->kvm_reason);
  g_autofree char *other = qemu ? NULL : g_strdup_printf("this connection's driver is %s", platform->type);
  offers_add(&offers->accels, &offers->accel_count, NULL, "auto", automatic, other);
  offers_add(&offers->accels, &offers->accel_count, NULL, "kvm",
             platform->soft_kvm ? platform->soft_kvm : "the kernel's hypervisor", platform->kvm_reason);
  offers_add(&offers->accels, &offers->accel_count, NULL, "tcg", "QEMU's own emulation of the CPU", other);
  offers->best = kvm ? ACCEL_KVM : qemu ? ACCEL_TCG : ACCEL_UNKNOWN;
}

struct offers *offers_read(struct hub *hub, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  if (!conn)
    return NULL;
  g_autoptr(platform_facts) platform = platform_read(conn, hub_lab_root(hub), err);
  if (!platform)
    return NULL;
  struct offers *offers = offers_new(hub->conn);
  offers->memory_free_bytes = platform->memory_free_bytes;
  offers->disk_free_bytes = platform->disk_free_bytes;
  if (platform->local && !platform->network) {
    offers->ssh_port = ports_next(conn);
    offers->ssh_network =
        platform->passt_reason
            ? g_strdup_printf("leads to its port 22 by QEMU's own network; not by passt: %s",
                              platform->passt_reason)
            : g_strdup("leads to its port 22 by passt");
  }
  add_backends(offers, platform);
  add_templates(offers, platform);
  add_accels(offers, platform);
  return offers;
}
