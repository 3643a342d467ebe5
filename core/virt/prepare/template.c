/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/template.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/text.h"

static const struct template_kind kinds[] = {
    {"pulse",
     "a boot sector that reads and writes a scratch disk for ever",
     TEMPLATE_PULSE | TEMPLATE_REAL_MODE,
     {[SPEC_MEMORY] = "16M", [SPEC_DISK] = "256M"}},
    {"linux",
     "a Debian kernel with a busybox shell on the serial port and an empty disk",
     TEMPLATE_LINUX | TEMPLATE_KERNEL,
     {[SPEC_MEMORY] = "256M",
      [SPEC_DISK] = "1G",
      [SPEC_NIC] = "virtio-net",
      [SPEC_CMDLINE] = "console=ttyS0 panic=1"}},
    {"image",
     "an existing disk image, through a thin overlay: the image itself is never written",
     TEMPLATE_OVERLAY | TEMPLATE_SCREEN,
     {[SPEC_MEMORY] = "1G"}},
    {"iso",
     "an installer CD and an empty disk",
     TEMPLATE_CDROM | TEMPLATE_SCREEN,
     {[SPEC_MEMORY] = "1G", [SPEC_DISK] = "10G"}},
    {TEMPLATE_BENCH_NAME,
     "the guest linux at work for a benchmark, on a scratch disk",
     TEMPLATE_LINUX | TEMPLATE_KERNEL | TEMPLATE_BENCH,
     {[SPEC_MEMORY] = "256M",
      [SPEC_DISK] = "1G",
      /* The kernel tells at once that it began, and little after that: each byte costs the guest time. */
      [SPEC_CMDLINE] = "console=ttyS0 earlyprintk=ttyS0 loglevel=6 panic=1"}},
    {"kernel",
     "a kernel with initrd and command line of your own, and an empty disk",
     TEMPLATE_KERNEL,
     {[SPEC_MEMORY] = "512M", [SPEC_DISK] = "1G", [SPEC_CMDLINE] = "console=ttyS0"}},
};

const struct template_kind *template_kind_find(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (g_str_equal(kinds[i].name, name))
      return &kinds[i];
  return NULL;
}

static bool is_for_users(const struct template_kind *kind)
{
  return !(kind->flags & TEMPLATE_BENCH);
}

/* "pulse, linux, ...": caller frees. */
static char *kind_names(void)
{
  const char *names[G_N_ELEMENTS(kinds) + 1] = {0};
  for (size_t i = 0, n = 0; i < G_N_ELEMENTS(kinds); i++)
    if (is_for_users(&kinds[i]))
      names[n++] = kinds[i].name;
  return g_strjoinv(", ", (char **)(uintptr_t)names);
}

void template_free(struct template *template)
{
  if (!template)
    return;
  g_free(template->name);
  g_free(template->text);
  g_free(template->reason);
  for (int i = 0; i < SPEC_COUNT; i++)
    g_free(template->values[i]);
  g_free(template);
}

static void free_item(gpointer item)
{
  template_free(item);
}

static struct template *shipped(const struct template_kind *kind)
{
  struct template *template = g_new0(struct template, 1);
  template->name = g_strdup(kind->name);
  template->text = g_strdup(kind->text);
  template->kind = kind;
  return template;
}

/* Those that users see, or the others. */
static void add_shipped(GPtrArray *list, bool for_users)
{
  for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (is_for_users(&kinds[i]) == for_users)
      g_ptr_array_add(list, shipped(&kinds[i]));
}

/* One "KEY = VALUE" of a user's file; returns why it cannot be taken, or NULL. */
static char *take_value(struct template *template, const char *key, const char *value)
{
  if (g_str_equal(key, "text")) {
    g_free(template->text);
    template->text = g_strdup(value);
    return NULL;
  }
  if (g_str_equal(key, "base")) {
    g_autofree char *names = kind_names();
    template->kind = template_kind_find(value);
    return template->kind ? NULL : g_strdup_printf("no shipped template is called '%s' (%s)", value, names);
  }
  int id = spec_find(key);
  if (id < 0 || id == SPEC_NAME || id == SPEC_TEMPLATE)
    return g_strdup_printf("'%s' is no field of a template", key);
  struct spec *probe = spec_new();
  GError *fault = NULL;
  char *reason = NULL;
  if (!spec_set(probe, (enum spec_id)id, value, &fault))
    reason = error_what(fault);
  g_clear_error(&fault);
  spec_free(probe);
  if (!reason) {
    g_free(template->values[id]);
    template->values[id] = g_strdup(value);
  }
  return reason;
}

static char *take_line(struct template *template, char *line)
{
  g_strstrip(line);
  if (!*line || *line == '#' || g_str_equal(line, "[template]"))
    return NULL;
  char *equals = strchr(line, '=');
  if (!equals)
    return g_strdup("neither KEY = VALUE nor a comment nor [template]");
  *equals = 0;
  return take_value(template, g_strchomp(line), g_strchug(equals + 1));
}

struct template *template_parse(const char *name, const char *file, const char *text)
{
  struct template *template = g_new0(struct template, 1);
  template->name = g_strdup(name);
  if (!g_utf8_validate(text, -1, NULL)) {
    template->reason = g_strdup_printf("%s: not UTF-8 text", file);
    return template;
  }
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (int i = 0; lines[i] && !template->reason; i++) {
    g_autofree char *fault = take_line(template, lines[i]);
    if (fault)
      template->reason = g_strdup_printf("%s:%d: %s", file, i + 1, fault);
  }
  g_autofree char *names = kind_names();
  if (!template->reason && !template->kind)
    template->reason = g_strdup_printf("%s: no line such as 'base = %s' (%s)", file, kinds[0].name, names);
  if (!template->text)
    template->text = g_strdup(template->kind ? template->kind->text : "");
  return template;
}

