/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory, programs and permissions. */
#include <string.h>
#include <unistd.h>

#include "core/base/units.h"
#include "core/virt/verify/look.h"

/* ---- memory ---- */

static uint64_t meminfo(const struct view *view, const char *key)
{
  g_autofree char *value = view_field(view, "proc/meminfo", key);
  return value ? g_ascii_strtoull(value, NULL, 10) : 0;
}

void look_huge_pages(const struct view *view, struct finding *ret)
{
  g_autofree char *text = view_read(view, "sys/kernel/mm/transparent_hugepage/enabled");
  g_autofree char *chosen = view_chosen(text);
  uint64_t total = meminfo(view, "HugePages_Total"), unused = meminfo(view, "HugePages_Free");
  g_autofree char *size = units_size_text(meminfo(view, "Hugepagesize") * 1024);
  g_autofree char *reserved =
      total ? g_strdup_printf("%" G_GUINT64_FORMAT " of %s reserved, %" G_GUINT64_FORMAT " free", total, size,
                              unused)
            : g_strdup("none reserved");
  bool by_itself = chosen && strcmp(chosen, "never") != 0;

  finding_set(ret,
              total || by_itself ? FINDING_OK
              : chosen           ? FINDING_LIMITED
                                 : FINDING_MISSING,
              total || by_itself ? NULL : "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled",
              "transparent: %s; %s", chosen ? chosen : "not in this kernel", reserved);
}

bool look_has_capability(const struct view *view, int bit)
{
  g_autofree char *value = view_field(view, "proc/self/status", "CapEff");
  return value && (g_ascii_strtoull(value, NULL, 16) >> bit & 1);
}

/* The soft limit of the line "Max locked memory   8388608   8388608   bytes", or NULL. */
static char *locked_limit(const struct view *view)
{
  static const char name[] = "Max locked memory";
  g_autofree char *text = view_read(view, "proc/self/limits");
  const char *line = text ? strstr(text, name) : NULL;
  if (!line)
    return NULL;
  line += strlen(name);
  line += strspn(line, " ");
  return g_strndup(line, strcspn(line, " \n"));
}

void look_locked_memory(const struct view *view, struct finding *ret)
{
  g_autofree char *limit = locked_limit(view);
  if (!limit) {
    finding_set(ret, FINDING_UNKNOWN, "mount /proc", "/proc/self/limits does not tell");
    return;
  }
  bool unlimited = g_str_equal(limit, "unlimited"), raises = look_has_capability(view, CAP_BIT_SYS_RESOURCE);
  g_autofree char *size = unlimited ? NULL : units_size_text(g_ascii_strtoull(limit, NULL, 10));
  if (unlimited)
    finding_set(ret, FINDING_OK, NULL, "without limit");
  else if (raises)
    finding_set(ret, FINDING_OK, NULL, "%s, which this process may raise for a guest", size);
  else
    finding_set(
        ret, FINDING_LIMITED,
        "for guests of your own (--lab, qemu:///session): raise memlock in /etc/security/limits.conf; "
        "libvirt's daemon raises it for its guests",
        "%s", size);
}

/* ---- programs ---- */

static void set_program(struct finding *ret, const char *path, const char *version, const char *what,
                        const char *package)
{
  if (!path) {
    g_autofree char *advice = g_strdup_printf("apt install %s", package);
    finding_set(ret, FINDING_MISSING, advice, "no %s", what);
    return;
  }
  finding_set(ret, version ? FINDING_OK : FINDING_LIMITED,
              version ? NULL : "run it with --version to see what is wrong", "%s",
              version ? version : "it is there, but does not run");
  ret->source = g_strdup(path);
}

void look_qemu(const struct view *view, struct finding *ret)
{
  set_program(ret, view->facts->qemu, view->facts->qemu_version, "QEMU for this machine's kind of CPU",
              "qemu-system");
}

void look_qemu_img(const struct view *view, struct finding *ret)
{
  set_program(ret, view->facts->qemu_img, view->facts->qemu_img_version, "qemu-img", "qemu-utils");
}

void look_libvirt(const struct view *view, struct finding *ret)
{
  if (view->facts->libvirt_version)
    finding_set(ret, FINDING_OK, NULL, "%s", view->facts->libvirt_version);
  else
    finding_set(ret, FINDING_MISSING, "reinstall libvirt0", "the library does not start");
}

/* ---- permissions ---- */

void look_socket(const struct view *view, struct finding *ret)
{
  static const char *const sockets[] = {"run/libvirt/virtqemud-sock", "run/libvirt/libvirt-sock"};

  for (size_t i = 0; i < G_N_ELEMENTS(sockets); i++) {
    if (!view_has(view, sockets[i]))
      continue;
    bool may = view_may(view, sockets[i], R_OK | W_OK);
    finding_set(ret, may ? FINDING_OK : FINDING_LIMITED,
                may ? NULL : "join its group (adduser USER libvirt), and log in again",
                may ? "its socket is open to this user" : "its socket is closed to this user");
    ret->source = g_strconcat("/", sockets[i], NULL);
    return;
  }
  finding_set(ret, FINDING_MISSING,
              "for qemu:///system: apt install libvirt-daemon-system, or systemctl start libvirtd",
              "not running: no socket");
}

/* The state folder, or the nearest folder above it that is there. */
static char *nearest_folder(const struct view *view)
{
  char *path = g_strdup(view->facts->state);
  while (!view_has(view, path) && strlen(path) > 1) {
    char *above = g_path_get_dirname(path);
    g_free(path);
    path = above;
  }
  return path;
}

void look_state(const struct view *view, struct finding *ret)
{
  g_autofree char *near = nearest_folder(view);
  bool may = view_may(view, near, W_OK | X_OK), there = g_str_equal(near, view->facts->state);

  if (may)
    finding_set(ret, FINDING_OK, NULL, there ? "may be written" : "can be made");
  else
    finding_set(ret, FINDING_MISSING, "name another by XDG_STATE_HOME", "%s may not be written", near);
  ret->source = g_strdup(view->facts->state);
}
