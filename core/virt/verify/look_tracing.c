/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What watching guests from the kernel takes, and control groups. */
#include <string.h>
#include <unistd.h>

#include "core/virt/verify/look.h"

#define TRACING "sys/kernel/tracing"
#define CGROUPS "sys/fs/cgroup"

static void add_word(GString *words, const char *word)
{
  g_string_append_printf(words, "%s%s", words->len ? " " : "", word);
}

/* ---- tracing ---- */

/* Those kinds of events of the kernel that tell of guests, as far as they are there.  Caller frees. */
static GString *event_kinds(const struct view *view)
{
  static const char *const kinds[] = {"kvm", "sched", "block", "syscalls", "raw_syscalls"};
  GString *words = g_string_new(NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
    g_autofree char *path = g_build_filename(TRACING "/events", kinds[i], NULL);
    if (view_has(view, path))
      add_word(words, kinds[i]);
  }
  return words;
}

void look_tracefs(const struct view *view, struct finding *ret)
{
  if (!view_may(view, TRACING, R_OK | X_OK)) {
    bool there = view_has(view, TRACING);
    finding_set(ret, FINDING_MISSING,
                there ? "only root may, as shipped" : "start a kernel with tracing (CONFIG_FTRACE)",
                there ? "closed to this user" : "not in this kernel");
    return;
  }
  if (!view_may(view, TRACING "/events", R_OK | X_OK)) {
    finding_set(ret, FINDING_MISSING, "mount -t tracefs nodev /sys/kernel/tracing", "not mounted");
    return;
  }
  g_autoptr(GString) kinds = event_kinds(view);
  finding_set(ret, FINDING_OK, NULL, "readable, with events of: %s",
              kinds->len ? kinds->str : "none of interest");
}

void look_btf(const struct view *view, struct finding *ret)
{
  if (view_may(view, "sys/kernel/btf/vmlinux", R_OK))
    finding_set(ret, FINDING_OK, NULL, "readable");
  else
    finding_set(ret, FINDING_MISSING, "start a kernel with CONFIG_DEBUG_INFO_BTF, as distributions' are",
                "not in this kernel");
}

void look_capabilities(const struct view *view, struct finding *ret)
{
  static const struct {
    int bit;
    const char *name;
  } wanted[] = {
      {CAP_BIT_BPF, "CAP_BPF"}, {CAP_BIT_PERFMON, "CAP_PERFMON"}, {CAP_BIT_SYS_ADMIN, "CAP_SYS_ADMIN"}};
  g_autoptr(GString) words = g_string_new(NULL);

  for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
    if (look_has_capability(view, wanted[i].bit))
      add_word(words, wanted[i].name);
  bool all = look_has_capability(view, CAP_BIT_SYS_ADMIN) ||
             (look_has_capability(view, CAP_BIT_BPF) && look_has_capability(view, CAP_BIT_PERFMON));
  bool none = words->len == 0;
  finding_set(ret,
              all    ? FINDING_OK
              : none ? FINDING_MISSING
                     : FINDING_LIMITED,
              all ? NULL : "tracing needs both CAP_BPF and CAP_PERFMON, or root; all else works without",
              "%s", none ? "none of CAP_BPF, CAP_PERFMON" : words->str);
}

void look_unprivileged_bpf(const struct view *view, struct finding *ret)
{
  g_autofree char *value = view_read(view, "proc/sys/kernel/unprivileged_bpf_disabled");
  bool allowed = value && g_str_equal(value, "0"),
       may = look_has_capability(view, CAP_BIT_BPF) || look_has_capability(view, CAP_BIT_SYS_ADMIN);
  if (!value)
    finding_set(ret, FINDING_MISSING, "start a kernel with CONFIG_BPF_SYSCALL", "this kernel has no BPF");
  else if (allowed)
    finding_set(ret, FINDING_OK, NULL, "0: allowed, though not for tracing");
  else
    finding_set(ret, may ? FINDING_OK : FINDING_LIMITED, NULL, "%s: only with CAP_BPF, which this process %s",
                value, may ? "has" : "has not");
}

