/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt made ready, once per process. */
#ifndef VIRT_SETUP_H
#define VIRT_SETUP_H

#include <glib.h>
#include <stdbool.h>

/* Before anything else of libvirt: error function, log to LOG_FILE, event loop thread. */
bool setup_libvirt(const char *log_file, GError **err);

#endif
