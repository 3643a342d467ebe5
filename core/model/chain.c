/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/chain.h"

#include <glib.h>

struct chain *chain_new(const char *uuid)
{
  struct chain *chain = g_new0(struct chain, 1);
  g_strlcpy(chain->uuid, uuid, sizeof chain->uuid);
  return chain;
}

void chain_free(struct chain *chain)
{
  if (!chain)
    return;
  for (int i = 0; i < chain->count; i++) {
    g_free(chain->rows[i].disk);
    g_free(chain->rows[i].path);
    g_free(chain->rows[i].format);
    g_free(chain->rows[i].users);
    g_free(chain->rows[i].problem);
  }
  g_free(chain->rows);
  g_free(chain);
}

struct chain_image *chain_add(struct chain *chain, const char *disk, int depth, const char *path)
{
  chain->rows = g_renew(struct chain_image, chain->rows, chain->count + 1);
  struct chain_image *row = &chain->rows[chain->count++];
  *row = (struct chain_image){
      .disk = g_strdup(disk), .depth = depth, .path = g_strdup(path), .virtual_bytes = -1, .real_bytes = -1};
  return row;
}
