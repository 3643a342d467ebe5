/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Definitions changed and changed back. */
#include <string.h>

#include "core/base/error.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/redefine.h"
#include "tests/unit/test.h"

static const char source[] =
    "<domain type='qemu'><name>a</name><uuid>u</uuid><title>old</title><metadata><x:y "
    "xmlns:x='urn:z'>keep</x:y>"
    "</metadata><memory unit='KiB'>16384</memory><currentMemory>8192</currentMemory><vcpu "
    "current='1'>4</vcpu>"
    "<cpu mode='maximum'><topology sockets='4' cores='1' threads='1'/></cpu><iothreads>1</iothreads><devices>"
    "<disk type='file' device='disk'><driver name='qemu' iothread='1'/><source file='/a'/>"
    "<target dev='vda' bus='virtio'/><address type='pci'/></disk>"
    "<disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk>"
    "<disk type='file' device='disk'><source file='/b'/><target dev='vdb' bus='virtio'/></disk>"
    "<graphics type='vnc' passwd='secret'/></devices></domain>";

static char *changed(const struct redefinition *change)
{
  g_autoptr(GError) err = NULL;
  char *xml = redefine(source, change, &err);
  cr_assert_not_null(xml, "%s", err ? err->message : "");
  return xml;
}

static void expect(const char *xml, const char *xpath, const char *expected)
{
  g_autofree char *found = xml_text(xml, xpath);
  cr_assert(!g_strcmp0(found, expected), "%s: %s in %s", xpath, found ? found : "nothing", xml);
}

Test(redefine, vcpus_memory_and_title)
{
  g_autofree char *xml =
      changed(&(struct redefinition){.title = "new <one>", .vcpus = 2, .memory_bytes = 64U << 20});
  expect(xml, "/domain/vcpu", "2");
  expect(xml, "/domain/vcpu/@current", NULL);
  expect(xml, "//topology", NULL);
  expect(xml, "/domain/memory", "67108864");
  expect(xml, "/domain/memory/@unit", "bytes");
  expect(xml, "/domain/currentMemory", NULL);
  expect(xml, "/domain/title", "new <one>");
  expect(xml, "/domain/name", "a");
  expect(xml, "/domain/metadata/*[local-name()='y']", "keep");
  g_autofree char *bare = changed(&(struct redefinition){.title = ""});
  expect(bare, "/domain/title", NULL);
}

Test(redefine, backend_of_the_disks)
{
  const struct disk_change all = {NULL, backend_find(BACKEND_DISK, "virtio-scsi")};
  g_autofree char *xml = changed(&(struct redefinition){.disks = &all, .disk_count = 1});
  expect(xml, "//disk[source/@file='/a']/target/@dev", "sda");
  expect(xml, "//disk[source/@file='/b']/target/@dev", "sdb");
  expect(xml, "//disk[source/@file='/b']/target/@bus", "scsi");
  expect(xml, "//disk[source/@file='/a']/address", NULL);
  expect(xml, "//disk[source/@file='/a']/driver/@iothread", NULL);
  expect(xml, "//disk[@device='cdrom']/target/@dev", "hda");
  expect(xml, "//controller[@type='scsi']/@model", "virtio-scsi");
}

/* SOURCE with disk DISK on BACKEND, and OTHER on OTHERS. */
static char *redisked(const char *disk, const char *backend, const char *other, const char *others,
                      GError **err)
{
  const struct disk_change both[] = {{disk, backend_find(BACKEND_DISK, backend)},
                                     {other, backend_find(BACKEND_DISK, others)}};
  return redefine(source, &(struct redefinition){.disks = both, .disk_count = 2}, err);
}

Test(redefine, backend_of_one_disk)
{
  const struct disk_change one = {"vdb", backend_find(BACKEND_DISK, "ide")};
  g_autofree char *xml = changed(&(struct redefinition){.disks = &one, .disk_count = 1});
  expect(xml, "//disk[source/@file='/b']/target/@dev", "hdb"); /* hda is the CD drive's */
  expect(xml, "//disk[source/@file='/b']/target/@bus", "ide");
  expect(xml, "//disk[source/@file='/a']/target/@dev", "vda");
  expect(xml, "//disk[source/@file='/a']/address/@type", "pci");
  expect(xml, "//disk[source/@file='/a']/driver/@iothread", "1");
}

