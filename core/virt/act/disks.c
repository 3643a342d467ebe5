/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/disks.h"

#include <errno.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/virt/act/image.h"
#include "core/virt/act/volumes.h"
#include "core/virt/conn/uri.h"

bool disk_is_ours(const struct blueprint_disk *disk)
{
  return disk->content != CONTENT_EXISTS;
}

GPtrArray *disks_files(const struct blueprint *blueprint)
{
  GPtrArray *files = g_ptr_array_new();
  for (int i = 0; i < blueprint->disk_count; i++)
    if (disk_is_ours(&blueprint->disks[i]))
      g_ptr_array_add(files, blueprint->disks[i].path);
  return files;
}

static void remove_first(const struct acting *acting, const struct blueprint *blueprint,
                         const struct platform *platform, int n)
{
  const char *root = platform->pool ? NULL : hub_lab_root(acting->hub);
  for (int i = 0; i < n; i++)
    if (disk_is_ours(&blueprint->disks[i]))
      disk_remove(acting->conn, root, blueprint->disks[i].path, NULL);
}

bool disks_make(const struct acting *acting, const struct blueprint *blueprint,
                const struct platform *platform, GError **err)
{
  for (int i = 0; i < blueprint->disk_count; i++) {
    const struct blueprint_disk *disk = &blueprint->disks[i];
    if (!disk_is_ours(disk))
      continue;
    bool ok =
        acting_goes_on(acting, err) && (platform->pool ? volume_make(acting, blueprint, disk, platform, err)
                                                       : image_make(acting, blueprint, disk, err));
    if (!ok) {
      remove_first(acting, blueprint, platform, i);
      return false;
    }
    trail_made_file(acting->trail);
  }
  return true;
}

void disks_remove(const struct acting *acting, const struct blueprint *blueprint,
                  const struct platform *platform)
{
  remove_first(acting, blueprint, platform, blueprint->disk_count);
}

bool disk_remove(virConnectPtr conn, const char *lab_root, const char *path, GError **err)
{
  if (!lab_root)
    return volume_remove(conn, path, err);
  if (unlink(path) == 0 || errno == ENOENT)
    return true;
  return error_set_errno(err, ERROR_RESOURCES, errno, NULL, "remove %s", path);
}

bool disk_path_is_free(const struct acting *acting, const char *path)
{
  if (uri_is_local(acting->hub->uri))
    return image_is_free(path, NULL);
  g_autoptr(virStorageVol) there = virStorageVolLookupByPath(acting->conn, path);
  return !there;
}

char *disk_format(const struct acting *acting, const struct platform *platform, const char *path,
                  GError **err)
{
  if (!platform->pool)
    return image_format(acting, path, err);
  char *format = volume_text(acting->conn, path, "/volume/target/format/@type");
  if (!format)
    error_set(err, ERROR_USAGE, "Put the image into a storage pool there (virsh vol-upload).",
              "image %s: no storage pool has it: %s", path, last_text());
  return format;
}
