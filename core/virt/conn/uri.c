/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/uri.h"

#include <glib.h>
#include <string.h>

#include "core/virt/conn/libvirt.h"

/* First row that fits wins; NULL fits everything. */
static const struct {
  const char *text;   /* part of libvirt's message */
  const char *scheme; /* start of the URI */
  const char *transport;
  const char *advice;
} advice_table[] = {
    {"no connection driver available", NULL, NULL,
     "Check the URI's spelling: qemu:///system, qemu:///session and qemu+ssh://HOST/system are usual."},
    {"failed to parse", NULL, NULL, "Check the URI's spelling: it looks like qemu+ssh://HOST/system."},
    {"unknown driver", NULL, NULL, "Check the URI's path: /system or /session for QEMU."},
    {"Permission denied (publickey", NULL, "ssh",
     "Check that `ssh HOST` logs in without a question: copy a key with ssh-copy-id."},
    {"Host key verification failed", NULL, "ssh", "Log in once by hand with `ssh HOST` to accept its key."},
    {"Could not resolve hostname", NULL, NULL, "Check the host's name in the URI."},
    {"Name or service not known", NULL, NULL, "Check the host's name in the URI."},
    {"Connection refused", NULL, "ssh", "Check that sshd runs on the host: `ssh HOST`."},
    {"nc: ", NULL, "ssh", "Check that libvirtd runs on the host: `ssh HOST systemctl status libvirtd`."},
    {"No such file or directory", NULL, "ssh",
     "Check that libvirtd runs on the host: `ssh HOST systemctl status libvirtd`."},
    {NULL, NULL, "ssh", "Check that `ssh HOST virsh list` works without a question."},
    {"certificate", NULL, NULL, "Check the TLS certificates under /etc/pki (virt-pki-validate tells)."},
    {"Connection refused", NULL, NULL,
     "Start the daemon: systemctl start libvirtd (or virtqemud), and for tcp or tls its listening socket."},
    {"authentication", NULL, NULL,
     "Join the group libvirt (adduser USER libvirt, then log in again), or connect to qemu:///session."},
    {"Permission denied", NULL, NULL,
     "Join the group libvirt (adduser USER libvirt, then log in again), or connect to qemu:///session."},
    {"No such file or directory", "qemu", NULL,
     "Start the daemon: systemctl start libvirtd (or virtqemud); or try --lab, which needs none."},
    {"No such file or directory", "xen", NULL,
     "Start the daemon: systemctl start libvirtd (or virtxend); it must run in dom0."},
    {"Failed to find", "qemu", NULL, "Install QEMU: apt install qemu-system-x86."},
    {NULL, "qemu:///embed", NULL, "The log file has more; a lab of its own can be chosen with --lab-root."},
    {NULL, NULL, NULL, "Try the same with `virsh -c URI list`; --lab needs no daemon."},
};

static char *uri_scheme(const char *uri)
{
  const char *colon = uri ? strchr(uri, ':') : NULL;
  return colon ? g_strndup(uri, (gsize)(colon - uri)) : g_strdup("");
}

static bool scheme_uses(const char *uri, const char *transport)
{
  g_autofree char *scheme = uri_scheme(uri);
  const char *plus = strchr(scheme, '+');
  return plus && strstr(plus, transport);
}

const char *open_advice(const char *uri, const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS(advice_table); i++) {
    if (advice_table[i].text && !(text && strstr(text, advice_table[i].text)))
      continue;
    if (advice_table[i].scheme && !g_str_has_prefix(uri ? uri : "qemu", advice_table[i].scheme))
      continue;
    if (advice_table[i].transport && !scheme_uses(uri, advice_table[i].transport))
      continue;
    return advice_table[i].advice;
  }
  g_assert_not_reached();
}

bool open_error_is_final(int code)
{
  static const int final[] = {VIR_ERR_INVALID_ARG, VIR_ERR_NO_SUPPORT, VIR_ERR_CONFIG_UNSUPPORTED,
                              VIR_ERR_NO_CONNECT, VIR_ERR_UNKNOWN_HOST};
  for (gsize i = 0; i < G_N_ELEMENTS(final); i++)
    if (final[i] == code)
      return true;
  return false;
}

/* The authority of SCHEME://AUTHORITY/..., or NULL. */
static const char *uri_authority(const char *uri)
{
  const char *p = uri ? strstr(uri, "://") : NULL;
  return p ? p + 3 : NULL;
}

bool uri_is_local(const char *uri)
{
  const char *authority = uri_authority(uri ? uri : g_getenv("LIBVIRT_DEFAULT_URI"));
  return !authority || *authority == '/' || *authority == '\0' || *authority == '?';
}

char *uri_label(const char *uri)
{
  if (!uri)
    return g_strdup("default");
  gsize len = strcspn(uri, "?#");
  g_autofree char *bare = g_strndup(uri, len);
  const char *authority = uri_authority(bare);
  const char *at = authority ? strchr(authority, '@') : NULL;
  const char *slash = authority ? strchr(authority, '/') : NULL;
  if (!at || (slash && at > slash))
    return g_steal_pointer(&bare);
  return g_strdup_printf("%.*s%s", (int)(authority - bare), bare, at + 1);
}

char *uri_to_open(const char *uri)
{
  if (!uri || !scheme_uses(uri, "ssh") || strstr(uri, "no_tty="))
    return g_strdup(uri);
  return g_strdup_printf("%s%sno_tty=1", uri, strchr(uri, '?') ? "&" : "?");
}
