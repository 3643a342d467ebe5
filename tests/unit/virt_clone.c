/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clones: their names, their images, and the definition made from their source's. */
#include <string.h>

#include "core/base/error.h"
#include "core/virt/act/image.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/clone.h"
#include "tests/unit/test.h"

static void expect_name(const char *pattern, int number, const char *expected)
{
  g_autoptr(GError) err = NULL;
  g_autofree char *name = clone_name(pattern, "web", number, &err);
  cr_assert_str_eq(name ? name : err->message, expected, "pattern \"%s\"", pattern);
}

Test(virt_clone, names_by_pattern)
{
  expect_name(CLONE_PATTERN, 7, "web-07");
  expect_name(CLONE_PATTERN, 123, "web-123");
  expect_name("x%d", 1, "x1");
  expect_name("copy of %n", 9, "copy of web");
  expect_name("50%%", 9, "50%");
  expect_name("%09d", 5, "000000005");
  cr_assert(clone_pattern_counts(CLONE_PATTERN));
  cr_assert_not(clone_pattern_counts("b"));
  cr_assert_not(clone_pattern_counts("%n"));
}

Test(virt_clone, bad_patterns_are_refused)
{
  static const char *const bad[] = {"%s",   "%",    "%n%", "%5d", "%0d0%*", "%d%d", "%010d",
                                    "%-2d", "%lld", "",    ".",   "..",     "a/%n", "%n\n"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) err = NULL;
    g_autofree char *name = clone_name(bad[i], "web", 1, &err);
    cr_assert_null(name, "\"%s\" gave \"%s\"", bad[i], name);
    cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_USAGE));
  }
}

static const char source[] =
    "<domain "
    "type='kvm'><name>web</name><uuid>6c1f9f7a-0000-4000-8000-000000000001</uuid><genid>6c1f9f7a-0000-4000-"
    "8000-000000000002</genid><memory>1</memory><sysinfo type='smbios'><system><entry "
    "name='uuid'>6c1f9f7a-0000-4000-"
    "8000-000000000001</entry><entry name='serial'>s</entry></system></sysinfo><os><type>hvm</type>"
    "<nvram template='/t.fd'>/n/web.fd</nvram></os><devices>"
    "<disk type='file' device='disk'><driver name='qemu' type='raw' cache='none'/><source file='/i/web.img'/>"
    "<backingStore/><target dev='vda' bus='virtio'/></disk>"
    "<disk type='volume' device='disk'><driver name='qemu' type='qcow2'/><source pool='p' volume='v'/>"
    "<target dev='vdb' bus='virtio'/></disk>"
    "<disk type='file' device='cdrom'><source file='/i/cd.iso'/><target dev='hda' "
    "bus='ide'/><readonly/></disk>"
    "<disk type='file' device='disk'><source file='/i/ro.img'/><target dev='vdc' "
    "bus='virtio'/><readonly/></disk>"
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/></interface>"
    "<interface type='hostdev'><mac address='52:54:00:00:00:02'/></interface>"
    "<hostdev mode='subsystem' type='pci'><source/></hostdev>"
    "<serial type='pty'><log file='/logs/web.log'/></serial><console type='pty'><log "
    "file='/logs/web.log'/></console>"
    "<serial type='file'><source path='/logs/two.txt'/></serial>"
    "<graphics type='vnc' port='5901' autoport='no'/></devices></domain>";

static struct blueprint *drawn(enum clone_mode mode)
{
  g_autoptr(GError) err = NULL;
  g_autoptr(GPtrArray) disks = clone_disks(source, &err);
  cr_assert_not_null(disks, "%s", err ? err->message : "");
  cr_assert_eq(disks->len, 2u, "two are written");
  struct clone_disk *second = g_ptr_array_index(disks, 1);
  cr_assert_str_eq(second->pool, "p");
  second->path = g_strdup("/pool/v");
  const struct platform platform = {.disk_dir = (char *)(uintptr_t) "/d",
                                    .log_dir = (char *)(uintptr_t) "/logs"};
  return clone_draw("b", disks, mode, NULL, &platform);
}

Test(virt_clone, images_stand_on_the_sources_or_are_copies)
{
  g_autoptr(blueprint_plan) linked = drawn(CLONE_LINKED), full = drawn(CLONE_FULL);
  cr_assert_eq(linked->disk_count, 2);
  cr_assert_eq(linked->disks[0].content, CONTENT_OVERLAY);
  cr_assert_eq(full->disks[0].content, CONTENT_COPY);
  cr_assert_str_eq(linked->disks[0].path, "/d/b-vda.qcow2");
  cr_assert_str_eq(linked->disks[0].backing, "/i/web.img");
  cr_assert_str_eq(linked->disks[0].backing_format, "raw");
  cr_assert_str_eq(linked->disks[1].backing, "/pool/v");
  cr_assert_str_eq(linked->log_file, "/logs/b.log");
}

