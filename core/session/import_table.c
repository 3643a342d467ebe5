/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "core/session/import_table.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/units.h"
#include "core/database/request_table.h"
#include "core/session/export.h"
#include "core/session/journal.h"

/* Where the monotonic clock of an import begins: far enough from 0, which means never. */
#define BASE_NS INT64_C(1000000000000000)
#define TIME_TEXT 32

struct importer {
  struct journal *journal;
  GTimeZone *zone;
  char time[TIME_TEXT];         /* of the rows at hand, as it stands in the table; "": none yet */
  int64_t wall_ns;              /* the same */
  int64_t first_ns;             /* of the first row of all */
  uint64_t tick;                /* turns so far */
  GArray *processes, *requests; /* of the turn at hand */
  GHashTable *places;           /* "PID NAME" -> 1 + index of processes */
  uint64_t rows, left_out, cut; /* rows that were taken; not understood; names that were too long */
};

/* ---- turns ---- */

static void begin_turn(struct importer *im)
{
  im->processes = g_array_new(FALSE, FALSE, sizeof(struct memory_process));
  im->requests = g_array_new(FALSE, FALSE, sizeof(struct memory_request));
  g_hash_table_remove_all(im->places);
}

static int64_t mono_of(const struct importer *im, int64_t wall_ns)
{
  return BASE_NS + (wall_ns - im->first_ns);
}

/* A replay goes from scan to scan: one goes with each turn. */
static bool put_scan(struct importer *im, int64_t wall_ns, GError **err)
{
  struct scan *scan = scan_new(0);

  scan->tick = ++im->tick;
  scan->wall_ns = wall_ns;
  scan->mono_ns = mono_of(im, wall_ns);
  scan->interval_seconds = 1;
  const bool ok = journal_put_scan(im->journal, scan, err);
  scan_unref(scan);
  return ok;
}

/* The turn at hand, if it has any requests, into the journal. */
static bool end_turn(struct importer *im, GError **err)
{
  if (!im->requests->len)
    return true;
  const int64_t end_ns = im->wall_ns + NS_PER_S;
  struct memory_turn *turn = memory_turn_new(im->processes, im->requests);
  turn->wall_ns = end_ns;
  turn->mono_ns = mono_of(im, end_ns);
  turn->seconds = 1;
  turn->sending = true;
  const bool ok = put_scan(im, end_ns, err) && journal_put_memory(im->journal, turn, err);
  memory_turn_unref(turn);
  begin_turn(im);
  return ok;
}

/* ---- rows ---- */

static struct memory_process *process_of(struct importer *im, const struct memory_request *request)
{
  char *key = g_strdup_printf("%d %s", request->pid, request->name);
  guint place = GPOINTER_TO_UINT(g_hash_table_lookup(im->places, key));

  if (!place) {
    struct memory_process process = {.pid = request->pid};
    memcpy(process.name, request->name, sizeof process.name);
    g_array_append_val(im->processes, process);
    place = im->processes->len;
    g_hash_table_insert(im->places, key, GUINT_TO_POINTER(place));
  } else {
    g_free(key);
  }
  return &g_array_index(im->processes, struct memory_process, place - 1);
}

/* By how many bytes a CALL for SIZE changed a process, had it been granted: that the table does not tell. */
static int64_t change_of(enum memory_call call, int64_t size)
{
  switch (call) {
  case MEMORY_MMAP:
  case MEMORY_BRK:
    return size;
  case MEMORY_MUNMAP:
    return -size;
  default:
    return 0;
  }
}

static void add_request(struct importer *im, const struct memory_request *request)
{
  struct memory_sums *sums = &process_of(im, request)->sums;

  sums->calls[request->call]++;
  sums->sent++;
  sums->mapped += request->change > 0 ? (uint64_t)request->change : 0;
  sums->freed += request->change < 0 ? (uint64_t)-request->change : 0;
  g_array_append_val(im->requests, *request);
  im->rows++;
}

/* NAME as long as there is room, no character being cut in two. */
static void take_name(struct importer *im, const char *name, char ret[MEMORY_NAME])
{
  g_autofree char *text = g_utf8_make_valid(name, -1);
  size_t length = MIN(strlen(text), MEMORY_NAME - 1);

  im->cut += text[length] != '\0';
  while (((unsigned char)text[length] & 0xc0) == 0x80) /* in the middle of a character of UTF-8 */
    length--;
  g_strlcpy(ret, text, length + 1);
}

/* ROW as a request, but for its time; false: it is none. */
static bool read_row(struct importer *im, const struct table_text *row, struct memory_request *ret)
{
  g_autofree char *call = row->call ? g_ascii_strdown(row->call, -1) : NULL;
  const int id = call ? memory_call_find(call) : -1;
  int64_t pid, size;

  if (id < 0 || !row->name || !row->pid || !row->size ||
      !units_parse_int(row->pid, 1, G_MAXINT, &pid, NULL) ||
      !units_parse_int(row->size, INT64_MIN + 1, INT64_MAX, &size, NULL))
    return false;
  *ret = (struct memory_request){.pid = (int)pid,
                                 .tid = (int)pid,
                                 .call = (enum memory_call)id,
                                 .length = (uint64_t)MAX(size, 0),
                                 .change = change_of((enum memory_call)id, size)};
  take_name(im, row->name, ret->name);
  return true;
}

