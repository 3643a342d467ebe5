/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One connection as the engine would use it, told as JSON lines: for the tests of core/virt.
 * usage: virt_watch URI LOGFILE [readonly|everything|slow]...
 * stdin: attention UUID... | interval SECONDS | kick | rivals UUID | create FILE | destroy NAME; its end
 * frees.
 */
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/virt/virt.h"
#include "core/virt/virt_private.h"

struct teller {
  pthread_mutex_t lock;
  int64_t began_ns;
  struct task_look *look; /* the last; the main thread's */
};

static double seconds_since(int64_t ns)
{
  return (double)(clock_mono_ns() - ns) / (double)NS_PER_S;
}

static void say(struct teller *teller, const char *kind, json_t *line)
{
  json_object_set_new(line, "kind", json_string(kind));
  json_object_set_new(line, "at", json_real(seconds_since(teller->began_ns)));
  pthread_mutex_lock(&teller->lock);
  json_dumpf(line, stdout, JSON_COMPACT);
  putchar('\n');
  fflush(stdout);
  pthread_mutex_unlock(&teller->lock);
  json_decref(line);
}

static json_t *text(const char *s)
{
  return s ? json_string(s) : json_null();
}

static json_t *readings(enum metric_scope scope, const struct readings *r)
{
  json_t *object = json_object();
  int count;
  const struct metric *table = metric_table(scope, &count);
  double value;
  for (int i = 0; i < count; i++)
    if (readings_get(r, i, &value))
      json_object_set_new(object, table[i].name, json_real(value));
  return object;
}

static json_t *ages(const struct guest *guest, int64_t now_ns)
{
  json_t *object = json_object();
  for (int g = 0; g < GROUP_COUNT; g++)
    if (guest->at_ns[g])
      json_object_set_new(object, metric_group_name((enum metric_group)g),
                          json_real(guest_age(guest, (enum metric_group)g, now_ns)));
  return object;
}

static json_t *threads_json(const struct guest *guest)
{
  json_t *object = json_object();
  for (int i = 0; i < guest->thread_count; i++)
    json_object_set_new(object, guest->threads[i].target, readings(SCOPE_THREAD, &guest->threads[i].r));
  return object;
}

static json_t *guest_json(const struct guest *guest, int64_t now_ns)
{
  json_t *object = readings(SCOPE_GUEST, &guest->r);
  json_t *disks = json_array();
  g_autofree char *backend = guest_backend_text(guest->info);
  for (int i = 0; i < guest->disk_count; i++)
    json_array_append_new(disks, readings(SCOPE_DISK, &guest->disks[i].r));
  json_object_set_new(object, "name", text(guest->info->name));
  json_object_set_new(object, "uuid", text(guest->info->uuid));
  json_object_set_new(object, "state", text(guest_state_name(guest->state)));
  json_object_set_new(object, "backend", text(backend));
  json_object_set_new(object, "title", text(guest->info->title));
  json_object_set_new(object, "id", json_integer(guest->id));
  json_object_set_new(object, "run", json_integer(guest->run));
  json_object_set_new(object, "stuck", json_boolean(guest->stuck_since_ns != 0));
  json_object_set_new(object, "ages", ages(guest, now_ns));
  json_object_set_new(object, "disks", disks);
  json_object_set_new(object, "threads", threads_json(guest));
  return object;
}

static void on_conn(void *context, int conn, struct conn_scan *scan)
{
  (void)conn;
  json_t *line = json_object(), *guests = json_object();
  for (int i = 0; i < scan->guest_count; i++)
    json_object_set_new(guests, scan->guests[i]->info->name, guest_json(scan->guests[i], clock_mono_ns()));
  json_object_set_new(line, "uri", text(scan->uri));
  json_object_set_new(line, "state", text(conn_state_name(scan->state)));
  json_object_set_new(line, "error", text(scan->error));
  json_object_set_new(line, "progress", text(scan->progress));
  json_object_set_new(line, "tick", json_integer((json_int_t)scan->tick));
  json_object_set_new(line, "cost", json_real(scan->cost_seconds));
  json_object_set_new(line, "guests", guests);
  say(context, "conn", line);
  conn_scan_unref(scan);
}

static void on_host(void *context, struct host_scan *scan)
{
  json_t *line = readings(SCOPE_HOST, &scan->r);
  json_object_set_new(line, "hostname", text(scan->hostname));
  say(context, "host", line);
  host_scan_unref(scan);
}