static void expect(const char *xml, const char *xpath, const char *expected)
{
  g_autofree char *found = xml_text(xml, xpath);
  cr_assert(!g_strcmp0(found, expected), "%s: %s in %s", xpath, found ? found : "nothing", xml);
}

Test(virt_clone, shares_nothing_that_there_is_one_of)
{
  int left_out = -1;
  g_autoptr(GError) err = NULL;
  g_autoptr(blueprint_plan) blueprint = drawn(CLONE_LINKED);
  g_autofree char *xml = clone_build(source, blueprint, &left_out, &err);
  cr_assert_not_null(xml, "%s", err ? err->message : "");
  cr_assert_eq(left_out, 2);
  expect(xml, "/domain/name", "b");
  expect(xml, "/domain/uuid", NULL);
  expect(xml, "/domain/genid", "");
  expect(xml, "//entry[@name='uuid']", NULL);
  expect(xml, "//entry[@name='serial']", "s");
  expect(xml, "//nvram", "");
  expect(xml, "//nvram/@template", "/t.fd");
  expect(xml, "//mac/@address", NULL);
  expect(xml, "//interface[@type='network']/source/@network", "default");
  expect(xml, "//interface[@type='hostdev'] | //hostdev", NULL);
  expect(xml, "//disk[target/@dev='vda']/source/@file", "/d/b-vda.qcow2");
  expect(xml, "//disk[target/@dev='vda']/driver/@type", "qcow2");
  expect(xml, "//disk[target/@dev='vda']/driver/@cache", "none");
  expect(xml, "//disk[target/@dev='vdb']/@type", "file");
  expect(xml, "//disk[target/@dev='vdb']/source/@pool", NULL);
  expect(xml, "//disk[target/@dev='vdb']/source/@file", "/d/b-vdb.qcow2");
  expect(xml, "//disk[target/@dev='hda']/source/@file", "/i/cd.iso");
  expect(xml, "//disk[target/@dev='vdc']/source/@file", "/i/ro.img");
  expect(xml, "//backingStore", NULL);
  expect(xml, "//serial[@type='pty']/log/@file", "/logs/b.log");
  expect(xml, "//console/log/@file", "/logs/b.log");
  expect(xml, "//serial[@type='file']/source/@path", "/logs/b-1.log");
  expect(xml, "//graphics/@port", NULL);
  expect(xml, "//graphics/@autoport", "yes");
  expect(xml, "/domain/metadata/v:guest/@template", "clone");
  g_autofree char *again = clone_build(xml, blueprint, NULL, NULL);
  cr_assert_not_null(again, "a clone of a clone");
}

Test(virt_clone, ssh_reaches_it_by_a_port_of_its_own)
{
  static const char reached[] =
      "<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>l</name>"
      "<metadata><x:before xmlns:x='https://virtlens.example/xmlns/1/before'>an edit "
      "ago</x:before></metadata>"
      "<sysinfo type='fwcfg'><entry name='opt/example.virtlens/hostname'>l</entry></sysinfo><devices/>"
      "<qemu:commandline><qemu:arg value='-netdev'/><qemu:arg value='user,id=reach,hostfwd=tcp::2222-:22'/>"
      "<qemu:arg value='-device'/><qemu:arg value='virtio-net-pci,netdev=reach,mac=52:54:00:00:00:01'/>"
      "</qemu:commandline></domain>";
  g_autoptr(blueprint_plan) blueprint = drawn(CLONE_LINKED);
  blueprint->ssh_port = 2225;
  blueprint->mac = g_strdup("52:54:00:00:00:02");
  g_autofree char *xml = clone_build(reached, blueprint, NULL, NULL);
  cr_assert_not_null(xml);
  expect(xml, "/domain/sysinfo/entry", "b");
  expect(xml, "/domain/metadata/*[local-name()='before']", NULL);
  expect(xml, "//q:arg[2]/@value", "user,id=reach,hostfwd=tcp:127.0.0.1:2225-:22");
  expect(xml, "//q:arg[4]/@value", "virtio-net-pci,netdev=reach,mac=52:54:00:00:00:02");
}

Test(virt_clone, what_is_no_image_is_refused)
{
  static const char block[] = "<domain><devices><disk type='block' device='disk'><source dev='/dev/sdb'/>"
                              "<target dev='vdb'/></disk></devices></domain>";
  g_autoptr(GError) err = NULL;
  cr_assert_null(clone_disks(block, &err));
  cr_assert(strstr(err->message, "vdb"), "%s", err->message);
  cr_assert_null(clone_disks("no xml", NULL));
}

Test(virt_clone, progress_as_qemu_img_says_it)
{
  cr_assert_float_eq(image_progress("    (0.00/100%)\r    (42.50/100%)\r"), 0.425, 1e-9);
  cr_assert_float_eq(image_progress("    (100.00/100%)\r"), 1, 1e-9);
  cr_assert_lt(image_progress(""), 0);
  cr_assert_lt(image_progress("    (4"), 0);
  cr_assert_lt(image_progress("(x/100%)"), 0);
}