/* FOLDER, NULL for the user's own.  Caller frees. */
static char *folder_of(const char *folder)
{
  g_autofree char *config = path_config();
  return folder ? g_strdup(folder) : g_build_filename(config, "templates", NULL);
}

static struct template *read_file(const char *folder, const char *entry)
{
  g_autofree char *name = g_strndup(entry, strlen(entry) - strlen(".template"));
  g_autofree char *file = g_build_filename(folder, entry, NULL);
  g_autofree char *text = NULL;
  GError *fault = NULL;
  struct template *template = NULL;
  if (g_file_get_contents(file, &text, NULL, &fault)) {
    template = template_parse(name, file, text);
    return template;
  }
  template = g_new0(struct template, 1);
  template->name = g_steal_pointer(&name);
  template->text = g_strdup("");
  template->reason = g_strdup(fault->message);
  g_error_free(fault);
  return template;
}

static int by_name(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *template_list(const char *folder)
{
  GPtrArray *list = g_ptr_array_new_with_free_func(free_item);
  add_shipped(list, true);
  g_autofree char *own = folder_of(folder);
  GDir *dir = g_dir_open(own, 0, NULL);
  if (!dir)
    return list;
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(g_free);
  for (const char *entry; (entry = g_dir_read_name(dir));)
    if (g_str_has_suffix(entry, ".template") && *entry != '.')
      g_ptr_array_add(entries, g_strdup(entry));
  g_dir_close(dir);
  g_ptr_array_sort(entries, by_name);
  for (guint i = 0; i < entries->len; i++) {
    struct template *template = read_file(own, entries->pdata[i]);
    if (template_find(list, template->name) && !template->reason)
      template->reason =
          g_strdup_printf("%s/%s: a shipped template has this name", own, (char *)entries->pdata[i]);
    g_ptr_array_add(list, template);
  }
  return list;
}

const struct template *template_find(const GPtrArray *list, const char *name)
{
  for (guint i = 0; i < list->len; i++) {
    const struct template *template = list->pdata[i];
    if (g_str_equal(template->name, name))
      return template;
  }
  return NULL;
}

bool template_apply(const struct template *template, struct spec *spec, GError **err)
{
  if (template->reason)
    return error_set(err, ERROR_USAGE, "Mend the file or choose another template.", "template '%s': %s",
                     template->name, template->reason);
  for (int i = 0; i < SPEC_COUNT; i++) {
    const char *value = template->values[i] ? template->values[i] : template->kind->values[i];
    if (spec->given[i] || !value || i == SPEC_NAME || i == SPEC_TEMPLATE)
      continue;
    if (!spec_set(spec, (enum spec_id)i, value, err))
      return false;
    spec->given[i] = false;
  }
  return true;
}

bool template_fill(struct spec *spec, const struct template_kind **ret_kind, GError **err)
{
  g_autoptr(GPtrArray) templates = template_list(NULL);
  add_shipped(templates, false);
  const struct template *template = template_find(templates, spec_text(spec, SPEC_TEMPLATE));
  g_autofree char *names = kind_names(), *advice = g_strdup_printf("Shipped are: %s.", names);
  if (!template)
    return error_set(err, ERROR_USAGE, advice, "template '%s': there is none of this name",
                     spec_text(spec, SPEC_TEMPLATE));
  *ret_kind = template->kind;
  return template_apply(template, spec, err);
}

static bool write_file(const struct spec *spec, const char *base, const char *path, GError **err)
{
  struct path_out *out = path_begin(path, err);
  if (!out)
    return false;
  fprintf(out->file, "# A guest template of virtlens: the fields of :launch.\n[template]\nbase = %s\n", base);
  for (int i = 0; i < SPEC_COUNT; i++) {
    const char *value = spec_text(spec, (enum spec_id)i);
    if (i != SPEC_NAME && i != SPEC_TEMPLATE && *value)
      fprintf(out->file, "%s = %s\n", spec_field((enum spec_id)i)->name, value);
  }
  return path_commit(out, err);
}

bool template_save(const struct spec *spec, const char *folder, const char *name, bool replace,
                   char **ret_path, GError **err)
{
  if (!text_name_ok(name, err))
    return false;
  if (template_kind_find(name))
    return error_set(err, ERROR_USAGE, "Give it another name.",
                     "template %s: a shipped template has this name", name);
  g_autofree char *dir = folder_of(folder);
  g_autofree char *file = g_strconcat(name, ".template", NULL), *path = g_build_filename(dir, file, NULL);
  if (!replace && g_file_test(path, G_FILE_TEST_EXISTS))
    return error_set(err, ERROR_REFUSED, "Give it another name, or replace it.",
                     "template %s: %s is there already", name, path);
  g_autoptr(GPtrArray) list = template_list(folder);
  const struct template *own = template_find(list, spec_text(spec, SPEC_TEMPLATE));
  if (!own || own->reason)
    return error_set(err, ERROR_USAGE, NULL, "template \"%s\": there is none to begin from",
                     spec_text(spec, SPEC_TEMPLATE));
  if (!path_make(dir, err) || !write_file(spec, own->kind->name, path, err))
    return false;
  *ret_path = g_steal_pointer(&path);
  return true;
}
