/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/stats.h"

#include <string.h>

enum list { LIST_VCPU, LIST_BLOCK, LIST_NET, LIST_COUNT };

/* Names: https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectGetAllDomainStats */
static const struct {
  const char *prefix; /* "vcpu." before the row's number */
  enum metric_group group;
} list_table[LIST_COUNT] = {
    [LIST_VCPU] = {"vcpu.", GROUP_VCPU},
    [LIST_BLOCK] = {"block.", GROUP_BLOCK},
    [LIST_NET] = {"net.", GROUP_INTERFACE},
};

static const struct {
  const char *name;
  enum metric_group group;
  int metric;
  double scale;
} guest_table[] = {
    {"cpu.time", GROUP_CPU, GUEST_CPU_TIME, 1e-9}, /* ns */
    {"vcpu.current", GROUP_VCPU, GUEST_VCPUS, 1},
    {"balloon.current", GROUP_BALLOON, GUEST_MEM, 1024}, /* KiB */
    {"balloon.rss", GROUP_BALLOON, GUEST_RSS, 1024},
};

static const struct {
  enum list list;
  const char *name;
  int metric;
  double scale;
} row_table[] = {
    {LIST_VCPU, "time", VCPU_TIME, 1e-9},
    {LIST_VCPU, "delay", VCPU_DELAY, 1e-9},
    {LIST_VCPU, "wait", VCPU_WAIT_TIME, 1e-9},
    {LIST_VCPU, "exits.sum", VCPU_EXITS_TOTAL, 1},
    {LIST_VCPU, "io_exits.sum", VCPU_IO_TOTAL, 1},
    {LIST_VCPU, "mmio_exits.sum", VCPU_MMIO_TOTAL, 1},
    {LIST_VCPU, "halt_exits.sum", VCPU_HALT_TOTAL, 1},
    {LIST_VCPU, "irq_exits.sum", VCPU_IRQ_TOTAL, 1},
    {LIST_VCPU, "irq_window_exits.sum", VCPU_WINDOW_TOTAL, 1},
    {LIST_VCPU, "signal_exits.sum", VCPU_SIGNAL_TOTAL, 1},
    {LIST_VCPU, "hypercalls.sum", VCPU_HYPERCALL_TOTAL, 1},
    {LIST_VCPU, "pf_taken.sum", VCPU_FAULT_TOTAL, 1},
    {LIST_VCPU, "insn_emulation.sum", VCPU_EMULATED_TOTAL, 1},
    {LIST_VCPU, "fpu_reload.sum", VCPU_USER_TOTAL, 1},
    {LIST_BLOCK, "rd.bytes", DISK_RD_BYTES, 1},
    {LIST_BLOCK, "wr.bytes", DISK_WR_BYTES, 1},
    {LIST_BLOCK, "rd.reqs", DISK_RD_REQS, 1},
    {LIST_BLOCK, "wr.reqs", DISK_WR_REQS, 1},
    {LIST_BLOCK, "fl.reqs", DISK_FL_REQS, 1},
    {LIST_BLOCK, "rd.times", DISK_RD_TIME, 1e-9},
    {LIST_BLOCK, "wr.times", DISK_WR_TIME, 1e-9},
    {LIST_BLOCK, "fl.times", DISK_FL_TIME, 1e-9},
    {LIST_BLOCK, "allocation", DISK_ALLOCATION, 1},
    {LIST_BLOCK, "capacity", DISK_CAPACITY, 1},
    {LIST_NET, "rx.bytes", NIC_RX_BYTES, 1},
    {LIST_NET, "tx.bytes", NIC_TX_BYTES, 1},
    {LIST_NET, "rx.pkts", NIC_RX_PACKETS, 1},
    {LIST_NET, "tx.pkts", NIC_TX_PACKETS, 1},
    {LIST_NET, "rx.drop", NIC_DROPS_TOTAL, 1},
    {LIST_NET, "tx.drop", NIC_DROPS_TOTAL, 1},
};

