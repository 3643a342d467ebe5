/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long things take: each kind has programs of its own, and all sum in the same way. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/host/bpf/block.skel.h"
#include "core/host/bpf/cpu.skel.h"
#include "core/host/bpf/exit.skel.h"
#include "core/host/trace/sums.h"
#include "core/host/trace/tracer.h"

#define PROGRAMS 16 /* of a kind, at most */

struct spans_tracer {
  struct tracer tracer;
  struct bpf_object *object;
  struct bpf_link *links[PROGRAMS];
  int link_count;
  struct sums sums;
};

static struct spans_tracer *of(struct tracer *tracer)
{
  return (struct spans_tracer *)tracer;
}

/* ---- its life ---- */

/* Programs that need what not every kernel has are marked by "?" in their section: those are left out here
 * which this kernel cannot serve. */
static void leave_out(struct bpf_object *object)
{
  struct bpf_program *program;

  bpf_object__for_each_program(program, object)
  {
    const char *section = bpf_program__section_name(program), *point = strrchr(section, '/');
    if (point && !bpf_program__autoload(program))
      bpf_program__set_autoload(program, libbpf_find_vmlinux_btf_id(point + 1, BPF_TRACE_RAW_TP) > 0);
  }
}

static int load(struct spans_tracer *self, const void *bytes, size_t size)
{
  self->object = bpf_object__open_mem(bytes, size, NULL);
  if (!self->object)
    return errno;
  leave_out(self->object);
  const int error = -bpf_object__load(self->object);
  return error ? error : sums_init(&self->sums, self->object);
}

static void spans_detach(struct tracer *tracer)
{
  struct spans_tracer *self = of(tracer);

  while (self->link_count > 0)
    bpf_link__destroy(self->links[--self->link_count]);
}

static void spans_free(struct tracer *tracer)
{
  spans_detach(tracer);
  bpf_object__close(of(tracer)->object);
  free(tracer);
}

/* The programs are the SIZE bytes of an object file. */
static int load_object(struct tracer **ret, const struct tracer_class *class, const void *bytes, size_t size)
{
  struct spans_tracer *self = calloc(1, sizeof *self);

  if (!self)
    return ENOMEM;
  self->tracer.class = class;
  const int error = load(self, bytes, size);
  if (error)
    spans_free(&self->tracer);
  else
    *ret = &self->tracer;
  return error;
}

static int spans_attach(struct tracer *tracer)
{
  struct spans_tracer *self = of(tracer);
  struct bpf_program *program;

  bpf_object__for_each_program(program, self->object)
  {
    if (!bpf_program__autoload(program))
      continue;
    if (self->link_count == PROGRAMS)
      return E2BIG;
    self->links[self->link_count] = bpf_program__attach(program);
    if (!self->links[self->link_count])
      return errno;
    self->link_count++;
  }
  return 0;
}

static bool spans_readable(void *tracer)
{
  return sums_readable(&of(tracer)->sums);
}

/* ---- what was seen ---- */

static int spans_obey(struct tracer *tracer, const struct wire_order *order)
{
  (void)tracer, (void)order;
  return ENOTSUP; /* everything is seen */
}

static int spans_turn(struct tracer *tracer, tracer_put *put, void *context)
{
  struct sums_read read = {0};
  const int error = sums_turn(&of(tracer)->sums, &read);
  const struct traced_span_key *keys = (const void *)read.keys;
  const struct traced_span_sums *sums = (const void *)read.values;

  for (size_t i = 0; i < read.count && !error; i++) {
    const struct traced_span span = {.key = keys[i], .sums = sums[i]};
    if (span.sums.count > 0)
      put(context, WIRE_SPANS, &span, sizeof span);
  }
  sums_read_clear(&read);
  return error;
}

/* ---- the kinds ---- */

#define SPANS_CLASS(NAME, LOAD)                                                                              \
  {                                                                                                          \
    .name = NAME, .load = LOAD, .attach = spans_attach, .detach = spans_detach, .free = spans_free,          \
    .readable = spans_readable, .obey = spans_obey, .turn = spans_turn                                       \
  }

static int load_block(struct tracer **ret, const struct tracer_class *class, bool option)
{
  size_t size;
  const void *bytes = block_bpf__elf_bytes(&size);

  (void)option;
  return load_object(ret, class, bytes, size);
}

static int load_cpu(struct tracer **ret, const struct tracer_class *class, bool option)
{
  size_t size;
  const void *bytes = cpu_bpf__elf_bytes(&size);

  (void)option;
  return load_object(ret, class, bytes, size);
}

static int load_exit(struct tracer **ret, const struct tracer_class *class, bool option)
{
  size_t size;
  const void *bytes = exit_bpf__elf_bytes(&size);

  (void)option;
  return load_object(ret, class, bytes, size);
}

const struct tracer_class tracer_exit = SPANS_CLASS("exit", load_exit);
const struct tracer_class tracer_cpu = SPANS_CLASS("cpu", load_cpu);
const struct tracer_class tracer_block = SPANS_CLASS("block", load_block);
