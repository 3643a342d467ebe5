/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blueprints and the domain XML made from them, against reviewed files in tests/data/domain. */
#include <libxml/parser.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/domain_build.h"
#include "core/virt/prepare/hostdev.h"
#include "core/virt/prepare/pulse.h"
#include "tests/unit/test.h"

static void fill(struct platform *platform)
{
  static const char *const buses[] = {"ide", "fdc", "scsi", "virtio", "usb", "sata", NULL};
  *platform = (struct platform){.local = true, .lab = true, .agent_room = 20};
  platform->type = g_strdup("QEMU");
  platform->version = g_strdup("9.0.0");
  platform->passt_reason = g_strdup("not installed");
  platform->disk_dir = g_strdup("/lab/disks");
  platform->log_dir = g_strdup("/lab/logs");
  platform->linux_dir = g_strdup("/lab/linux");
  platform->vf_reason[SRIOV_NVME] = g_strdup("no IOMMU");
  platform->vf_reason[SRIOV_NIC] = g_strdup("no IOMMU");
  for (int i = 0; i < MACHINES; i++)
    platform->buses[i] = g_strdupv((char **)(uintptr_t)buses);
}

static struct platform *a_platform(void)
{
  struct platform *platform = g_new(struct platform, 1);
  fill(platform);
  return platform;
}

/* FIELDS: NAME, VALUE pairs up to a NULL. */
static struct spec *a_spec(const char *const *fields)
{
  struct spec *spec = spec_new();
  for (int i = 0; fields[i]; i += 2) {
    GError *fault = NULL;
    int id = spec_find(fields[i]);
    cr_assert(id >= 0 && spec_set(spec, (enum spec_id)id, fields[i + 1], &fault), "%s=%s: %s", fields[i],
              fields[i + 1], fault ? fault->message : "no such field");
  }
  return spec;
}

static struct blueprint *draw(const char *const *fields, const struct platform *platform, GError **err)
{
  struct spec *spec = a_spec(fields);
  const struct template_kind *kind;
  struct blueprint *blueprint =
      template_fill(spec, &kind, err) ? blueprint_draw(spec, kind, platform, err) : NULL;
  spec_free(spec);
  return blueprint;
}

/* What a launch finds out after it is drawn. */
static void settle(struct blueprint *blueprint)
{
  if (blueprint->reach) {
    blueprint->ssh_port = 2223;
    if (!blueprint->mac)
      blueprint->mac = g_strdup("52:54:00:01:02:03");
  }
  if (blueprint->log_in) {
    blueprint->keys = g_strdup("ssh-ed25519 AAAA\nssh-rsa BBBB");
    blueprint->key_file = g_strdup("/home/u/key");
  }
}

static char *build(const char *const *fields, const struct platform *platform)
{
  GError *fault = NULL;
  g_autoptr(blueprint_plan) blueprint = draw(fields, platform, &fault);
  cr_assert_not_null(blueprint, "%s", fault ? fault->message : "?");
  settle(blueprint);
  return domain_build(blueprint);
}

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* With GENERATE in the environment the file is written anew, to be reviewed. */
static void check_golden(const char *file, const char *const *fields, const struct platform *platform)
{
  g_autofree char *path = g_build_filename(TEST_DATA, "domain", file, NULL);
  g_autofree char *xml = build(fields, platform);
  g_autofree char *text = g_strconcat(xml, "\n", NULL), *golden = NULL;
  if (g_getenv("GENERATE"))
    cr_assert(g_file_set_contents(path, text, -1, NULL));
  cr_assert(g_file_get_contents(path, &golden, NULL, NULL), "%s is not there", path);
  cr_assert_str_eq(text, golden, "%s differs from\n%s", path, text);
}

Test(virt_blueprint, a_title_is_told)
{
  g_autoptr(platform_facts) platform = a_platform();
  g_autofree char *xml = build(FIELDS("name", "t", "title", "<two> & three"), platform),
                  *without = build(FIELDS("name", "t"), platform);
  cr_assert(strstr(xml, "<title>&lt;two&gt; &amp; three</title>"), "%s", xml);
  cr_assert_null(strstr(without, "<title>"));
}

