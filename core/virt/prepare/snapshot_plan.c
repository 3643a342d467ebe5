/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/snapshot_plan.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/units.h"

/* ---- what stands against it ---- */

static bool has_no_disk(const struct snapshot_facts *facts)
{
  return facts->disks == 0;
}

static bool has_unfit(const struct snapshot_facts *facts)
{
  return facts->unfit != NULL;
}

static bool has_foreign(const struct snapshot_facts *facts)
{
  return facts->foreign != NULL;
}

static bool has_pflash(const struct snapshot_facts *facts)
{
  return facts->pflash && facts->libvirt < LIBVIRT_SNAPSHOTS_PFLASH;
}

static bool has_external(const struct snapshot_facts *facts)
{
  return facts->external > 0;
}

static bool has_internal(const struct snapshot_facts *facts)
{
  return facts->internal > 0;
}

static bool is_off(const struct snapshot_facts *facts)
{
  return !facts->active;
}

static bool is_active(const struct snapshot_facts *facts)
{
  return facts->active;
}

static bool has_device(const struct snapshot_facts *facts)
{
  return facts->passthrough;
}

enum { INTERNAL = 1 << SNAPSHOT_INTERNAL, EXTERNAL = 1 << SNAPSHOT_EXTERNAL, BOTH = INTERNAL | EXTERNAL };
enum { WITH = 1 << MEMORY_YES, WITHOUT = 1 << MEMORY_NO, EITHER = WITH | WITHOUT };

/* The first that holds is told; %s stands for the disks, or what is the matter with them. */
static const struct obstacle {
  unsigned kinds, memory;
  bool (*holds)(const struct snapshot_facts *facts);
  const char *why;
} obstacles[] = {
    {BOTH, EITHER, has_no_disk, "it has no disk that it can write to"},
    {INTERNAL, EITHER, has_unfit, "disk %s is not qcow2, and only qcow2 images hold snapshots"},
    {INTERNAL, EITHER, has_pflash,
     "its firmware is in pflash, and this libvirt takes no internal snapshots of it"},
    {INTERNAL, EITHER, has_external, "it has external snapshots, and kinds are not mixed in one chain"},
    {EXTERNAL, EITHER, has_foreign, "%s"},
    {EXTERNAL, EITHER, has_internal, "it has internal snapshots, and kinds are not mixed in one chain"},
    {BOTH, WITH, is_off, "it is off and has no memory to keep"},
    {BOTH, WITH, has_device, "a device is passed through, whose state cannot be saved with the memory"},
    {INTERNAL, WITHOUT, is_active, "while it runs an internal snapshot takes its memory, too"},
};

/* Caller frees; NULL: nothing does. */
static char *obstacle(const struct snapshot_facts *facts, enum snapshot_kind kind, bool memory)
{
  const unsigned kinds = 1U << kind, with = memory ? WITH : WITHOUT;
  for (size_t i = 0; i < G_N_ELEMENTS(obstacles); i++) {
    const struct obstacle *row = &obstacles[i];
    if (!(row->kinds & kinds) || !(row->memory & with) || !row->holds(facts))
      continue;
    const char *mark = strstr(row->why, "%s"),
               *disks = row->holds == has_unfit ? facts->unfit : facts->foreign;
    return mark ? g_strdup_printf("%.*s%s%s", (int)(mark - row->why), row->why, disks, mark + 2)
                : g_strdup(row->why);
  }
  return NULL;
}

/* ---- the choice ---- */

/* The memory that is meant where nothing is said of it. */
static bool memory_of(const struct snapshot_facts *facts, enum snapshot_kind kind,
                      enum snapshot_memory memory)
{
  return memory == MEMORY_ANY ? kind == SNAPSHOT_INTERNAL && facts->active : memory == MEMORY_YES;
}

static char *obstacle_to(const struct snapshot_facts *facts, enum snapshot_kind kind,
                         struct snapshot_wish wish)
{
  return obstacle(facts, kind, memory_of(facts, kind, wish.memory));
}

static struct snapshot_choice chosen(const struct snapshot_facts *facts, enum snapshot_kind kind,
                                     struct snapshot_wish wish, char *why)
{
  return (struct snapshot_choice){kind, memory_of(facts, kind, wish.memory), why};
}

/* Nothing was said of the kind. */
static struct snapshot_choice choose_kind(const struct snapshot_facts *facts, struct snapshot_wish wish)
{
  g_autofree char *internal = obstacle_to(facts, SNAPSHOT_INTERNAL, wish);
  if (!internal)
    return chosen(facts, SNAPSHOT_INTERNAL, wish, g_strdup("all its disks are qcow2"));
  g_autofree char *external = obstacle_to(facts, SNAPSHOT_EXTERNAL, wish);
  if (!external)
    return chosen(facts, SNAPSHOT_EXTERNAL, wish, g_steal_pointer(&internal));
  char *why = strcmp(internal, external) == 0
                  ? g_strdup(internal)
                  : g_strdup_printf("internal: %s; external: %s", internal, external);
  return (struct snapshot_choice){SNAPSHOT_ANY, false, why};
}

struct snapshot_choice snapshot_choose(const struct snapshot_facts *facts, struct snapshot_wish wish)
{
  if (wish.kind == SNAPSHOT_ANY)
    return choose_kind(facts, wish);
  char *why = obstacle_to(facts, wish.kind, wish);
  return why ? (struct snapshot_choice){SNAPSHOT_ANY, false, why}
             : chosen(facts, wish.kind, wish, g_strdup("as asked for"));
}

/* ---- words ---- */

static bool read_memory(const char *memory, enum snapshot_memory *ret, GError **err)
{
  bool yes;
  *ret = MEMORY_ANY;
  if (!memory)
    return true;
  if (!units_parse_bool(memory, &yes, NULL))
    return error_set(err, ERROR_USAGE, NULL, "memory=%s: it is yes or no", memory);
  *ret = yes ? MEMORY_YES : MEMORY_NO;
  return true;
}

bool snapshot_wish_read(const char *kind, const char *memory, struct snapshot_wish *ret, GError **err)
{
  const bool internal = !g_strcmp0(kind, "internal"), external = !g_strcmp0(kind, "external");
  if (kind && !internal && !external)
    return error_set(err, ERROR_USAGE, NULL, "kind=%s: it is internal or external", kind);
  ret->kind = internal ? SNAPSHOT_INTERNAL : external ? SNAPSHOT_EXTERNAL : SNAPSHOT_ANY;
  return read_memory(memory, &ret->memory, err);
}

const char *snapshot_choice_name(const struct snapshot_choice *choice)
{
  static const char *const names[][2] = {
      [SNAPSHOT_ANY] = {"none", "none"},
      [SNAPSHOT_INTERNAL] = {"internal, disks", "internal, disks and memory"},
      [SNAPSHOT_EXTERNAL] = {"external, disks", "external, disks, and memory in a file"},
  };
  return names[choice->kind][choice->memory];
}

const char *snapshot_choice_catch(const struct snapshot_facts *facts, const struct snapshot_choice *choice)
{
  if (choice->kind != SNAPSHOT_EXTERNAL || facts->libvirt >= LIBVIRT_REVERTS_EXTERNAL)
    return NULL;
  return choice->memory ? "the guest must be off to be reverted to it, and then goes on where it was"
                        : "the guest must be off to be reverted to it";
}
