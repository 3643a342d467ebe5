/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/units.h"

#define LINKS_MAX 40 /* as the kernel follows them */
#define OTHER_FOLDER "Name a file in a folder that you may write and that has room."

/* XDG Base Directory: a value that is not an absolute path is to be ignored. */
static char *xdg(const char *variable, const char *fallback)
{
  const char *base = g_getenv(variable);
  if (base && g_path_is_absolute(base))
    return g_build_filename(base, "virtlens", NULL);
  return g_build_filename(g_get_home_dir(), fallback, "virtlens", NULL);
}

char *path_state(void)
{
  return xdg("XDG_STATE_HOME", ".local/state");
}

char *path_config(void)
{
  return xdg("XDG_CONFIG_HOME", ".config");
}

char *path_program(const char *name)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *dir = self ? g_path_get_dirname(self) : NULL;
  char *beside = dir ? g_build_filename(dir, name, NULL) : NULL;

  if (beside && g_file_test(beside, G_FILE_TEST_IS_REGULAR))
    return beside;
  g_free(beside);
  char *installed = g_build_filename(PKGLIBEXECDIR, name, NULL);
  if (g_file_test(installed, G_FILE_TEST_IS_REGULAR))
    return installed;
  g_free(installed);
  return NULL;
}

/* 0700 whatever the umask; a folder that is there already stays as it is. */
static bool make_one(const char *dir, GError **err)
{
  if (mkdir(dir, 0700) == 0) {
    if (chmod(dir, 0700) == 0)
      return true;
  } else if (errno == EEXIST) {
    struct stat st;
    if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
      return true;
    errno = ENOTDIR;
  }
  return error_set_errno(err, ERROR_RESOURCES, errno, "Choose another place, or make the folder yourself.",
                         "cannot make the folder %s", dir);
}

bool path_make(const char *dir, GError **err)
{
  if (g_file_test(dir, G_FILE_TEST_IS_DIR))
    return true;
  g_autofree char *parent = g_path_get_dirname(dir);
  if (strcmp(parent, dir) != 0 && strcmp(parent, ".") != 0 && !path_make(parent, err))
    return false;
  return make_one(dir, err);
}

/* A file in DIR that has no name, or none any more. */
static int open_nameless(const char *dir)
{
  int fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
    return fd;
  g_autofree char *temp = g_build_filename(dir, ".virtlens-XXXXXX", NULL);
  fd = mkostemp(temp, O_CLOEXEC);
  if (fd >= 0)
    unlink(temp);
  return fd;
}

/* statvfs knows nothing of quotas, so the room is really taken for a moment. */
static int try_room(int fd, uint64_t need)
{
  if (need == 0 || fallocate(fd, 0, 0, (off_t)need) == 0)
    return 0;
  return errno == EOPNOTSUPP || errno == ENOSYS ? 0 : errno;
}

static bool check_folder(const char *dir, const char *file, uint64_t need, GError **err)
{
  int fd = open_nameless(dir);
  if (fd < 0)
    return error_set_errno(err, ERROR_RESOURCES, errno, OTHER_FOLDER, "cannot write %s", file);
  struct statvfs vfs;
  uint64_t room = fstatvfs(fd, &vfs) == 0 ? (uint64_t)vfs.f_bavail * vfs.f_frsize : UINT64_MAX;
  int rc = room < need ? ENOSPC : try_room(fd, need);
  close(fd);
  if (!rc)
    return true;
  units_buf free_text, need_text;
  units_bytes(free_text, (double)room);
  units_bytes(need_text, (double)need);
  return error_set_errno(err, ERROR_RESOURCES, rc, OTHER_FOLDER, "cannot write %s: %s free, %s needed", file,
                         free_text, need_text);
}

bool path_check_writable(const char *file, uint64_t need, GError **err)
{
  struct stat st;
  if (!*file)
    return error_set(err, ERROR_USAGE, NULL, "the file name is empty");
  if (stat(file, &st) == 0) {
    if (S_ISDIR(st.st_mode))
      return error_set_errno(err, ERROR_RESOURCES, EISDIR, "Name a file in it.", "cannot write %s", file);
    if (!S_ISREG(st.st_mode))
      return access(file, W_OK) == 0 ||
             error_set_errno(err, ERROR_RESOURCES, errno, OTHER_FOLDER, "cannot write %s", file);
  }
  g_autofree char *dir = g_path_get_dirname(file);
  return check_folder(dir, file, need, err);
}

static bool begin_beside(struct path_out *out, GError **err)
{
  g_autofree char *dir = g_path_get_dirname(out->target);
  out->temp = g_build_filename(dir, ".virtlens-XXXXXX", NULL);
  int fd = mkostemp(out->temp, O_CLOEXEC);
  if (fd >= 0 && fchmod(fd, 0600) == 0 && (out->file = fdopen(fd, "w")))
    return true;
  error_set_errno(err, ERROR_RESOURCES, errno, OTHER_FOLDER, "cannot write %s", out->target);
  if (fd >= 0) {
    close(fd);
    unlink(out->temp);
  }
  return false;
}

/* A device or pipe is written as it is: a rename would put a file in its place. */
static bool begin_direct(struct path_out *out, GError **err)
{
  out->file = fopen(out->target, "we");
  return out->file ||
         error_set_errno(err, ERROR_RESOURCES, errno, OTHER_FOLDER, "cannot write %s", out->target);
}

static void out_free(struct path_out *out)
{
  g_free(out->target);
  g_free(out->temp);
  g_free(out);
}

/* Through symlinks to the file that TARGET names, whether it is there already or not. */
static char *resolve(const char *target)
{
  char *name = g_strdup(target);
  for (int i = 0; i < LINKS_MAX; i++) {
    g_autofree char *link = g_file_read_link(name, NULL), *dir = g_path_get_dirname(name);
    if (!link)
      break;
    g_free(name);
    name = g_path_is_absolute(link) ? g_strdup(link) : g_build_filename(dir, link, NULL);
  }
  return name;
}

struct path_out *path_begin(const char *target, GError **err)
{
  struct path_out *out = g_new0(struct path_out, 1);
  struct stat st;
  bool special = stat(target, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
  out->target = special ? g_strdup(target) : resolve(target);
  if (special ? begin_direct(out, err) : begin_beside(out, err))
    return out;
  out_free(out);
  return NULL;
}

static void sync_folder(const char *file)
{
  g_autofree char *dir = g_path_get_dirname(file);
  int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) {
    (void)fsync(fd);
    close(fd);
  }
}

static int finish(struct path_out *out)
{
  int rc = 0;
  if (fflush(out->file) != 0 || (out->temp && fsync(fileno(out->file)) != 0))
    rc = errno;
  else if (ferror(out->file))
    rc = EIO; /* an earlier write failed; its errno is gone */
  if (fclose(out->file) != 0 && !rc)
    rc = errno;
  out->file = NULL;
  if (!rc && out->temp && rename(out->temp, out->target) != 0)
    rc = errno;
  return rc;
}

bool path_commit(struct path_out *out, GError **err)
{
  int rc = finish(out);
  if (rc) {
    error_set_errno(err, ERROR_RESOURCES, rc, OTHER_FOLDER, "cannot write %s", out->target);
    path_abandon(out);
    return false;
  }
  if (out->temp)
    sync_folder(out->target);
  out_free(out);
  return true;
}

void path_abandon(struct path_out *out)
{
  if (!out)
    return;
  if (out->file)
    fclose(out->file);
  if (out->temp)
    unlink(out->temp);
  out_free(out);
}
