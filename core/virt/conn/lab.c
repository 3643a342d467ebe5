/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/virt/conn/lab_conf.h"
#include "core/virt/conn/lab_mark.h"

/* libvirt appends "/lib/qemu/domain-NNNNN-TWENTYBYTESOFTHENAME/monitor.sock" (61 bytes) to the
 * root; a socket's path ends at 107 (unix(7)). */
#define ROOT_BYTES_MAX 46

struct lab {
  char *root, *uri;
  char **left; /* by jobs cut short */
  int lock_fd;
};

/* QEMU of a root's lab runs as a user of its own, who must get through. */
static mode_t folder_mode(void)
{
  return geteuid() == 0 ? 0711 : 0700;
}

/* Make DIR and its missing parents with exactly MODE, whatever the umask. */
static bool make_folder(const char *dir, mode_t mode, GError **err)
{
  if (g_file_test(dir, G_FILE_TEST_IS_DIR))
    return true;
  g_autofree char *parent = g_path_get_dirname(dir);
  if (!make_folder(parent, mode, err))
    return false;
  if ((mkdir(dir, mode) < 0 && errno != EEXIST) || chmod(dir, mode) < 0)
    return error_set_errno(err, ERROR_RESOURCES, errno, "Choose another place with --lab-root DIR.",
                           "lab folder %s", dir);
  return true;
}

/* The first folder on the way to DIR that others may not pass, or NULL. */
static char *closed_folder(const char *dir)
{
  struct stat st;
  g_autofree char *parent = g_path_get_dirname(dir);
  char *closed = g_str_equal(parent, dir) ? NULL : closed_folder(parent);
  if (closed)
    return closed;
  return stat(dir, &st) == 0 && !(st.st_mode & S_IXOTH) ? g_strdup(dir) : NULL;
}

bool lab_closed(const char *dir)
{
  g_autofree char *closed = geteuid() == 0 ? closed_folder(dir) : NULL;
  return closed != NULL;
}

/* A root's own state folder is closed to QEMU's user, unless it was put elsewhere. */
static char *default_root(void)
{
  g_autofree char *state = path_state();
  g_autofree char *above = g_path_get_dirname(state);
  return lab_closed(above) ? g_strdup(LAB_OF_ROOT) : g_build_filename(state, "lab", NULL);
}

static bool check_passable(const char *root, GError **err)
{
  g_autofree char *user = lab_qemu_user(root);
  struct passwd *entry = user ? getpwnam(user) : NULL;
  g_autofree char *closed = geteuid() == 0 && !(entry && entry->pw_uid == 0) ? closed_folder(root) : NULL;
  if (!closed)
    return true;
  return error_set(
      err, ERROR_RESOURCES,
      "Choose a place that user can reach with --lab-root DIR, or name another user in etc/qemu.conf there.",
      "lab %s: QEMU runs as user %s, who cannot enter %s", root, user, closed);
}

static bool make_folders(const char *root, GError **err)
{
  /* libvirt makes its own with the umask in force: those that QEMU's user must pass are made before. */
  static const char *const names[] = {"", "etc", "disks", "logs", "lib", "run", "cache", "log", NULL};
  for (int i = 0; names[i]; i++) {
    g_autofree char *dir = g_build_filename(root, names[i], NULL);
    if (!make_folder(dir, folder_mode(), err))
      return false;
  }
  if (geteuid() != 0)
    return true;
  /* The folder holding the state may have been made 0700 by a session before; its files are 0600. */
  g_autofree char *state = path_state();
  g_autofree char *within = g_strconcat(state, "/", NULL);
  if (g_str_has_prefix(root, within))
    (void)chmod(state, 0711);
  return true;
}

static bool held_by_other(int fd, const char *root, GError **err)
{
  char pid[32] = "";
  ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);
  pid[MAX(n, 0)] = 0;
  return error_set(err, ERROR_GENERAL, "Go on there, end it, or choose another lab with --lab-root DIR.",
                   "lab %s: in use by process %s; one program at a time can hold a lab", root,
                   *g_strstrip(pid) ? pid : "?");
}

