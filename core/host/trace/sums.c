/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/trace/sums.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 256 /* keys for which room is made at once */

/* What the rest of all keys is summed under must be there: the kernel's side makes no room for it. */
static int prepare(const struct sums *sums, int map)
{
  void *nothing = calloc(1, sums->key_size + sums->value_size);

  if (!nothing)
    return ENOMEM;
  const int error = -bpf_map_update_elem(map, nothing, nothing, BPF_ANY);
  free(nothing);
  return error;
}

int sums_init(struct sums *sums, const struct bpf_object *object)
{
  const struct bpf_map *first = bpf_object__find_map_by_name(object, "first"),
                       *second = bpf_object__find_map_by_name(object, "second"),
                       *now = bpf_object__find_map_by_name(object, "now");

  if (!first || !second || !now)
    return ENOENT;
  *sums = (struct sums){.maps = {bpf_map__fd(first), bpf_map__fd(second)},
                        .now = bpf_map__fd(now),
                        .key_size = bpf_map__key_size(first),
                        .value_size = bpf_map__value_size(first)};
  return prepare(sums, sums->maps[sums->in_use]);
}

bool sums_readable(const struct sums *sums)
{
  void *key = malloc(sums->key_size);
  const bool readable = key && bpf_map_get_next_key(sums->maps[0], NULL, key) == 0;

  free(key);
  return readable;
}

/* The other map takes the place of the one in use.  When the kernel has done this, nobody writes to that one
 * any more. */
static int swap(struct sums *sums)
{
  static const __u32 zero;
  const int next = 1 - sums->in_use;
  int error = prepare(sums, sums->maps[next]);

  if (!error)
    error = -bpf_map_update_elem(sums->now, &zero, &sums->maps[next], BPF_ANY);
  if (!error)
    sums->in_use = next;
  return error;
}

static bool grow(const struct sums *sums, struct sums_read *read)
{
  const size_t room = read->room + BATCH;
  void *keys = reallocarray(read->keys, room, sums->key_size);
  if (keys)
    read->keys = keys;
  void *values = keys ? reallocarray(read->values, room, sums->value_size) : NULL;
  if (!values)
    return false;
  read->values = values;
  read->room = room;
  return true;
}

/* The key that MAP has first goes from there to READ; ENOENT: there is none. */
static int move_one(const struct sums *sums, int map, struct sums_read *read)
{
  if (read->count == read->room && !grow(sums, read))
    return ENOMEM;
  unsigned char *key = read->keys + read->count * sums->key_size,
                *value = read->values + read->count * sums->value_size;
  if (bpf_map_get_next_key(map, NULL, key) != 0 || bpf_map_lookup_elem(map, key, value) != 0 ||
      bpf_map_delete_elem(map, key) != 0)
    return errno;
  read->count++;
  return 0;
}

int sums_turn(struct sums *sums, struct sums_read *ret)
{
  const int map = sums->maps[sums->in_use];
  int error = swap(sums);

  while (!error)
    error = move_one(sums, map, ret);
  return error == ENOENT ? 0 : error;
}

void sums_read_clear(struct sums_read *read)
{
  free(read->keys);
  free(read->values);
  *read = (struct sums_read){0};
}