static bool value_of(const virTypedParameter *param, double *ret)
{
  switch (param->type) {
  case VIR_TYPED_PARAM_INT:
    *ret = param->value.i;
    return param->value.i >= 0;
  case VIR_TYPED_PARAM_UINT:
    *ret = param->value.ui;
    return true;
  case VIR_TYPED_PARAM_LLONG:
    *ret = (double)param->value.l;
    return param->value.l >= 0;
  case VIR_TYPED_PARAM_ULLONG:
    *ret = (double)param->value.ul;
    return true;
  default:
    return false;
  }
}

/* FIELD is "block.3.rd.bytes": gives the list, 3 and "rd.bytes". */
static bool split_row(const char *field, enum list *ret_list, int *ret_row, const char **ret_name)
{
  for (int list = 0; list < LIST_COUNT; list++) {
    size_t len = strlen(list_table[list].prefix);
    if (strncmp(field, list_table[list].prefix, len) != 0)
      continue;
    const char *p = field + len;
    int row = 0;
    while (*p >= '0' && *p <= '9' && row < STATS_ROWS_MAX)
      row = row * 10 + (*p++ - '0');
    if (p == field + len || *p != '.' || row >= STATS_ROWS_MAX)
      return false;
    *ret_list = (enum list)list;
    *ret_row = row;
    *ret_name = p + 1;
    return true;
  }
  return false;
}

/* ---- first look: what is there ---- */

struct shape {
  int rows[LIST_COUNT];
  bool cpu_time, balloon, vcpu_time, exits, block_reqs;
  bool lists[LIST_COUNT]; /* the count was there */
};

static void look_at_guest(struct shape *shape, const char *field)
{
  static const char *const counts[LIST_COUNT] = {"vcpu.current", "block.count", "net.count"};
  shape->cpu_time |= strcmp(field, "cpu.time") == 0;
  shape->balloon |= strcmp(field, "balloon.current") == 0;
  for (int list = 0; list < LIST_COUNT; list++)
    shape->lists[list] |= strcmp(field, counts[list]) == 0;
}

static void look(struct shape *shape, const virTypedParameter *params, int count)
{
  for (int i = 0; i < count; i++) {
    enum list list;
    int row;
    const char *name;
    if (!split_row(params[i].field, &list, &row, &name)) {
      look_at_guest(shape, params[i].field);
      continue;
    }
    shape->rows[list] = MAX(shape->rows[list], row + 1);
    shape->vcpu_time |= list == LIST_VCPU && strcmp(name, "time") == 0;
    shape->exits |= list == LIST_VCPU && strcmp(name, "exits.sum") == 0;
    shape->block_reqs |= list == LIST_BLOCK && strcmp(name, "rd.reqs") == 0;
  }
}

static bool had_exits(const struct guest *guest)
{
  for (int i = 0; i < guest->vcpu_count; i++)
    if (readings_has(&guest->vcpus[i], VCPU_EXITS_TOTAL))
      return true;
  return false;
}

/* A guest whose monitor someone else holds answers NOWAIT with names and sizes, but
 * without what only QEMU knows: its block counters and exits. */
static struct stats_found judge(const struct shape *shape, const struct guest *guest, unsigned asked)
{
  struct stats_found found = {0};
  if ((asked & 1u << GROUP_BLOCK) && guest_state_active(guest->state))
    found.missed = shape->rows[LIST_BLOCK] > 0 && !shape->block_reqs;
  if ((asked & 1u << GROUP_VCPU) && had_exits(guest) && !shape->exits)
    found.missed = true;
  /* vCPU time and process time are subtracted from one another: both or none. */
  if (!found.missed && shape->cpu_time)
    found.groups |= 1u << GROUP_CPU;
  if (!found.missed && shape->vcpu_time)
    found.groups |= 1u << GROUP_VCPU;
  if (!found.missed && (shape->block_reqs || (shape->lists[LIST_BLOCK] && shape->rows[LIST_BLOCK] == 0)))
    found.groups |= 1u << GROUP_BLOCK;
  if (shape->balloon)
    found.groups |= 1u << GROUP_BALLOON;
  if (shape->lists[LIST_NET] || shape->rows[LIST_NET] > 0)
    found.groups |= 1u << GROUP_INTERFACE;
  found.groups &= asked;
  return found;
}

/* ---- second look: take it ---- */

static void clear_group_of_guest(struct guest *guest, enum metric_group group)
{
  for (gsize i = 0; i < G_N_ELEMENTS(guest_table); i++)
    if (guest_table[i].group == group)
      readings_clear(&guest->r, guest_table[i].metric);
}