/* TIME, the local time of a row, begins a turn unless it is that of the row before; false: it is no time. */
static bool read_time(const struct importer *im, const char *time, int64_t *ret_wall_ns)
{
  g_autoptr(GDateTime) at = time ? g_date_time_new_from_iso8601(time, im->zone) : NULL;

  *ret_wall_ns = at ? g_date_time_to_unix(at) * NS_PER_S : 0;
  return at != NULL;
}

static bool turn_to(struct importer *im, const char *time, int64_t wall_ns, GError **err)
{
  if (!end_turn(im, err))
    return false;
  if (!*im->time)
    im->first_ns = wall_ns;
  im->wall_ns = wall_ns;
  g_strlcpy(im->time, time, sizeof im->time);
  return true;
}

static bool take_row(void *context, const struct table_text *row, GError **err)
{
  struct importer *im = context;
  struct memory_request request;
  int64_t wall_ns = im->wall_ns;
  const bool same = *im->time && g_strcmp0(row->time, im->time) == 0;

  if (!read_row(im, row, &request) || (!same && !read_time(im, row->time, &wall_ns))) {
    im->left_out++;
    return true;
  }
  if (!same && !turn_to(im, row->time, wall_ns, err))
    return false;
  request.mono_ns = mono_of(im, im->wall_ns);
  add_request(im, &request);
  return true;
}

/* ---- the session ---- */

static char *told(const struct importer *im, const char *where)
{
  GString *text = g_string_new(NULL);

  g_string_printf(text, "%" G_GUINT64_FORMAT " memory requests imported from %s", im->rows, where);
  if (im->left_out)
    g_string_append_printf(
        text, "; %" G_GUINT64_FORMAT " rows left out: no call, time or number that is known", im->left_out);
  if (im->cut)
    g_string_append_printf(text, "; %" G_GUINT64_FORMAT " names cut to %d bytes", im->cut, MEMORY_NAME - 1);
  return g_string_free(text, FALSE);
}

static bool put_event(struct importer *im, const char *text, GError **err)
{
  struct event *event = event_new(EVENT_SESSION, -1, "", NULL, text);

  event->wall_ns = im->first_ns;
  const bool ok = journal_put_event(im->journal, event, err);
  event_free(event);
  return ok;
}

static bool put_session(struct importer *im, const char *command, const struct place *place, GError **err)
{
  const int64_t end_ns = im->wall_ns + NS_PER_S;
  struct journal_session session = {.id = g_uuid_string_random(),
                                    .version = g_strdup(PACKAGE_VERSION),
                                    .command = g_strdup(command),
                                    .host = g_strdup(place->host),
                                    .begin_wall_ns = im->first_ns,
                                    .begin_mono_ns = BASE_NS};
  const bool ok = journal_put_session(im->journal, &session, err) &&
                  journal_put_end(im->journal, end_ns, mono_of(im, end_ns), 0, err);

  journal_session_clear(&session);
  return ok;
}

/* All of TABLE into the journal. */
static bool fill(struct importer *im, struct request_table *table, const char *command,
                 const struct place *place, char **ret_text, GError **err)
{
  g_autofree char *where = place_text(place);

  if (!journal_begin(im->journal, false, err) || !request_table_read(table, take_row, im, err) ||
      !end_turn(im, err))
    return false;
  if (!im->rows)
    return error_set(err, ERROR_GENERAL, NULL, "%s holds no memory request that is understood", where);
  *ret_text = told(im, where);
  return put_event(im, *ret_text, err) && put_session(im, command, place, err) &&
         journal_commit(im->journal, err);
}

static void clear(struct importer *im)
{
  g_array_unref(im->processes);
  g_array_unref(im->requests);
  g_hash_table_unref(im->places);
  g_time_zone_unref(im->zone);
  journal_close(im->journal);
}

static bool import_opened(struct request_table *table, const struct place *place, const char *command,
                          const char *target, char **ret_text, GError **err)
{
  struct importer im = {.journal = journal_create(NULL, err),
                        .zone = g_time_zone_new_local(),
                        .places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};

  begin_turn(&im);
  const bool ok = im.journal && fill(&im, table, command, place, ret_text, err) &&
                  export_open_journal(im.journal, target, err);
  clear(&im);
  return ok;
}

bool import_table(const char *url, const char *password_file, const char *command, const char *target,
                  char **ret_text, GError **err)
{
  struct place place;
  struct request_table *table = NULL;

  *ret_text = NULL;
  if (place_parse(url, password_file, &place, err))
    table = request_table_open(&place, TABLE_READ, err);
  const bool ok = table && import_opened(table, &place, command, target, ret_text, err);
  request_table_close(table);
  place_clear(&place);
  return ok;
}
