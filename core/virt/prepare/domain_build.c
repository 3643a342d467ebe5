/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/domain_build.h"

#include <string.h>

#include "core/virt/conn/reach.h"
#include "core/virt/prepare/hostdev.h"

#define PORTS 6

static void add_metadata(xmlNodePtr domain, const struct blueprint *blueprint)
{
  xmlNodePtr metadata = xml_add(domain, "metadata", NULL);
  xmlNodePtr guest = xml_add(metadata, "guest", NULL);
  xmlSetNs(guest, xmlNewNs(guest, (const xmlChar *)XML_OUR_NAMESPACE, (const xmlChar *)"virtlens"));
  xml_attr(guest, "template", blueprint->template);
  if (strcmp(blueprint->template, blueprint->kind->name) != 0)
    xml_attr(guest, "base", blueprint->kind->name);
  xml_attr(guest, "key", blueprint->key_file);
}

static void add_os(xmlNodePtr domain, const struct blueprint *blueprint)
{
  xmlNodePtr os = xml_add(domain, "os", NULL);
  xmlNodePtr type = xml_add(os, "type", "hvm");
  xml_attr(type, "arch", "x86_64");
  xml_attr(type, "machine", machine_names[blueprint->machine]);
  if (!blueprint->kernel)
    return;
  xml_add(os, "kernel", blueprint->kernel);
  if (blueprint->initrd)
    xml_add(os, "initrd", blueprint->initrd);
  if (blueprint->cmdline)
    xml_add(os, "cmdline", blueprint->cmdline);
}

static void add_cpu(xmlNodePtr domain, const struct blueprint *blueprint)
{
  xmlNodePtr features = xml_add(domain, "features", NULL);
  xml_add(features, "acpi", NULL);
  xml_add(features, "apic", NULL);
  /* Real-mode code needs no CPU features, and software KVM has none of the host's to pass on. */
  if (!(blueprint->kind->flags & TEMPLATE_REAL_MODE))
    xml_add_with(domain, "cpu", "mode", blueprint->accel == ACCEL_KVM ? "host-passthrough" : "maximum", NULL);
}

static bool scsi_controller(const struct blueprint_disk *disk)
{
  return disk->backend && g_str_equal(disk->backend->bus, "scsi");
}

static void add_driver(xmlNodePtr node, const struct blueprint *blueprint, const struct blueprint_disk *disk)
{
  xmlNodePtr driver = xml_add_with(node, "driver", "name", "qemu", "type", disk->format, NULL);
  if (!disk->tuned)
    return;
  xml_attr(driver, "cache", blueprint->cache);
  xml_attr(driver, "io", blueprint->aio);
  xml_attr(driver, "discard", blueprint->discard);
  if (blueprint->iothread && !scsi_controller(disk))
    xml_attr(driver, "iothread", "1");
}

static void add_disk(xmlNodePtr devices, const struct blueprint *blueprint, const struct blueprint_disk *disk,
                     int order)
{
  static const char *const machine_bus[MACHINES] = {[MACHINE_PC] = "ide", [MACHINE_Q35] = "sata"};
  g_autofree char *text = g_strdup_printf("%d", order);
  xmlNodePtr node =
      xml_add_with(devices, "disk", "type", "file", "device", disk->cdrom ? "cdrom" : "disk", NULL);
  add_driver(node, blueprint, disk);
  xml_add_with(node, "source", "file", disk->path, NULL);
  xml_add_with(node, "target", "dev", disk->target, "bus",
               disk->backend ? disk->backend->bus : machine_bus[blueprint->machine], NULL);
  if (disk->serial)
    xml_add(node, "serial", disk->serial);
  if (disk->cdrom)
    xml_add(node, "readonly", NULL);
  /* SeaBIOS attaches only drives that have a place in the boot order. */
  if (!blueprint->kernel && order)
    xml_add_with(node, "boot", "order", text, NULL);
}

/* A function can be attached to a guest that runs only where a root port of PCI Express is free
 * (libvirt's pci-hotplug.rst). */
static void add_ports(xmlNodePtr devices)
{
  for (int i = 1; i <= PORTS; i++) { /* 0 is the root itself */
    g_autofree char *index = g_strdup_printf("%d", i);
    xml_add_with(devices, "controller", "type", "pci", "index", index, "model", "pcie-root-port", NULL);
  }
}

static void add_controllers(xmlNodePtr devices, const struct blueprint *blueprint)
{
  const struct backend *backend = blueprint->disk_count ? blueprint->disks[0].backend : NULL;
  bool usb = backend && g_str_equal(backend->bus, "usb");
  if (blueprint->drive || (blueprint->nic && blueprint->nic->path == PATH_DIRECT))
    add_ports(devices);
  xml_add_with(devices, "controller", "type", "usb", "index", "0", "model", usb ? "qemu-xhci" : "none", NULL);
  if (!backend || !scsi_controller(&blueprint->disks[0]))
    return;
  xmlNodePtr scsi =
      xml_add_with(devices, "controller", "type", "scsi", "index", "0", "model", backend->controller, NULL);
  if (blueprint->iothread)
    xml_add_with(scsi, "driver", "iothread", "1", NULL);
}

