/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up images that stand on one another. */
#include "tests/fake/fake.h"

static struct chain_image *add(struct chain *chain, const char *disk, int depth, const char *path,
                               int64_t mib)
{
  struct chain_image *row = chain_add(chain, disk, depth, path);
  row->format = g_strdup("qcow2");
  row->real_bytes = mib << 20;
  row->virtual_bytes = INT64_C(10) << 30;
  return row;
}

struct chain *fake_chain(const char *uuid)
{
  struct chain *chain = chain_new(uuid);
  add(chain, "vda", 0, "/var/lib/virtlens/web-01-vda.qcow2", 3);
  add(chain, "vda", 1, "/var/lib/virtlens/web-vda.qcow2", 1400)->users = g_strdup("web, web-02, \033[31mred");
  struct chain_image *moved = chain_add(chain, "vda", 2, "/srv/base/debian-12.qcow2");
  moved->problem =
      g_strdup("qemu-img: Could not open '/srv/base/debian-12.qcow2': No such file or directory");
  add(chain, "vdb", 0, "/var/lib/virtlens/web-01-vdb.qcow2", 64);
  return chain;
}
