/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/rebase.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/act/backing.h"
#include "core/virt/act/define.h"
#include "core/virt/act/image.h"
#include "core/virt/prepare/clone.h"

#define TELL_WHICH "Name it, as in :rebase GUEST disk=vda base=FILE."

/* Is it one that can be meant?  TARGET NULL: any that stands on another image. */
static bool is_meant(const struct acting *acting, const struct clone_disk *disk, const char *target)
{
  g_autofree char *behind = disk->path ? backing_of_disk(acting, disk->path) : NULL;
  return behind && (!target || !strcmp(target, disk->target));
}

/* The one disk that is meant, borrowed from DISKS. */
static const struct clone_disk *choose(const struct acting *acting, GPtrArray *disks, GError **err)
{
  const char *target = action_value(acting->act->flags, "disk");
  const struct clone_disk *chosen = NULL;
  g_autoptr(GString) names = g_string_new(NULL);
  int count = 0;
  for (guint i = 0; i < disks->len; i++) {
    const struct clone_disk *disk = g_ptr_array_index(disks, i);
    if (!is_meant(acting, disk, target))
      continue;
    chosen = disk;
    g_string_append_printf(names, "%s%s", count++ ? ", " : "", disk->target);
  }
  if (count == 1)
    return chosen;
  if (count > 1)
    error_set(err, ERROR_USAGE, TELL_WHICH, "more than one of its disks stands on another image: %s",
              names->str);
  else if (target)
    error_set(err, ERROR_REFUSED, ":chain GUEST shows what its disks stand on.",
              "it has no disk %s that stands on another image", target);
  else
    error_set(err, ERROR_REFUSED, NULL, "its disks stand on their own");
  return NULL;
}

/* BASE, and nothing behind it, is the disk itself. */
static bool check_base(const struct acting *acting, const char *base, const struct clone_disk *disk,
                       GError **err)
{
  if (!g_file_test(base, G_FILE_TEST_IS_REGULAR))
    return error_set(err, ERROR_REFUSED, ":chain GUEST shows the images that there are.",
                     "base %s: there is no such file", base);
  char *const files[] = {(char *)(uintptr_t)base, NULL};
  g_autoptr(GHashTable) behind = backing_closure(acting, files);
  return !g_hash_table_contains(behind, disk->path) ||
         error_set(err, ERROR_REFUSED, "Choose an image that does not stand on this disk.",
                   "base %s: disk %s would stand on itself", base, disk->target);
}

static bool rebase(struct acting *acting, const struct clone_disk *disk, const char *base, GError **err)
{
  g_autofree char *format = image_format(acting, base, err);
  acting_step(acting, 0, "comparing and copying a disk");
  if (!format || !image_rebase(acting, disk->path, disk->format, base, format, err))
    return false;
  g_autofree char *safe = text_safe(base);
  acting->act->result = g_strdup_printf("%s stands on %s", disk->target, safe);
  return true;
}

/* Beside DISK when WORD has no folder of its own.  Caller frees. */
static char *base_file(const char *word, const struct clone_disk *disk)
{
  g_autofree char *folder = g_path_get_dirname(disk->path);
  return g_canonicalize_filename(word, folder);
}

bool rebase_guest(struct acting *acting, virDomainPtr domain, GError **err)
{
  const char *word = action_value(acting->act->flags, "base");
  if (!word || !*word)
    return error_set(err, ERROR_USAGE, "Write :rebase GUEST base=FILE.", "the image to stand on is missing");
  if (!hub_lab_root(acting->hub))
    return error_set(err, ERROR_UNSUPPORTED, "Flatten it instead, while it runs.",
                     "libvirt moves no volume to another base");
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE));
  if (!xml)
    return virt_error(err, NULL, "its definition cannot be read");
  g_autoptr(GPtrArray) disks = clone_disks(xml, err);
  const struct clone_disk *disk = disks ? choose(acting, disks, err) : NULL;
  if (!disk)
    return false;
  g_autofree char *base = base_file(word, disk);
  return check_base(acting, base, disk, err) && rebase(acting, disk, base, err) &&
         define_forget_backing(acting, domain, err);
}