static void on_event(void *context, struct event *event)
{
  json_t *line = json_object();
  json_object_set_new(line, "event", text(event_kind_name(event->kind)));
  json_object_set_new(line, "guest", text(event->guest));
  json_object_set_new(line, "text", text(event->text));
  say(context, "event", line);
  event_free(event);
}

static virDomainPtr create(virConnectPtr conn, const char *file)
{
  g_autofree char *xml = NULL;
  return g_file_get_contents(file, &xml, NULL, NULL) ? virDomainCreateXML(conn, xml, 0) : NULL;
}

/* libvirt forgets its error when the guest is freed: it is taken before. */
static void act(struct teller *teller, struct virt *virt, const char *word, const char *what)
{
  g_autoptr(GError) error = NULL;
  virConnectPtr conn = hub_action_conn(virt->hub, &error);
  bool begin = strcmp(word, "create") == 0;
  virDomainPtr dom = !conn ? NULL : begin ? create(conn, what) : virDomainLookupByName(conn, what);
  bool ok = dom && (begin || virDomainDestroy(dom) == 0);
  if (conn && !ok)
    virt_error(&error, NULL, "cannot %s %s", word, what);
  if (dom)
    virDomainFree(dom);
  if (conn)
    virConnectClose(conn);
  say(teller, "done", json_pack("{s:b, s:o}", "ok", ok, "error", text(error ? error->message : NULL)));
}

/* Who ran since the last time that this was asked. */
static void tell_rivals(struct teller *teller, struct virt *virt, const char *uuid)
{
  struct rivals *rivals = virt_rivals(virt, uuid, teller->look, NULL);
  json_t *line = json_object(), *list = json_object();
  for (guint i = 0; rivals && i < rivals->list->len; i++) {
    const struct rival *rival = &g_array_index(rivals->list, struct rival, i);
    g_autofree char *pid = g_strdup_printf("%d", (int)rival->pid);
    json_object_set_new(list, pid, json_real(rival->percent));
  }
  json_object_set_new(line, "seconds", rivals ? json_real(rivals->seconds) : json_null());
  json_object_set_new(line, "percent", list);
  task_look_unref(teller->look);
  teller->look = rivals ? task_look_ref(rivals->look) : NULL;
  rivals_free(rivals);
  say(teller, "rivals", line);
}

static void obey(struct teller *teller, struct virt *virt, char **words)
{
  if (strcmp(words[0], "attention") == 0)
    virt_set_attention(virt, (const char *const *)words + 1);
  else if (strcmp(words[0], "interval") == 0 && words[1])
    virt_set_interval(virt, g_ascii_strtod(words[1], NULL));
  else if (strcmp(words[0], "kick") == 0)
    virt_kick(virt);
  else if (strcmp(words[0], "rivals") == 0 && words[1])
    tell_rivals(teller, virt, words[1]);
  else if (words[1])
    act(teller, virt, words[0], words[1]);
}

static void obey_stdin(struct teller *teller, struct virt *virt)
{
  char line[8192];
  while (fgets(line, sizeof line, stdin)) {
    g_auto(GStrv) words = g_strsplit(g_strstrip(line), " ", -1);
    if (words[0])
      obey(teller, virt, words);
  }
}

static bool has_word(char **words, const char *word)
{
  return g_strv_contains((const char *const *)words, word);
}

int main(int argc, char **argv)
{
  struct teller teller = {.lock = PTHREAD_MUTEX_INITIALIZER, .began_ns = clock_mono_ns()};
  struct sink sink = {&teller, on_conn, on_host, on_event};
  g_autoptr(GError) error = NULL;
  if (argc < 3 || !log_to_file(argv[2], NULL, &error) || !virt_setup(argv[2], &error)) {
    fprintf(stderr, "%s\n",
            error ? error->message : "usage: virt_watch URI LOGFILE [readonly|everything|slow]...");
    return 2;
  }
  struct virt_options options = {.uri = argv[1],
                                 .readonly = has_word(argv + 3, "readonly"),
                                 .record_all = has_word(argv + 3, "everything"),
                                 .interval_seconds = has_word(argv + 3, "slow") ? 60 : 0.5,
                                 .watch_budget = 0.25};
  struct virt *virt = virt_new(&options, &sink, 0, &error);
  if (!virt) {
    fprintf(stderr, "%s\n", error->message);
    return 1;
  }
  obey_stdin(&teller, virt);
  int64_t began_ns = clock_mono_ns();
  virt_free(virt, 3);
  say(&teller, "freed", json_pack("{s:f}", "seconds", seconds_since(began_ns)));
  return 0;
}
