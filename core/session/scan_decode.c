/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/scan_blob.h"
#include "core/session/scan_parts.h"

struct decoder {
  struct blob_in in;
  const struct scan_layout *layout;
  scan_info_of *info_of;
  void *context;
};

static void get_readings(struct decoder *d, enum metric_scope scope, struct readings *r)
{
  int count = d->layout->count[scope];
  uint64_t all = (UINT64_C(1) << count) - 1;
  uint64_t head = blob_get_limited(&d->in, all << 1 | 1), changed = head >> 1;
  uint64_t vanished = (head & 1) ? blob_get_limited(&d->in, all) : 0;
  for (int i = 0; i < count; i++) {
    int id = d->layout->metric[scope][i].id;
    if (vanished >> i & 1)
      readings_clear(r, id);
    if (!(changed >> i & 1))
      continue;
    double before = readings_has(r, id) ? r->value[id] : 0;
    readings_set(r, id, blob_get_number(&d->in, d->layout->metric[scope][i].form, before));
  }
}

static void get_at(struct decoder *d, struct guest *guest, int64_t last[GROUP_COUNT])
{
  uint64_t groups = blob_get_limited(&d->in, (UINT64_C(1) << GROUP_COUNT) - 1);
  for (int g = 0; g < GROUP_COUNT; g++)
    if (groups >> g & 1)
      guest->at_ns[g] = last[g] = blob_sum(last[g], blob_get_int(&d->in));
}

static void get_vcpus(struct decoder *d, struct guest *guest)
{
  guest_resize_vcpus(guest, blob_get_count(&d->in));
  for (int i = 0; i < guest->vcpu_count; i++)
    get_readings(d, SCOPE_VCPU, &guest->vcpus[i]);
}

static int get_parts_head(struct decoder *d, bool *ret_named)
{
  uint64_t head = blob_get_uint(&d->in);
  *ret_named = head & 1;
  if (head >> 1 > (uint64_t)(d->in.end - d->in.at)) {
    d->in.bad = true;
    return 0;
  }
  return (int)MIN(head >> 1, 1 << 20);
}

static void get_parts(struct decoder *d, enum metric_scope scope, struct guest *guest)
{
  bool named;
  guest_resize_parts(guest, scope, get_parts_head(d, &named));
  int count;
  struct guest_part *parts = guest_parts(guest, scope, &count);
  for (int i = 0; named && i < count; i++) {
    g_free(parts[i].target);
    parts[i].target = blob_get_text(&d->in);
  }
  for (int i = 0; i < count; i++)
    get_readings(d, scope, &parts[i].r);
}

/* A guest that is BEFORE in all that PARTS does not name; NULL when its definition is not known. */
static struct guest *start_guest(struct decoder *d, unsigned parts, const struct guest *before)
{
  struct guest_info *info = before ? before->info : NULL;
  if (parts & PART_INFO)
    info = d->info_of(d->context, blob_get_uint(&d->in));
  if (!info || d->in.bad)
    return NULL;
  if (!before)
    return guest_new(info);
  struct guest *guest = guest_copy(before);
  guest_info_ref(info);
  guest_info_unref(guest->info);
  guest->info = info;
  return guest;
}

static struct guest *get_guest(struct decoder *d, const struct guest *before, int64_t mono,
                               int64_t last[GROUP_COUNT])
{
  unsigned parts = (unsigned)blob_get_limited(&d->in, PARTS_ALL);
  struct guest *guest = start_guest(d, parts, before);
  if (!guest)
    return NULL;
  if (parts & PART_STATE) {
    guest->state = (enum guest_state)blob_get_limited(&d->in, GUEST_STATES - 1);
    guest->id = (int)blob_get_int(&d->in);
    guest->run = blob_get_int(&d->in);
  }
  if (parts & PART_AT)
    get_at(d, guest, last);
  if (parts & PART_STUCK)
    guest->stuck_since_ns = blob_get_limited(&d->in, 1) ? blob_sum(mono, blob_get_int(&d->in)) : 0;
  if (parts & PART_READINGS)
    get_readings(d, SCOPE_GUEST, &guest->r);
  if (parts & PART_VCPUS)
    get_vcpus(d, guest);
  for (int scope = SCOPE_DISK; scope < SCOPE_COUNT; scope++)
    if (parts & part_bit(scope))
      get_parts(d, (enum metric_scope)scope, guest);
  return guest;
}

/* The guest of BEFORE that the next one is told against; *NEXT moves on. NULL: a new one. */
static const struct guest *get_ref(struct decoder *d, const struct conn_scan *before, int *next)
{
  uint64_t ref = blob_get_uint(&d->in);
  if (ref == REF_NEW)
    return NULL;
  uint64_t at = ref == REF_NEXT ? (uint64_t)*next : ref - REF_INDEX;
  if (!before || at >= (uint64_t)before->guest_count) {
    d->in.bad = true;
    return NULL;
  }
  *next = (int)at + 1;
  return before->guests[at];
}

static void get_guests(struct decoder *d, struct conn_scan *conn, const struct conn_scan *before)
{
  int64_t last[GROUP_COUNT];
  for (int g = 0; g < GROUP_COUNT; g++)
    last[g] = conn->mono_ns;
  int count = blob_get_count(&d->in), next = 0;
  GPtrArray *guests = g_ptr_array_sized_new((unsigned)count);
  for (int i = 0; i < count && !d->in.bad; i++) {
    const struct guest *base = get_ref(d, before, &next);
    struct guest *guest = d->in.bad ? NULL : get_guest(d, base, conn->mono_ns, last);
    if (guest)
      g_ptr_array_add(guests, guest);
    else
      d->in.bad = true;
  }
  conn_scan_take_guests(conn, guests);
}