static void add_nic(xmlNodePtr devices, const struct blueprint *blueprint)
{
  const struct hostdev_nic words = {blueprint->mac, blueprint->vlan};
  if (blueprint->function)
    hostdev_add(devices, blueprint->function, &words);
  if (!blueprint->nic || blueprint->function || blueprint->reach == REACH_QEMU)
    return;
  xmlNodePtr nic = xml_add_with(devices, "interface", "type", blueprint->network ? "network" : "user", NULL);
  if (blueprint->network)
    xml_add_with(nic, "source", "network", blueprint->network, NULL);
  hostdev_add_nic_words(nic, &words);
  if (blueprint->nic->bus)
    xml_add_with(nic, "model", "type", blueprint->nic->bus, NULL);
  if (blueprint->reach == REACH_PASST)
    reach_add_forward(nic, blueprint->ssh_port);
}

/* What libvirt has no elements for. */
static void add_reach(xmlNodePtr domain, const struct blueprint *blueprint)
{
  if (blueprint->kind->flags & TEMPLATE_LINUX)
    reach_add_facts(domain,
                    &(struct reach_facts){.name = blueprint->name,
                                          .keys = blueprint->keys,
                                          .scratch = blueprint->bench ? blueprint->disks[0].serial : NULL});
  if (blueprint->reach == REACH_QEMU)
    reach_add_nic(domain, blueprint->nic->bus, blueprint->mac, blueprint->ssh_port);
}

static void add_consoles(xmlNodePtr devices, const struct blueprint *blueprint)
{
  xmlNodePtr serial = xml_add_with(devices, "serial", "type", "pty", NULL);
  if (blueprint->log_file)
    xml_add_with(serial, "log", "file", blueprint->log_file, "append", "off", NULL);
  xml_add_with(serial, "target", "port", "0", NULL);
  if (blueprint->bench)
    xml_add_with(xml_add_with(devices, "serial", "type", "pty", NULL), "target", "port", "1", NULL);
  bool screen = blueprint->kind->flags & TEMPLATE_SCREEN;
  if (screen) {
    xmlNodePtr graphics = xml_add_with(devices, "graphics", "type", "vnc", NULL);
    xml_add_with(graphics, "listen", "type", "socket", NULL);
  }
  xml_add_with(xml_add(devices, "video", NULL), "model", "type", screen ? "vga" : "none", NULL);
  xml_add_with(devices, "memballoon", "model", blueprint->kind->flags & TEMPLATE_PULSE ? "none" : "virtio",
               NULL);
}

static void add_agent(xmlNodePtr devices, const struct blueprint *blueprint)
{
  if (!blueprint->agent)
    return;
  xmlNodePtr channel = xml_add_with(devices, "channel", "type", "unix", NULL);
  xml_add_with(channel, "target", "type", "virtio", "name", "org.qemu.guest_agent.0", NULL);
}

static void add_devices(xmlNodePtr domain, const struct blueprint *blueprint)
{
  xmlNodePtr devices = xml_add(domain, "devices", NULL);
  for (int i = 0; i < blueprint->disk_count; i++)
    add_disk(devices, blueprint, &blueprint->disks[i], i + 1);
  add_controllers(devices, blueprint);
  if (blueprint->drive)
    hostdev_add(devices, blueprint->drive, NULL);
  add_nic(devices, blueprint);
  add_consoles(devices, blueprint);
  add_agent(devices, blueprint);
}

char *domain_build(const struct blueprint *blueprint)
{
  g_autofree char *vcpus = g_strdup_printf("%d", blueprint->vcpus);
  xmlNodePtr domain = xml_begin("domain");
  xml_attr(domain, "type", blueprint->accel == ACCEL_KVM ? "kvm" : "qemu");
  xml_add(domain, "name", blueprint->name);
  if (blueprint->title)
    xml_add(domain, "title", blueprint->title);
  add_metadata(domain, blueprint);
  xml_add_bytes(domain, "memory", blueprint->memory_bytes);
  xml_add(domain, "vcpu", vcpus);
  if (blueprint->iothread)
    xml_add(domain, "iothreads", "1");
  add_os(domain, blueprint);
  add_cpu(domain, blueprint);
  xml_add_with(domain, "clock", "offset", "utc", NULL);
  xml_add(domain, "on_poweroff", "destroy");
  /* A benchmark whose guest booted twice has no figures. */
  xml_add(domain, "on_reboot", blueprint->bench ? "destroy" : "restart");
  xml_add(domain, "on_crash", "destroy");
  add_devices(domain, blueprint);
  add_reach(domain, blueprint);
  return xml_finish(domain);
}

/* The only device among DEVICES, as text; they are freed. */
static char *device_text(xmlNodePtr devices)
{
  char *text = xml_node_text(devices->children);
  xmlFreeDoc(devices->doc);
  return text;
}

char *domain_build_disk(const struct blueprint *blueprint, const struct blueprint_disk *disk)
{
  xmlNodePtr devices = xml_begin("devices");
  add_disk(devices, blueprint, disk, 0);
  return device_text(devices);
}

char *domain_build_nic(const struct blueprint *blueprint)
{
  xmlNodePtr devices = xml_begin("devices");
  add_nic(devices, blueprint);
  return device_text(devices);
}
