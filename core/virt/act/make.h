/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A new guest made from its plan: disks, then definition; whatever was made is removed when it fails. */
#ifndef VIRT_MAKE_H
#define VIRT_MAKE_H

#include "core/virt/act/acting.h"
#include "core/virt/prepare/blueprint.h"

struct making {
  const struct blueprint *blueprint; /* the name, disks and log are made as it says */
  const struct platform *platform;
  const char *xml; /* the definition */
  bool start;
};
/* ERROR_RESOURCES when there is no room for NEED bytes where disks go. */
bool make_has_room(const struct platform *platform, uint64_t need, GError **err);
/* Make it; the new guest's UUID goes to the act's result.  ERROR_REFUSED when its name or a file is taken,
 * ERROR_RESOURCES when there is not room for its disks. */
bool make_guest(struct acting *acting, const struct making *making, GError **err);

#endif
