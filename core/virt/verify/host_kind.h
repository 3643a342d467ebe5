/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of machine this is itself: physical, or a guest and of which kind. */
#ifndef VIRT_HOST_KIND_H
#define VIRT_HOST_KIND_H

#include "core/model/kind.h"
#include "core/virt/verify/view.h"

enum kind host_kind(const struct view *view);

#endif