Test(virt_blueprint, xml_of_each_backend)
{
  static const char *const backends[] = {"virtio-blk", "virtio-scsi", "scsi-lsi", "ide", "sata", "usb"};
  g_autoptr(platform_facts) platform = a_platform();
  for (size_t i = 0; i < G_N_ELEMENTS(backends); i++) {
    g_autofree char *file = g_strconcat("pulse-", backends[i], ".xml", NULL);
    check_golden(file, FIELDS("name", "p", "backend", backends[i]), platform);
  }
}

Test(virt_blueprint, xml_of_each_template)
{
  g_autoptr(platform_facts) platform = a_platform();
  check_golden("linux.xml", FIELDS("name", "l", "template", "linux", "nic", "virtio-net", "vcpus", "2"),
               platform);
  check_golden("iso.xml", FIELDS("name", "i", "template", "iso", "image", "/media/cd.iso", "backend", "sata"),
               platform);
  check_golden("kernel.xml",
               FIELDS("name", "k", "template", "kernel", "kernel", "/boot/k", "initrd", "/boot/i", "cmdline",
                      "a=\"b\" <c>", "accel", "tcg"),
               platform);
  platform->network = g_strdup("default");
  check_golden("image.xml",
               FIELDS("name", "m", "template", "image", "image", "/i/base.qcow2", "nic", "e1000"), platform);
}

/* A benchmark's guest: its scratch disk is known by its serial number, it has a second serial port, is told
 * of both, and does not boot twice. */
Test(virt_blueprint, a_benchmark_has_a_scratch_disk_alone)
{
  g_autoptr(platform_facts) platform = a_platform();
  check_golden("bench.xml",
               FIELDS("name", "b", "template", "bench", "backend", "sata", "format", "raw", "nic", "none"),
               platform);
  g_autoptr(blueprint_plan) blueprint = draw(FIELDS("name", "b", "template", "bench"), platform, NULL);
  cr_assert_not_null(blueprint);
  cr_assert_eq(blueprint->disk_count, 1);
  cr_assert_eq(blueprint->disks[0].content, CONTENT_EMPTY);
}

/* Whatever a plan may say: no image that is there, and no drive of the host's. */
Test(virt_blueprint, a_benchmark_is_given_nobodys_disk)
{
  g_autoptr(platform_facts) platform = a_platform();
  GError *fault = NULL;
  g_autoptr(blueprint_plan) blueprint = draw(
      FIELDS("name", "b", "template", "bench", "image", "/dev/sda", "kernel", "/boot/evil"), platform, NULL);
  cr_assert_not_null(blueprint);
  cr_assert_str_eq(blueprint->disks[0].path, "/lab/disks/b.qcow2");
  cr_assert_str_eq(blueprint->kernel, "/lab/linux/vmlinuz");
  g_clear_pointer(&platform->vf_reason[SRIOV_NVME], g_free);
  cr_assert_null(draw(FIELDS("name", "b", "template", "bench", "backend", "sr-iov-nvme"), platform, &fault));
  cr_assert_eq(fault->code, ERROR_UNSUPPORTED, "%s", fault->message);
  g_error_free(fault);
}

Test(virt_blueprint, a_new_disk_has_the_format_asked_for)
{
  g_autoptr(platform_facts) platform = a_platform();
  g_autofree char *raw = build(FIELDS("name", "r", "format", "raw"), platform),
                  *type = xml_text(raw, "/domain/devices/disk[2]/driver/@type"),
                  *file = xml_text(raw, "/domain/devices/disk[2]/source/@file");
  cr_assert_str_eq(type, "raw");
  cr_assert_str_eq(file, "/lab/disks/r.raw");
}

Test(virt_blueprint, passt_is_libvirts_own)
{
  g_autoptr(platform_facts) platform = a_platform();
  g_clear_pointer(&platform->passt_reason, g_free);
  check_golden("linux-passt.xml", FIELDS("name", "l", "template", "linux"), platform);
}

static enum reach reach_with(const char *const *fields, const struct platform *platform)
{
  g_autoptr(blueprint_plan) blueprint = draw(fields, platform, NULL);
  cr_assert_not_null(blueprint);
  return blueprint->reach;
}

