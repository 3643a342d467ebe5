/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/clone.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/virt/act/image.h"
#include "core/virt/act/life.h"
#include "core/virt/act/make.h"
#include "core/virt/act/volumes.h"
#include "core/virt/conn/image_lock.h"
#include "core/virt/conn/reach.h"
#include "core/virt/conn/uri.h"
#include "core/virt/prepare/clone.h"
#include "core/virt/prepare/ports.h"

/* What was asked for, and what it is made from. */
struct cloning {
  const char *pattern, *snapshot; /* snapshot: borrowed from the words; NULL: the disks as they are */
  int count;
  enum clone_mode mode;
  char *xml; /* the source's inactive definition */
  GPtrArray *disks;
  struct platform *platform;
  int left_out;   /* devices that only one guest can hold */
  GString *names; /* of those made, ", " between them */
};

static void cloning_clear(struct cloning *cloning)
{
  g_free(cloning->xml);
  if (cloning->disks)
    g_ptr_array_unref(cloning->disks);
  platform_free(cloning->platform);
  g_string_free(cloning->names, TRUE);
}

/* ---- the words ---- */

static bool read_mode(struct cloning *cloning, const char *word, GError **err)
{
  cloning->mode = word && !strcmp(word, "full") ? CLONE_FULL : CLONE_LINKED;
  if (word && strcmp(word, "full") != 0 && strcmp(word, "linked") != 0)
    return error_set(err, ERROR_USAGE, NULL, "mode=%s: it is linked or full", word);
  return cloning->mode == CLONE_FULL || !cloning->snapshot ||
         error_set(err, ERROR_REFUSED, "Add mode=full.",
                   "a snapshot inside an image cannot be stood on: a clone of one is a copy");
}

static bool read_words(struct cloning *cloning, const char *const *words, GError **err)
{
  const char *name = action_value(words, "name"), *count = action_value(words, "count");
  int64_t number = 1;
  cloning->pattern = name ? name : CLONE_PATTERN;
  cloning->snapshot = action_value(words, "snapshot");
  if (count && !units_parse_int(count, 1, CLONE_COUNT_MAX, &number, err))
    return false;
  cloning->count = (int)number;
  if (number > 1 && !clone_pattern_counts(cloning->pattern))
    return error_set(err, ERROR_USAGE, "Put %d or %02d into the name, as in name=" CLONE_PATTERN ".",
                     "name=%s: %d clones cannot have one name", cloning->pattern, cloning->count);
  return read_mode(cloning, action_value(words, "mode"), err);
}

/* ---- the source ---- */

/* What a copy of the file of DISK would take: nothing where it can share the blocks. */
static bool file_bytes(const struct acting *acting, const struct cloning *cloning,
                       const struct clone_disk *disk, uint64_t *ret, GError **err)
{
  *ret = 0;
  return (!cloning->snapshot && image_can_share(disk->path, disk->format, cloning->platform->disk_dir)) ||
         image_measure(acting, disk->path, disk->format, ret, err);
}

/* What copies would take; outside the lab as far as libvirt tells what the images take. */
static bool copy_bytes(const struct acting *acting, virDomainPtr domain, const struct cloning *cloning,
                       uint64_t *ret, GError **err)
{
  *ret = 0;
  for (guint i = 0; i < cloning->disks->len; i++) {
    const struct clone_disk *disk = g_ptr_array_index(cloning->disks, i);
    uint64_t bytes = 0;
    virDomainBlockInfo info;
    if (!cloning->platform->pool) {
      if (!file_bytes(acting, cloning, disk, &bytes, err))
        return false;
    } else if (virDomainGetBlockInfo(domain, disk->target, &info, 0) == 0) {
      bytes = info.allocation;
    }
    *ret += bytes;
  }
  return true;
}

/* qemu-img sees that itself where it reads, but a linked clone is made without a look at what it stands on.
 */
static bool check_at_rest(const struct acting *acting, const struct cloning *cloning, GError **err)
{
  for (guint i = 0; uri_is_local(acting->hub->uri) && i < cloning->disks->len; i++) {
    const struct clone_disk *disk = g_ptr_array_index(cloning->disks, i);
    g_autofree char *safe = text_safe(disk->path);
    if (image_is_written(disk->path))
      return error_set(err, ERROR_REFUSED, "Wait for it, or end it.",
                       "disk %s: another program has %s open to write to it", disk->target, safe);
  }
  return true;
}

