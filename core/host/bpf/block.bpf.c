/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs in the kernel: how long the host's disks take for the requests that they are given, and for whom.
 *
 * Whose a request is: the cgroup that is charged for it is known of whatever is cached, too; the process is
 * whoever hands it to the block layer, which of cached data is a thread of the kernel. */
#include "core/host/bpf/spans.bpf.h"

char terms[] SEC("license") = "GPL";

#define REQUESTS 16384 /* on their way at once */
#define OPERATION 0xff /* of a request's flags (REQ_OP_MASK) */
#define DRIVERS_OWN 34 /* REQ_OP_DRV_IN: from here on they are no reads and writes of anybody */

struct on_its_way {
  struct traced_span_key key;
  __u64 issued_ns; /* 0: it waits in its queue */
  __u64 bytes;     /* done so far */
};

/* The request's address -> what is known of it. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, REQUESTS);
  __type(key, __u64);
  __type(value, struct on_its_way);
} requests SEC(".maps");

static __always_inline int remember(const struct request *rq, __u64 issued_ns)
{
  struct on_its_way new = {.issued_ns = issued_ns};
  const struct gendisk *disk = rq->q->disk;
  __u64 address = (__u64)rq;

  new.key.what = rq->cmd_flags &OPERATION;
  if (new.key.what >= DRIVERS_OWN)
    return 0;
  new.key.device = (__u32)disk->major << 20 | (__u32)disk->first_minor;
  if (bpf_core_field_exists(rq->bio->bi_blkg))
    new.key.place = BPF_CORE_READ(rq, bio, bi_blkg, blkcg, css.cgroup, kn, id);
  name_process(&new.key);
  bpf_map_update_elem(&requests, &address, &new, BPF_ANY);
  return 0;
}

/* It is made; this kernel may not tell (before Linux 6.5). */
SEC("?tp_btf/block_io_start") int queued_block(__u64 *ctx)
{
  return remember((const struct request *)ctx[0], 0);
}

/* The disk gets it. */
SEC("tp_btf/block_rq_issue") int issued_block(__u64 *ctx)
{
  const struct request *rq = (const struct request *)ctx[0];
  __u64 address = (__u64)rq;
  struct on_its_way *known = bpf_map_lookup_elem(&requests, &address);

  if (!known)
    return remember(rq, bpf_ktime_get_ns());
  known->issued_ns = bpf_ktime_get_ns();
  return 0;
}

/* So many bytes of it are done. */
SEC("tp_btf/block_rq_complete") int done_block(__u64 *ctx)
{
  const struct request *rq = (const struct request *)ctx[0];
  __u32 bytes = (__u32)ctx[2], left = rq->__data_len;
  __u64 address = (__u64)rq;
  struct on_its_way *known = bpf_map_lookup_elem(&requests, &address);

  if (!known)
    return 0;
  known->bytes += bytes;
  if (bytes < left)
    return 0;
  if (known->issued_ns)
    add_span(&known->key, bpf_ktime_get_ns() - known->issued_ns, known->bytes);
  bpf_map_delete_elem(&requests, &address);
  return 0;
}
