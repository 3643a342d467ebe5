/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom the scan plan asks in a tick; and what is said of URIs and failures. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/virt/conn/uri.h"
#include "core/virt/watch/plan.h"
#include "core/virt/watch/process.h"

static bool chose(const int *chosen, int n, int index)
{
  for (int i = 0; i < n; i++)
    if (chosen[i] == index)
      return true;
  return false;
}

Test(virt_plan, those_looked_at_go_first)
{
  struct plan_item items[] = {{false, 1, 0.01}, {true, 9, 0.01}, {false, 2, 0.01}, {true, 8, 0.01}};
  int chosen[4];
  int n = plan_choose(items, 4, 1.0, false, chosen);
  cr_assert_eq(n, 4);
  cr_assert_eq(chosen[0], 3);
  cr_assert_eq(chosen[1], 1);
  cr_assert_eq(chosen[2], 0);
  cr_assert_eq(chosen[3], 2);
}

Test(virt_plan, the_budget_is_kept)
{
  struct plan_item items[100];
  int chosen[100];
  for (int i = 0; i < 100; i++)
    items[i] = (struct plan_item){false, i + 1, 0.01};
  cr_assert_eq(plan_choose(items, 100, 0.255, false, chosen), 25);
  cr_assert_eq(plan_choose(items, 100, 0.255, true, chosen), 100);
}

Test(virt_plan, each_kind_gets_one_however_dear)
{
  struct plan_item items[] = {{true, 1, 5}, {true, 2, 5}, {false, 1, 5}, {false, 2, 5}};
  int chosen[4];
  int n = plan_choose(items, 4, 0.1, false, chosen);
  cr_assert_eq(n, 2);
  cr_assert(chose(chosen, n, 0) && chose(chosen, n, 2));
}

/* However small the budget, all are read in the end, and none twice before all were once. */
Test(virt_plan, everyone_has_a_turn)
{
  enum { N = 50 };
  struct plan_item items[N];
  int chosen[N], reads[N] = {0}, most = 0, least = 1000;
  for (int i = 0; i < N; i++)
    items[i] = (struct plan_item){i < 5, 0, 0.01};
  for (int tick = 1; tick <= 45; tick++) {
    int n = plan_choose(items, N, 0.061, false, chosen);
    for (int k = 0; k < n; k++) {
      items[chosen[k]].read_ns = tick;
      reads[chosen[k]]++;
    }
  }
  for (int i = 5; i < N; i++) {
    most = MAX(most, reads[i]);
    least = MIN(least, reads[i]);
  }
  for (int i = 0; i < 5; i++)
    cr_assert_eq(reads[i], 45);
  cr_assert_geq(least, 1);
  cr_assert_leq(most - least, 1);
}

Test(virt_plan, nobody_to_ask)
{
  int chosen[1];
  cr_assert_eq(plan_choose(NULL, 0, 1, false, chosen), 0);
}

Test(virt_plan, cost_forgets_one_outlier)
{
  double cost = plan_cost(0, 0.01);
  cr_assert_eq(cost, 0.01);
  cost = plan_cost(cost, 1.0);
  for (int i = 0; i < 12; i++)
    cost = plan_cost(cost, 0.01);
  cr_assert_lt(cost, 0.02);
}

Test(virt_plan, no_group_is_both_light_and_heavy)
{
  cr_assert_eq(plan_bits(true) & plan_bits(false), 0);
  cr_assert_eq(plan_stats(true) & plan_stats(false), 0);
  cr_assert(plan_bits(false) & 1u << GROUP_STATE);
  cr_assert(plan_bits(true) & 1u << GROUP_BLOCK);
}

Test(virt_advice, local_and_remote)
{
  static const char *const local[] = {"qemu:///system", "qemu:///embed?root=/a", "test:///default",
                                      "qemu+unix:///system?socket=/a//b", "xen://"};
  static const char *const remote[] = {"qemu+ssh://u@h/system", "qemu://h/system",
                                       "test+tcp://[::1]/default"};
  g_unsetenv("LIBVIRT_DEFAULT_URI");
  cr_assert(uri_is_local(NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(local); i++)
    cr_assert(uri_is_local(local[i]), "%s", local[i]);
  for (gsize i = 0; i < G_N_ELEMENTS(remote); i++)
    cr_assert(!uri_is_local(remote[i]), "%s", remote[i]);
  g_setenv("LIBVIRT_DEFAULT_URI", remote[0], TRUE);
  cr_assert_not(uri_is_local(NULL), "libvirt would choose that one");
  cr_assert(uri_is_local(local[0]));
}

Test(virt_advice, labels)
{
  static const char *const table[][2] = {
      {"qemu:///system", "qemu:///system"},
      {"qemu+ssh://joe@h.example/system?keyfile=/k", "qemu+ssh://h.example/system"},
      {"qemu+unix:///system?socket=/a@b", "qemu+unix:///system"},
      {"test:///a@b/c", "test:///a@b/c"},
      {"nonsense", "nonsense"}};
  for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
    char *label = uri_label(table[i][0]);
    cr_assert_str_eq(label, table[i][1]);
    g_free(label);
  }
}

Test(virt_advice, ssh_never_asks_on_our_terminal)
{
  static const char *const table[][2] = {{"qemu+ssh://h/system", "qemu+ssh://h/system?no_tty=1"},
                                         {"qemu+libssh2://h/s?a=b", "qemu+libssh2://h/s?a=b&no_tty=1"},
                                         {"qemu+ssh://h/s?no_tty=0", "qemu+ssh://h/s?no_tty=0"},
                                         {"qemu:///system", "qemu:///system"}};
  for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
    char *uri = uri_to_open(table[i][0]);
    cr_assert_str_eq(uri, table[i][1]);
    g_free(uri);
  }
  cr_assert_null(uri_to_open(NULL));
}

Test(virt_advice, by_scheme_and_text)
{
  const char *missing = "Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory";
  cr_assert(strstr(open_advice("qemu:///system", missing), "libvirtd"));
  cr_assert(strstr(open_advice(NULL, missing), "libvirtd"));
  cr_assert(strstr(open_advice("qemu:///system", "... Permission denied"), "group libvirt"));
  cr_assert(strstr(open_advice("qemu+ssh://h/system", "Permission denied (publickey)."), "ssh-copy-id"));
  cr_assert(strstr(open_advice("qemu+ssh://h/system", "whatever"), "ssh HOST"));
  cr_assert(strstr(open_advice("qemu:///x", "unknown"), "virsh"));
  cr_assert_not_null(open_advice("x", NULL));
}

Test(virt_process, uuid_of_a_command_line)
{
  static const char good[] = "qemu\0-uuid\0"
                             "00000000-0000-4000-8000-000000000001\0-m\0";
  static const char cut[] = "qemu\0-uuid\0"
                            "00000000-0000";
  static const char none[] = "bash\0-c\0x\0";
  cr_assert_str_eq(process_uuid(good, sizeof good - 1), "00000000-0000-4000-8000-000000000001");
  cr_assert_null(process_uuid(cut, sizeof cut - 1));
  cr_assert_null(process_uuid(none, sizeof none - 1));
  cr_assert_null(process_uuid(good, 0));
}
