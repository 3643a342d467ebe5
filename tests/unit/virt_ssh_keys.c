/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which keys may log in to a guest, and which one ssh has to be told of. */
#include "tests/unit/test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/proc.h"
#include "core/virt/prepare/ssh_keys.h"

/* A home with .ssh in it, and a state folder of its own. Caller frees. */
static char *new_home(void)
{
  char *home = g_dir_make_tmp("vl-XXXXXX", NULL);
  cr_assert_not_null(home);
  g_autofree char *folder = g_build_filename(home, ".ssh", NULL),
                  *state = g_build_filename(home, "state", NULL);
  cr_assert_eq(g_mkdir(folder, 0700), 0);
  g_setenv("XDG_STATE_HOME", state, TRUE);
  return home;
}

static void remove_home(const char *home)
{
  const char *const argv[] = {"rm", "-rf", home, NULL};
  cr_assert(proc_run(argv, NULL, NULL, NULL));
}

static void put(const char *home, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(home, ".ssh", name, NULL);
  cr_assert(g_file_set_contents(path, text, -1, NULL));
}

Test(virt_ssh_keys, lines)
{
  static const char *const rows[][2] = {
      {"ssh-ed25519 AAAA me@here\n", "ssh-ed25519 AAAA"},
      {"ssh-rsa AA+/== two words", "ssh-rsa AA+/=="},
      {"ecdsa-sha2-nistp256 AAAA", "ecdsa-sha2-nistp256 AAAA"},
      {"ssh-ed25519-cert-v01@openssh.com AAAA me", NULL},
      {"command=\"x\" ssh-ed25519 AAAA", NULL},
      {"ssh-ed25519", NULL},
      {"ssh-ed25519 ", NULL},
      {"ssh-ed25519 AA<A", NULL},
      {"-----BEGIN OPENSSH PRIVATE KEY-----", NULL},
      {"", NULL},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *key = ssh_keys_line(rows[i][0]);
    cr_assert(!g_strcmp0(key, rows[i][1]), "%s gives %s", rows[i][0], key);
  }
}

Test(virt_ssh_keys, of_a_user_whom_ssh_knows)
{
  g_autofree char *home = new_home();
  struct ssh_keys keys;
  put(home, "id_rsa", "private");
  put(home, "id_rsa.pub", "ssh-rsa AAAA me@here\n");
  put(home, "copy.pub", "ssh-rsa AAAA another comment\n");
  put(home, "copy", "private");
  put(home, "known_hosts", "host ssh-rsa BBBB\n");
  put(home, "bad.pub", "\xff\xfe");
  cr_assert(ssh_keys_read(home, false, &keys));
  cr_assert_str_eq(keys.lines, "ssh-rsa AAAA");
  cr_assert_null(keys.file);
  ssh_keys_clear(&keys);
  remove_home(home);
}

Test(virt_ssh_keys, one_that_ssh_would_not_find_is_named)
{
  g_autofree char *home = new_home(), *private = g_build_filename(home, ".ssh", "work", NULL);
  struct ssh_keys keys;
  put(home, "work", "private");
  put(home, "work.pub", "ssh-ed25519 WWWW me@work\n");
  cr_assert(ssh_keys_read(home, false, &keys));
  cr_assert_str_eq(keys.lines, "ssh-ed25519 WWWW");
  cr_assert_str_eq(keys.file, private);
  ssh_keys_clear(&keys);
  remove_home(home);
}

Test(virt_ssh_keys, without_a_private_key_ours_serves)
{
  g_autofree char *home = new_home();
  GError *err = NULL;
  struct ssh_keys keys, again;
  put(home, "elsewhere.pub", "ssh-ed25519 EEEE me@elsewhere\n");
  cr_assert_not(ssh_keys_read(home, false, &keys), "one has to be made");
  cr_assert_str_eq(keys.lines, "ssh-ed25519 EEEE");
  cr_assert_null(keys.file);
  ssh_keys_clear(&keys);
  g_autofree char *tool = g_find_program_in_path("ssh-keygen");
  if (!tool) {
    remove_home(home);
    return;
  }
  cr_assert(ssh_keys_make(&err), "%s", err ? err->message : "");
  cr_assert(ssh_keys_read(home, false, &keys));
  cr_assert(g_str_has_prefix(keys.lines, "ssh-ed25519 EEEE\nssh-ed25519 AAAA"), "%s", keys.lines);
  struct stat facts;
  cr_assert_eq(stat(keys.file, &facts), 0);
  cr_assert_eq(facts.st_mode & 0777, 0600);
  cr_assert(ssh_keys_make(NULL), "one that is there stays");
  ssh_keys_read(home, false, &again);
  cr_assert_str_eq(again.lines, keys.lines);
  ssh_keys_clear(&again);
  ssh_keys_clear(&keys);
  remove_home(home);
}

Test(virt_ssh_keys, nothing_is_there)
{
  struct ssh_keys keys;
  g_autofree char *home = new_home();
  cr_assert_not(ssh_keys_read("/nonexistent", false, &keys));
  cr_assert_null(keys.lines);
  cr_assert_null(keys.file);
  ssh_keys_clear(&keys);
  remove_home(home);
}
