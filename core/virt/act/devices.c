/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/devices.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/virt/act/disks.h"
#include "core/virt/act/make.h"
#include "core/virt/act/users.h"
#include "core/virt/conn/reach.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/domain_build.h"
#include "core/virt/prepare/hostdev.h"
#include "core/virt/prepare/macs.h"

#define DETACH_DEADLINE_S                                                                                    \
  20.0 /* a guest's kernel lets a device go within a second or two; QEMU's own limit is 5 s */
#define TARGETS_MAX 26

/* ---- what is there ---- */

static void add_texts(GHashTable *set, virDomainPtr domain, unsigned flags, const char *xpath)
{
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, flags));
  g_auto(GStrv) texts = xml ? xml_texts(xml, xpath) : NULL;
  for (int i = 0; texts && texts[i]; i++)
    g_hash_table_add(set, g_strdup(texts[i]));
}

/* The first target name of BACKEND that no disk has, now or at the next start. */
static char *free_target(virDomainPtr domain, const struct backend *backend, GError **err)
{
  g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  add_texts(taken, domain, 0, "/domain/devices/disk/target/@dev");
  add_texts(taken, domain, VIR_DOMAIN_XML_INACTIVE, "/domain/devices/disk/target/@dev");
  for (int i = 0; i < TARGETS_MAX; i++) {
    g_autofree char *target = backend_disk_name(backend->prefix, i);
    if (!g_hash_table_contains(taken, target))
      return g_steal_pointer(&target);
  }
  error_set(err, ERROR_REFUSED, "Choose another backend.", "it has no room for another disk on %s",
            backend->name);
  return NULL;
}

/* libvirt would add a SCSI controller, but one of its own choice. */
static bool has_controller(virDomainPtr domain, const struct backend *backend, GError **err)
{
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, 0));
  g_autofree char *model = xml ? xml_text(xml, "/domain/devices/controller[@type='scsi']/@model") : NULL;
  return !backend->controller || !g_strcmp0(model, backend->controller) ||
         error_set(err, ERROR_REFUSED,
                   "Choose another backend, or change that of all its disks (:edit GUEST backend=NAME).",
                   "it has no controller %s", backend->controller);
}

/* ---- attaching ---- */

static const struct backend *backend_for(enum backend_class class, const char *name,
                                         const struct platform *platform, GError **err)
{
  const struct backend *backend = backend_find(class, name);
  g_autofree char *reason = !backend                       ? g_strdup("there is no such one")
                            : backend->path == PATH_DIRECT ? g_strdup("a function is attached by vf=ADDRESS")
                                                           : platform_refusal(platform, backend);
  if (!reason)
    return backend;
  error_set(err, backend ? ERROR_UNSUPPORTED : ERROR_USAGE, "Choose another one.", "%s: %s", name, reason);
  return NULL;
}

static bool attach_xml(virDomainPtr domain, const char *xml, GError **err)
{
  return virDomainAttachDeviceFlags(domain, xml, guest_scope(domain)) == 0 ||
         virt_error(err, NULL, "it cannot be attached");
}

/* The model of a NIC; a function is known by its address, or handed out by a network. */
static const struct backend *nic_for(const char *model, const struct nic_words *words,
                                     const struct platform *platform, GError **err)
{
  const struct backend *backend = words->network ? backend_find(BACKEND_NIC, model) : NULL;
  return backend && backend->path == PATH_DIRECT ? backend : backend_for(BACKEND_NIC, model, platform, err);
}

/* FUNCTION: its address, or NULL. */
static bool attach_nic(const struct acting *acting, virDomainPtr domain, const struct platform *platform,
                       const struct backend *backend, const char *function, const struct nic_words *words,
                       GError **err)
{
  g_autoptr(blueprint_plan) blueprint = g_new0(struct blueprint, 1);
  blueprint->nic = backend;
  blueprint->function = g_strdup(function);
  if (!blueprint->nic || !blueprint_set_nic(blueprint, words, platform, err) ||
      !mac_is_free(acting->conn, blueprint->mac, err))
    return false;
  g_autofree char *xml = domain_build_nic(blueprint);
  acting_step(acting, -1, function ? "attaching the function" : "attaching the NIC");
  return attach_xml(domain, xml, err);
}

