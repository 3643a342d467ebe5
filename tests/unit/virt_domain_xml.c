/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests' definitions, good and hostile. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/error.h"
#include "core/virt/conn/xml.h"
#include "core/virt/watch/domain_xml.h"

#define UUID "00000000-0000-0000-0000-000000000001"

static struct guest_info *must_read(const char *xml)
{
  GError *err = NULL;
  struct guest_info *info = domain_xml_read(xml, "a", UUID, &err);
  cr_assert_null(err, "%s", err ? err->message : "");
  cr_assert_not_null(info);
  return info;
}

static void must_refuse(const char *xml)
{
  GError *err = NULL;
  cr_assert_null(domain_xml_read(xml, "a", UUID, &err));
  cr_assert_not_null(err);
  cr_assert(strstr(err->message, "definition of a"));
  g_clear_error(&err);
}

static const char full[] =
    "<domain type='kvm' id='3'><name>a</name><title>Two words &amp; more</title>"
    "<metadata><x:guest xmlns:x='http://other/' template='no'/>"
    "<virtlens:guest xmlns:virtlens='https://virtlens.example/xmlns/1' template='pulse'/></metadata>"
    "<memory unit='MiB'>16</memory><vcpu current='2'>4</vcpu>"
    "<devices>"
    "<controller type='scsi' index='0' model='lsilogic'/><controller type='scsi' index='1' "
    "model='virtio-scsi'/>"
    "<disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none' io='native' "
    "discard='unmap' "
    "iothread='2'/><source file='/x y/a.qcow2'/><target dev='vda' bus='virtio'/></disk>"
    "<disk type='block' device='disk'><source dev='/dev/sdz'/><target dev='sda' bus='scsi'/>"
    "<address type='drive' controller='1' bus='0' target='0' unit='0'/></disk>"
    "<disk type='network' device='disk'><source protocol='rbd' name='pool/img'/><target dev='sdb' "
    "bus='scsi'/>"
    "<address type='drive' controller='0'/><readonly/></disk>"
    "<disk type='file' device='cdrom'><target dev='hda' bus='ide'/><readonly/></disk>"
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default' bridge='virbr0'/>"
    "<target dev='vnet3'/><model type='virtio'/></interface>"
    "<interface type='hostdev'><source><address type='pci' domain='0x0000' bus='0x03' slot='0x10' "
    "function='0x2'/>"
    "</source></interface>"
    "<hostdev mode='subsystem' type='pci'><source><address domain='0x0001' bus='0x82' slot='0x1f' "
    "function='0x7'/>"
    "</source></hostdev><hostdev mode='subsystem' type='usb'><source/></hostdev>"
    "</devices></domain>";

Test(virt_domain_xml, guest)
{
  struct guest_info *info = must_read(full);
  cr_assert_str_eq(info->title, "Two words & more");
  cr_assert_str_eq(info->template, "pulse");
  cr_assert_eq(info->accel, ACCEL_KVM);
  cr_assert_eq(info->kind, KIND_KVM_QEMU);
  cr_assert_eq(info->vcpus, 2);
  cr_assert_eq(info->memory_bytes, 16 << 20);
  guest_info_unref(info);
}

Test(virt_domain_xml, disks)
{
  struct guest_info *info = must_read(full);
  cr_assert_eq(info->disk_count, 4);
  const struct disk_info *d = info->disks;
  cr_assert_str_eq(d[0].source, "/x y/a.qcow2");
  cr_assert_str_eq(d[0].format, "qcow2");
  cr_assert_str_eq(d[0].cache, "none");
  cr_assert_str_eq(d[0].io, "native");
  cr_assert_str_eq(d[0].discard, "unmap");
  cr_assert_eq(d[0].iothread, 2);
  cr_assert_str_eq(d[0].backend->name, "virtio-blk");
  cr_assert_str_eq(d[1].source, "/dev/sdz");
  cr_assert_str_eq(d[1].backend->name, "virtio-scsi");
  cr_assert_str_eq(d[2].source, "rbd:pool/img");
  cr_assert_str_eq(d[2].backend->name, "scsi-lsi");
  cr_assert(d[2].readonly && !d[2].cdrom);
  cr_assert_null(d[3].source);
  cr_assert(d[3].cdrom && d[3].readonly);
  guest_info_unref(info);
}

Test(virt_domain_xml, nics_and_passed_through_devices)
{
  struct guest_info *info = must_read(full);
  cr_assert_eq(info->nic_count, 2);
  cr_assert_str_eq(info->nics[0].target, "vnet3");
  cr_assert_str_eq(info->nics[0].mac, "52:54:00:00:00:01");
  cr_assert_str_eq(info->nics[0].source, "default");
  cr_assert_str_eq(info->nics[0].backend->name, "virtio-net");
  cr_assert_str_eq(info->nics[1].backend->name, "sr-iov-vf");
  cr_assert_str_eq(info->nics[1].target, "0000:03:10.2");
  cr_assert_eq(info->hostdev_count, 2);
  cr_assert_str_eq(info->hostdevs[0].address, "0000:03:10.2");
  cr_assert_str_eq(info->hostdevs[1].address, "0001:82:1f.7");
  guest_info_unref(info);
}

