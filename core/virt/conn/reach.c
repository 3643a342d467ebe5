/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/reach.h"

#include <string.h>

#define SSH_PORT ":22"
#define LOOPBACK "127.0.0.1"
#define NETWORK_ID "reach"
/* Of bus 0, which libvirt fills from below and knows nothing of this one. */
#define SLOT "0x1c"
#define FACT "opt/example.virtlens/"
#define HOST_NAME_MAX_BYTES 63 /* RFC 1123, 2.1 */

#define ARGUMENTS "/domain/q:commandline/q:arg"
#define FORWARDS "/domain/devices/interface/portForward"
#define HOST_NAME "/domain/sysinfo[@type='fwcfg']/entry[@name='" FACT "hostname']"

/* ---- options of QEMU: "user,id=a,hostfwd=tcp:127.0.0.1:2222-:22" ---- */

/* The host's port of a forwarding "tcp:ADDRESS:PORT-ADDRESS:22"; 0: it is another one. */
static int forward_port(const char *value)
{
  const char *dash = strrchr(value, '-');
  if (!dash || !g_str_has_suffix(dash, SSH_PORT) || g_str_has_prefix(value, "udp:"))
    return 0;
  g_autofree char *host = g_strndup(value, (gsize)(dash - value));
  const char *colon = strrchr(host, ':');
  guint64 port = colon ? g_ascii_strtoull(colon + 1, NULL, 10) : 0;
  return port <= G_MAXUINT16 ? (int)port : 0;
}

/* The value of OPTION among PARTS, borrowed, or NULL. */
static const char *option(char **parts, const char *name)
{
  for (size_t n = strlen(name); *parts; parts++)
    if (!strncmp(*parts, name, n) && (*parts)[n] == '=')
      return *parts + n + 1;
  return NULL;
}

static int options_port(char **parts)
{
  int port = 0;
  for (; *parts && !port; parts++)
    if (g_str_has_prefix(*parts, "hostfwd="))
      port = forward_port(*parts + strlen("hostfwd="));
  return port;
}

/* Put "NAME=VALUE" in place of PART. */
static void set_part(char **part, const char *name, const char *value)
{
  g_free(*part);
  *part = g_strconcat(name, "=", value, NULL);
}

static char *forward_text(int port)
{
  return g_strdup_printf("tcp:" LOOPBACK ":%d-" SSH_PORT, port);
}

/* ---- reading ---- */

static void nic_free(void *data)
{
  struct reach_nic *nic = data;
  g_free(nic->model);
  g_free(nic->mac);
  g_free(nic);
}

/* The options behind each argument called NAME, in parts (char **, owned by the array). */
static GPtrArray *options_of(const GPtrArray *arguments, const char *name)
{
  GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  for (guint i = 0; i + 1 < arguments->len; i++) {
    g_autofree char *word = xml_attr_text(arguments->pdata[i], "value");
    g_autofree char *value = xml_attr_text(arguments->pdata[i + 1], "value");
    if (value && !g_strcmp0(word, name))
      g_ptr_array_add(found, g_strsplit(value, ",", -1));
  }
  return found;
}

/* The device on NETWORK among DEVICES, in parts, borrowed, or NULL. */
static char **device_on(const GPtrArray *devices, const char *network)
{
  for (guint i = 0; network && i < devices->len; i++)
    if (!g_strcmp0(option(devices->pdata[i], "netdev"), network))
      return devices->pdata[i];
  return NULL;
}

GPtrArray *reach_nics(xmlNodePtr domain)
{
  GPtrArray *nics = g_ptr_array_new_with_free_func(nic_free);
  g_autoptr(GPtrArray) arguments = xml_nodes(domain->doc, ARGUMENTS);
  g_autoptr(GPtrArray) networks = options_of(arguments, "-netdev"),
                       devices = options_of(arguments, "-device");
  for (guint i = 0; i < networks->len; i++) {
    char **network = networks->pdata[i], **device = device_on(devices, option(network, "id"));
    if (!device)
      continue;
    struct reach_nic *nic = g_new0(struct reach_nic, 1);
    nic->model = g_strdup(device[0]);
    nic->mac = g_strdup(option(device, "mac"));
    nic->port = options_port(network);
    g_ptr_array_add(nics, nic);
  }
  return nics;
}