Test(virt_blueprint, ssh_reaches_what_can_be_reached)
{
  g_autoptr(platform_facts) platform = a_platform();
  const char *const *linux_guest = FIELDS("name", "l", "template", "linux");
  cr_assert_eq(reach_with(linux_guest, platform), REACH_QEMU);
  cr_assert_eq(reach_with(FIELDS("name", "l", "template", "linux", "ssh", "no"), platform), REACH_NONE);
  cr_assert_eq(reach_with(FIELDS("name", "l", "template", "linux", "nic", "none"), platform), REACH_NONE);
  cr_assert_eq(reach_with(FIELDS("name", "p", "nic", "e1000"), platform), REACH_NONE);
  platform->local = false;
  cr_assert_eq(reach_with(linux_guest, platform), REACH_NONE);
  platform->local = true;
  platform->network = g_strdup("default");
  cr_assert_eq(reach_with(linux_guest, platform), REACH_NONE);
}

Test(virt_blueprint, tuning_is_for_the_work_disk)
{
  g_autoptr(platform_facts) platform = a_platform();
  check_golden("tuned-blk.xml",
               FIELDS("name", "t", "cache", "none", "aio", "native", "discard", "unmap", "iothread", "yes"),
               platform);
  check_golden("tuned-scsi.xml",
               FIELDS("name", "t", "backend", "virtio-scsi", "cache", "writeback", "aio", "io_uring",
                      "iothread", "yes"),
               platform);
}

Test(virt_blueprint, hostile_names_come_back_as_they_were)
{
  static const char *const names[] = {"a<&b>\"'", "]]>", "--help", "42",   "&amp;",  "<!--",
                                      "$(x)",     "a b", "ü😀",     "%s%n", "'; DROP"};
  g_autoptr(platform_facts) platform = a_platform();
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    GError *fault = NULL;
    struct spec *spec = spec_new();
    if (!spec_set(spec, SPEC_NAME, names[i], &fault)) {
      cr_assert(strchr(names[i], '/'), "%s: %s", names[i], fault->message);
      g_clear_error(&fault);
      spec_free(spec);
      continue;
    }
    spec_free(spec);
    g_autofree char *xml = build(FIELDS("name", names[i]), platform);
    g_autofree char *name = xml_text(xml, "/domain/name");
    g_autofree char *disk = xml_text(xml, "/domain/devices/disk[2]/source/@file");
    g_autofree char *file = g_strconcat("/lab/disks/", names[i], ".qcow2", NULL);
    cr_assert_str_eq(name, names[i]);
    cr_assert_str_eq(disk, file);
  }
}

Test(virt_blueprint, names_that_are_no_file_names_are_refused)
{
  g_autoptr(platform_facts) platform = a_platform();
  static const char *const names[] = {".", "..", "a/b", "", "a\nb"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    struct spec *spec = spec_new();
    g_free(spec->value[SPEC_NAME]);
    spec->value[SPEC_NAME] = g_strdup(names[i]); /* past spec_set, as a careless caller might */
    GError *fault = NULL;
    struct blueprint *blueprint = blueprint_draw(spec, template_kind_find("pulse"), platform, &fault);
    cr_assert_null(blueprint, "'%s' was taken", names[i]);
    cr_assert_not_null(fault);
    g_error_free(fault);
    spec_free(spec);
  }
}

static void check_refused(const struct platform *platform, int code, const char *said,
                          const char *const *fields)
{
  GError *fault = NULL;
  struct blueprint *blueprint = draw(fields, platform, &fault);
  cr_assert_null(blueprint, "%s=%s was taken", fields[0], fields[1]);
  cr_assert_eq(fault->code, code, "code %d: %s", fault->code, fault->message);
  cr_assert_not_null(strstr(fault->message, said), "'%s' is not in: %s", said, fault->message);
  g_error_free(fault);
}

Test(virt_blueprint, what_cannot_be_is_refused_with_its_reason)
{
  g_autoptr(platform_facts) platform = a_platform();
  check_refused(platform, ERROR_USAGE, "page cache",
                FIELDS("name", "x", "aio", "native", "cache", "writeback"));
  check_refused(platform, ERROR_USAGE, "main loop", FIELDS("name", "x", "iothread", "yes", "backend", "ide"));
  check_refused(platform, ERROR_UNSUPPORTED, "no disk bus 'nvme'", FIELDS("name", "x", "backend", "nvme"));
  check_refused(platform, ERROR_UNSUPPORTED, "no IOMMU", FIELDS("name", "x", "backend", "sr-iov-nvme"));
  check_refused(platform, ERROR_UNSUPPORTED, "no IOMMU", FIELDS("name", "x", "nic", "sr-iov-vf"));
  check_refused(platform, ERROR_USAGE, "needs one", FIELDS("name", "x", "template", "image"));
  check_refused(platform, ERROR_USAGE, "needs one", FIELDS("name", "x", "template", "kernel"));
  check_refused(platform, ERROR_USAGE, "1 MiB", FIELDS("name", "x", "disk", "1M"));
  g_clear_pointer(&platform->disk_dir, g_free);
  platform->disk_reason = g_strdup("no pool");
  check_refused(platform, ERROR_RESOURCES, "no pool", FIELDS("name", "x"));
}

