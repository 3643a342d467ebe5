/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Definitions changed, and what was before kept. */
#include <glib.h>

#include "core/virt/act/redefine.h"
#include "core/virt/act/undo.h"
#include "core/virt/conn/xml.h"
#include "tests/unit/test.h"

static const char before[] =
    "<domain type='qemu'><name>a</name><title>old</title><memory unit='KiB'>16384</memory>"
    "<currentMemory unit='KiB'>8192</currentMemory><vcpu placement='static' current='1'>4</vcpu>"
    "<vcpus><vcpu id='0' enabled='yes'/></vcpus><devices><emulator>/bin/qemu</emulator></devices></domain>";

static void check_text(const char *xml, const char *xpath, const char *wanted)
{
  g_autofree char *text = xml_text(xml, xpath);
  cr_assert_str_eq(text ? text : "(none)", wanted, "%s", xpath);
}

Test(virt_redefine, what_is_not_named_stays)
{
  const struct redefinition nothing = {0};
  g_autofree char *xml = redefine_xml(before, &nothing);
  check_text(xml, "/domain/title", "old");
  check_text(xml, "/domain/memory", "16384");
  check_text(xml, "/domain/vcpu", "4");
  check_text(xml, "/domain/vcpu/@current", "1");
}

Test(virt_redefine, numbers)
{
  const struct redefinition change = {.vcpus = 2, .memory_bytes = 32 << 20};
  g_autofree char *xml = redefine_xml(before, &change);
  check_text(xml, "/domain/vcpu", "2");
  check_text(xml, "/domain/vcpu/@placement", "static");
  check_text(xml, "/domain/vcpu/@current", "(none)");
  check_text(xml, "/domain/vcpus", "(none)");
  check_text(xml, "/domain/memory", "33554432");
  check_text(xml, "/domain/memory/@unit", "bytes");
  check_text(xml, "/domain/currentMemory", "(none)");
  check_text(xml, "/domain/devices/emulator", "/bin/qemu");
}

Test(virt_redefine, words)
{
  const struct redefinition change = {.title = "a < b & c", .text = "more"}, none = {.title = ""};
  g_autofree char *xml = redefine_xml(before, &change), *without = redefine_xml(before, &none);
  check_text(xml, "/domain/title", "a < b & c");
  check_text(xml, "/domain/description", "more");
  check_text(without, "/domain/title", "(none)");
}

Test(virt_redefine, what_is_no_definition_is_refused)
{
  const struct redefinition change = {.vcpus = 2};
  cr_assert_null(redefine_xml("<network/>", &change));
  cr_assert_null(redefine_xml("<domain", &change));
}

Test(virt_redefine, one_definition_is_kept_for_each_guest)
{
  static const char uuid[] = "00000000-0000-4000-8000-00000000000a";
  GError *fault = NULL;
  g_autofree char *folder = g_dir_make_tmp("virtlens-undo-XXXXXX", NULL);
  g_setenv("XDG_STATE_HOME", folder, TRUE);
  cr_assert_null(undo_read(uuid, &fault));
  cr_assert_not_null(strstr(fault->message, "no change"), "%s", fault->message);
  cr_assert(undo_keep(uuid, "<one/>", NULL));
  cr_assert(undo_keep(uuid, before, NULL));
  g_autofree char *kept = undo_read(uuid, NULL);
  cr_assert_str_eq(kept ? kept : "", before);
  undo_forget(uuid);
  cr_assert_null(undo_read(uuid, NULL));
  g_error_free(fault);
}
