/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/redefine.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/virt/act/undo.h"
#include "core/virt/conn/xml.h"

/* With its secrets: else a definition put back would have lost its passwords. */
#define STORED (VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE)

static char *stored_xml(virDomainPtr domain, GError **err)
{
  char *xml = take_text(virDomainGetXMLDesc(domain, STORED));
  if (!xml)
    virt_error(err, NULL, "the guest's definition cannot be read");
  return xml;
}

/* ---- rename ---- */

static bool name_is_free(virConnectPtr conn, const char *name, GError **err)
{
  g_autoptr(virDomain) other = virDomainLookupByName(conn, name);
  return !other || error_set(err, ERROR_REFUSED, "Choose another name.",
                             "there is a guest called \"%s\" already", name);
}

static bool rename_to(virDomainPtr domain, const char *name, GError **err)
{
  return virDomainRename(domain, name, 0) == 0 || virt_error(err, NULL, "it cannot be renamed");
}

bool redefine_rename(struct acting *acting, virDomainPtr domain, GError **err)
{
  const char *name = action_value(acting->act->flags, "name");
  if (!name)
    return error_set(err, ERROR_USAGE, "write :rename GUEST name=NEW", "rename: its new name is missing");
  g_autofree char *before = stored_xml(domain, err), *old = g_strdup(virDomainGetName(domain));
  if (!before || !text_name_ok(name, err) || !name_is_free(acting->conn, name, err) ||
      !rename_to(domain, name, err))
    return false;
  if (!undo_keep(acting->act->uuid, before, err)) { /* what cannot be undone is not done */
    (void)rename_to(domain, old, NULL);
    return false;
  }
  acting->act->result =
      g_strdup_printf("its name is %s now; its files keep theirs; undo takes it back", name);
  return true;
}

/* ---- the definition changed ---- */

static xmlNodePtr child(xmlNodePtr node, const char *name)
{
  for (xmlNodePtr n = node->children; n; n = n->next)
    if (n->type == XML_ELEMENT_NODE && xmlStrEqual(n->name, (const xmlChar *)name))
      return n;
  return NULL;
}

static void drop(xmlNodePtr root, const char *name)
{
  xmlNodePtr node = child(root, name);
  if (!node)
    return;
  xmlUnlinkNode(node);
  xmlFreeNode(node);
}

/* Placement and the like stay, the number online goes: all are. */
static void set_vcpus(xmlNodePtr root, unsigned vcpus)
{
  g_autofree char *text = g_strdup_printf("%u", vcpus);
  xmlNodePtr node = child(root, "vcpu");
  if (!node)
    node = xml_add(root, "vcpu", NULL);
  xmlNodeSetContent(node, (const xmlChar *)text);
  xmlUnsetProp(node, (const xmlChar *)"current");
  drop(root, "vcpus"); /* one element for each of the old number */
}

static void set_memory(xmlNodePtr root, uint64_t bytes)
{
  drop(root, "memory");
  drop(root, "currentMemory");
  xml_add_bytes(root, "memory", bytes);
}

static void set_words(xmlNodePtr root, const char *name, const char *text)
{
  if (!text)
    return;
  drop(root, name);
  if (*text)
    xml_add(root, name, text);
}

char *redefine_xml(const char *xml, const struct redefinition *change)
{
  xmlDocPtr doc = xml_parse(xml);
  xmlNodePtr root = doc ? xmlDocGetRootElement(doc) : NULL;
  if (!root || !xmlStrEqual(root->name, (const xmlChar *)"domain")) {
    xmlFreeDoc(doc);
    return NULL;
  }
  if (change->vcpus)
    set_vcpus(root, change->vcpus);
  if (change->memory_bytes)
    set_memory(root, change->memory_bytes);
  set_words(root, "title", change->title);
  set_words(root, "description", change->text);
  return xml_finish(root);
}

static bool define(virConnectPtr conn, const char *xml, GError **err)
{
  g_autoptr(virDomain) defined = virDomainDefineXML(conn, xml);
  return defined || virt_error(err, NULL, "libvirt does not take the changed definition");
}

/* ---- edit ---- */

/* Values hold to the same limits as those of a launch. */
static bool take_number(struct spec *spec, enum spec_id id, const char *const *words, bool *ret_given,
                        GError **err)
{
  const char *value = action_value(words, spec_field(id)->name);
  *ret_given = value != NULL;
  return !value || spec_set(spec, id, value, err);
}

static bool take_numbers(struct redefinition *change, const char *const *words, GError **err)
{
  struct spec *spec = spec_new();
  bool vcpus = false, memory = false;
  const bool ok = take_number(spec, SPEC_VCPUS, words, &vcpus, err) &&
                  take_number(spec, SPEC_MEMORY, words, &memory, err);
  if (ok && vcpus)
    change->vcpus = (unsigned)spec_int(spec, SPEC_VCPUS);
  if (ok && memory)
    change->memory_bytes = spec_size(spec, SPEC_MEMORY);
  spec_free(spec);
  return ok;
}