Test(redefine, each_disk_by_itself)
{
  g_autoptr(GError) err = NULL;
  g_autofree char *xml = redisked("vda", "sata", "vdb", "usb", &err);
  cr_assert_not_null(xml, "%s", err ? err->message : "");
  expect(xml, "//disk[source/@file='/a']/target/@dev", "sda");
  expect(xml, "//disk[source/@file='/a']/target/@bus", "sata");
  expect(xml, "//disk[source/@file='/a']/address", NULL);
  expect(xml, "//disk[source/@file='/b']/target/@dev", "sdb");
  expect(xml, "//disk[source/@file='/b']/target/@bus", "usb");
  g_autofree char *same = redisked("vda", "virtio-blk", "vdb", "virtio-blk", &err);
  expect(same, "//disk[source/@file='/a']/address/@type", "pci");
}

Test(redefine, disks_that_cannot_be)
{
  const struct {
    const char *disk, *backend, *other, *others, *why;
  } rows[] = {{"vda", "ide", "vdx", "ide", "it has no disk vdx"},
              {"hda", "sata", "vdb", "ide", "it has no disk hda"},
              {"vda", "scsi-lsi", "vdb", "virtio-scsi", "one SCSI controller"},
              {"vda", "nvme", "vdb", "nvme", "backend nvme takes 1 disks, and it would have 2"}};
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) err = NULL;
    cr_assert_null(redisked(rows[i].disk, rows[i].backend, rows[i].other, rows[i].others, &err));
    cr_assert(strstr(err->message, rows[i].why), "%s", err->message);
  }
}

Test(redefine, there_and_back_and_there)
{
  g_autofree char *xml = changed(&(struct redefinition){.vcpus = 2, .title = "new"});
  g_autofree char *back = redefine_back(xml, NULL), *again = back ? redefine_back(back, NULL) : NULL;
  cr_assert(back && again);
  expect(back, "/domain/vcpu", "4");
  expect(back, "/domain/vcpu/@current", "1");
  expect(back, "/domain/title", "old");
  expect(again, "/domain/vcpu", "2");
  expect(again, "/domain/title", "new");
  g_autofree char *second = redefine(again, &(struct redefinition){.vcpus = 3}, NULL);
  g_autofree char *before = redefine_before(second);
  expect(before, "/domain/vcpu", "2");
  expect(before, "/domain/metadata/*[local-name()='before']", NULL);
}

Test(redefine, back_on_the_images_of_now)
{
  g_autoptr(GError) err = NULL;
  g_autofree char *xml = changed(&(struct redefinition){.title = "new"});
  g_auto(GStrv) parts = g_strsplit(xml, "<source file=\"/b\"/>", 2);
  cr_assert(parts[1], "%s", xml);
  g_autofree char *moved = g_strjoin("<driver name='qemu' type='qcow2'/><source file='/c'/>", parts[0],
                                     parts[1], NULL),
                  *back = redefine_back(moved, &err);
  cr_assert_not_null(back, "%s", err ? err->message : "");
  expect(back, "/domain/title", "old");
  expect(back, "//disk[target/@dev='vdb']/source/@file", "/c");
  expect(back, "//disk[target/@dev='vda']/source/@file", "/a");
  g_auto(GStrv) ends = g_strsplit(xml, "<graphics", 2);
  g_autofree char *more = g_strjoin("<interface type='user'/><graphics", ends[0], ends[1], NULL);
  cr_assert_null(redefine_back(more, &err));
  cr_assert(strstr(err->message, "attached or detached since"), "%s", err->message);
}

Test(redefine, no_password_in_what_is_kept)
{
  g_autofree char *xml = changed(&(struct redefinition){.vcpus = 2});
  g_autofree char *before = redefine_before(xml), *back = redefine_back(xml, NULL);
  cr_assert_null(strstr(before, "secret"));
  expect(xml, "//graphics/@passwd", "secret");
  expect(back, "//graphics/@passwd", "secret");
}

Test(redefine, nothing_kept_nothing_back)
{
  g_autoptr(GError) err = NULL;
  cr_assert_null(redefine_back(source, &err));
  cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_REFUSED));
  cr_assert_null(redefine("no xml", &(struct redefinition){.vcpus = 1}, NULL));
}
