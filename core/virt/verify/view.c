/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/verify/view.h"

#include <string.h>

char *view_path(const struct view *view, const char *path)
{
  return g_build_filename(view->root, path, NULL);
}

bool view_has(const struct view *view, const char *path)
{
  g_autofree char *full = view_path(view, path);
  return g_file_test(full, G_FILE_TEST_EXISTS);
}

bool view_is_empty(const struct view *view, const char *path)
{
  g_autofree char *full = view_path(view, path);
  GDir *dir = g_dir_open(full, 0, NULL);
  bool empty = dir && !g_dir_read_name(dir);
  if (dir)
    g_dir_close(dir);
  return empty;
}

bool view_may(const struct view *view, const char *path, int mode)
{
  g_autofree char *full = view_path(view, path);
  return view->facts->may(full, mode);
}

char *view_read(const struct view *view, const char *path)
{
  g_autofree char *full = view_path(view, path);
  char *text = NULL;
  return g_file_get_contents(full, &text, NULL, NULL) ? g_strstrip(text) : NULL;
}

/* The value of the first line "KEY : value" of TEXT, or NULL. */
static char *field_of(const char *text, const char *key)
{
  size_t n = strlen(key);
  for (const char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
    if (strncmp(line, key, n) != 0)
      continue;
    const char *colon = line + n + strspn(line + n, " \t");
    if (*colon == ':')
      return g_strstrip(g_strndup(colon + 1, strcspn(colon + 1, "\n")));
  }
  return NULL;
}

char *view_field(const struct view *view, const char *path, const char *key)
{
  g_autofree char *text = view_read(view, path);
  return text ? field_of(text, key) : NULL;
}

bool view_is_x86(const struct view *view)
{
  g_autofree char *flags = view->cpuinfo ? field_of(view->cpuinfo, "flags") : NULL;
  return flags != NULL;
}

bool view_cpu_flag(const struct view *view, const char *flag)
{
  g_autofree char *flags = view->cpuinfo ? field_of(view->cpuinfo, "flags") : NULL;
  g_auto(GStrv) words = flags ? g_strsplit(flags, " ", -1) : NULL;
  return words && g_strv_contains((const char *const *)words, flag);
}

char *view_chosen(const char *text)
{
  const char *begin = text ? strchr(text, '[') : NULL;
  const char *end = begin ? strchr(begin, ']') : NULL;
  return end ? g_strndup(begin + 1, (gsize)(end - begin - 1)) : NULL;
}

/* In the first PID and control group namespaces, whose numbers are the kernel's (PROC_PID_INIT_INO,
 * PROC_CGROUP_INIT_INO), nothing is contained: a machine can have been made from a container's image. */
static bool in_first_namespaces(const struct view *view)
{
  static const struct {
    const char *path, *first;
  } namespaces[] = {{"proc/self/ns/pid", "pid:[4026531836]"}, {"proc/self/ns/cgroup", "cgroup:[4026531835]"}};
  for (size_t i = 0; i < G_N_ELEMENTS(namespaces); i++) {
    g_autofree char *path = view_path(view, namespaces[i].path);
    g_autofree char *target = g_file_read_link(path, NULL);
    if (g_strcmp0(target, namespaces[i].first) != 0)
      return false;
  }
  return true;
}

/* What container managers leave in those that they make. */
static char *find_container(const struct view *view)
{
  static const struct {
    const char *path, *name;
  } marks[] = {{".dockerenv", "Docker"}, {"run/.containerenv", "Podman"}};
  if (in_first_namespaces(view))
    return NULL;
  char *name = view_read(view, "run/systemd/container");
  for (size_t i = 0; i < G_N_ELEMENTS(marks) && !name; i++)
    if (view_has(view, marks[i].path))
      name = g_strdup(marks[i].name);
  return name;
}

static bool is_dom0(const struct view *view)
{
  g_autofree char *capabilities = view_read(view, "proc/xen/capabilities");
  return capabilities && strstr(capabilities, "control_d");
}

/* The CPU of a virtual machine says so on x86; others have it from the firmware. */
static bool is_guest(const struct view *view)
{
  return view->facts->signature || view_cpu_flag(view, "hypervisor") ||
         view_has(view, "sys/hypervisor/type") || view_has(view, "proc/device-tree/hypervisor/compatible");
}

void view_open(struct view *ret, const char *root, const struct verify_facts *facts)
{
  *ret = (struct view){.root = root, .facts = facts};
  ret->cpuinfo = view_read(ret, "proc/cpuinfo");
  ret->container = find_container(ret);
  ret->dom0 = is_dom0(ret);
  ret->guest = !ret->dom0 && is_guest(ret);
}

void view_close(struct view *view)
{
  g_free(view->cpuinfo);
  g_free(view->container);
}
