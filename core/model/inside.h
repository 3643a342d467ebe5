/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest looks like from inside while it runs: the addresses of its NICs and its file systems, as its
 * agent tells them.  All texts come from inside: pass text_safe() before drawing. */
#ifndef MODEL_INSIDE_H
#define MODEL_INSIDE_H

#include <stdbool.h>

#include "core/base/ref.h"

#define INSIDE_MAX 256 /* addresses, and file systems: what a guest tells beyond that is left out */

/* Who told the addresses. */
enum inside_teller { TELLER_AGENT, TELLER_LEASE, TELLER_ARP, TELLERS };
const char *inside_teller_name(enum inside_teller teller); /* "agent", "lease", "arp" */

struct inside_address {
  char *device;  /* "eth0", as the teller calls it; NULL: not told */
  char *mac;     /* NULL: not told */
  char *address; /* "10.0.2.15/24" */
};

struct inside_file_system {
  char *mount; /* "/var" */
  char *type;  /* "ext4"; NULL: not told */
  char *disks; /* targets of the disks it is on, "vda, vdb"; NULL: not told */
  bool sized;  /* both of these are told */
  uint64_t total_bytes, used_bytes;
};

/* Filled by its maker, immutable once shared; atomic reference count. */
struct inside {
  struct refs refs;
  enum inside_teller teller; /* of the addresses, where there are any */
  int address_count, file_system_count;
  struct inside_address *addresses;
  struct inside_file_system *file_systems;
  char *no_addresses, *no_file_systems; /* why they cannot be had; NULL: these are all */
};

struct inside *inside_new(void); /* ref 1 */
struct inside *inside_ref(const struct inside *inside);
void inside_unref(struct inside *inside); /* NULL is fine */

#endif
