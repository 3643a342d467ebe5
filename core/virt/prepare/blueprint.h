/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A launch thought through before anything is made: which disks, with which contents,
 * which devices.  Drawn by a pure function; preview and launch use the same one. */
#ifndef VIRT_BLUEPRINT_H
#define VIRT_BLUEPRINT_H

#include "core/model/guest.h"
#include "core/virt/prepare/platform.h"
#include "core/virt/prepare/pulse.h"
#include "core/virt/prepare/template.h"

enum content {
  CONTENT_EMPTY,   /* a thin, empty image */
  CONTENT_OVERLAY, /* a thin overlay over BACKING */
  CONTENT_SECTOR,  /* the pulse boot sector */
  CONTENT_WORK,    /* empty, but for the header that says what pulse does */
  CONTENT_COPY,    /* all that BACKING holds, on its own */
  CONTENT_EXISTS,  /* somebody else's file, used as it is and never written */
};

/* Who leads a port of this host to its SSH server. */
enum reach {
  REACH_NONE,
  REACH_QEMU, /* on a user network that libvirt does not know as one (reach.h) */
  REACH_PASST,
};

struct blueprint_disk {
  enum content content;
  char *path, *target, *backing, *backing_format;
  char *snapshot;                /* copy BACKING as it was in this internal snapshot; NULL: as it is */
  const char *format;            /* "qcow2", "raw" */
  const char *serial;            /* its serial number in the guest; NULL: the hypervisor's choice */
  uint64_t size_bytes;           /* 0: that of the backing image */
  const struct backend *backend; /* NULL: CD drive on the machine's own bus */
  bool cdrom, tuned;             /* tuned: cache, aio, discard and I/O thread of the form are for this disk */
};

struct blueprint {
  char *name, *template;
  char *title; /* NULL: none */
  const struct template_kind *kind;
  enum machine machine;
  enum accel accel;
  char *accel_note; /* why auto chose TCG; NULL: nothing to tell */
  int vcpus;
  uint64_t memory_bytes;
  char *kernel, *initrd, *cmdline;
  char *cache, *aio, *discard; /* NULL: the hypervisor's default */
  bool iothread;
  const char *new_format;    /* of images that are made empty: "qcow2", "raw" */
  bool agent;                /* a channel to a guest agent, should one run in it */
  const struct backend *nic; /* NULL: none */
  char *drive, *function; /* PCI addresses of what it is given of the host in place of a disk, and as its NIC;
                             NULL: nothing */
  char *network;          /* NULL: user mode; of a direct NIC: whose functions it gets one of */
  enum reach reach;       /* whether SSH is to reach it, and how */
  int ssh_port;           /* of this host; chosen by ports.h, as is MAC where nobody asked for one */
  char *mac;              /* NULL: libvirt makes one */
  int vlan;               /* 0: none */
  bool log_in;            /* it has an SSH server of ours, which lets KEYS in */
  char *keys;             /* public keys that may log in, a line each; NULL: none */
  char *key_file;         /* the private key for one of them, where it is not the user's own; NULL: it is */
  char *log_file;         /* serial log; NULL: none */
  bool bench;             /* a benchmark's: it is told its scratch disk, takes orders by a second serial port,
                             and is started paused, so that nothing of its boot is missed */
  int disk_count;
  struct blueprint_disk *disks;
  struct pulse_work work; /* of pulse */
};

/* SPEC has been through template_apply; pure.  Refusals say which field and why. */
struct blueprint *blueprint_draw(const struct spec *spec, const struct template_kind *kind,
                                 const struct platform *platform, GError **err);
/* The same, SPEC being filled by the template that it names first. */
struct blueprint *blueprint_of(const struct spec *spec, const struct platform *platform, GError **err);
/* What was asked for of a NIC beside its model, as typed; NULL: nothing. */
struct nic_words {
  const char *mac, *vlan, *network;
};
/* Put WORDS into BLUEPRINT, which has its nic; pure. */
bool blueprint_set_nic(struct blueprint *blueprint, const struct nic_words *words,
                       const struct platform *platform, GError **err);
/* A new last disk, zero but for these; valid until the next one. */
struct blueprint_disk *blueprint_add_disk(struct blueprint *blueprint, enum content content,
                                          const char *format);
void blueprint_free(struct blueprint *blueprint);
typedef struct blueprint blueprint_plan;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(blueprint_plan, blueprint_free)

#endif