static enum accel accel_of(const struct platform *platform, const char *const *fields)
{
  g_autoptr(blueprint_plan) blueprint = draw(fields, platform, NULL);
  cr_assert_not_null(blueprint);
  cr_assert_eq(blueprint->accel_note != NULL,
               blueprint->accel == ACCEL_TCG && g_str_equal(fields[3], "auto"));
  return blueprint->accel;
}

Test(virt_blueprint, auto_takes_kvm_where_it_runs_the_guest)
{
  g_autoptr(platform_facts) platform = a_platform();
  const char *const pulse[] = {"name", "x", "accel", "auto", NULL};
  const char *const emulated[] = {"name", "x", "accel", "tcg", NULL};
  const char *const system[] = {"name", "x", "accel", "auto", "template", "linux", NULL};
  cr_assert_eq(accel_of(platform, pulse), ACCEL_KVM);
  cr_assert_eq(accel_of(platform, emulated), ACCEL_TCG);
  cr_assert_eq(accel_of(platform, system), ACCEL_KVM);
  platform->soft_kvm = g_strdup("software");
  cr_assert_eq(accel_of(platform, pulse), ACCEL_KVM);
  cr_assert_eq(accel_of(platform, system), ACCEL_TCG);
  check_refused(platform, ERROR_UNSUPPORTED, "software",
                FIELDS("name", "x", "accel", "kvm", "template", "linux"));
  platform->kvm_reason = g_strdup("no /dev/kvm");
  cr_assert_eq(accel_of(platform, pulse), ACCEL_TCG);
  check_refused(platform, ERROR_RESOURCES, "no /dev/kvm", FIELDS("name", "x", "accel", "kvm"));
}

Test(virt_blueprint, pulse_header_is_as_the_boot_sector_reads_it)
{
  g_autoptr(platform_facts) platform = a_platform();
  unsigned char header[PULSE_HEADER_BYTES];
  g_autoptr(blueprint_plan) blueprint =
      draw(FIELDS("name", "x", "block-size", "63.5K", "mix", "25"), platform, NULL);
  cr_assert_not_null(blueprint);
  pulse_header(&blueprint->work, header);
  cr_assert(memcmp(header, "VLPULSE1\x7f\0\x19\0", sizeof(header)) == 0);
  g_autoptr(blueprint_plan) random = draw(FIELDS("name", "x", "order", "random"), platform, NULL);
  cr_assert_not_null(random);
  pulse_header(&random->work, header);
  cr_assert_eq(header[11], 1);
}

Test(virt_blueprint, another_driver_offers_nothing)
{
  g_autoptr(platform_facts) platform = a_platform();
  g_free(platform->type);
  platform->type = g_strdup("Test");
  int n;
  const struct backend *rows = backend_table(&n);
  for (int i = 0; i < n; i++) {
    g_autofree char *reason = platform_refusal(platform, &rows[i]);
    cr_assert(reason && strstr(reason, "Test"), "%s", rows[i].name);
  }
}

Test(virt_blueprint, buses_are_read_from_domain_capabilities)
{
  g_auto(GStrv) buses = platform_disk_buses(
      "<domainCapabilities><devices><disk><enum name='diskDevice'><value>disk</value></enum>"
      "<enum name='bus'><value>ide</value><value>nvme</value></enum></disk></devices></domainCapabilities>");
  cr_assert(buses && g_strv_length(buses) == 2);
  cr_assert_str_eq(buses[1], "nvme");
  cr_assert_null(platform_disk_buses("<domainCapabilities/>"));
  cr_assert_null(platform_disk_buses("<broken"));
}

/* ---- virtual functions ---- */

static void add_function(struct sriov_pf *pf, const char *address, enum sriov_verdict free)
{
  struct sriov_vf *vf = g_new0(struct sriov_vf, 1);
  struct sriov_check *check = g_new0(struct sriov_check, 1);
  *check = (struct sriov_check){"free", g_strdup("guest web has it"), "stop it", free};
  vf->address = g_strdup(address);
  vf->checks = g_ptr_array_new_with_free_func(sriov_check_free);
  g_ptr_array_add(vf->checks, check);
  g_ptr_array_add(pf->list, vf);
}

