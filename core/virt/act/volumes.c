/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/virt/act/image.h"
#include "core/virt/act/volume_copy.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/clone.h"

static char *volume_xml(const struct blueprint_disk *disk)
{
  g_autofree char *name = g_path_get_basename(disk->path);
  xmlNodePtr volume = xml_begin("volume");
  xml_add(volume, "name", name);
  if (disk->size_bytes) /* else that of the image behind it */
    xml_add_bytes(volume, "capacity", disk->size_bytes);
  xml_add_bytes(volume, "allocation", 0);
  xml_add_with(xml_add(volume, "target", NULL), "format", "type", disk->format, NULL);
  if (disk->content == CONTENT_OVERLAY) {
    xmlNodePtr backing = xml_add(volume, "backingStore", NULL);
    xml_add(backing, "path", disk->backing);
    xml_add_with(backing, "format", "type", disk->backing_format, NULL);
  }
  return xml_finish(volume);
}

static int read_from(virStreamPtr stream, char *bytes, size_t n, void *fd)
{
  (void)stream;
  ssize_t got;
  do
    got = read(*(const int *)fd, bytes, n);
  while (got < 0 && errno == EINTR);
  return (int)got;
}

static bool send_stream(virStorageVolPtr volume, virStreamPtr stream, int fd, uint64_t length)
{
  if (virStorageVolUpload(volume, stream, 0, length, 0) < 0)
    return false;
  if (virStreamSendAll(stream, read_from, &fd) < 0) {
    virStreamAbort(stream);
    return false;
  }
  return virStreamFinish(stream) == 0;
}

static bool upload(const struct acting *acting, virStorageVolPtr volume, const char *file, const char *path,
                   GError **err)
{
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  off_t length = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
  if (length < 0 || lseek(fd, 0, SEEK_SET) < 0) {
    error_set_errno(err, ERROR_RESOURCES, errno, NULL, "temporary file %s", file);
    if (fd >= 0)
      close(fd);
    return false;
  }
  g_autoptr(virStream) stream = virStreamNew(acting->conn, 0);
  bool ok = (stream && send_stream(volume, stream, fd, (uint64_t)length)) ||
            virt_error(err, NULL, "volume %s cannot be written", path);
  close(fd);
  return ok;
}

/* What the volume is to hold is made here and sent. */
static bool send_content(const struct acting *acting, const struct blueprint *blueprint,
                         const struct blueprint_disk *disk, virStorageVolPtr volume, GError **err)
{
  g_autofree char *file = g_build_filename(g_get_tmp_dir(), "virtlens-XXXXXX", NULL);
  int fd = g_mkstemp_full(file, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return error_set_errno(err, ERROR_RESOURCES, errno, NULL, "temporary file %s", file);
  close(fd);
  bool ok = image_fill(acting, blueprint, disk, file, err) && upload(acting, volume, file, disk->path, err);
  unlink(file);
  return ok;
}

static virStorageVolPtr copy(const struct acting *acting, virStoragePoolPtr pool, const char *xml,
                             const struct blueprint_disk *disk, GError **err)
{
  g_autoptr(virStorageVol) source = virStorageVolLookupByPath(acting->conn, disk->backing);
  g_autofree char *name = g_path_get_basename(disk->path);
  if (source)
    return volume_copy(acting, pool, name, xml, source, err);
  virt_error(err, NULL, "volume %s", disk->backing);
  return NULL;
}

static virStorageVolPtr create(virStoragePoolPtr pool, const char *xml, const struct blueprint_disk *disk,
                               GError **err)
{
  virStorageVolPtr volume = virStorageVolCreateXML(pool, xml, 0);
  if (!volume)
    virt_error(err, NULL, "volume %s cannot be made", disk->path);
  return volume;
}

bool volume_make(const struct acting *acting, const struct blueprint *blueprint,
                 const struct blueprint_disk *disk, const struct platform *platform, GError **err)
{
  g_autoptr(virStoragePool) pool = virStoragePoolLookupByName(acting->conn, platform->pool);
  if (!pool)
    return virt_error(err, NULL, "storage pool '%s'", platform->pool);
  g_autofree char *xml = volume_xml(disk);
  g_autoptr(virStorageVol) volume =
      disk->content == CONTENT_COPY ? copy(acting, pool, xml, disk, err) : create(pool, xml, disk, err);
  if (!volume)
    return false;
  bool filled = disk->content != CONTENT_SECTOR && disk->content != CONTENT_WORK;
  if (filled || send_content(acting, blueprint, disk, volume, err))
    return true;
  virStorageVolDelete(volume, 0);
  return false;
}

/* ---- finding them ---- */

/* The pool in whose folder PATH is; NULL: there is none. */
static virStoragePoolPtr pool_of(virConnectPtr conn, const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  return virStoragePoolLookupByTargetPath(conn, folder);
}

bool volumes_refresh(virConnectPtr conn, const char *path)
{
  g_autoptr(virStoragePool) pool = pool_of(conn, path);
  return pool && virStoragePoolRefresh(pool, 0) == 0;
}

bool volumes_have_folder(virConnectPtr conn, const char *path)
{
  g_autoptr(virStoragePool) pool = pool_of(conn, path);
  return pool != NULL;
}

/* A pool does not see by itself what others put into its folder, as libvirt's own snapshots do. */
static virStorageVolPtr volume_at(virConnectPtr conn, const char *path)
{
  virStorageVolPtr volume = virStorageVolLookupByPath(conn, path);
  return volume || !volumes_refresh(conn, path) ? volume : virStorageVolLookupByPath(conn, path);
}

bool volume_is_there(virConnectPtr conn, const char *path)
{
  g_autoptr(virStorageVol) volume = volume_at(conn, path);
  return volume != NULL;
}

bool volume_remove(virConnectPtr conn, const char *path, GError **err)
{
  g_autoptr(virStorageVol) volume = volume_at(conn, path);
  const int code = volume ? VIR_ERR_OK : virGetLastErrorCode();
  if (!volume) /* what was never a volume is not ours to find */
    return code == VIR_ERR_NO_STORAGE_VOL || code == VIR_ERR_NO_STORAGE_POOL ||
           virt_error(err, NULL, "volume %s", path);
  return virStorageVolDelete(volume, 0) == 0 || virt_error(err, NULL, "volume %s cannot be removed", path);
}

char *volume_xml_at(virConnectPtr conn, const char *path)
{
  g_autoptr(virStorageVol) volume = volume_at(conn, path);
  return volume ? take_text(virStorageVolGetXMLDesc(volume, 0)) : NULL;
}

char *volume_text(virConnectPtr conn, const char *path, const char *xpath)
{
  g_autofree char *xml = volume_xml_at(conn, path);
  return xml ? xml_text(xml, xpath) : NULL;
}

char *volume_path(virConnectPtr conn, const char *pool, const char *name)
{
  g_autoptr(virStoragePool) place = virStoragePoolLookupByName(conn, pool);
  g_autoptr(virStorageVol) volume = place ? virStorageVolLookupByName(place, name) : NULL;
  return volume ? take_text(virStorageVolGetPath(volume)) : NULL;
}

bool volumes_resolve(virConnectPtr conn, GPtrArray *disks, GError **err)
{
  for (guint i = 0; i < disks->len; i++) {
    struct clone_disk *disk = g_ptr_array_index(disks, i);
    if (!disk->path && !(disk->path = volume_path(conn, disk->pool, disk->volume)))
      return virt_error(err, NULL, "volume %s of pool %s", disk->volume, disk->pool);
  }
  return true;
}
