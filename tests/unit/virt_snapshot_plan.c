/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kind of snapshot is taken, and why; and when none is. */
#include "tests/unit/test.h"

#include "core/base/error.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/snapshot_plan.h"

#define OLD 9000000UL
#define NEW 10010000UL

#define FACTS_OF(Libvirt, ...)                                                                               \
  (struct snapshot_facts)                                                                                    \
  {                                                                                                          \
    .disks = 1, .libvirt = (Libvirt), __VA_ARGS__                                                            \
  }
#define FACTS(...) FACTS_OF(OLD, __VA_ARGS__)
#define NO_DISK                                                                                              \
  (struct snapshot_facts)                                                                                    \
  {                                                                                                          \
    .libvirt = OLD                                                                                           \
  }

static const struct {
  struct snapshot_facts facts;
  struct snapshot_wish wish;
  enum snapshot_kind kind;
  bool memory;
  const char *why; /* a part of it */
} rows[] = {
    /* nothing asked for */
    {FACTS(.active = true), {0}, SNAPSHOT_INTERNAL, true, "all its disks are qcow2"},
    {FACTS(.active = false), {0}, SNAPSHOT_INTERNAL, false, "all its disks are qcow2"},
    {FACTS(.unfit = "vda, vdb"), {0}, SNAPSHOT_EXTERNAL, false, "disk vda, vdb is not qcow2"},
    {FACTS(.active = true, .unfit = "vda"), {0}, SNAPSHOT_EXTERNAL, false, "disk vda is not qcow2"},
    {FACTS(.active = true, .pflash = true), {0}, SNAPSHOT_EXTERNAL, false, "pflash"},
    {FACTS_OF(NEW, .active = true, .pflash = true), {0}, SNAPSHOT_INTERNAL, true, "qcow2"},
    {FACTS(.active = true, .passthrough = true), {0}, SNAPSHOT_EXTERNAL, false, "passed through"},
    {FACTS(.passthrough = true), {0}, SNAPSHOT_INTERNAL, false, "qcow2"},
    {FACTS(.external = 2), {0}, SNAPSHOT_EXTERNAL, false, "not mixed"},
    {FACTS(.internal = 2), {0}, SNAPSHOT_INTERNAL, false, "qcow2"},
    {FACTS(.internal = 1, .unfit = "vda"), {0}, SNAPSHOT_ANY, false, "external: it has internal snapshots"},
    {FACTS(.internal = 1, .external = 1), {0}, SNAPSHOT_ANY, false, "not mixed"},
    {FACTS(.unfit = "vda", .foreign = "disk vda is not an image"), {0}, SNAPSHOT_ANY, false, "not an image"},
    {NO_DISK, {0}, SNAPSHOT_ANY, false, "no disk"},
    /* a kind asked for */
    {FACTS(.active = true), {SNAPSHOT_EXTERNAL, MEMORY_ANY}, SNAPSHOT_EXTERNAL, false, "as asked for"},
    {FACTS(.active = true), {SNAPSHOT_EXTERNAL, MEMORY_YES}, SNAPSHOT_EXTERNAL, true, "as asked for"},
    {FACTS(.internal = 1), {SNAPSHOT_EXTERNAL, MEMORY_ANY}, SNAPSHOT_ANY, false, "not mixed"},
    {FACTS(.external = 1), {SNAPSHOT_INTERNAL, MEMORY_ANY}, SNAPSHOT_ANY, false, "not mixed"},
    {FACTS(.unfit = "vda"), {SNAPSHOT_INTERNAL, MEMORY_ANY}, SNAPSHOT_ANY, false, "disk vda is not qcow2"},
    {FACTS(.pflash = true), {SNAPSHOT_INTERNAL, MEMORY_ANY}, SNAPSHOT_ANY, false, "pflash"},
    /* memory asked for, or not wanted */
    {FACTS(.active = true), {SNAPSHOT_ANY, MEMORY_NO}, SNAPSHOT_EXTERNAL, false, "takes its memory, too"},
    {FACTS(.active = true), {SNAPSHOT_INTERNAL, MEMORY_NO}, SNAPSHOT_ANY, false, "takes its memory, too"},
    {FACTS(.active = false), {SNAPSHOT_ANY, MEMORY_YES}, SNAPSHOT_ANY, false, "it is off"},
    {FACTS(.active = true, .unfit = "vda"), {SNAPSHOT_ANY, MEMORY_YES}, SNAPSHOT_EXTERNAL, true, "qcow2"},
    {FACTS(.active = true, .passthrough = true), {SNAPSHOT_ANY, MEMORY_YES}, SNAPSHOT_ANY, false, "passed"},
    {FACTS(.active = true, .passthrough = true),
     {SNAPSHOT_EXTERNAL, MEMORY_YES},
     SNAPSHOT_ANY,
     false,
     "passed"},
};