Test(virt_domain_xml, what_is_missing_is_unknown)
{
  struct guest_info *info =
      must_read("<domain><devices><disk/><interface/><hostdev type='pci'/></devices></domain>");
  cr_assert_eq(info->accel, ACCEL_UNKNOWN);
  cr_assert_eq(info->vcpus, 0);
  cr_assert_eq(info->memory_bytes, 0);
  cr_assert_null(info->title);
  cr_assert_null(info->template);
  cr_assert_eq(info->disk_count, 1);
  cr_assert_null(info->disks[0].backend);
  cr_assert_eq(info->hostdev_count, 0);
  guest_info_unref(info);
}

Test(virt_domain_xml, not_a_domain)
{
  must_refuse(NULL);
  must_refuse("");
  must_refuse("no XML");
  must_refuse("<network/>");
  must_refuse("<domain><name>a</name>");
  must_refuse("<domain>\xff\xfe</domain>");
}

Test(virt_domain_xml, document_types_are_refused)
{
  must_refuse("<!DOCTYPE domain [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
              "<domain><title>&b;</title></domain>");
  must_refuse(
      "<!DOCTYPE domain [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><domain><title>&f;</title></domain>");
}

Test(virt_domain_xml, numbers_out_of_range)
{
  struct guest_info *info = must_read(
      "<domain type='kvm'><memory unit='TiB'>99999999999999</memory><vcpu current='-1'>99999999999</vcpu>"
      "<devices><disk><driver iothread='1e999'/><target dev='vda' bus='virtio'/></disk></devices></domain>");
  cr_assert_eq(info->memory_bytes, 0);
  cr_assert_eq(info->vcpus, 0);
  cr_assert_eq(info->disks[0].iothread, 0);
  guest_info_unref(info);
  info = must_read("<domain><memory unit='parsec'>1</memory></domain>");
  cr_assert_eq(info->memory_bytes, 0);
  guest_info_unref(info);
}

Test(virt_domain_xml, a_flood_of_devices_ends)
{
  GString *xml = g_string_new("<domain type='qemu'><devices>");
  for (int i = 0; i < 5000; i++)
    g_string_append(xml, "<disk><target dev='vda' bus='virtio'/></disk><interface type='user'/>");
  g_string_append(xml, "</devices></domain>");
  struct guest_info *info = must_read(xml->str);
  cr_assert_eq(info->disk_count, 1024);
  cr_assert_eq(info->nic_count, 1024);
  cr_assert_eq(info->accel, ACCEL_TCG);
  guest_info_unref(info);
  g_string_free(xml, TRUE);
}

Test(virt_domain_xml, control_bytes_come_through_raw)
{
  struct guest_info *info = must_read("<domain><title>a&#x9b;31m&#x202e;b</title></domain>");
  cr_assert_str_eq(info->title, "a\xc2\x9b"
                                "31m\xe2\x80\xae"
                                "b");
  guest_info_unref(info);
}

Test(virt_domain_xml, entities_of_its_own_are_read_nowhere)
{
  cr_assert_null(xml_text("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "/a"));
  g_autofree char *plain = xml_text("<a>&lt;</a>", "/a");
  cr_assert_str_eq(plain, "<");
}

Test(virt_domain_xml, nics_that_ssh_reaches)
{
  struct guest_info *info = must_read(
      "<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><metadata>"
      "<v:guest xmlns:v='https://virtlens.example/xmlns/1' template='linux' key='/k'/></metadata><devices>"
      "<interface type='user'><mac address='52:54:00:00:00:01'/><model type='e1000'/><backend type='passt'/>"
      "<portForward proto='tcp'><range start='2230' to='22'/></portForward></interface></devices>"
      "<qemu:commandline><qemu:arg value='-netdev'/><qemu:arg value='user,id=n,hostfwd=tcp::2231-:22'/>"
      "<qemu:arg value='-device'/><qemu:arg value='virtio-net-pci,netdev=n,mac=52:54:00:00:00:02'/>"
      "</qemu:commandline></domain>");
  cr_assert_eq(info->nic_count, 2);
  cr_assert_eq(info->nics[0].ssh_port, 2230);
  cr_assert_eq(info->nics[1].ssh_port, 2231);
  cr_assert_str_eq(info->nics[1].mac, "52:54:00:00:00:02");
  cr_assert_str_eq(info->nics[1].backend->name, "virtio-net");
  cr_assert_null(info->nics[1].source);
  cr_assert_str_eq(info->key_file, "/k");
  cr_assert_eq(guest_ssh_port(info), 2230);
  guest_info_unref(info);
}
