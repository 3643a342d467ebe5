/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/define.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/virt/conn/reach.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/platform.h"
#include "core/virt/prepare/redefine.h"

#define VCPUS_MAX 512 /* libvirt and QEMU refuse what is too many here */

static char *stored(virDomainPtr domain, GError **err)
{
  char *xml = take_text(virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE));
  if (!xml)
    virt_error(err, NULL, "its definition cannot be read");
  return xml;
}

static bool is_persistent(virDomainPtr domain, GError **err)
{
  return virDomainIsPersistent(domain) == 1 ||
         error_set(err, ERROR_REFUSED, "Define it first, by virsh dumpxml and virsh define.",
                   "it is transient: there is no definition that stays");
}

static bool store(const struct acting *acting, const char *xml, GError **err)
{
  g_autoptr(virDomain) defined = virDomainDefineXML(acting->conn, xml);
  return defined || virt_error(err, "It is as it was.", "libvirt refuses the definition");
}

static bool change(const struct acting *acting, virDomainPtr domain, const struct redefinition *what,
                   GError **err)
{
  if (!is_persistent(domain, err))
    return false;
  g_autofree char *xml = stored(domain, err), *changed = xml ? redefine(xml, what, err) : NULL;
  return changed && store(acting, changed, err);
}

/* ---- its name ---- */

static bool give_name(virDomainPtr domain, const char *name, GError **err)
{
  return virDomainRename(domain, name, 0) == 0 || virt_error(err, NULL, "it cannot be renamed");
}

bool define_rename(struct acting *acting, virDomainPtr domain, GError **err)
{
  const char *name = action_value(acting->act->flags, "name");
  if (!name)
    return error_set(err, ERROR_USAGE, "Write :rename GUEST name=NEW.", "the new name is missing");
  if (!text_name_ok(name, err) || !is_persistent(domain, err))
    return false;
  g_autoptr(virDomain) there = virDomainLookupByName(acting->conn, name);
  if (there)
    return error_set(err, ERROR_REFUSED, "Choose another name.",
                     "name '%s': a guest of this name is there already", name);
  /* The note comes after: it would tell of a renaming that failed. */
  const struct redefinition note = {.name = name};
  g_autofree char *xml = stored(domain, err), *noted = xml ? redefine(xml, &note, err) : NULL;
  return noted && give_name(domain, name, err) && store(acting, noted, err);
}

/* ---- what it has ---- */

/* What is to change; the disks are named in WORDS, which is g_strsplit's. */
struct editing {
  struct redefinition what;
  char **words;
  struct disk_change *disks;
};

static void editing_clear(struct editing *editing)
{
  g_strfreev(editing->words);
  g_free(editing->disks);
}

static const struct backend *read_backend(const struct platform *platform, const char *name, GError **err)
{
  const struct backend *backend = backend_find(BACKEND_DISK, name);
  if (!backend) {
    error_set(err, ERROR_USAGE, "The form's picker lists them.", "backend '%s': there is no such backend",
              name);
    return NULL;
  }
  g_autofree char *reason = backend->path == PATH_DIRECT
                                ? g_strdup("a function is attached by :attach GUEST vf=ADDRESS")
                                : platform_refusal(platform, backend);
  if (!reason)
    return backend;
  error_set(err, ERROR_UNSUPPORTED, "Choose another backend.", "backend %s: %s", name, reason);
  return NULL;
}

/* "ide", or "vda:ide,vdb:sata". */
static bool read_backends(const struct acting *acting, struct editing *editing, const char *text,
                          GError **err)
{
  g_autoptr(platform_facts) platform = platform_read(acting->conn, hub_lab_root(acting->hub), err);
  if (!platform)
    return false;
  editing->words = g_strsplit(text, ",", -1);
  const int count = (int)g_strv_length(editing->words);
  editing->disks = g_new0(struct disk_change, MAX(count, 1));
  for (int i = 0; i < count; i++) {
    char *word = editing->words[i], *colon = strchr(word, ':');
    if (colon) {
      *colon = '\0';
      editing->disks[i].disk = word;
    }
    if (!(editing->disks[i].backend = read_backend(platform, colon ? colon + 1 : word, err)))
      return false;
  }
  editing->what.disks = editing->disks;
  editing->what.disk_count = count;
  return true;
}