static bool check_source(const struct acting *acting, virDomainPtr domain, const struct cloning *cloning,
                         GError **err)
{
  uint64_t bytes = 0;
  if (!cloning->platform->disk_dir)
    return error_set(err, ERROR_RESOURCES, NULL, "no place for disks: %s", cloning->platform->disk_reason);
  if (virDomainHasManagedSaveImage(domain, 0) == 1)
    return error_set(err, ERROR_REFUSED, "Start it and shut it down, or discard the saved state.",
                     "it has a saved state, to which its disks belong");
  if (cloning->snapshot) {
    g_autoptr(virDomainSnapshot) found = virDomainSnapshotLookupByName(domain, cloning->snapshot, 0);
    if (!found)
      return virt_error(err, NULL, "there is no such snapshot");
  }
  if (!check_at_rest(acting, cloning, err))
    return false;
  if (cloning->mode == CLONE_LINKED)
    return true;
  return copy_bytes(acting, domain, cloning, &bytes, err) &&
         make_has_room(cloning->platform, bytes * (uint64_t)cloning->count, err);
}

static bool read_source(const struct acting *acting, virDomainPtr domain, struct cloning *cloning,
                        GError **err)
{
  const unsigned flags = VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE;
  acting_step(acting, 0, "looking at its disks");
  if (!(cloning->platform = platform_places(acting->conn, hub_lab_root(acting->hub), err)))
    return false;
  if (!(cloning->xml = take_text(virDomainGetXMLDesc(domain, flags))))
    return virt_error(err, NULL, "its definition cannot be read");
  return (cloning->disks = clone_disks(cloning->xml, err)) &&
         volumes_resolve(acting->conn, cloning->disks, err) && check_source(acting, domain, cloning, err);
}

/* ---- making them ---- */

static bool is_taken(const struct acting *acting, const char *name)
{
  g_autoptr(virDomain) there = virDomainLookupByName(acting->conn, name);
  return there != NULL;
}

/* The next name of the pattern, from *NUMBER on, that no guest has. */
static char *next_name(const struct acting *acting, const struct cloning *cloning, const char *guest,
                       int *number, GError **err)
{
  const bool counts = clone_pattern_counts(cloning->pattern);
  for (;;) {
    char *name = clone_name(cloning->pattern, guest, (*number)++, err);
    if (!name || !counts || !is_taken(acting, name))
      return name;
    g_free(name);
  }
}

static bool make_one(struct acting *acting, struct cloning *cloning, const char *name, GError **err)
{
  g_autoptr(blueprint_plan) blueprint =
      clone_draw(name, cloning->disks, cloning->mode, cloning->snapshot, cloning->platform);
  g_auto(port_holding) held = {0};
  if (reach_port(cloning->xml)) {
    if (!ports_hold(acting->conn, NULL, &held, err))
      return false;
    ports_give(blueprint, held.port);
  }
  g_autofree char *xml = clone_build(cloning->xml, blueprint, &cloning->left_out, err);
  if (!xml || !make_guest(acting, &(struct making){blueprint, cloning->platform, xml, false}, err))
    return false;
  g_string_append_printf(cloning->names, "%s%s", cloning->names->len ? ", " : "", name);
  return true;
}

static bool make_all(struct acting *acting, virDomainPtr domain, struct cloning *cloning, GError **err)
{
  int number = 1;
  acting->trail->wanted = cloning->count;
  for (int i = 0; i < cloning->count; i++) {
    GError *fault = NULL;
    g_autofree char *name = next_name(acting, cloning, virDomainGetName(domain), &number, &fault);
    if (name && make_one(acting, cloning, name, &fault))
      continue;
    if (i == 0) {
      g_propagate_error(err, fault);
      return false;
    }
    g_autofree char *what = error_what(fault), *made = text_safe(cloning->names->str);
    error_set(err, (enum error_code)fault->code, error_advice(fault), "%d of %d clones made (%s), then: %s",
              i, cloning->count, made, what);
    g_error_free(fault);
    return false;
  }
  return true;
}

/* What its user should know of it. */
static char *tell(const struct acting *acting, virDomainPtr domain, const struct cloning *cloning)
{
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "%s: %s%s", cloning->names->str,
                         cloning->mode == CLONE_FULL ? "a copy of its own" : "linked to these disks",
                         acting->act->shared ? ", with shared blocks (reflink)" : "");
  if (cloning->left_out)
    g_string_append_printf(text, "; %d passed-through device%s left out", cloning->left_out,
                           cloning->left_out > 1 ? "s" : "");
  if (life_ignores_acpi(domain))
    return g_string_free(text, FALSE); /* no operating system, no identity */
  g_autofree char *tool = g_find_program_in_path("virt-sysprep");
  g_string_append(text, "; machine-id and SSH host keys in it are still the source's");
  if (tool)
    g_string_append(text, " (virt-sysprep -d NAME renews them)");
  return g_string_free(text, FALSE);
}

bool clone_guest(struct acting *acting, virDomainPtr domain, GError **err)
{
  struct cloning cloning = {.names = g_string_new(NULL)};
  const bool done = read_words(&cloning, acting->act->flags, err) &&
                    read_source(acting, domain, &cloning, err) && make_all(acting, domain, &cloning, err);
  if (done)
    acting->act->result = tell(acting, domain, &cloning);
  cloning_clear(&cloning);
  return done;
}
