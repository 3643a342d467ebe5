/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/libvirt.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

char *take_text(char *from_libvirt)
{
  char *text = g_strdup(from_libvirt);
  free(from_libvirt);
  return text;
}

const char *last_text(void)
{
  const char *text = virGetLastErrorMessage();
  return text ? text : "";
}

char *version_text(unsigned long version)
{
  return g_strdup_printf("%lu.%lu.%lu", version / 1000000, version / 1000 % 1000, version % 1000);
}

char *library_version(void)
{
  unsigned long version = 0;
  return virGetVersion(&version, NULL, NULL) == 0 ? version_text(version) : NULL;
}

/* libvirt's error numbers that mean more than "it failed". */
static const struct {
  int code;
  enum error_code ours;
} code_table[] = {
    {VIR_ERR_NO_MEMORY, ERROR_RESOURCES},
    {VIR_ERR_AUTH_FAILED, ERROR_RESOURCES},
    {VIR_ERR_AUTH_CANCELLED, ERROR_RESOURCES},
    {VIR_ERR_AUTH_UNAVAILABLE, ERROR_RESOURCES},
    {VIR_ERR_ACCESS_DENIED, ERROR_RESOURCES},
    {VIR_ERR_NO_SUPPORT, ERROR_UNSUPPORTED},
    {VIR_ERR_CONFIG_UNSUPPORTED, ERROR_UNSUPPORTED},
    {VIR_ERR_ARGUMENT_UNSUPPORTED, ERROR_UNSUPPORTED},
    {VIR_ERR_OPERATION_UNSUPPORTED, ERROR_UNSUPPORTED},
    {VIR_ERR_OPERATION_DENIED, ERROR_REFUSED},
    {VIR_ERR_SNAPSHOT_REVERT_RISKY, ERROR_RISKY},
    {VIR_ERR_OPERATION_ABORTED, ERROR_CANCELLED},
    {VIR_ERR_RPC, ERROR_LOST},
    {VIR_ERR_INVALID_CONN, ERROR_LOST},
};

/* Texts that come under general numbers. */
static const struct {
  const char *text;
  enum error_code ours;
} text_table[] = {
    /* It is the guest's QEMU that ended, not the connection. */
    {"read from monitor", ERROR_GENERAL},
    {"write to monitor", ERROR_GENERAL},
    {"Cannot allocate memory", ERROR_RESOURCES},
    {"No space left on device", ERROR_RESOURCES},
    {"Permission denied", ERROR_RESOURCES},
    {"client socket is closed", ERROR_LOST},
    {"End of file while reading", ERROR_LOST},
    {"Connection reset by peer", ERROR_LOST},
    {"Broken pipe", ERROR_LOST},
    {"keepalive timeout", ERROR_LOST},
};

enum error_code virt_error_code(int number, const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS(code_table); i++)
    if (code_table[i].code == number)
      return code_table[i].ours;
  for (gsize i = 0; i < G_N_ELEMENTS(text_table); i++)
    if (strstr(text, text_table[i].text))
      return text_table[i].ours;
  return ERROR_GENERAL;
}

bool virt_error(GError **err, const char *advice, const char *fmt, ...)
{
  const virError *error = virGetLastError();
  const char *why = error && error->message ? error->message : "libvirt gave no reason";
  va_list ap;
  va_start(ap, fmt);
  g_autofree char *what = g_strdup_vprintf(fmt, ap);
  va_end(ap);
  return error_set(err, error ? virt_error_code(error->code, why) : ERROR_GENERAL, advice, "%s: %s", what,
                   why);
}

virDomainPtr guest_of_uuid(virConnectPtr conn, const char *uuid, GError **err)
{
  virDomainPtr domain = virDomainLookupByUUIDString(conn, uuid);
  if (!domain)
    virt_error(err, "It may have been removed in the meantime.", "guest not found");
  return domain;
}

unsigned guest_scope(virDomainPtr domain)
{
  return (virDomainIsActive(domain) == 1 ? VIR_DOMAIN_AFFECT_LIVE : 0U) |
         (virDomainIsPersistent(domain) == 1 ? VIR_DOMAIN_AFFECT_CONFIG : 0U);
}

bool host_memory(virConnectPtr conn, uint64_t *ret_total, uint64_t *ret_free)
{
  virNodeMemoryStats fields[16];
  const int all = VIR_NODE_MEMORY_STATS_ALL_CELLS;
  int count = 0; /* it takes no other than the one it tells */
  *ret_total = *ret_free = 0;
  if (virNodeGetMemoryStats(conn, all, NULL, &count, 0) < 0 || count <= 0 ||
      count > (int)G_N_ELEMENTS(fields) || virNodeGetMemoryStats(conn, all, fields, &count, 0) < 0)
    return false;
  for (int i = 0; i < count; i++) {
    uint64_t bytes = fields[i].value * 1024; /* KiB */
    if (strcmp(fields[i].field, VIR_NODE_MEMORY_STATS_TOTAL) == 0)
      *ret_total = bytes;
    else
      *ret_free += bytes; /* free, buffers, cached */
  }
  return *ret_total > 0;
}