/* A host whose drive and NIC have two functions each, the first of which is held. */
static struct platform *with_functions(void)
{
  static const char *const addresses[][2] = {
      [SRIOV_NIC] = {"0000:02:10.0", "0000:02:10.1"}, [SRIOV_NVME] = {"0000:01:00.1", "0000:01:00.2"}};
  struct platform *platform = a_platform();
  platform->functions = g_new0(struct sriov_list, 1);
  platform->functions->pfs = g_ptr_array_new_with_free_func(sriov_pf_free);
  platform->functions->host = g_ptr_array_new();
  for (int class = SRIOV_NIC; class <= SRIOV_NVME; class ++) {
    struct sriov_pf *pf = g_new0(struct sriov_pf, 1);
    pf->class = (enum sriov_class) class;
    pf->list = g_ptr_array_new_with_free_func(sriov_vf_free);
    add_function(pf, addresses[class][0], SRIOV_WRONG);
    add_function(pf, addresses[class][1], SRIOV_FINE);
    g_ptr_array_add(platform->functions->pfs, pf);
    g_clear_pointer(&platform->vf_reason[class], g_free);
  }
  return platform;
}

Test(virt_blueprint, a_function_takes_the_place_of_a_disk_or_nic)
{
  static const char *const fields[] = {"name",    "v",           "template", "linux", "nic", "sr-iov-vf",
                                       "backend", "sr-iov-nvme", "accel",    "tcg",   NULL};
  struct platform *platform = with_functions();
  GError *fault = NULL;
  g_autoptr(blueprint_plan) blueprint = draw(fields, platform, &fault);
  cr_assert(blueprint, "%s", fault ? fault->message : "");
  cr_assert_str_eq(blueprint->drive, "0000:01:00.2");
  cr_assert_str_eq(blueprint->function, "0000:02:10.1");
  cr_assert(blueprint->disk_count == 0 && blueprint->machine == MACHINE_Q35 &&
            blueprint->reach == REACH_NONE);
  g_autofree char *xml = domain_build(blueprint);
  g_auto(GStrv) addresses = hostdev_addresses(xml);
  cr_assert(addresses && addresses[0] && addresses[1] && !addresses[2]);
  cr_assert_str_eq(addresses[0], "0000:01:00.2");
  cr_assert_str_eq(addresses[1], "0000:02:10.1");
  g_autofree char *nic = hostdev_find(xml, "02:10.1"), *drive = hostdev_find(xml, "0000:01:00.2");
  cr_assert(nic && g_str_has_prefix(nic, "<interface") && strstr(nic, "managed=\"yes\""), "%s", nic);
  cr_assert(drive && g_str_has_prefix(drive, "<hostdev") && strstr(drive, "managed=\"yes\""), "%s", drive);
  cr_assert_null(hostdev_find(xml, "0000:01:00.1"));
  platform_free(platform);
}

#define FUNCTION_NIC "name", "v", "template", "linux", "nic", "sr-iov-vf", "accel", "tcg"

static char *nic_of(const char *const *fields, const struct platform *platform)
{
  g_autofree char *xml = build(fields, platform);
  char *nic = xml_part(xml, "/domain/devices/interface", "interface");
  cr_assert_not_null(nic, "%s", xml);
  return nic;
}

Test(virt_blueprint, the_host_gives_a_function_its_mac_and_vlan)
{
  g_autoptr(platform_facts) platform = with_functions();
  g_autofree char *nic = nic_of(FIELDS(FUNCTION_NIC, "mac", "52:54:00:AB:CD:01", "vlan", "42"), platform);
  cr_assert(g_str_has_prefix(nic, "<interface type=\"hostdev\" managed=\"yes\">"), "%s", nic);
  cr_assert(strstr(nic, "<mac address=\"52:54:00:ab:cd:01\"/>"), "%s", nic);
  g_autofree char *tag = xml_text(nic, "/interface/vlan/tag/@id"),
                  *bare = nic_of(FIELDS(FUNCTION_NIC), platform);
  cr_assert_str_eq(tag, "42");
  cr_assert(!strstr(bare, "<mac") && !strstr(bare, "<vlan"), "%s", bare);
  g_autofree char *other = nic_of(FIELDS("name", "v", "nic", "e1000", "mac", "52:54:00:ab:cd:01"), platform);
  cr_assert(strstr(other, "<mac address=\"52:54:00:ab:cd:01\"/>") && strstr(other, "e1000"), "%s", other);
}

