/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/proc.h"
#include "core/virt/act/reflink.h"
#include "core/virt/prepare/pulse.h"

#define QEMU_IMG_ADVICE "qemu-img comes with the package qemu-utils."

static bool write_all(int fd, const unsigned char *bytes, size_t n)
{
  for (size_t done = 0; done < n;) {
    ssize_t step = pwrite(fd, bytes + done, n - done, (off_t)done);
    if (step < 0 && errno != EINTR)
      return false;
    done += (size_t)MAX(step, 0);
  }
  return true;
}

/* A raw image of SIZE that begins with BYTES; FILE exists. */
static bool write_raw(const char *file, const unsigned char *bytes, size_t n, uint64_t size, GError **err)
{
  int fd = open(file, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  bool ok = fd >= 0 && ftruncate(fd, (off_t)size) == 0 && write_all(fd, bytes, n);
  int fault = errno;
  if (fd >= 0 && close(fd) < 0 && ok) {
    ok = false;
    fault = errno;
  }
  return ok || error_set_errno(err, ERROR_RESOURCES, fault, NULL, "disk %s", file);
}

static bool told(GError *fault, GError **err)
{
  int code = fault->code == ERROR_CANCELLED ? ERROR_CANCELLED : ERROR_RESOURCES;
  g_autofree char *what = error_what(fault);
  g_autofree char *path = g_find_program_in_path("qemu-img");
  g_error_free(fault);
  return error_set(err, (enum error_code)code, path ? NULL : QEMU_IMG_ADVICE, "%s", what);
}

static bool qemu_img(const struct acting *acting, const char *const *argv, GError **err)
{
  GError *fault = NULL;
  return proc_run(argv, acting->act->cancel, NULL, &fault) || told(fault, err);
}

static bool create_thin(const struct acting *acting, const struct blueprint_disk *disk, const char *file,
                        GError **err)
{
  g_autofree char *size = disk->size_bytes ? g_strdup_printf("%" G_GUINT64_FORMAT, disk->size_bytes) : NULL;
  const char *empty[] = {"qemu-img", "create", "-q", "-f", disk->format, "--", file, size, NULL};
  const char *overlay[] = {"qemu-img",           "create", "-q", "-f", "qcow2", "-b", disk->backing, "-F",
                           disk->backing_format, "--",     file, size, NULL};
  return qemu_img(acting, disk->backing ? overlay : empty, err);
}

/* An image of the disk's format and size that begins with BYTES. */
static bool create_seeded(const struct acting *acting, const struct blueprint_disk *disk, const char *file,
                          const unsigned char *bytes, size_t n, GError **err)
{
  g_autofree char *seed = g_build_filename(g_get_tmp_dir(), "virtlens-XXXXXX", NULL);
  int fd = g_mkstemp_full(seed, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return error_set_errno(err, ERROR_RESOURCES, errno, NULL, "temporary file %s", seed);
  close(fd);
  const char *convert[] = {"qemu-img", "convert", "-q", "-f", "raw", "-O", disk->format, seed, file, NULL};
  bool ok = write_raw(seed, bytes, n, disk->size_bytes, err) && qemu_img(acting, convert, err);
  unlink(seed);
  return ok;
}

/* A disk for pulse to work on: its first sector says how. */
static bool create_work(const struct acting *acting, const struct blueprint *blueprint,
                        const struct blueprint_disk *disk, const char *file, GError **err)
{
  unsigned char header[PULSE_SECTOR_BYTES] = {0};
  pulse_header(&blueprint->work, header);
  return create_seeded(acting, disk, file, header, sizeof(header), err);
}

/* ---- copies ---- */

double image_progress(const char *text)
{
  const char *at = NULL;
  for (const char *next = text; (next = strchr(next, '(')); next++)
    at = next;
  char *end = NULL;
  double percent = at ? g_ascii_strtod(at + 1, &end) : -1;
  return end && end > at + 1 && g_str_has_prefix(end, "/100%)") ? CLAMP(percent / 100, 0, 1) : -1;
}

static void say_progress(void *context, const char *text)
{
  double done = image_progress(text);
  if (done >= 0)
    acting_step(context, done, "copying a disk");
}

/* The same, with -p among ARGV: how far it is becomes the job's progress. */
static bool qemu_img_long(const struct acting *acting, const char *const *argv, GError **err)
{
  GError *fault = NULL;
  return proc_follow(argv, acting->act->cancel, say_progress, (void *)(uintptr_t)acting, &fault) ||
         told(fault, err);
}

bool image_can_share(const char *path, const char *format, const char *folder)
{
  return strcmp(format, "qcow2") == 0 && reflink_possible(path, folder);
}

static bool create_shared(const struct acting *acting, const struct blueprint_disk *disk, const char *file)
{
  if (disk->snapshot || strcmp(disk->format, "qcow2") != 0 || strcmp(disk->backing_format, "qcow2") != 0 ||
      !reflink_image(disk->backing, file))
    return false;
  acting_step(acting, 1, "shared blocks (reflink)");
  acting->act->shared = true;
  return true;
}

static bool create_copy(const struct acting *acting, const struct blueprint_disk *disk, const char *file,
                        GError **err)
{
  if (create_shared(acting, disk, file))
    return true;
  const char *argv[16] = {"qemu-img", "convert", "-p", "-f", disk->backing_format, "-O", disk->format};
  int n = 7;
  g_autofree char *snapshot = disk->snapshot ? g_strconcat("snapshot.name=", disk->snapshot, NULL) : NULL;
  if (snapshot) {
    argv[n++] = "-l";
    argv[n++] = snapshot;
  }
  argv[n++] = "--";
  argv[n++] = disk->backing;
  argv[n++] = file;
  return qemu_img_long(acting, argv, err);
}

bool image_rebase(const struct acting *acting, const char *path, const char *format, const char *base,
                  const char *base_format, GError **err)
{
  const char *argv[] = {"qemu-img", "rebase", "-p",        "-f", format, "-b",
                        base,       "-F",     base_format, "--", path,   NULL};
  return qemu_img_long(acting, argv, err);
}

bool image_flatten(const struct acting *acting, const char *path, const char *format, GError **err)
{
  const char *argv[] = {"qemu-img", "rebase", "-p", "-f", format, "-b", "", "--", path, NULL};
  return qemu_img_long(acting, argv, err);
}

bool image_measure(const struct acting *acting, const char *path, const char *format, uint64_t *ret_bytes,
                   GError **err)
{
  static const char key[] = "required size: ";
  g_autofree char *text = NULL;
  const char *argv[] = {"qemu-img", "measure", "-U", "-f", format, "-O", "qcow2", "--", path, NULL};
  if (!proc_run(argv, acting->act->cancel, &text, err))
    return false;
  const char *at = strstr(text, key);
  *ret_bytes = at ? g_ascii_strtoull(at + strlen(key), NULL, 10) : 0;
  return at || error_set(err, ERROR_GENERAL, NULL, "image %s: qemu-img does not tell its size", path);
}

bool image_fill(const struct acting *acting, const struct blueprint *blueprint,
                const struct blueprint_disk *disk, const char *file, GError **err)
{
  size_t n;
  const unsigned char *boot = pulse_boot(&n);
  switch (disk->content) {
  case CONTENT_SECTOR:
    return create_seeded(acting, disk, file, boot, n, err);
  case CONTENT_WORK:
    return create_work(acting, blueprint, disk, file, err);
  case CONTENT_EMPTY:
  case CONTENT_OVERLAY:
    return create_thin(acting, disk, file, err);
  case CONTENT_COPY:
    return create_copy(acting, disk, file, err);
  case CONTENT_EXISTS:
    break;
  }
  return true;
}

/* ---- files ---- */

static bool refuse(const char *path, GError **err)
{
  return error_set(err, ERROR_REFUSED, "Choose another name, or remove the file if nothing needs it.",
                   "disk %s: this file is there already and is not overwritten", path);
}

bool image_is_free(const char *path, GError **err)
{
  struct stat st;
  return lstat(path, &st) < 0 || refuse(path, err);
}

/* The file is ours from the moment it is made: one that was there before is an error. */
static bool claim_file(const char *path, GError **err)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return errno == EEXIST ? refuse(path, err)
                           : error_set_errno(err, ERROR_RESOURCES, errno, NULL, "disk %s", path);
  close(fd);
  return true;
}

bool image_make(const struct acting *acting, const struct blueprint *blueprint,
                const struct blueprint_disk *disk, GError **err)
{
  if (!claim_file(disk->path, err))
    return false;
  if (image_fill(acting, blueprint, disk, disk->path, err))
    return true;
  unlink(disk->path);
  return false;
}

/* The value of a field of JSON's outermost object, as qemu-img lays it out; NULL: it is not there. */
static char *json_field(const char *json, const char *name)
{
  g_autofree char *key = g_strdup_printf("\n    \"%s\": ", name);
  const char *at = strstr(json, key);
  if (!at)
    return NULL;
  at += strlen(key);
  at += *at == '"';
  return g_strndup(at, strcspn(at, "\",\n"));
}

static int64_t json_bytes(const char *json, const char *name)
{
  g_autofree char *text = json_field(json, name);
  return text ? g_ascii_strtoll(text, NULL, 10) : -1;
}

bool image_facts(const struct acting *acting, const char *path, struct image_facts *ret, GError **err)
{
  g_autofree char *json = NULL;
  const char *argv[] = {"qemu-img", "info", "-U", "--output=json", "--", path, NULL};
  if (!proc_run(argv, acting->act->cancel, &json, err))
    return false;
  *ret = (struct image_facts){json_field(json, "format"), json_bytes(json, "virtual-size"),
                              json_bytes(json, "actual-size")};
  return ret->format ||
         error_set(err, ERROR_GENERAL, NULL, "image %s: qemu-img does not tell its format", path);
}

char *image_format(const struct acting *acting, const char *path, GError **err)
{
  struct image_facts facts = {0};
  return image_facts(acting, path, &facts, err) ? facts.format : NULL;
}
