/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/explanation.h"

#include <glib.h>

struct explanation *explanation_new(const char *uuid)
{
  struct explanation *explanation = g_new0(struct explanation, 1);
  g_strlcpy(explanation->uuid, uuid, sizeof explanation->uuid);
  return explanation;
}

void explanation_free(struct explanation *explanation)
{
  if (!explanation)
    return;
  for (int i = 0; i < explanation->device_count; i++) {
    g_free(explanation->devices[i].name);
    g_free(explanation->devices[i].backend);
    g_free(explanation->devices[i].how);
  }
  for (int i = 0; i < SOURCES; i++)
    g_free(explanation->sources[i].text);
  g_free(explanation->devices);
  g_free(explanation->why);
  g_free(explanation->host);
  g_free(explanation);
}

struct explained_device *explanation_add_device(struct explanation *explanation)
{
  explanation->devices =
      g_renew(struct explained_device, explanation->devices, explanation->device_count + 1);
  struct explained_device *device = &explanation->devices[explanation->device_count++];
  *device = (struct explained_device){0};
  return device;
}