static bool text_is_fit(const char *name, const char *text, GError **err)
{
  return !text || text_is_safe(text) ||
         error_set(err, ERROR_USAGE, NULL, "%s: it holds control or invisible characters", name);
}

static bool take_change(struct redefinition *change, const char *const *words, GError **err)
{
  change->title = action_value(words, "title");
  change->text = action_value(words, "description");
  if (!words || !words[0])
    return error_set(err, ERROR_USAGE, "write for example :edit GUEST vcpus=2 memory=512M",
                     "edit: what is to be changed?");
  return take_numbers(change, words, err) && text_is_fit("title", change->title, err) &&
         text_is_fit("description", change->text, err);
}

static bool vcpus_live(virDomainPtr domain, const struct redefinition *change)
{
  return virDomainSetVcpusFlags(domain, change->vcpus, VIR_DOMAIN_AFFECT_LIVE) == 0;
}

/* Within what it was started with, the balloon gives and takes. */
static bool memory_live(virDomainPtr domain, const struct redefinition *change)
{
  return virDomainSetMemoryFlags(domain, change->memory_bytes >> 10, VIR_DOMAIN_AFFECT_LIVE) == 0;
}

static bool words_live(virDomainPtr domain, int type, const char *text)
{
  return virDomainSetMetadata(domain, type, *text ? text : NULL, NULL, NULL, VIR_DOMAIN_AFFECT_LIVE) == 0;
}

static bool title_live(virDomainPtr domain, const struct redefinition *change)
{
  return words_live(domain, VIR_DOMAIN_METADATA_TITLE, change->title);
}

static bool text_live(virDomainPtr domain, const struct redefinition *change)
{
  return words_live(domain, VIR_DOMAIN_METADATA_DESCRIPTION, change->text);
}

/* What of CHANGE holds now, and what at the next start with libvirt's reason.  Caller frees. */
static char *change_running(virDomainPtr domain, const struct redefinition *change)
{
  const struct {
    const char *name;
    bool wanted;
    bool (*now)(virDomainPtr domain, const struct redefinition *change);
  } parts[] = {{"vcpus", change->vcpus > 0, vcpus_live},
               {"memory", change->memory_bytes > 0, memory_live},
               {"title", change->title != NULL, title_live},
               {"description", change->text != NULL, text_live}};
  GString *said = g_string_new("changed");
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
    if (!parts[i].wanted)
      continue;
    if (parts[i].now(domain, change))
      g_string_append_printf(said, "; %s: now", parts[i].name);
    else
      g_string_append_printf(said, "; %s: at its next start (%s)", parts[i].name, last_text());
  }
  return g_string_free(g_string_append(said, "; undo takes it back"), FALSE);
}

bool redefine_edit(struct acting *acting, virDomainPtr domain, GError **err)
{
  struct redefinition change = {0};
  if (!take_change(&change, acting->act->flags, err))
    return false;
  g_autofree char *before = stored_xml(domain, err);
  g_autofree char *after = before ? redefine_xml(before, &change) : NULL;
  if (!after)
    return before ? error_set(err, ERROR_GENERAL, NULL, "edit: its definition cannot be read") : false;
  if (!define(acting->conn, after, err))
    return false;
  if (!undo_keep(acting->act->uuid, before, err)) { /* what cannot be undone is not done */
    (void)define(acting->conn, before, NULL);
    return false;
  }
  acting->act->result = virDomainIsActive(domain) == 1 ? change_running(domain, &change)
                                                       : g_strdup("changed; undo takes it back");
  return true;
}

/* ---- undo ---- */

/* A definition under another name is taken for another guest's: the name goes first. */
static bool name_back(struct acting *acting, virDomainPtr domain, const char *xml, GError **err)
{
  g_autofree char *name = xml_text(xml, "/domain/name");
  if (!name || !g_strcmp0(name, virDomainGetName(domain)))
    return true;
  return name_is_free(acting->conn, name, err) && rename_to(domain, name, err);
}

bool redefine_undo(struct acting *acting, virDomainPtr domain, GError **err)
{
  g_autofree char *kept = undo_read(acting->act->uuid, err);
  g_autofree char *now = kept ? stored_xml(domain, err) : NULL;
  g_autofree char *name = g_strdup(virDomainGetName(domain));
  if (!now || !name_back(acting, domain, kept, err))
    return false;
  if (!define(acting->conn, kept, err)) {
    (void)virDomainRename(domain, name, 0); /* all of it or nothing; fails when it kept its name */
    return false;
  }
  if (!undo_keep(acting->act->uuid, now, err))
    return false;
  acting->act->result =
      g_strdup(virDomainIsActive(domain) == 1
                   ? "its definition is as it was, from its next start; undo again to change it"
                   : "its definition is as it was; undo again to change it");
  return true;
}
