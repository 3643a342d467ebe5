/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/delete.h"

#include <stdlib.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/act/backing.h"
#include "core/virt/act/disks.h"
#include "core/virt/act/life.h"
#include "core/virt/act/own.h"
#include "core/virt/act/undelete.h"
#include "core/virt/act/users.h"
#include "core/virt/conn/lab_mark.h"
#include "core/virt/conn/xml.h"

/* What may be its own: writable images that no CD drive holds. */
#define XPATH_OWN "/domain/devices/disk[@device='disk'][not(readonly)][not(shareable)]/source/@file"
#define XPATH_LOG "/domain/devices/serial/log/@file"

static char *definition(virDomainPtr domain)
{
  return take_text(virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE));
}

static bool within(const char *folder, const char *path)
{
  g_autofree char *parent = g_path_get_dirname(path);
  return g_str_equal(parent, folder);
}

/* What is removed of a guest's files. */
struct rules {
  const char *root;   /* the lab's; NULL: no lab */
  bool ours;          /* the guest was made by us */
  GHashTable *others; /* users_of_files */
};

/* Outside the lab only guests that we made carry our mark, and lose their volumes. */
static struct rules rules_of(const struct acting *acting, const char *xml, GHashTable *others)
{
  const char *root = hub_lab_root(acting->hub);
  g_autofree char *mark = xml_text(xml, "/domain/metadata/v:guest/@template");
  return (struct rules){root, root || mark, others};
}

static bool is_ours(const struct rules *rules, const char *folder, const char *path)
{
  g_autofree char *dir = rules->root ? g_build_filename(rules->root, folder, NULL) : NULL;
  return rules->ours && (!dir || within(dir, path));
}

static char *why_it_stays(const struct rules *rules, const char *folder, const char *path)
{
  g_autofree char *names = users_at(rules->others, path);
  if (names)
    return g_strdup_printf("needed by %s, which would break without it", names);
  return is_ours(rules, folder, path) ? NULL : g_strdup("virtlens did not make it");
}

static void add_files(struct deletion *deletion, const struct rules *rules, const char *folder, char **files)
{
  for (int i = 0; files && files[i]; i++) {
    g_autofree char *path = g_canonicalize_filename(files[i], NULL),
                    *stays = why_it_stays(rules, folder, path);
    deletion_add(deletion, path, stays);
  }
}

/* Former images that stand behind FILES.  Another one that is there may be somebody else's by now. */
static void add_former(struct deletion *deletion, const struct rules *rules, const struct acting *acting,
                       char *const *former, char *const *files)
{
  g_autoptr(GHashTable) chain = backing_closure(acting, files);
  for (; former && *former; former++) {
    const bool behind = g_hash_table_contains(chain, *former);
    g_autofree char *stays = behind ? why_it_stays(rules, "disks", *former)
                                    : g_strdup("its disks stand on it no more: flattened, or rebased");
    if (behind || !disk_path_is_free(acting, *former))
      deletion_add(deletion, *former, stays);
  }
}

static struct deletion *plan(const struct acting *acting, virDomainPtr domain, struct rules *rules,
                             GError **err)
{
  g_autofree char *xml = definition(domain);
  if (!xml) {
    virt_error(err, NULL, "the guest's definition cannot be read");
    return NULL;
  }
  *rules = rules_of(acting, xml, rules->others);
  struct deletion *deletion = deletion_new();
  g_auto(GStrv) own = xml_texts(xml, XPATH_OWN), kept = own_of_snapshots(domain), former = own_former(xml),
                logs = rules->root ? xml_texts(xml, XPATH_LOG) : NULL;
  add_files(deletion, rules, "disks", own);
  add_files(deletion, rules, "disks", kept);
  add_former(deletion, rules, acting, former, own);
  add_files(deletion, rules, "logs", logs);
  deletion->snapshots = MAX(virDomainSnapshotNum(domain, 0), 0);
  deletion->saved = virDomainHasManagedSaveImage(domain, 0) == 1;
  return deletion;
}

struct deletion *delete_plan(struct hub *hub, const char *uuid, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  if (!conn)
    return NULL;
  g_autoptr(virDomain) domain = guest_of_uuid(conn, uuid, err);
  if (!domain)
    return NULL;
  struct acting acting = {hub, conn, NULL, NULL};
  g_autoptr(GHashTable) others = users_of_files(&acting, uuid, err);
  struct rules rules = {.others = others};
  return others ? plan(&acting, domain, &rules, err) : NULL;
}

static bool make_sure_it_is_off(const struct acting *acting, virDomainPtr domain, GError **err)
{
  int active = virDomainIsActive(domain);
  if (active < 0)
    return virt_error(err, NULL, "the guest's state cannot be read");
  if (!active)
    return true;
  if (!action_flag(acting->act->flags, "force-off"))
    return error_set(err, ERROR_REFUSED, "Stop it or force it off first.", "delete: the guest is running");
  acting_step(acting, 0.2, "ending QEMU");
  return life_end(domain, err);
}

