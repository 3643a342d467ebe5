/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What processes ask of memory. */
#include "core/host/trace/tracer.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/host/bpf/memory.skel.h"
#include "core/host/trace/sums.h"

struct memory_tracer {
  struct tracer tracer;
  struct memory_bpf *bpf;
  struct ring_buffer *ring;
  struct sums sums;
  uint64_t sent, taken; /* requests put into the ring up to the last turn; taken from it */
  uint64_t most;        /* what TAKEN is not to pass just now */
  tracer_put *put;
  void *context;
};

static struct memory_tracer *of(struct tracer *tracer)
{
  return (struct memory_tracer *)tracer;
}

/* ---- its life ---- */

static int hand_on(void *context, void *data, size_t size)
{
  struct memory_tracer *tracer = context;

  if (size >= sizeof(struct traced_request))
    tracer->put(tracer->context, WIRE_REQUESTS, data, sizeof(struct traced_request));
  tracer->taken++;
  return tracer->taken < tracer->most ? 0 : -ECANCELED;
}

static int load(struct memory_tracer *tracer, bool protections)
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
  tracer->ring = ring_buffer__new(bpf_map__fd(tracer->bpf->maps.ring), hand_on, tracer, NULL);
  if (!tracer->ring)
    return errno;
  return sums_init(&tracer->sums, tracer->bpf->obj);
}

static void memory_free(struct tracer *tracer)
{
  struct memory_tracer *self = of(tracer);

  ring_buffer__free(self->ring);
  memory_bpf__destroy(self->bpf);
  free(self);
}

static int memory_load(struct tracer **ret, const struct tracer_class *class, bool protections)
{
  struct memory_tracer *self = calloc(1, sizeof *self);

  if (!self)
    return ENOMEM;
  self->tracer.class = class;
  const int error = load(self, protections);
  if (error)
    memory_free(&self->tracer);
  else
    *ret = &self->tracer;
  return error;
}

static int memory_attach(struct tracer *tracer)
{
  return -memory_bpf__attach(of(tracer)->bpf);
}

static void memory_detach(struct tracer *tracer)
{
  memory_bpf__detach(of(tracer)->bpf);
}

static bool memory_readable(void *tracer)
{
  return sums_readable(&of(tracer)->sums);
}

/* ---- what is seen ---- */

/* NAME for TRACED_NAMED. */
static int see(struct memory_tracer *tracer, enum traced_whose whose, const char *name)
{
  volatile __u32 *now = &tracer->bpf->bss->whose;

  *now = TRACED_NOBODY; /* nobody is to be taken for one whose name is half written */
  if (whose == TRACED_NAMED)
    memcpy(tracer->bpf->bss->named, name, TRACED_NAME);
  *now = whose;
  return 0;
}

static int list_none(struct memory_tracer *tracer)
{
  const int map = bpf_map__fd(tracer->bpf->maps.listed);
  __u32 pid;

  while (bpf_map_get_next_key(map, NULL, &pid) == 0)
    if (bpf_map_delete_elem(map, &pid) != 0)
      return errno;
  return 0;
}

static int list(struct memory_tracer *tracer, uint32_t pid)
{
  static const __u8 yes = 1;

  return -bpf_map_update_elem(bpf_map__fd(tracer->bpf->maps.listed), &pid, &yes, BPF_ANY);
}

static int memory_obey(struct tracer *tracer, const struct wire_order *order)
{
  struct memory_tracer *self = of(tracer);

  switch (order->kind) {
  case WIRE_SENDING:
    *(volatile __u32 *)&self->bpf->bss->sending = order->value != 0;
    return 0;
  case WIRE_ALL:
    return see(self, TRACED_ALL, NULL);
  case WIRE_NAMED:
    return see(self, TRACED_NAMED, order->name);
  case WIRE_LISTED:
    see(self, TRACED_LISTED, NULL);
    return list_none(self);
  case WIRE_PID:
    return list(self, order->value);
  default:
    return ENOTSUP;
  }
}

/* ---- what was seen ---- */

static int memory_fd(const struct tracer *tracer)
{
  return ring_buffer__epoll_fd(((const struct memory_tracer *)tracer)->ring);
}

/* Requests until MOST have been taken in all, or none waits. */
static int take(struct memory_tracer *tracer, uint64_t most, tracer_put *put, void *context)
{
  if (tracer->taken >= most)
    return 0;
  tracer->most = most;
  tracer->put = put;
  tracer->context = context;
  const int n = ring_buffer__consume(tracer->ring);
  return n < 0 && n != -ECANCELED ? -n : 0;
}

static int memory_take(struct tracer *tracer, tracer_put *put, void *context)
{
  return take(of(tracer), UINT64_MAX, put, context);
}

static bool is_nothing(const struct traced_sums *sums)
{
  static const struct traced_sums nothing;
  return memcmp(sums, &nothing, sizeof nothing) == 0;
}

static int memory_turn(struct tracer *tracer, tracer_put *put, void *context)
{
  struct memory_tracer *self = of(tracer);
  struct sums_read read = {0};
  int error = sums_turn(&self->sums, &read);
  const struct traced_process *processes = (const void *)read.keys;
  const struct traced_sums *sums = (const void *)read.values;

  for (size_t i = 0; i < read.count; i++)
    self->sent += sums[i].sent;
  if (!error)
    error = take(self, self->sent, put, context);
  for (size_t i = 0; i < read.count && !error; i++) {
    const struct wire_sums entry = {.process = processes[i], .sums = sums[i]};
    if (!is_nothing(&sums[i]))
      put(context, WIRE_SUMS, &entry, sizeof entry);
  }
  sums_read_clear(&read);
  return error;
}

const struct tracer_class tracer_memory = {.name = "memory",
                                           .option = "protections",
                                           .load = memory_load,
                                           .attach = memory_attach,
                                           .detach = memory_detach,
                                           .free = memory_free,
                                           .readable = memory_readable,
                                           .obey = memory_obey,
                                           .fd = memory_fd,
                                           .take = memory_take,
                                           .turn = memory_turn};
