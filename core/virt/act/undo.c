/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/undo.h"

#include <glib/gstdio.h>

#include "core/base/error.h"
#include "core/base/path.h"

static char *undo_folder(void)
{
  g_autofree char *state = path_state();
  return g_build_filename(state, "undo", NULL);
}

static char *undo_file(const char *uuid)
{
  g_autofree char *folder = undo_folder(), *name = g_strdup_printf("%s.xml", uuid);
  return g_build_filename(folder, name, NULL);
}

bool undo_keep(const char *uuid, const char *xml, GError **err)
{
  g_autofree char *folder = undo_folder(), *file = undo_file(uuid);
  if (!path_make(folder, err))
    return false;
  struct path_out *out = path_begin(file, err);
  if (!out)
    return false;
  fputs(xml, out->file); /* path_commit tells whether it could be written */
  return path_commit(out, err);
}

char *undo_read(const char *uuid, GError **err)
{
  g_autofree char *file = undo_file(uuid);
  g_autoptr(GError) fault = NULL;
  char *xml = NULL;
  if (g_file_get_contents(file, &xml, NULL, &fault))
    return xml;
  if (g_error_matches(fault, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    error_set(err, ERROR_REFUSED, NULL, "undo: no change of its definition is known");
  else
    error_set(err, ERROR_GENERAL, NULL, "undo: %s", fault->message);
  return NULL;
}

void undo_forget(const char *uuid)
{
  g_autofree char *file = undo_file(uuid);
  g_unlink(file);
}
