/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/ssh_keys.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/proc.h"

#define AGENT_SECONDS "3" /* one at the far end of a dead connection never answers */
#define KEYS_MAX 16       /* they go onto QEMU's command line */
#define KEY_MAX_BYTES 4096

/* Certificates (…-cert-v01@openssh.com) are not keys; the server knows no others. */
static const char *const types[] = {"ssh-ed25519",
                                    "ssh-rsa",
                                    "ecdsa-sha2-nistp256",
                                    "ecdsa-sha2-nistp384",
                                    "ecdsa-sha2-nistp521",
                                    "sk-ssh-ed25519@openssh.com",
                                    NULL};
/* What ssh looks for by itself: ssh_config(5), IdentityFile. */
static const char *const found_by_ssh[] = {"id_rsa",     "id_ecdsa",      "id_ecdsa_sk",
                                           "id_ed25519", "id_ed25519_sk", NULL};

char *ssh_keys_line(const char *line)
{
  g_auto(GStrv) words = g_strsplit_set(line, " \t\r\n", 3);
  if (!words[0] || !words[1] || !g_strv_contains(types, words[0]) || !*words[1])
    return NULL;
  const size_t n = strlen(words[1]);
  if (n > KEY_MAX_BYTES || strspn(words[1], G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+/=") != n)
    return NULL;
  return g_strdup_printf("%s %s", words[0], words[1]);
}

/* What is found: each key once. */
struct finding {
  GPtrArray *keys;
  bool by_itself; /* ssh will find a private key for one of them */
  char *file;     /* the first private key otherwise */
};

static bool add_line(struct finding *finding, const char *line)
{
  char *key = ssh_keys_line(line);
  if (!key)
    return false;
  if (finding->keys->len < KEYS_MAX &&
      !g_ptr_array_find_with_equal_func(finding->keys, key, g_str_equal, NULL))
    g_ptr_array_add(finding->keys, key);
  else
    g_free(key);
  return true;
}

static void add_file(struct finding *finding, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
  g_autofree char *stem = g_strndup(name, strlen(name) - strlen(".pub"));
  g_autofree char *private = g_build_filename(folder, stem, NULL);
  if (!g_file_get_contents(path, &text, NULL, NULL) || !add_line(finding, text) ||
      !g_file_test(private, G_FILE_TEST_EXISTS))
    return;
  if (g_strv_contains(found_by_ssh, stem))
    finding->by_itself = true;
  else if (!finding->file)
    finding->file = g_steal_pointer(&private);
}

static void add_folder(struct finding *finding, const char *home)
{
  g_autofree char *folder = g_build_filename(home, ".ssh", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));)
    if (g_str_has_suffix(name, ".pub"))
      add_file(finding, folder, name);
}

static void add_agent(struct finding *finding)
{
  static const char *const argv[] = {"timeout", AGENT_SECONDS, "ssh-add", "-L", NULL};
  g_autofree char *said = NULL;
  if (!g_getenv("SSH_AUTH_SOCK") || !proc_run(argv, NULL, &said, NULL))
    return;
  g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
  for (int i = 0; lines[i]; i++)
    if (add_line(finding, lines[i]))
      finding->by_itself = true;
}

/* ---- our own ---- */

static char *own_file(void)
{
  g_autofree char *state = path_state();
  return g_build_filename(state, "ssh", "id_ed25519", NULL);
}

static void add_own(struct finding *finding)
{
  g_autofree char *file = own_file(), *said = NULL;
  const char *const argv[] = {"ssh-keygen", "-y", "-f", file, NULL};
  if (g_file_test(file, G_FILE_TEST_EXISTS) && proc_run(argv, NULL, &said, NULL) && add_line(finding, said))
    finding->file = g_steal_pointer(&file);
}

/* Made beside its place and then linked there: of two who make one, both get the first. */
static bool make_at(const char *file, GError **err)
{
  g_autofree char *new = g_strdup_printf("%s.%08x", file, g_random_int()),
                  *public = g_strconcat(new, ".pub", NULL);
  const char *const argv[] = {"ssh-keygen", "-q",       "-t", "ed25519", "-N", "",
                              "-C",         "virtlens", "-f", new,       NULL};
  bool ok = proc_run(argv, NULL, NULL, err);
  if (ok && link(new, file) < 0 && errno != EEXIST)
    ok = error_set_errno(err, ERROR_RESOURCES, errno, NULL, "key %s", file);
  g_unlink(new);
  g_unlink(public);
  return ok;
}

bool ssh_keys_make(GError **err)
{
  g_autofree char *file = own_file(), *folder = g_path_get_dirname(file);
  return g_file_test(file, G_FILE_TEST_EXISTS) || (path_make(folder, err) && make_at(file, err));
}

/* ---- all of them ---- */

bool ssh_keys_read(const char *home, bool agent, struct ssh_keys *ret)
{
  struct finding finding = {.keys = g_ptr_array_new_with_free_func(g_free)};
  add_folder(&finding, home);
  if (agent)
    add_agent(&finding);
  if (!finding.by_itself && !finding.file)
    add_own(&finding);
  if (finding.by_itself)
    g_clear_pointer(&finding.file, g_free);
  g_ptr_array_add(finding.keys, NULL);
  g_autofree char *lines = g_strjoinv("\n", (char **)finding.keys->pdata);
  *ret = (struct ssh_keys){*lines ? g_steal_pointer(&lines) : NULL, finding.file};
  g_ptr_array_unref(finding.keys);
  return finding.by_itself || finding.file;
}

void ssh_keys_clear(struct ssh_keys *keys)
{
  g_free(keys->lines);
  g_free(keys->file);
  *keys = (struct ssh_keys){0};
}

bool ssh_keys_give(struct blueprint *blueprint)
{
  struct ssh_keys keys = {0};
  const bool usable = !blueprint->log_in || ssh_keys_read(g_get_home_dir(), true, &keys);
  g_free(blueprint->keys);
  g_free(blueprint->key_file);
  blueprint->keys = keys.lines;
  blueprint->key_file = keys.file;
  return usable;
}