void look_lockdown(const struct view *view, struct finding *ret)
{
  g_autofree char *text = view_read(view, "sys/kernel/security/lockdown");
  g_autofree char *chosen = view_chosen(text);

  if (!chosen && view_is_empty(view, "sys/kernel/security"))
    finding_set(ret, FINDING_UNKNOWN, "mount -t securityfs none /sys/kernel/security",
                "securityfs is not mounted");
  else if (!chosen)
    finding_set(ret, FINDING_OK, NULL, "not in this kernel");
  else if (g_str_equal(chosen, "confidentiality"))
    finding_set(ret, FINDING_MISSING, "start the kernel with lockdown=integrity, or without secure boot",
                "confidentiality: the kernel is not to be looked into");
  else
    finding_set(ret, FINDING_OK, NULL, "%s: tracing is not hindered", chosen);
}

void look_tracer(const struct view *view, struct finding *ret)
{
  const struct verify_facts *facts = view->facts;
  g_autofree char *advice =
      g_strdup_printf("as root: setcap cap_bpf,cap_perfmon,cap_dac_read_search=p %s; or mend what the rows "
                      "above miss; all else works without",
                      facts->tracer);

  if (!facts->tracer)
    finding_set(ret, FINDING_MISSING,
                "install virtlens with its tracing (configure --with-bpf); all else works without",
                "not installed");
  else if (facts->tracer_problem)
    finding_set(ret, FINDING_MISSING, advice, "%s", facts->tracer_problem);
  else
    finding_set(ret, FINDING_OK, NULL, "%s can trace", facts->tracer);
}

/* ---- control groups ---- */

static const char *const controllers[] = {"cpu", "io", "blkio", "memory", "cpuset", "pids"};

/* The group of this process in the hierarchy whose line in /proc/self/cgroup has KEY between its colons ("":
 * version 2), "/user.slice"; NULL: none. */
static char *own_group(const struct view *view, const char *key)
{
  g_autofree char *text = view_read(view, "proc/self/cgroup");
  g_auto(GStrv) lines = text ? g_strsplit(text, "\n", -1) : NULL;
  for (int i = 0; lines && lines[i]; i++) {
    g_auto(GStrv) parts = g_strsplit(lines[i], ":", 3);
    g_auto(GStrv) keys = g_strv_length(parts) == 3 ? g_strsplit(parts[1], ",", -1) : NULL;
    if (keys && (*key ? g_strv_contains((const char *const *)keys, key) : !*parts[1]))
      return g_strdup(parts[2]);
  }
  return NULL;
}

static bool may_write_group(const struct view *view, const char *hierarchy, const char *key)
{
  g_autofree char *group = own_group(view, key);
  g_autofree char *path = g_build_filename(CGROUPS, hierarchy, group ? group : "/", "cgroup.procs", NULL);
  return view_may(view, path, W_OK);
}

static void look_cgroup2(const struct view *view, const char *list, struct finding *ret)
{
  bool may = may_write_group(view, "", "");
  g_autofree char *group = own_group(view, "");
  finding_set(ret, *list ? FINDING_OK : FINDING_LIMITED,
              *list ? NULL : "its parent must hand controllers down: cgroup.subtree_control",
              "version 2, controllers: %s; own group %s %s", *list ? list : "none", group ? group : "/",
              may ? "may be written" : "is read-only for this user");
}

/* Version 1: a hierarchy for each controller. */
static void look_cgroup1(const struct view *view, struct finding *ret)
{
  g_autoptr(GString) there = g_string_new(NULL), writable = g_string_new(NULL);

  for (size_t i = 0; i < G_N_ELEMENTS(controllers); i++) {
    g_autofree char *path = g_build_filename(CGROUPS, controllers[i], NULL);
    if (!view_has(view, path))
      continue;
    add_word(there, controllers[i]);
    if (may_write_group(view, controllers[i], controllers[i]))
      add_word(writable, controllers[i]);
  }
  if (there->len == 0) {
    finding_set(ret, FINDING_MISSING, "mount -t cgroup2 none /sys/fs/cgroup", "none mounted");
    return;
  }
  finding_set(ret, FINDING_LIMITED,
              "I/O of files in the page cache is told apart by version 2 alone: start the kernel with "
              "systemd.unified_cgroup_hierarchy=1",
              "version 1, controllers: %s; writable: %s", there->str, writable->len ? writable->str : "none");
}

void look_cgroup(const struct view *view, struct finding *ret)
{
  g_autofree char *list = view_read(view, CGROUPS "/cgroup.controllers");
  if (list)
    look_cgroup2(view, list, ret);
  else
    look_cgroup1(view, ret);
}