static void clear_rows(struct guest *guest, const struct shape *shape, unsigned groups)
{
  if (groups & 1u << GROUP_VCPU) {
    guest_resize_vcpus(guest, shape->rows[LIST_VCPU]);
    for (int i = 0; i < guest->vcpu_count; i++)
      guest->vcpus[i].present = 0;
  }
  if (groups & 1u << GROUP_BLOCK) {
    guest_resize_disks(guest, shape->rows[LIST_BLOCK]);
    for (int i = 0; i < guest->disk_count; i++)
      guest->disks[i].r.present = 0;
  }
  if (groups & 1u << GROUP_INTERFACE) {
    guest_resize_nics(guest, shape->rows[LIST_NET]);
    for (int i = 0; i < guest->nic_count; i++)
      guest->nics[i].r.present = 0;
  }
}

static struct readings *row_of(struct guest *guest, enum list list, int row)
{
  switch (list) {
  case LIST_VCPU:
    return &guest->vcpus[row];
  case LIST_BLOCK:
    return &guest->disks[row].r;
  default:
    return &guest->nics[row].r;
  }
}

static void take_name(struct guest *guest, enum list list, int row, const virTypedParameter *param)
{
  char **slot = list == LIST_BLOCK ? &guest->disks[row].target
                : list == LIST_NET ? &guest->nics[row].target
                                   : NULL;
  if (!slot || param->type != VIR_TYPED_PARAM_STRING || g_strcmp0(*slot, param->value.s) == 0)
    return;
  g_free(*slot);
  *slot = g_strdup(param->value.s);
}

static void take_row(struct guest *guest, enum list list, int row, const char *name,
                     const virTypedParameter *param)
{
  double value;
  if (strcmp(name, "name") == 0)
    take_name(guest, list, row, param);
  if (!value_of(param, &value))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS(row_table); i++)
    if (row_table[i].list == list && strcmp(name, row_table[i].name) == 0)
      readings_add(row_of(guest, list, row), row_table[i].metric, value * row_table[i].scale);
}

static void take_guest(struct guest *guest, const virTypedParameter *param, unsigned groups)
{
  double value;
  for (gsize i = 0; i < G_N_ELEMENTS(guest_table); i++)
    if ((groups & 1u << guest_table[i].group) && strcmp(param->field, guest_table[i].name) == 0 &&
        value_of(param, &value))
      readings_set(&guest->r, guest_table[i].metric, value * guest_table[i].scale);
}

struct stats_found stats_apply(struct guest *guest, const virTypedParameter *params, int count, int64_t at_ns,
                               unsigned asked)
{
  struct shape shape = {0};
  look(&shape, params, count);
  struct stats_found found = judge(&shape, guest, asked);
  clear_rows(guest, &shape, found.groups);
  for (int group = 0; group < GROUP_COUNT; group++) {
    if (!(found.groups & 1u << group))
      continue;
    guest->at_ns[group] = at_ns;
    clear_group_of_guest(guest, (enum metric_group)group);
  }
  for (int i = 0; i < count; i++) {
    enum list list;
    int row;
    const char *name;
    if (!split_row(params[i].field, &list, &row, &name))
      take_guest(guest, &params[i], found.groups);
    else if (found.groups & 1u << list_table[list].group)
      take_row(guest, list, row, name, &params[i]);
  }
  return found;
}

enum guest_state stats_state(const virTypedParameter *params, int count)
{
  double value;
  for (int i = 0; i < count; i++)
    if (strcmp(params[i].field, "state.state") == 0 && value_of(&params[i], &value) && value < GUEST_STATES)
      return (enum guest_state)value;
  return GUEST_NOSTATE;
}

void stats_clear(struct guest *guest)
{
  guest_resize_vcpus(guest, 0);
  for (int scope = SCOPE_DISK; scope < SCOPE_COUNT; scope++)
    guest_resize_parts(guest, (enum metric_scope)scope, 0);
  memset(&guest->r, 0, sizeof guest->r);
  memset(guest->at_ns, 0, sizeof guest->at_ns);
  guest->stuck_since_ns = 0;
}
