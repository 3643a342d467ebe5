/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of a guest by the metadata it was made with, on libvirt's test driver. */
#include <glib.h>

#include "core/virt/act/life.h"
#include "core/virt/prepare/domain_build.h"
#include "core/virt/prepare/macs.h"
#include "tests/unit/test.h"

/* The metadata that a guest of TEMPLATE gets, which is made from the shipped one BASE. */
static char *metadata_of(const char *template, const char *base)
{
  struct blueprint blueprint = {.name = g_strdup("x"),
                                .template = g_strdup(template),
                                .kind = template_kind_find(base),
                                .vcpus = 1,
                                .memory_bytes = 1 << 20};
  g_autofree char *xml = domain_build(&blueprint);
  const char *from = strstr(xml, "<metadata>"), *to = strstr(xml, "</metadata>");
  g_free(blueprint.name);
  g_free(blueprint.template);
  cr_assert(from && to);
  return g_strndup(from, (gsize)(to - from));
}

static bool ignores_acpi(virConnectPtr conn, const char *template, const char *base)
{
  g_autofree char *metadata = metadata_of(template, base);
  g_autofree char *xml =
      g_strdup_printf("<domain type='test'><name>x</name>%s</metadata><memory>1024</memory>"
                      "<os><type>hvm</type></os></domain>",
                      metadata);
  g_autoptr(virDomain) domain = virDomainDefineXML(conn, xml);
  cr_assert_not_null(domain, "%s", last_text());
  bool ignores = life_ignores_acpi(domain);
  cr_assert_eq(virDomainUndefine(domain), 0);
  return ignores;
}

Test(virt_life, pulse_is_known_also_by_a_template_of_the_users_own)
{
  g_autoptr(virConnect) conn = virConnectOpen("test:///default");
  cr_assert_not_null(conn);
  cr_assert(ignores_acpi(conn, "pulse", "pulse"));
  cr_assert(ignores_acpi(conn, "mine", "pulse"), "it would be waited for as if it had an operating system");
  cr_assert_not(ignores_acpi(conn, "linux", "linux"));
  cr_assert_not(ignores_acpi(conn, "pulse-like", "image"));
  g_autoptr(virDomain) other = virDomainLookupByName(conn, "test");
  cr_assert(other && !life_ignores_acpi(other));
}

Test(virt_life, a_mac_belongs_to_one_guest)
{
  g_autoptr(virConnect) conn = virConnectOpen("test:///default");
  g_autoptr(GError) fault = NULL;
  cr_assert(mac_is_free(conn, NULL, NULL) && mac_is_free(conn, "52:54:00:ab:cd:01", NULL));
  cr_assert_not(mac_is_free(conn, "aa:bb:cc:dd:ee:ff", &fault));
  cr_assert(fault->code == ERROR_REFUSED && strstr(fault->message, "guest test has it"), "%s",
            fault->message);
}

/* The test driver, like Xen's, does not know all that QEMU's keeps. */
Test(virt_life, definitions_are_removed_on_every_driver)
{
  static const char xml[] =
      "<domain type='test'><name>x</name><memory>1024</memory><os><type>hvm</type></os></domain>";
  GError *fault = NULL;
  g_autoptr(virConnect) conn = virConnectOpen("test:///default");
  g_autoptr(virDomain) domain = virDomainDefineXML(conn, xml);
  cr_assert_not_null(domain, "%s", last_text());
  cr_assert(life_undefine(domain, false, &fault), "%s", fault ? fault->message : "");
  g_autoptr(virDomain) there = virDomainLookupByName(conn, "x");
  cr_assert_null(there);
  cr_assert(life_undefine(domain, false, &fault), "one that is gone already");
}
