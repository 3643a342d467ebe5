/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest (a libvirt domain) in one scan.  What hardly ever changes is in
 * guest_info, shared by reference between scans; figures are in guest. */
#ifndef MODEL_GUEST_H
#define MODEL_GUEST_H

#include "core/base/ref.h"
#include "core/model/backend.h"
#include "core/model/kind.h"
#include "core/model/readings.h"

/* libvirt's words and order (virDomainState); checked in core/virt. */
enum guest_state {
  GUEST_NOSTATE,
  GUEST_RUNNING,
  GUEST_BLOCKED,
  GUEST_PAUSED,
  GUEST_SHUTDOWN,
  GUEST_SHUTOFF,
  GUEST_CRASHED,
  GUEST_PMSUSPENDED,
  GUEST_STATES
};
const char *guest_state_name(enum guest_state state);  /* "running", "shut off" ... as virsh says it */
const char *guest_state_short(enum guest_state state); /* "run", "off", "pause" ...: at most 5 columns */
/* A live process stands behind it (running, blocked, paused, shutting down, suspended). */
bool guest_state_active(enum guest_state state);

enum accel { ACCEL_UNKNOWN, ACCEL_KVM, ACCEL_TCG, ACCEL_XEN, ACCEL_OTHER, ACCELS };
const char *accel_name(enum accel accel); /* "kvm", "tcg" ..., "?" */

struct disk_info {
  char *target;                  /* "vda" */
  char *source;                  /* file or device; NULL: empty drive */
  char *format;                  /* "qcow2", "raw" or NULL */
  const struct backend *backend; /* NULL: not in our table; then see bus */
  char *bus;                     /* libvirt's word */
  char *cache, *io, *discard;    /* as in the definition; NULL: not said */
  bool readonly, cdrom;
  int iothread; /* 0: none */
};

struct nic_info {
  char *target; /* host side, "vnet0", or the address of a function; NULL when not running or user mode */
  char *mac, *model, *source;
  const struct backend *backend;
  int ssh_port; /* of its host's 127.0.0.1, to the guest's 22; 0: none */
};

struct hostdev_info {
  char *address; /* "0000:01:00.1" */
};

/* Filled by its maker, immutable once shared; atomic reference count (guest_info_ref/unref). */
struct guest_info {
  struct refs refs;
  char *name;     /* raw, as libvirt gave it: pass text_safe() before drawing */
  char *title;    /* raw; NULL: none */
  char *template; /* of our own guests (metadata), else NULL */
  char *key_file; /* the private key that SSH needs, of guests that we launched so; NULL: the user's own */
  char uuid[37];
  enum accel accel;
  enum kind kind;
  unsigned vcpus;
  uint64_t memory_bytes;
  bool persistent, transient_run;
  bool saved;     /* its memory is in a file: its next start goes on from there */
  bool autostart; /* with its host */
  int disk_count, nic_count, hostdev_count;
  struct disk_info *disks;
  struct nic_info *nics;
  struct hostdev_info *hostdevs;
};

struct guest_info *guest_info_new(const char *name, const char *uuid); /* ref 1; arrays grow by g_renew */
struct guest_info *guest_info_ref(const struct guest_info *info);
void guest_info_unref(struct guest_info *info); /* NULL is fine */
/* The disk the guest's I/O is about: the last that is no CD-ROM and not read-only, else the first; NULL:
 * none. (Our guests boot from the first and work on the second.) */
const struct disk_info *guest_main_disk(const struct guest_info *info);
/* The port of its host by which SSH reaches it; 0: none. */
int guest_ssh_port(const struct guest_info *info);
/* The command line that logs in to it there, for a shell; NULL: there is no such port.  Caller frees. */
char *guest_ssh_line(const struct guest_info *info);
/* "virtio-blk", "ide", "vf 01:00.1", "-": what the BACKEND column says: the main disk's
 * backend, else a device passed through.  Safe for the screen.  Caller frees. */
char *guest_backend_text(const struct guest_info *info);

/* A disk, a NIC, or the threads of one role: they differ in nothing but their scope. */
struct guest_part {
  char *target; /* which one; NULL: not known yet */
  struct readings r;
};

struct guest {
  struct guest_info *info;
  enum guest_state state;
  int id;                                /* libvirt's; -1 when not running.  Another id is another run */
  int64_t run;                           /* number that changes with each run seen: rates never span two */
  int64_t at_ns[GROUP_COUNT];            /* monotonic time at which each group was read; 0: never */
  int64_t stuck_since_ns;                /* monotonic; 0: answers */
  struct readings r;                     /* SCOPE_GUEST */
  int vcpu_count, disk_count, nic_count; /* figures, in the order libvirt gave them */
  int thread_count;                      /* roles, in the order of core/virt/watch/threads.h */
  struct readings *vcpus;
  struct guest_part *disks, *nics, *threads;
};

/* A new guest with INFO referenced, everything else zero, id -1. */
struct guest *guest_new(const struct guest_info *info);
/* Deep copy (INFO shared). */
struct guest *guest_copy(const struct guest *guest);
void guest_free(struct guest *guest);
void guest_resize_vcpus(struct guest *guest, int n);
/* The parts of SCOPE (SCOPE_DISK and those after it), and how many. */
struct guest_part *guest_parts(const struct guest *guest, enum metric_scope scope, int *ret_count);
void guest_resize_parts(struct guest *guest, enum metric_scope scope,
                        int n); /* new rows zero, targets NULL */
void guest_resize_disks(struct guest *guest, int n);
void guest_resize_nics(struct guest *guest, int n);
/* Sum disks, vCPUs and NICs into the guest's own counters, then derive everything from
 * BEFORE (NULL, or another id or run: no rates, nothing carried over).  A group not read again
 * (at_ns 0 or as in BEFORE) keeps BEFORE's time, rows and values.  Parts are matched by
 * target; a guest counter has a rate only when the same rows made it up both times. */
void guest_derive(struct guest *now, const struct guest *before);
/* Age in seconds of GROUP's readings at NOW_NS, or -1 if never read. */
double guest_age(const struct guest *guest, enum metric_group group, int64_t now_ns);

#endif
