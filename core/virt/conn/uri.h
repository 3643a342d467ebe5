/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The URI of a connection: what is opened, what is shown, and what to try when it cannot be opened. */
#ifndef VIRT_URI_H
#define VIRT_URI_H

#include <stdbool.h>

/* True if URI (NULL: libvirt's choice, as far as the environment tells it) names a hypervisor on this
 * machine: no host part, as libvirt decides it. */
bool uri_is_local(const char *uri);
/* What the top line says for URI: without user name and parameters.  Caller frees. */
char *uri_label(const char *uri);
/* URI as it is opened: ssh must never ask on the terminal that we draw on.  Caller frees; NULL for NULL. */
char *uri_to_open(const char *uri);
/* What to try after opening URI failed with libvirt's TEXT; never NULL. */
const char *open_advice(const char *uri, const char *text);
/* libvirt's error CODE means that trying again changes nothing: the URI itself is wrong. */
bool open_error_is_final(int code);

#endif