/* An image of somebody else's, used as it is. */
static bool take_file(const struct acting *acting, virDomainPtr domain, const struct platform *platform,
                      struct blueprint *blueprint, const char *file, GError **err)
{
  struct blueprint_disk *disk = blueprint_add_disk(blueprint, CONTENT_EXISTS, NULL);
  char uuid[VIR_UUID_STRING_BUFLEN] = "";
  disk->path = g_canonicalize_filename(file, NULL);
  virDomainGetUUIDString(domain, uuid);
  g_autoptr(GHashTable) users = users_of_files(acting, uuid, err),
                        own = users ? users_written(domain, acting) : NULL;
  if (!users)
    return false;
  const GPtrArray *names = g_hash_table_lookup(users, disk->path);
  g_autofree char *safe = text_safe(disk->path);
  if (names || g_hash_table_contains(own, disk->path))
    return error_set(err, ERROR_REFUSED, "Two writers destroy an image: make one of its own with size=.",
                     "%s is a disk of %s already", safe, names ? (char *)names->pdata[0] : "this guest");
  disk->backing_format = disk_format(acting, platform, disk->path, err);
  disk->format = disk->backing_format;
  return disk->format != NULL;
}

static bool draw_new(const struct platform *platform, struct blueprint *blueprint, const char *size,
                     const char *target, GError **err)
{
  struct blueprint_disk *disk = blueprint_add_disk(blueprint, CONTENT_EMPTY, "qcow2");
  if (!units_parse_size(size, &disk->size_bytes, err) || !make_has_room(platform, disk->size_bytes, err))
    return false;
  if (disk->size_bytes == 0)
    return error_set(err, ERROR_USAGE, "Write for example size=1G.", "size=%s: an empty disk", size);
  if (!platform->disk_dir)
    return error_set(err, ERROR_RESOURCES, NULL, "no place for disks: %s", platform->disk_reason);
  disk->path = g_strdup_printf("%s/%s-%s.qcow2", platform->disk_dir, blueprint->name, target);
  return true;
}

static bool attach_drawn(const struct acting *acting, virDomainPtr domain, const struct platform *platform,
                         const struct blueprint *blueprint, GError **err)
{
  acting_step(acting, -1, "attaching the disk");
  if (!disks_make(acting, blueprint, platform, err))
    return false;
  g_autofree char *xml = domain_build_disk(blueprint, &blueprint->disks[0]);
  GError *fault = NULL;
  if (attach_xml(domain, xml, &fault))
    return true;
  if (fault->code != ERROR_LOST) /* else nobody knows whether the guest has it */
    disks_remove(acting, blueprint, platform);
  g_propagate_error(err, fault);
  return false;
}

static bool attach_disk(const struct acting *acting, virDomainPtr domain, const struct platform *platform,
                        GError **err)
{
  const char *const *words = acting->act->flags;
  const char *size = action_value(words, "size"), *file = action_value(words, "file");
  const char *name = action_value(words, "backend");
  const struct backend *backend = backend_for(BACKEND_DISK, name ? name : "virtio-blk", platform, err);
  g_autofree char *target =
      backend && has_controller(domain, backend, err) ? free_target(domain, backend, err) : NULL;
  g_autoptr(blueprint_plan) blueprint = g_new0(struct blueprint, 1);
  blueprint->name = g_strdup(virDomainGetName(domain));
  if (!target || !(file ? take_file(acting, domain, platform, blueprint, file, err)
                        : draw_new(platform, blueprint, size, target, err)))
    return false;
  blueprint->disks[0].backend = backend;
  blueprint->disks[0].target = g_strdup(target);
  if (!attach_drawn(acting, domain, platform, blueprint, err))
    return false;
  acting->act->result = g_strdup_printf("disk %s: %s", target, blueprint->disks[0].path);
  return true;
}

/* libvirt takes the function from its driver, and gives it back when the guest ends. */
static bool attach_function(const struct acting *acting, virDomainPtr domain, const struct platform *platform,
                            const char *name, const struct nic_words *words, GError **err)
{
  const struct sriov_pf *pf = NULL;
  const struct sriov_vf *vf = platform->functions ? sriov_find(platform->functions->pfs, name, &pf) : NULL;
  g_autofree char *safe = text_safe(name);
  if (!vf)
    return error_set(err, ERROR_USAGE, ":vfs lists them.", "%s is no virtual function of this host", safe);
  const struct sriov_check *wrong = sriov_vf_wrong(vf);
  if (wrong)
    return error_set(err, ERROR_REFUSED, wrong->advice, "%s: %s: %s", vf->address, wrong->name, wrong->text);
  if (pf->class == SRIOV_NIC)
    return attach_nic(acting, domain, platform, backend_find(BACKEND_NIC, "sr-iov-vf"), vf->address, words,
                      err);
  g_autofree char *xml = hostdev_text(vf->address, NULL);
  acting_step(acting, -1, "attaching the function");
  return attach_xml(domain, xml, err);
}

/* Of disks nothing is said that is for NICs alone; a function has no network of libvirt's. */
static bool check_words(const struct nic_words *words, bool nic, bool function, GError **err)
{
  const char *word = words->network && !nic             ? "network"
                     : words->mac && !nic && !function  ? "mac"
                     : words->vlan && !nic && !function ? "vlan"
                                                        : NULL;
  return !word || error_set(err, ERROR_USAGE, "Leave it out.", "%s is for NICs", word);
}

