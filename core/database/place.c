/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/database/place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"

#define PASSWORD_MAX 1024 /* bytes of a password's file */
#define PASSWORD_ADVICE                                                                                      \
  "keep the password in ~/.my.cnf, in a file for --sink-password-file, or in $MYSQL_PWD: a command line "    \
  "can be "                                                                                                  \
  "read by everybody"

static bool refuse_form(GError **err)
{
  return error_set(err, ERROR_USAGE, NULL, "a database is named as " PLACE_FORM);
}

/* "socket=PATH" alone. */
static bool take_query(const char *query, struct place *ret, GError **err)
{
  g_autoptr(GHashTable) words = query ? g_uri_parse_params(query, -1, "&", G_URI_PARAMS_NONE, NULL) : NULL;

  if (!query)
    return true;
  const char *path = words ? g_hash_table_lookup(words, "socket") : NULL;
  if (!path || g_hash_table_size(words) != 1)
    return refuse_form(err);
  if (!g_path_is_absolute(path))
    return error_set(err, ERROR_USAGE, NULL, "socket=: the path does not begin with /");
  ret->socket = g_strdup(path);
  return true;
}

static bool take_name(const char *path, struct place *ret, GError **err)
{
  if (!path || path[0] != '/' || !path[1] || strchr(path + 1, '/'))
    return refuse_form(err);
  ret->name = g_strdup(path + 1);
  return true;
}

static bool read_password(const char *file, char **ret, GError **err)
{
  char line[PASSWORD_MAX] = "";

  if (!file)
    return true;
  FILE *in = fopen(file, "re");
  const bool ok = in && fgets(line, sizeof line, in);
  if (in)
    fclose(in);
  if (ok) {
    line[strcspn(line, "\r\n")] = '\0';
    *ret = g_strdup(line);
    explicit_bzero(line, sizeof line);
    return true;
  }
  return in ? error_set(err, ERROR_USAGE, NULL, "--sink-password-file %s: its first line is empty", file)
            : error_set_errno(err, ERROR_USAGE, errno, NULL, "--sink-password-file %s", file);
}

bool place_parse(const char *url, const char *password_file, struct place *ret, GError **err)
{
  /* What GLib says of a fault may repeat a password. */
  g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_HAS_PASSWORD, NULL);

  *ret = (struct place){0};
  if (!uri || strcmp(g_uri_get_scheme(uri), "mysql") != 0 || !g_uri_get_host(uri) || g_uri_get_fragment(uri))
    return refuse_form(err);
  if (g_uri_get_password(uri))
    return error_set(err, ERROR_USAGE, PASSWORD_ADVICE, "a password does not belong in a URL");
  const char *user = g_uri_get_user(uri), *host = g_uri_get_host(uri);
  ret->user = user && *user ? g_strdup(user) : NULL;
  ret->host = g_strdup(*host ? host : "localhost");
  ret->port = (unsigned)MAX(g_uri_get_port(uri), 0);
  return take_name(g_uri_get_path(uri), ret, err) && take_query(g_uri_get_query(uri), ret, err) &&
         read_password(password_file, &ret->password, err);
}

void place_clear(struct place *place)
{
  g_free(place->user);
  g_free(place->host);
  g_free(place->socket);
  g_free(place->name);
  if (place->password)
    explicit_bzero(place->password, strlen(place->password));
  g_free(place->password);
  *place = (struct place){0};
}

char *place_text(const struct place *place)
{
  g_autofree char *query = place->socket ? g_strdup_printf("socket=%s", place->socket) : NULL;
  g_autofree char *path = g_strdup_printf("/%s", place->name);

  return g_uri_join_with_user(G_URI_FLAGS_NONE, "mysql", place->user, NULL, NULL, place->host,
                              place->port ? (int)place->port : -1, path, query, NULL);
}
