/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/trace/tracer.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/host/bpf/memory.skel.h"

#define MAPS 2
#define BATCH 256 /* processes read at once */

struct tracer {
  struct memory_bpf *bpf;
  struct ring_buffer *ring;
  int maps[MAPS]; /* of sums; one is in use */
  int in_use;
  uint64_t sent, taken; /* requests put into the ring up to the last turn; taken from it */
  uint64_t most;        /* what TAKEN is not to pass just now */
  tracer_request *each;
  void *context;
};

/* ---- its life ---- */

/* What the rest of all processes is counted in must be there: the kernel's side makes no room for it. */
static int prepare(int map)
{
  static const struct traced_process the_rest;
  static const struct traced_sums nothing;

  return -bpf_map_update_elem(map, &the_rest, &nothing, BPF_ANY);
}

static int hand_on(void *context, void *data, size_t size)
{
  struct tracer *tracer = context;

  if (size >= sizeof(struct traced_request))
    tracer->each(tracer->context, data);
  tracer->taken++;
  return tracer->taken < tracer->most ? 0 : -ECANCELED;
}

static int load(struct tracer *tracer, bool protections)
{
  int error;

  tracer->bpf = memory_bpf__open();
  if (!tracer->bpf)
    return errno;
  tracer->bpf->rodata->page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
  bpf_program__set_autoload(tracer->bpf->progs.done_mprotect, protections);
  error = -memory_bpf__load(tracer->bpf);
  if (error)
    return error;
  tracer->maps[0] = bpf_map__fd(tracer->bpf->maps.first);
  tracer->maps[1] = bpf_map__fd(tracer->bpf->maps.second);
  tracer->ring = ring_buffer__new(bpf_map__fd(tracer->bpf->maps.ring), hand_on, tracer, NULL);
  if (!tracer->ring)
    return errno;
  return prepare(tracer->maps[0]);
}

static int say_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
  (void)level, (void)format, (void)args;
  return 0;
}

int tracer_load(struct tracer **ret, bool protections)
{
  struct tracer *tracer = calloc(1, sizeof *tracer);

  if (!tracer)
    return ENOMEM;
  libbpf_set_print(say_nothing); /* failures are told by their number */
  const int error = load(tracer, protections);
  if (error)
    tracer_free(tracer);
  else
    *ret = tracer;
  return error;
}

int tracer_attach(struct tracer *tracer)
{
  return -memory_bpf__attach(tracer->bpf);
}

void tracer_detach(struct tracer *tracer)
{
  memory_bpf__detach(tracer->bpf);
}

void tracer_free(struct tracer *tracer)
{
  if (!tracer)
    return;
  ring_buffer__free(tracer->ring);
  memory_bpf__destroy(tracer->bpf);
  free(tracer);
}

bool tracer_readable(void *context)
{
  const struct tracer *tracer = context;
  struct traced_process key;

  return bpf_map_get_next_key(tracer->maps[0], NULL, &key) == 0;
}

/* ---- what is seen ---- */

void tracer_see(struct tracer *tracer, enum traced_whose whose, const char name[TRACED_NAME])
{
  volatile __u32 *now = &tracer->bpf->bss->whose;

  *now = TRACED_NOBODY; /* nobody is to be taken for one whose name is half written */
  if (whose == TRACED_NAMED)
    memcpy(tracer->bpf->bss->named, name, TRACED_NAME);
  *now = whose;
}

int tracer_list_none(struct tracer *tracer)
{
  const int map = bpf_map__fd(tracer->bpf->maps.listed);
  __u32 pid;

  while (bpf_map_get_next_key(map, NULL, &pid) == 0)
    if (bpf_map_delete_elem(map, &pid) != 0)
      return errno;
  return 0;
}

int tracer_list(struct tracer *tracer, uint32_t pid)
{
  static const __u8 yes = 1;

  return -bpf_map_update_elem(bpf_map__fd(tracer->bpf->maps.listed), &pid, &yes, BPF_ANY);
}

void tracer_send(struct tracer *tracer, bool sending)
{
  *(volatile __u32 *)&tracer->bpf->bss->sending = sending;
}

/* ---- what was seen ---- */

int tracer_fd(const struct tracer *tracer)
{
  return ring_buffer__epoll_fd(tracer->ring);
}

/* Requests until MOST have been taken in all, or none waits. */
static int take(struct tracer *tracer, uint64_t most, tracer_request *each, void *context)
{
  if (tracer->taken >= most)
    return 0;
  tracer->most = most;
  tracer->each = each;
  tracer->context = context;
  const int n = ring_buffer__consume(tracer->ring);
  return n < 0 && n != -ECANCELED ? -n : 0;
}

int tracer_take(struct tracer *tracer, tracer_request *each, void *context)
{
  return take(tracer, UINT64_MAX, each, context);
}

/* The other map takes the place of the one in use.  When the kernel has done this, nobody writes to that one
 * any more. */
static int swap(struct tracer *tracer)
{
  static const __u32 zero;
  const int next = 1 - tracer->in_use;
  int error = prepare(tracer->maps[next]);

  if (!error)
    error = -bpf_map_update_elem(bpf_map__fd(tracer->bpf->maps.now), &zero, &tracer->maps[next], BPF_ANY);
  if (!error)
    tracer->in_use = next;
  return error;
}

struct read_sums {
  struct traced_process *processes;
  struct traced_sums *sums;
  __u32 count, room;
};

static bool grow(struct read_sums *read)
{
  const __u32 room = read->room + BATCH;
  void *processes = reallocarray(read->processes, room, sizeof *read->processes);
  if (processes)
    read->processes = processes;
  void *sums = processes ? reallocarray(read->sums, room, sizeof *read->sums) : NULL;
  if (!sums)
    return false;
  read->sums = sums;
  read->room = room;
  return true;
}

/* All that is in MAP, of which it is emptied. */
static int empty(int map, struct read_sums *read)
{
  struct traced_process key;

  while (bpf_map_get_next_key(map, NULL, &key) == 0) {
    if (read->count == read->room && !grow(read))
      return ENOMEM;
    read->processes[read->count] = key;
    if (bpf_map_lookup_elem(map, &key, &read->sums[read->count]) != 0 || bpf_map_delete_elem(map, &key) != 0)
      return errno;
    read->count++;
  }
  return 0;
}

static bool is_nothing(const struct traced_sums *sums)
{
  static const struct traced_sums nothing;
  return memcmp(sums, &nothing, sizeof nothing) == 0;
}

int tracer_turn(struct tracer *tracer, tracer_request *request, tracer_sums *sums, void *context)
{
  const int map = tracer->maps[tracer->in_use];
  struct read_sums read = {0};
  int error = swap(tracer);

  if (!error)
    error = empty(map, &read);
  for (__u32 i = 0; i < read.count; i++)
    tracer->sent += read.sums[i].sent;
  if (!error)
    error = take(tracer, tracer->sent, request, context);
  for (__u32 i = 0; i < read.count && !error; i++)
    if (!is_nothing(&read.sums[i]))
      sums(context, &read.processes[i], &read.sums[i]);
  free(read.processes);
  free(read.sums);
  return error;
}
