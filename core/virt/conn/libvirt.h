/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt itself: handles that free themselves, its texts as GLib's, its errors as ours. */
#ifndef VIRT_LIBVIRT_H
#define VIRT_LIBVIRT_H

#include <glib.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virConnect, virConnectClose)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virDomain, virDomainFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virDomainSnapshot, virDomainSnapshotFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virNetwork, virNetworkFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virStoragePool, virStoragePoolFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virStorageVol, virStorageVolFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virStream, virStreamFree)

/* A text that libvirt malloc'ed, as one of GLib's; NULL stays NULL. */
char *take_text(char *from_libvirt);
/* libvirt's last error text of this thread, "" if none; valid until the next libvirt call. */
const char *last_text(void);
/* Our code for an error of libvirt: by its number, or else by its text. */
enum error_code virt_error_code(int number, const char *text);
/* Fill ERR with libvirt's last error of this thread.  Returns false. */
bool virt_error(GError **err, const char *advice, const char *fmt, ...) G_GNUC_PRINTF(3, 4);
/* A version as libvirt counts them (1000000 major + 1000 minor + release) as text, "9.0.0".  Caller frees. */
char *version_text(unsigned long version);
/* That of the library in this process; NULL: not told.  Needs no connection.  Caller frees. */
char *library_version(void);
/* The guest UUID of CONN.  The caller frees it. */
virDomainPtr guest_of_uuid(virConnectPtr conn, const char *uuid, GError **err);
/* Where a change of DOMAIN is to be made: now, for its next start, or both (VIR_DOMAIN_AFFECT_...). */
unsigned guest_scope(virDomainPtr domain);
/* The memory of the host of CONN, and what of it could be given to guests: free, or held for files; bytes.
 * False when it does not tell. */
bool host_memory(virConnectPtr conn, uint64_t *ret_total, uint64_t *ret_free);

#endif