static bool remove_files(const struct acting *acting, const struct deletion *deletion, GError **err)
{
  g_autoptr(GString) left = g_string_new(NULL);
  GError *first = NULL;
  for (guint i = 0; i < deletion->files->len; i++) {
    const struct deletion_file *file = deletion->files->pdata[i];
    acting_step(acting, 0.6, "removing files");
    GError *fault = NULL;
    if (file->stays || disk_remove(acting->conn, hub_lab_root(acting->hub), file->path, &fault))
      continue;
    g_string_append_printf(left, "%s%s", left->len ? ", " : "", file->path);
    if (first)
      g_error_free(fault);
    else
      first = fault;
  }
  if (!first)
    return true;
  g_autofree char *what = error_what(first);
  error_set(err, (enum error_code)first->code, "Remove them by hand.",
            "the guest is deleted, but these files stay: %s (%s)", left->str, what);
  g_error_free(first);
  return false;
}

/* In the lab a mark lets the next start clear up when this program is killed in the middle. */
static bool forget(const struct acting *acting, virDomainPtr domain, const struct deletion *deletion,
                   GError **err)
{
  const char *root = hub_lab_root(acting->hub), *name = virDomainGetName(domain);
  g_autoptr(GPtrArray) files = g_ptr_array_new();
  for (guint i = 0; i < deletion->files->len; i++) {
    const struct deletion_file *file = deletion->files->pdata[i];
    if (!file->stays)
      g_ptr_array_add(files, file->path);
  }
  trail_set_files(acting->trail, files);
  g_ptr_array_add(files, NULL);
  if (!lab_mark(root, name, (const char *const *)files->pdata, err))
    return false;
  g_autofree char *file = root ? lab_definition_file(root, name) : NULL, *word = text_quote_word(name),
                  *command = g_strconcat(":delete ", word, NULL);
  lab_mark_again(root, name, file, command);
  const bool ok = life_undefine(domain, false, err) && remove_files(acting, deletion, err);
  lab_unmark(root, name);
  return ok;
}

/* ---- what others need ---- */

/* A guest that is not ours would keep it anyway. */
static void leave_to(const struct acting *acting, const char *heir, const char *path)
{
  g_autoptr(virDomain) domain = virDomainLookupByName(acting->conn, heir);
  g_autofree char *xml = domain ? definition(domain) : NULL;
  g_auto(GStrv) had = xml ? own_former(xml) : NULL;
  g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (char **file = had; file && *file; file++)
    g_hash_table_add(files, g_strdup(*file));
  g_hash_table_add(files, g_strdup(path));
  if (xml && rules_of(acting, xml, NULL).ours)
    own_set_former(domain, files, NULL);
}

/* Images that would have gone if others did not stand on them go with the last of these. */
static void bequeath(const struct acting *acting, const struct deletion *deletion, const struct rules *rules)
{
  for (guint i = 0; i < deletion->files->len; i++) {
    const char *path = ((const struct deletion_file *)deletion->files->pdata[i])->path;
    const GPtrArray *heirs = g_hash_table_lookup(rules->others, path);
    for (guint k = 0; heirs && k < heirs->len && is_ours(rules, "disks", path); k++)
      leave_to(acting, heirs->pdata[k], path);
  }
}

/* Images on which those of other guests stand are left. */
static char *tell_kept(char **names)
{
  if (!names[0])
    return NULL;
  g_autofree char *all = g_strjoinv(", ", names);
  return g_strdup_printf(
      "deleted; its disks stay, for those of %s stand on them, and go with the last of these", all);
}

/* The definition alone. */
static bool keep_disks(struct acting *acting, virDomainPtr domain, GError **err)
{
  struct deleted *deleted = deleted_read(domain, err);
  GError *fault = NULL;
  if (!deleted)
    return false;
  if (!life_undefine(domain, true, &fault)) {
    if (fault->code == ERROR_LOST) /* it may be gone */
      deleted_keep(acting->hub, deleted);
    else
      deleted_free(deleted);
    g_propagate_error(err, fault);
    return false;
  }
  g_autofree char *name = text_quote_word(virDomainGetName(domain));
  acting->act->result =
      g_strdup_printf("deleted, its disks are kept; :undelete name=%s defines it again", name);
  deleted_keep(acting->hub, deleted);
  return true;
}

static bool with_disks(struct acting *acting, virDomainPtr domain, GError **err)
{
  acting_step(acting, 0, "finding its files");
  g_autoptr(GHashTable) others = users_of_files(acting, acting->act->uuid, err);
  struct rules rules = {.others = others};
  struct deletion *deletion = others ? plan(acting, domain, &rules, err) : NULL;
  g_auto(GStrv) standing = deletion ? users_among(others, acting, domain, err) : NULL;
  bool done = standing && make_sure_it_is_off(acting, domain, err) && acting_goes_on(acting, err);
  if (done) {
    acting_step(acting, 0.4, "removing the definition");
    done = forget(acting, domain, deletion, err);
  }
  if (done) {
    bequeath(acting, deletion, &rules);
    acting->act->result = tell_kept(standing);
  }
  deletion_free(deletion);
  return done;
}

bool delete_guest(struct acting *acting, virDomainPtr domain, GError **err)
{
  if (!action_flag(acting->act->flags, "keep-disks"))
    return with_disks(acting, domain, err);
  return make_sure_it_is_off(acting, domain, err) && acting_goes_on(acting, err) &&
         keep_disks(acting, domain, err);
}