bool reach_has_nic(const char *xml, const char *mac)
{
  xmlDocPtr doc = xml_parse(xml);
  bool found = false;
  if (!doc)
    return false;
  g_autoptr(GPtrArray) nics = reach_nics(xmlDocGetRootElement(doc));
  for (guint i = 0; i < nics->len; i++) {
    const struct reach_nic *nic = nics->pdata[i];
    found |= nic->mac && !g_ascii_strcasecmp(nic->mac, mac);
  }
  xmlFreeDoc(doc);
  return found;
}

static bool is(const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name);
}

/* https://libvirt.org/formatdomain.html#userspace-connection-using-passt: "to" is as "start" when left out.
 */
static int range_port(xmlNodePtr range)
{
  g_autofree char *start = xml_attr_text(range, "start"), *end = xml_attr_text(range, "end"),
                  *to = xml_attr_text(range, "to");
  const char *guest = to ? to : start;
  guint64 port = start ? g_ascii_strtoull(start, NULL, 10) : 0;
  const bool one = !end || !g_strcmp0(start, end);
  return one && !g_strcmp0(guest, SSH_PORT + 1) && port <= G_MAXUINT16 ? (int)port : 0;
}

static int forwarded(xmlNodePtr forward)
{
  g_autofree char *protocol = xml_attr_text(forward, "proto");
  int port = 0;
  for (xmlNodePtr node = forward->children; node && !port && !g_strcmp0(protocol, "tcp"); node = node->next)
    if (is(node, "range"))
      port = range_port(node);
  return port;
}

int reach_interface_port(xmlNodePtr interface)
{
  int port = 0;
  for (xmlNodePtr node = interface->children; node && !port; node = node->next)
    if (is(node, "portForward"))
      port = forwarded(node);
  return port;
}

int reach_port(const char *xml)
{
  xmlDocPtr doc = xml_parse(xml);
  int port = 0;
  if (!doc)
    return 0;
  g_autoptr(GPtrArray) forwards = xml_nodes(doc, FORWARDS);
  g_autoptr(GPtrArray) nics = reach_nics(xmlDocGetRootElement(doc));
  for (guint i = 0; i < forwards->len && !port; i++)
    port = forwarded(forwards->pdata[i]);
  for (guint i = 0; i < nics->len && !port; i++)
    port = ((const struct reach_nic *)nics->pdata[i])->port;
  xmlFreeDoc(doc);
  return port;
}

/* ---- making ---- */

char *reach_new_mac(void)
{
  guint32 number = g_random_int();
  return g_strdup_printf("52:54:00:%02x:%02x:%02x", number & 0xff, number >> 8 & 0xff, number >> 16 & 0xff);
}

/* libvirt has words of its own only for virtio. */
static const char *device_name(const char *model)
{
  return g_str_equal(model, "virtio") ? "virtio-net-pci" : model;
}

void reach_add_nic(xmlNodePtr domain, const char *model, const char *mac, int port)
{
  g_autofree char *forward = forward_text(port);
  g_autofree char *network = g_strdup_printf("user,id=" NETWORK_ID ",hostfwd=%s", forward);
  g_autofree char *device =
      g_strdup_printf("%s,netdev=" NETWORK_ID ",mac=%s,addr=" SLOT, device_name(model), mac);
  const char *const words[] = {"-netdev", network, "-device", device};
  xmlNsPtr space = xmlNewNs(domain, (const xmlChar *)XML_QEMU_NAMESPACE, (const xmlChar *)"qemu");
  xmlNodePtr line = xml_add(domain, "commandline", NULL);
  xmlSetNs(line, space);
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    xmlSetNs(xml_add_with(line, "arg", "value", words[i], NULL), space);
}