static bool take_lock(struct lab *lab, GError **err)
{
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  g_autofree char *file = g_build_filename(lab->root, "lock", NULL);
  g_autofree char *pid = g_strdup_printf("%ld\n", (long)getpid());
  lab->lock_fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lab->lock_fd < 0)
    return error_set_errno(err, ERROR_RESOURCES, errno, "Choose another place with --lab-root DIR.",
                           "lab lock %s", file);
  if (fcntl(lab->lock_fd, F_OFD_SETLK, &whole) < 0)
    return errno == EAGAIN || errno == EACCES
               ? held_by_other(lab->lock_fd, lab->root, err)
               : error_set_errno(err, ERROR_GENERAL, errno, NULL, "lab lock %s", file);
  if (ftruncate(lab->lock_fd, 0) < 0 || pwrite(lab->lock_fd, pid, strlen(pid), 0) < 0)
    return error_set_errno(err, ERROR_RESOURCES, errno, NULL, "lab lock %s", file);
  return true;
}

/* A short name for a long ROOT: a link in /tmp that is the same at each start, because running
 * guests' sockets are remembered by it.  The caller frees. */
static char *short_name(const char *root, GError **err)
{
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, root, -1);
  g_autofree char *link = g_strdup_printf("/tmp/virtlens-%u-%.8s", (unsigned)geteuid(), sum);
  if (symlink(root, link) < 0 && errno != EEXIST) {
    error_set_errno(err, ERROR_RESOURCES, errno, "Choose a shorter lab folder with --lab-root DIR.",
                    "lab %s is too long for socket paths, and a short link %s cannot be made", root, link);
    return NULL;
  }
  struct stat st;
  g_autofree char *target = g_file_read_link(link, NULL);
  if (lstat(link, &st) == 0 && st.st_uid == geteuid() && target && g_str_equal(target, root))
    return g_steal_pointer(&link);
  error_set(err, ERROR_REFUSED, "Choose a shorter lab folder with --lab-root DIR.",
            "lab %s is too long for socket paths, and %s is not our link to it", root, link);
  return NULL;
}

static bool make_uri(struct lab *lab, GError **err)
{
  g_autofree char *shortened =
      strlen(lab->root) > ROOT_BYTES_MAX ? short_name(lab->root, err) : g_strdup(lab->root);
  if (!shortened)
    return false;
  g_autofree char *escaped = g_uri_escape_string(shortened, "/", FALSE);
  lab->uri = g_strconcat("qemu:///embed?root=", escaped, NULL);
  return true;
}

/* As libvirt looks for it. */
static bool check_qemu(GError **err)
{
  g_autofree char *found = g_find_program_in_path("qemu-system-x86_64");
  return found || g_file_test("/usr/libexec/qemu-kvm", G_FILE_TEST_IS_EXECUTABLE) ||
         error_set(err, ERROR_RESOURCES, "Install QEMU: apt install qemu-system-x86.",
                   "the lab needs QEMU: no qemu-system-x86_64 was found");
}

struct lab *lab_open(const char *root, GError **err)
{
  struct lab *lab = g_new0(struct lab, 1);
  lab->lock_fd = -1;
  lab->root = root ? g_canonicalize_filename(root, NULL) : default_root();
  if (check_qemu(err) && make_folders(lab->root, err) && take_lock(lab, err) &&
      lab_conf_write(lab->root, err) && check_passable(lab->root, err) && make_uri(lab, err)) {
    lab->left = lab_sweep(lab->root);
    return lab;
  }
  lab_close(lab);
  return NULL;
}

const char *lab_uri(const struct lab *lab)
{
  return lab->uri;
}

const char *lab_root(const struct lab *lab)
{
  return lab->root;
}

const char *const *lab_left(const struct lab *lab)
{
  return (const char *const *)lab->left;
}

void lab_close(struct lab *lab)
{
  if (!lab)
    return;
  if (lab->lock_fd >= 0)
    close(lab->lock_fd);
  g_strfreev(lab->left);
  g_free(lab->root);
  g_free(lab->uri);
  g_free(lab);
}