static void add_network(struct platform *platform, const char *name, bool active, bool functions)
{
  struct platform_network *network = g_new(struct platform_network, 1);
  *network = (struct platform_network){g_strdup(name), active, functions};
  g_ptr_array_add(platform->networks, network);
}

static void free_network(void *network)
{
  g_free(((struct platform_network *)network)->name);
  g_free(network);
}

static struct platform *with_networks(void)
{
  struct platform *platform = a_platform(); /* none of its own functions can be had */
  platform->lab = false;
  platform->networks = g_ptr_array_new_with_free_func(free_network);
  add_network(platform, "plain", true, false);
  add_network(platform, "vfs", true, true);
  add_network(platform, "asleep", false, true);
  return platform;
}

Test(virt_blueprint, a_network_of_functions_hands_one_out)
{
  g_autoptr(platform_facts) platform = with_networks();
  g_autofree char *nic = nic_of(FIELDS(FUNCTION_NIC, "network", "vfs", "vlan", "7"), platform),
                  *source = xml_text(nic, "/interface[@type='network']/source/@network"),
                  *tag = xml_text(nic, "/interface/vlan/tag/@id");
  cr_assert_str_eq(source, "vfs");
  cr_assert_str_eq(tag, "7");
  cr_assert_not(strstr(nic, "<model"), "%s", nic);
  g_autofree char *plain = nic_of(FIELDS("name", "v", "nic", "virtio-net", "network", "plain"), platform);
  cr_assert(strstr(plain, "<source network=\"plain\"/>") && strstr(plain, "virtio"), "%s", plain);
}

Test(virt_blueprint, words_that_do_not_fit_the_nic_are_refused)
{
  g_autoptr(platform_facts) platform = with_networks(), lab = a_platform();
  check_refused(platform, ERROR_USAGE, "no NIC", FIELDS("name", "x", "mac", "52:54:00:ab:cd:01"));
  check_refused(platform, ERROR_USAGE, "only virtual functions",
                FIELDS("name", "x", "nic", "e1000", "vlan", "5"));
  check_refused(platform, ERROR_USAGE, "there is no such one", FIELDS(FUNCTION_NIC, "network", "other"));
  check_refused(platform, ERROR_USAGE, "hands out no virtual", FIELDS(FUNCTION_NIC, "network", "plain"));
  check_refused(platform, ERROR_USAGE, "hands out virtual functions alone",
                FIELDS("name", "x", "nic", "e1000", "network", "vfs"));
  check_refused(platform, ERROR_REFUSED, "not active", FIELDS(FUNCTION_NIC, "network", "asleep"));
  check_refused(lab, ERROR_USAGE, "a lab has no networks", FIELDS(FUNCTION_NIC, "network", "vfs"));
}

Test(virt_blueprint, what_cannot_be_done_with_functions_is_refused_with_the_reason)
{
  static const struct {
    const char *template, *backend, *nic, *device, *said;
  } cases[] = {{"linux", "sr-iov-nvme", "none", "01:00.1", "0000:01:00.1: free: guest web has it"},
               {"linux", "sr-iov-nvme", "none", "02:10.1", "no virtual function of an NVMe drive"},
               {"linux", "virtio-blk", "sr-iov-vf", "01:00.2", "no virtual function of a NIC"},
               {"linux", "sr-iov-nvme", "none", "09:00.0", "no virtual function"},
               {"pulse", "sr-iov-nvme", "none", "01:00.2", "pulse works through the BIOS"}};
  struct platform *platform = with_functions();
  platform->vf_reason[SRIOV_NVME] = g_strdup("not one can be had"); /* why this one, is what was asked */
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *const fields[] = {"name",           "v",   "template",   cases[i].template, "backend",
                                  cases[i].backend, "nic", cases[i].nic, "device",          cases[i].device,
                                  "accel",          "tcg", NULL};
    g_autoptr(GError) fault = NULL;
    g_autoptr(blueprint_plan) blueprint = draw(fields, platform, &fault);
    cr_assert(!blueprint && fault && strstr(fault->message, cases[i].said), "%s: %s", cases[i].said,
              fault ? fault->message : "drawn");
  }
  platform_free(platform);
}