static void replace(char **text, char *with)
{
  g_free(*text);
  *text = with;
}

static char *some_text(struct blob_in *in)
{
  char *text = blob_get_text(in);
  return text ? text : g_strdup("");
}

static void get_header(struct decoder *d, struct conn_scan *conn)
{
  replace(&conn->uri, some_text(&d->in));
  replace(&conn->label, some_text(&d->in));
  replace(&conn->error, blob_get_text(&d->in));
  replace(&conn->progress, blob_get_text(&d->in));
  conn->state = (enum conn_state)blob_get_limited(&d->in, CONN_STATES - 1);
  uint64_t flags = blob_get_limited(&d->in, 3);
  conn->readonly = flags & 2;
  conn->local = flags & 1;
}

static void copy_header(struct conn_scan *conn, const struct conn_scan *from)
{
  replace(&conn->uri, g_strdup(from->uri));
  replace(&conn->label, g_strdup(from->label));
  replace(&conn->error, g_strdup(from->error));
  replace(&conn->progress, g_strdup(from->progress));
  conn->state = from->state;
  conn->readonly = from->readonly;
  conn->local = from->local;
}

/* How a connection or the host is told, BEFORE it or not; none at all where it is malformed. */
static enum scan_object get_object(struct decoder *d, bool before)
{
  enum scan_object object = (enum scan_object)blob_get_limited(&d->in, OBJECTS - 1);
  if (!before && (object == OBJECT_SAME || object == OBJECT_FIGURES))
    d->in.bad = true;
  return d->in.bad ? OBJECT_NONE : object;
}

static struct conn_scan *get_conn(struct decoder *d, const struct scan *scan, const struct conn_scan *before)
{
  enum scan_object object = get_object(d, before != NULL);
  if (object == OBJECT_NONE)
    return NULL;
  if (object == OBJECT_SAME)
    return conn_scan_ref(before);
  struct conn_scan *conn = conn_scan_new("");
  if (before && object == OBJECT_FIGURES)
    copy_header(conn, before);
  else
    get_header(d, conn);
  conn->tick = (uint64_t)blob_sum(blob_get_int(&d->in), before ? (int64_t)before->tick : 0);
  conn->wall_ns = blob_sum(scan->wall_ns, blob_get_int(&d->in));
  conn->mono_ns = blob_sum(scan->mono_ns, blob_get_int(&d->in));
  conn->cost_seconds = blob_get_decimal(&d->in);
  get_guests(d, conn, before);
  return conn;
}

static struct host_scan *get_host(struct decoder *d, const struct scan *scan, const struct host_scan *before)
{
  enum scan_object object = get_object(d, before != NULL);
  if (object == OBJECT_NONE)
    return NULL;
  if (object == OBJECT_SAME)
    return host_scan_ref(before);
  bool whole = object == OBJECT_WHOLE;
  char *hostname = whole ? blob_get_text(&d->in) : g_strdup(before ? before->hostname : NULL);
  char *source = whole ? blob_get_text(&d->in) : g_strdup(before ? before->source : NULL);
  int64_t wall = blob_get_int(&d->in), mono = blob_get_int(&d->in);
  struct readings r = {0};
  if (before)
    r = before->r;
  get_readings(d, SCOPE_HOST, &r);
  struct host_scan *host = host_scan_new(hostname, blob_get_count(&d->in));
  replace(&host->hostname, hostname);
  replace(&host->source, source);
  host->wall_ns = blob_sum(scan->wall_ns, wall);
  host->mono_ns = blob_sum(scan->mono_ns, mono);
  host->r = r;
  for (int i = 0; i < host->core_count; i++) {
    if (before && i < before->core_count)
      host->cores[i] = before->cores[i];
    get_readings(d, SCOPE_CORE, &host->cores[i]);
  }
  return host;
}

static struct scan *get_scan(struct decoder *d, const struct scan *before)
{
  int64_t tick = blob_get_int(&d->in), wall = blob_get_int(&d->in), mono = blob_get_int(&d->in);
  double interval = blob_get_decimal(&d->in);
  struct scan when = {.wall_ns = blob_sum(wall, before ? before->wall_ns : 0),
                      .mono_ns = blob_sum(mono, before ? before->mono_ns : 0)};
  struct host_scan *host = get_host(d, &when, before ? before->host : NULL);
  struct scan *scan = scan_new(blob_get_count(&d->in));
  scan->tick = (uint64_t)blob_sum(tick, before ? (int64_t)before->tick : 0);
  scan->wall_ns = when.wall_ns;
  scan->mono_ns = when.mono_ns;
  scan->interval_seconds = interval;
  scan->host = host;
  for (int i = 0; i < scan->conn_count; i++)
    scan->conns[i] = get_conn(d, scan, before && i < before->conn_count ? before->conns[i] : NULL);
  return scan;
}

struct scan *scan_blob_decode(const void *data, size_t size, const struct scan *before,
                              const struct scan_layout *layout, scan_info_of *info_of, void *context)
{
  const uint8_t *bytes = data;
  struct decoder d = {{bytes, bytes + size, false}, layout, info_of, context};
  const uint64_t format = blob_get_uint(&d.in);
  if (format < SCAN_BLOB_FORMAT_FIRST || format > SCAN_BLOB_FORMAT)
    return NULL;
  if (blob_get_limited(&d.in, 1) == 1)
    before = NULL;
  else if (!before)
    return NULL;
  struct scan *scan = d.in.bad ? NULL : get_scan(&d, before);
  if (scan && (d.in.bad || d.in.at != d.in.end)) {
    scan_unref(scan);
    return NULL;
  }
  return scan;
}