bool device_attach(struct acting *acting, virDomainPtr domain, GError **err)
{
  const char *const *words = acting->act->flags;
  const char *nic = action_value(words, "nic"), *vf = action_value(words, "vf");
  const struct nic_words said = {action_value(words, "mac"), action_value(words, "vlan"),
                                 action_value(words, "network")};
  const int kinds = (nic != NULL) + (vf != NULL) + (action_value(words, "size") != NULL) +
                    (action_value(words, "file") != NULL);
  if (kinds != 1)
    return error_set(err, ERROR_USAGE, "Write :attach GUEST size=1G, file=PATH, nic=MODEL or vf=ADDRESS.",
                     kinds ? "one device at a time" : "what is to be attached is missing");
  if (!check_words(&said, nic != NULL, vf != NULL, err))
    return false;
  g_autoptr(platform_facts) platform = platform_read(acting->conn, hub_lab_root(acting->hub), err);
  if (!platform)
    return false;
  return vf    ? attach_function(acting, domain, platform, vf, &said, err)
         : nic ? attach_nic(acting, domain, platform, nic_for(nic, &said, platform, err), NULL, &said, err)
               : attach_disk(acting, domain, platform, err);
}

/* ---- detaching ---- */

struct leaving {
  virDomainPtr domain;
  const char *name;
};

/* The device called NAME (a target, a MAC, an address of the host's) in the definition that FLAGS ask for, as
 * XML, or NULL. */
static char *find_device(virDomainPtr domain, unsigned flags, const char *name)
{
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, flags));
  xmlDocPtr doc = xml ? xml_parse(xml) : NULL;
  char *found = xml ? hostdev_find(xml, name) : NULL;
  g_autoptr(GPtrArray) names =
      doc ? xml_nodes(doc, "/domain/devices/disk/target/@dev | /domain/devices/interface/mac/@address")
          : g_ptr_array_new();
  for (guint i = 0; i < names->len && !found; i++) {
    xmlAttrPtr attr = names->pdata[i];
    xmlChar *value = xmlNodeGetContent((xmlNodePtr)attr);
    if (!g_ascii_strcasecmp((const char *)value, name))
      found = xml_node_text(attr->parent->parent);
    xmlFree(value);
  }
  xmlFreeDoc(doc);
  return found;
}

static bool has_left(void *context)
{
  const struct leaving *leaving = context;
  g_autofree char *xml = find_device(leaving->domain, 0, leaving->name);
  return xml == NULL;
}

static bool detach_live(const struct acting *acting, virDomainPtr domain, const char *name, GError **err)
{
  g_autofree char *xml = find_device(domain, 0, name);
  struct leaving leaving = {domain, name};
  if (!xml)
    return true;
  acting_step(acting, -1, "waiting for the guest to let it go");
  if (virDomainDetachDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
    return virt_error(err, NULL, "%s cannot be detached", name);
  return acting_wait(
      acting, has_left, &leaving, DETACH_DEADLINE_S, ERROR_GENERAL, "the guest did not let it go",
      "A guest without a driver for hot-unplug (pulse has none) lets it go when it is off.", err);
}

static bool detach_stored(virDomainPtr domain, const char *name, GError **err)
{
  g_autofree char *xml = find_device(domain, VIR_DOMAIN_XML_INACTIVE, name);
  return !xml || virDomainDetachDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_CONFIG) == 0 ||
         virt_error(err, NULL, "%s cannot be taken out of its definition", name);
}

static bool refuse_unknown(virDomainPtr domain, const char *name, GError **err)
{
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, 0)), *safe = text_safe(name);
  if (xml && reach_has_nic(xml, name))
    return error_set(
        err, ERROR_UNSUPPORTED, "A guest that is launched with ssh=no has none.",
        "the NIC %s, by which SSH reaches it, is one that QEMU makes by itself: libvirt cannot detach it",
        safe);
  return error_set(err, ERROR_USAGE, "Its details list disks and NICs.", "it has no disk or NIC %s", safe);
}

bool device_detach(struct acting *acting, virDomainPtr domain, GError **err)
{
  const char *name = action_value(acting->act->flags, "device");
  const unsigned scope = guest_scope(domain);
  if (!name)
    return error_set(err, ERROR_USAGE, "Write :detach GUEST device=vdb, or its MAC or address.",
                     "which device is missing");
  g_autofree char *now = find_device(domain, 0, name);
  g_autofree char *then = find_device(domain, VIR_DOMAIN_XML_INACTIVE, name);
  if (!now && !then)
    return refuse_unknown(domain, name, err);
  if ((scope & VIR_DOMAIN_AFFECT_LIVE) && !detach_live(acting, domain, name, err))
    return false;
  return !(scope & VIR_DOMAIN_AFFECT_CONFIG) || detach_stored(domain, name, err);
}
