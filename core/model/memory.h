/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What processes ask of memory: mmap, munmap, mremap, brk, and mprotect on wish, as the kernel is seen to
 * answer.  Bytes mapped and freed are whole pages of requests that were granted; a mapping that is put over
 * another, or goes with its process, is not seen as freed.  Not seen at all: what is asked by int 0x80, as
 * old 32-bit programs do. */
#ifndef MODEL_MEMORY_H
#define MODEL_MEMORY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/ref.h"

enum memory_call { MEMORY_MMAP, MEMORY_MUNMAP, MEMORY_MREMAP, MEMORY_BRK, MEMORY_MPROTECT, MEMORY_CALLS };
const char *memory_call_name(enum memory_call call);
int memory_call_find(const char *name); /* -1: none */

#define MEMORY_NAME 16 /* bytes of a process's name with its 0; any bytes, as the process likes */

struct memory_sums {
  uint64_t calls[MEMORY_CALLS];
  uint64_t failed;
  uint64_t mapped, freed; /* bytes */
  uint64_t sent, lost;    /* requests: handed on one by one; not handed on for want of room */
};
uint64_t memory_sums_seen(const struct memory_sums *sums); /* all calls */
void memory_sums_add(struct memory_sums *to, const struct memory_sums *sums);

/* A process under one of its names.  pid 0: those for which the kernel's side had no room, together. */
struct memory_process {
  int pid;
  char name[MEMORY_NAME];
  struct memory_sums sums;
};

struct memory_request {
  int64_t mono_ns;          /* when it was answered */
  uint64_t address, length; /* as asked; brk: the end that was asked for, and 0; mremap: the new length */
  int64_t result;           /* as the system call gave it: an address, 0, or -errno */
  int64_t change;           /* bytes by which the process's memory grew */
  int pid, tid;
  uint32_t protection; /* PROT_ bits of mmap and mprotect */
  enum memory_call call;
  char name[MEMORY_NAME];
};
/* Was it refused?  brk has its own way of telling. */
bool memory_request_failed(const struct memory_request *request);
/* The result for reading: "0", "0x7f2d9c021000", "ENOMEM".  Caller frees. */
char *memory_request_result(const struct memory_request *request);
/* "rw-", "r-x"; "" for calls that have none.  Returns BUF. */
typedef char memory_protection_buf[4];
const char *memory_protection(memory_protection_buf buf, const struct memory_request *request);

/* What was seen from one moment to the next, each request in one turn.  Immutable once published; atomic
 * reference count.  seen = sent + lost wherever each request was wished for. */
struct memory_turn {
  struct refs refs;
  int64_t wall_ns, mono_ns; /* when it ended */
  double seconds;           /* that it took */
  bool sending;             /* each request was wished for, from beginning to end */
  bool ended;               /* it is the last */
  char *problem;            /* why it is the last, and after '\n' what to do; NULL: as was wished */
  struct memory_sums sums;  /* of all processes */
  guint process_count, request_count;
  struct memory_process *processes;
  struct memory_request *requests; /* in the order of the kernel's answers, nearly */
};
/* Takes its arrays: struct memory_process, struct memory_request (NULL: none); adds up. */
struct memory_turn *memory_turn_new(GArray *processes, GArray *requests);
/* The same without its requests, which count as lost. */
struct memory_turn *memory_turn_thin(const struct memory_turn *turn);
struct memory_turn *memory_turn_ref(const struct memory_turn *turn);
void memory_turn_unref(struct memory_turn *turn); /* NULL is fine */

/* Whose requests, and what of them. */
enum memory_whose { MEMORY_ALL, MEMORY_PID, MEMORY_NAMED };
struct memory_wish {
  enum memory_whose whose;
  char name[MEMORY_NAME]; /* MEMORY_NAMED: exactly; longer ones as the kernel cuts them */
  int pid;                /* MEMORY_PID */
  bool requests;          /* each of them, not their sums alone */
  bool protections;       /* mprotect, too; only before it begins */
  double seconds;         /* that a turn takes: 0.1 to 60 */
};

#endif