static bool read_words(const struct acting *acting, struct editing *editing, GError **err)
{
  struct redefinition *what = &editing->what;
  const char *const *words = acting->act->flags;
  const char *vcpus = action_value(words, "vcpus"), *memory = action_value(words, "memory");
  const char *backend = action_value(words, "backend");
  int64_t number = 0;
  what->title = action_value(words, "title");
  if (vcpus && !units_parse_int(vcpus, 1, VCPUS_MAX, &number, err))
    return false;
  what->vcpus = (int)number;
  if (memory && !units_parse_size(memory, &what->memory_bytes, err))
    return false;
  if (memory && what->memory_bytes < (1U << 20))
    return error_set(err, ERROR_USAGE, "Write for example memory=512M.", "memory %s: less than 1 MiB",
                     memory);
  if (!vcpus && !memory && !backend && !what->title)
    return error_set(err, ERROR_USAGE, "Write for example :edit GUEST vcpus=2 memory=1G.",
                     "nothing to change");
  return !backend || read_backends(acting, editing, backend, err);
}

bool define_edit(struct acting *acting, virDomainPtr domain, GError **err)
{
  struct editing editing = {0};
  const bool done = read_words(acting, &editing, err) && change(acting, domain, &editing.what, err);
  editing_clear(&editing);
  if (!done)
    return false;
  acting->act->result = g_strdup(virDomainIsActive(domain) == 1 ? "changed for its next start; :undo returns"
                                                                : "changed; :undo returns");
  return true;
}

bool define_undo(struct acting *acting, virDomainPtr domain, GError **err)
{
  g_autofree char *xml = stored(domain, err), *back = xml ? redefine_back(xml, err) : NULL;
  g_autofree char *name = back ? xml_text(back, "/domain/name") : NULL;
  if (!name)
    return false;
  const bool renamed = strcmp(name, virDomainGetName(domain)) != 0;
  return (!renamed || give_name(domain, name, err)) && store(acting, back, err);
}

/* ---- what its disks stand on ---- */

#define XPATH_BACKING "/domain/devices/disk/backingStore"

bool define_forget_backing(const struct acting *acting, virDomainPtr domain, GError **err)
{
  if (virDomainIsPersistent(domain) != 1)
    return true;
  g_autofree char *xml = stored(domain, err);
  xmlDocPtr doc = xml ? xml_parse(xml) : NULL;
  if (!doc)
    return xml && error_set(err, ERROR_GENERAL, NULL, "its definition cannot be read");
  g_autoptr(GPtrArray) told = xml_nodes(doc, XPATH_BACKING);
  if (told->len == 0) {
    xmlFreeDoc(doc);
    return true;
  }
  xml_remove(doc, XPATH_BACKING);
  g_autofree char *bare = xml_finish(xmlDocGetRootElement(doc));
  return store(acting, bare, err);
}

/* ---- how SSH reaches it ---- */

bool define_port(const struct acting *acting, virDomainPtr domain, int port, GError **err)
{
  g_autofree char *xml = stored(domain, err);
  xmlDocPtr doc = xml ? xml_parse(xml) : NULL;
  if (!doc)
    return xml && error_set(err, ERROR_GENERAL, NULL, "its definition cannot be read");
  reach_move(doc, port, NULL);
  g_autofree char *moved = xml_finish(xmlDocGetRootElement(doc));
  return store(acting, moved, err);
}

/* ---- when it starts ---- */

bool define_autostart(struct acting *acting, virDomainPtr domain, GError **err)
{
  const char *const *words = acting->act->flags;
  int now = 0;
  if (!is_persistent(domain, err))
    return false;
  if (virDomainGetAutostart(domain, &now) < 0)
    return virt_error(err, NULL, "its autostart is not known");
  const int wanted = action_flag(words, "on") ? 1 : action_flag(words, "off") ? 0 : !now;
  if (wanted && hub_lab_root(acting->hub)) /* seen on 9.0.0: it stays off at the next start of the lab */
    return error_set(err, ERROR_UNSUPPORTED, "Start it by hand, or by a script (--play).",
                     "in the lab nothing starts by itself: libvirt's embedded driver "
                     "does not see to it");
  if (virDomainSetAutostart(domain, wanted) < 0)
    return virt_error(err, NULL, "its autostart cannot be set");
  acting->act->result =
      g_strdup(wanted ? "starts with its host from now on" : "no longer starts with its host");
  return true;
}