Test(snapshot_plan, kind_and_reason)
{
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    struct snapshot_choice choice = snapshot_choose(&rows[i].facts, rows[i].wish);
    cr_assert_eq(choice.kind, rows[i].kind, "row %zu: kind %d, %s", i, choice.kind, choice.why);
    cr_assert_eq(choice.memory, rows[i].memory, "row %zu: memory, %s", i, choice.why);
    cr_assert(strstr(choice.why, rows[i].why), "row %zu: %s", i, choice.why);
    g_free(choice.why);
  }
}

Test(snapshot_plan, a_reason_that_both_kinds_share_is_told_once)
{
  struct snapshot_choice choice = snapshot_choose(&NO_DISK, (struct snapshot_wish){0});
  cr_assert_str_eq(choice.why, "it has no disk that it can write to");
  g_free(choice.why);
}

Test(snapshot_plan, what_old_libvirt_cannot_revert_is_said)
{
  const struct snapshot_choice external = {SNAPSHOT_EXTERNAL, false, NULL},
                               internal = {SNAPSHOT_INTERNAL, true, NULL};
  cr_assert(strstr(snapshot_choice_catch(&FACTS(.active = true), &external), "must be off"));
  cr_assert_null(snapshot_choice_catch(&FACTS_OF(NEW, .active = true), &external));
  cr_assert_null(snapshot_choice_catch(&FACTS(.active = true), &internal));
  cr_assert_str_eq(snapshot_choice_name(&internal), "internal, disks and memory");
}

Test(snapshot_plan, words)
{
  static const struct {
    const char *kind, *memory;
    bool ok;
    struct snapshot_wish wish;
  } words[] = {
      {NULL, NULL, true, {SNAPSHOT_ANY, MEMORY_ANY}},
      {"internal", "yes", true, {SNAPSHOT_INTERNAL, MEMORY_YES}},
      {"external", "no", true, {SNAPSHOT_EXTERNAL, MEMORY_NO}},
      {"outer", NULL, false, {0}},
      {"", NULL, false, {0}},
      {NULL, "some", false, {0}},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
    struct snapshot_wish wish = {0};
    g_autoptr(GError) err = NULL;
    cr_assert_eq(snapshot_wish_read(words[i].kind, words[i].memory, &wish, &err), words[i].ok, "row %zu", i);
    cr_assert(words[i].ok ? wish.kind == words[i].wish.kind && wish.memory == words[i].wish.memory
                          : err->code == ERROR_USAGE,
              "row %zu", i);
  }
}

/* The same lines, wherever it stood: so that two can be compared. */
Test(snapshot_plan, a_definition_in_a_snapshot_reads_as_alone)
{
  static const char alone[] =
      "<domain>\n  <name>a &lt;</name>\n  <devices>\n    <disk/>\n  </devices>\n</domain>",
                    inside[] =
                        "<domainsnapshot>\n  <name>s</name>\n  <inactiveDomain>\n    <name>a &lt;</name>\n"
                        "    <metadata><s:taken xmlns:s=\"" XML_SNAPSHOT_NAMESPACE
                        "\" at=\"1\"/></metadata>\n"
                        "    <devices>\n      <disk/>\n    </devices>\n  </inactiveDomain>\n"
                        "</domainsnapshot>";
  g_autofree char *one = xml_part(alone, "/domain", "domain"),
                  *two = xml_part(inside, "/domainsnapshot/inactiveDomain", "domain");
  cr_assert_str_eq(one, alone);
  cr_assert_str_eq(two, alone);
  cr_assert_null(xml_part(inside, "/domainsnapshot/domain", "domain"));
}