void reach_add_forward(xmlNodePtr interface, int port)
{
  g_autofree char *start = g_strdup_printf("%d", port);
  xml_add_with(interface, "backend", "type", "passt", NULL);
  xmlNodePtr forward = xml_add_with(interface, "portForward", "proto", "tcp", "address", LOOPBACK, NULL);
  xml_add_with(forward, "range", "start", start, "to", SSH_PORT + 1, NULL);
}

/* What RFC 1123 takes for one, as near to NAME as it gets.  Caller frees. */
static char *host_name(const char *name)
{
  g_autofree char *host = g_strndup(name, HOST_NAME_MAX_BYTES);
  g_strcanon(host, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-", '-');
  size_t end = strlen(host);
  while (end && host[end - 1] == '-')
    host[--end] = 0;
  const char *begin = host + strspn(host, "-");
  return g_strdup(*begin ? begin : "guest");
}

static void add_fact(xmlNodePtr facts, const char *name, const char *text)
{
  g_autofree char *whole = g_strconcat(FACT, name, NULL);
  xml_attr(xml_add(facts, "entry", text), "name", whole);
}

void reach_add_facts(xmlNodePtr domain, const struct reach_facts *facts)
{
  g_autofree char *host = host_name(facts->name);
  xmlNodePtr entries = xml_add_with(domain, "sysinfo", "type", "fwcfg", NULL);
  add_fact(entries, "hostname", host);
  if (facts->keys)
    add_fact(entries, "authorized_keys", facts->keys);
  if (facts->scratch)
    add_fact(entries, "scratch", facts->scratch);
}

/* ---- changing ---- */

/* The value of ARGUMENT with all that PORT and MAC change in it. */
static void move_argument(xmlNodePtr argument, int port, const char *mac)
{
  g_autofree char *value = xml_attr_text(argument, "value"), *forward = forward_text(port);
  if (!value)
    return;
  g_auto(GStrv) parts = g_strsplit(value, ",", -1);
  const bool ours = !g_strcmp0(option(parts, "netdev"), NETWORK_ID);
  for (char **part = parts; *part; part++)
    if (g_str_has_prefix(*part, "hostfwd=") && forward_port(*part + strlen("hostfwd=")))
      set_part(part, "hostfwd", forward);
    else if (mac && ours && g_str_has_prefix(*part, "mac="))
      set_part(part, "mac", mac);
  g_autofree char *moved = g_strjoinv(",", parts);
  xml_set_attr(argument, "value", moved);
}

void reach_move(xmlDocPtr doc, int port, const char *mac)
{
  g_autoptr(GPtrArray) arguments = xml_nodes(doc, ARGUMENTS);
  g_autoptr(GPtrArray) ranges = xml_nodes(doc, FORWARDS "[@proto='tcp']/range");
  g_autofree char *start = g_strdup_printf("%d", port);
  for (guint i = 0; i < arguments->len; i++)
    move_argument(arguments->pdata[i], port, mac);
  for (guint i = 0; i < ranges->len; i++)
    if (range_port(ranges->pdata[i])) {
      xmlUnsetProp(ranges->pdata[i], (const xmlChar *)"end");
      xml_set_attr(ranges->pdata[i], "start", start);
      xml_set_attr(ranges->pdata[i], "to", SSH_PORT + 1);
    }
}

void reach_rename(xmlDocPtr doc, const char *name)
{
  g_autoptr(GPtrArray) entries = xml_nodes(doc, HOST_NAME);
  g_autofree char *host = host_name(name);
  for (guint i = 0; i < entries->len; i++)
    xmlNodeSetContent(entries->pdata[i], (const xmlChar *)host);
}
