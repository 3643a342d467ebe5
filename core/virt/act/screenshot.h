/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A picture of what a guest shows on its graphic screen. */
#ifndef VIRT_SCREENSHOT_H
#define VIRT_SCREENSHOT_H

#include "core/virt/act/acting.h"

/* Handler of an action; words: file=.  The file is of the machine that virtlens runs on. */
bool screenshot_take(struct acting *acting, virDomainPtr domain, GError **err);

#endif
