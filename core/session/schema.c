/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/schema.h"

#include <glib.h>

#include "core/model/event.h"
#include "core/model/job.h"
#include "core/model/memory.h"
#include "core/model/scan.h"
#include "core/model/span.h"
#include "core/session/export.h"

#define SCHEMA_DIALECT "https://json-schema.org/draft/2020-12/schema"

enum field_type {
  TYPE_TEXT, /* or null; its bytes in NAME_hex when it is not UTF-8 */
  TYPE_WORD, /* one of WORD(0 .. WORDS - 1) */
  TYPE_WORD_OR_NULL,
  TYPE_TIME, /* or null */
  TYPE_INTEGER,
  TYPE_INTEGER_OR_NULL,
  TYPE_NUMBER,
  TYPE_NUMBER_OR_NULL,
  TYPE_BOOL,
  TYPE_OBJECT, /* $defs/OF */
  TYPE_OBJECT_OR_NULL,
  TYPE_LIST,         /* of $defs/OF */
  TYPE_LIST_OR_NULL, /* of $defs/OF or null */
};

struct field {
  const char *name;
  enum field_type type;
  const char *text, *of;
  const char *(*word)(int);
  int words;
};

static const char *word_of_accel(int i)
{
  return accel_name((enum accel)i);
}

static const char *word_of_teller(int i)
{
  return inside_teller_name((enum inside_teller)i);
}

static const char *word_of_kind(int i)
{
  return kind_row((enum kind)i)->name;
}

static const char *word_of_conn_state(int i)
{
  return conn_state_name((enum conn_state)i);
}

static const char *word_of_guest_state(int i)
{
  return guest_state_name((enum guest_state)i);
}

static const char *word_of_event_kind(int i)
{
  return event_kind_name((enum event_kind)i);
}

static const char *word_of_job_state(int i)
{
  return job_state_name((enum job_state)i);
}

static const char *word_of_action(int i)
{
  return action_row((enum action_id)i)->name;
}

static const char *word_of_memory_call(int i)
{
  return memory_call_name((enum memory_call)i);
}

static const char *word_of_span_kind(int i)
{
  return span_kind_name((enum span_kind)i);
}

static const char *word_of_span_owner(int i)
{
  return span_owner_name((enum span_owner)i);
}

static const char *word_of_path(int i)
{
  return backend_path_name((enum backend_path)i);
}

static const struct field session_fields[] = {
    {"id", TYPE_TEXT, "random UUID of the session"},
    {"version", TYPE_TEXT, "of virtlens"},
    {"command", TYPE_TEXT, "how it was started"},
    {"host", TYPE_TEXT, "name of the machine that virtlens ran on"},
    {"host_kind", TYPE_TEXT,
     "what kind of machine that is (since version 4): physical, xen-pv, kvm-qemu ..."},
    {"begin", TYPE_TIME, "when it began"},
    {"end", TYPE_TIME, "when it ended; null: it did not come to its end"},
    {"duration_seconds", TYPE_NUMBER_OR_NULL, "from begin to end"},
    {"scan_count", TYPE_INTEGER, "scans recorded"},
    {"scans_thinned", TYPE_INTEGER, "scans left out because the disk was slow or full"},
    {"settings", TYPE_TEXT, "configuration in force"},
};

static const struct field connection_fields[] = {
    {"number", TYPE_INTEGER, "what \"connection\" refers to, from 0"},
    {"uri", TYPE_TEXT, "libvirt's URI"},
    {"label", TYPE_TEXT, "the name on the screen"},
    {"readonly", TYPE_BOOL, "opened read-only"},
    {"local", TYPE_BOOL, "the hypervisor is on this machine"},
};

static const struct field guest_fields[] = {
    {"connection", TYPE_INTEGER, "number of its connection"},
    {"uuid", TYPE_TEXT, "libvirt's UUID"},
    {"name", TYPE_TEXT, "in its newest definition"},
    {"totals", TYPE_OBJECT, "what the session comes to", "totals"},
    {"definitions", TYPE_LIST, "each definition it had, oldest first", "definition"},
};

static const struct field definition_fields[] = {
    {"id", TYPE_INTEGER, "what \"definition\" of a scan's guest refers to"},
    {"name", TYPE_TEXT, "as libvirt has it"},
    {"title", TYPE_TEXT, "as libvirt has it"},
    {"template", TYPE_TEXT, "of guests that virtlens launched"},
    {"key_file", TYPE_TEXT, "the private key that SSH needs; null: the user's own"},
    {"accel", TYPE_WORD, "accelerator", NULL, word_of_accel, ACCELS},
    {"kind", TYPE_WORD, "kind of virtualization", NULL, word_of_kind, KINDS},
    {"vcpus", TYPE_INTEGER, "virtual CPUs"},
    {"memory_bytes", TYPE_INTEGER, "memory"},
    {"persistent", TYPE_BOOL, "it stays defined when it is off"},
    {"transient_run", TYPE_BOOL, "this run is not from the stored definition"},
    {"saved", TYPE_BOOL, "its memory is saved: its next start goes on from there"},
    {"autostart", TYPE_BOOL, "it starts with its host"},
    {"disks", TYPE_LIST, "in the definition's order", "disk_definition"},
    {"nics", TYPE_LIST, "in the definition's order", "nic_definition"},
    {"hostdevs", TYPE_LIST, "devices passed through", "hostdev_definition"},
    {"inside", TYPE_OBJECT_OR_NULL, "what it told of itself while it ran; null: it was not asked", "inside"},
};

static const struct field inside_fields[] = {
    {"told_by", TYPE_WORD, "who told the addresses", NULL, word_of_teller, TELLERS},
    {"addresses", TYPE_LIST, "of its network devices", "inside_address"},
    {"no_addresses", TYPE_TEXT, "why they cannot be had"},
    {"file_systems", TYPE_LIST, "those mounted", "file_system"},
    {"no_file_systems", TYPE_TEXT, "why they cannot be had"},
};

static const struct field inside_address_fields[] = {
    {"device", TYPE_TEXT, "name of the network device, as told"},
    {"mac", TYPE_TEXT, "hardware address"},
    {"address", TYPE_TEXT, "IP address, with the length of its prefix where that is told"},
};

static const struct field file_system_fields[] = {
    {"mount", TYPE_TEXT, "where it is mounted"},
    {"type", TYPE_TEXT, "ext4, xfs ..."},
    {"disks", TYPE_TEXT, "targets of the disks that it is on"},
    {"total_bytes", TYPE_INTEGER_OR_NULL, "its size"},
    {"used_bytes", TYPE_INTEGER_OR_NULL, "what of it is used"},
};

static const struct field disk_definition_fields[] = {
    {"target", TYPE_TEXT, "vda, sda, hda ..."},
    {"backend", TYPE_TEXT, "name in virtlens's table of backends; null: none of them"},
    {"path", TYPE_WORD_OR_NULL, "how its I/O leaves the guest", NULL, word_of_path, PATH_DIRECT + 1},
    {"bus", TYPE_TEXT, "libvirt's word"},
    {"source", TYPE_TEXT, "file or device; null: an empty drive"},
    {"format", TYPE_TEXT, "qcow2, raw ..."},
    {"cache", TYPE_TEXT, "as in the definition"},
    {"io", TYPE_TEXT, "as in the definition"},
    {"discard", TYPE_TEXT, "as in the definition"},
    {"readonly", TYPE_BOOL, "the guest cannot write it"},
    {"cdrom", TYPE_BOOL, "a CD-ROM drive"},
    {"iothread", TYPE_INTEGER_OR_NULL, "number of its I/O thread"},
};

static const struct field nic_definition_fields[] = {
    {"target", TYPE_TEXT, "device on the host"},
    {"backend", TYPE_TEXT, "name in virtlens's table of backends; null: none of them"},
    {"path", TYPE_WORD_OR_NULL, "how its I/O leaves the guest", NULL, word_of_path, PATH_DIRECT + 1},
    {"model", TYPE_TEXT, "libvirt's word"},
    {"mac", TYPE_TEXT, "hardware address"},
    {"source", TYPE_TEXT, "network, bridge or device"},
    {"ssh_port", TYPE_INTEGER_OR_NULL, "port of its host's 127.0.0.1 that leads to the guest's port 22"},
};

static const struct field hostdev_definition_fields[] = {
    {"address", TYPE_TEXT, "PCI address on the host"},
};

static const struct field scan_fields[] = {
    {"time", TYPE_TIME, "when it was made"},
    {"tick", TYPE_INTEGER, "counts from 1; a gap: scans left out"},
    {"elapsed_seconds", TYPE_NUMBER, "since the session began, by the monotonic clock"},
    {"interval_seconds", TYPE_NUMBER, "the tick asked for"},
    {"host", TYPE_OBJECT_OR_NULL, "the host; null: not known yet", "host"},
    {"connections", TYPE_LIST_OR_NULL, "each connection, by its number", "connection_state"},
    {"guests", TYPE_LIST, "the guests of all connections", "guest"},
};

static const struct field host_fields[] = {
    {"name", TYPE_TEXT, "of the host"},
    {"source", TYPE_TEXT, "where its figures come from"},
    {"time", TYPE_TIME, "when they were read"},
    {"elapsed_seconds", TYPE_NUMBER_OR_NULL, "when they were read, since the session began"},
    {"cores", TYPE_LIST, "each core", "core"},
};

static const struct field connection_state_fields[] = {
    {"uri", TYPE_TEXT, "libvirt's URI"},
    {"label", TYPE_TEXT, "the name on the screen"},
    {"state", TYPE_WORD, "of the connection", NULL, word_of_conn_state, CONN_STATES},
    {"error", TYPE_TEXT, "libvirt's text while it is not open"},
    {"progress", TYPE_TEXT, "while it is being opened"},
    {"readonly", TYPE_BOOL, "opened read-only"},
    {"local", TYPE_BOOL, "the hypervisor is on this machine"},
    {"tick", TYPE_INTEGER, "its own count of ticks"},
    {"time", TYPE_TIME, "when its guests' states were read"},
    {"elapsed_seconds", TYPE_NUMBER_OR_NULL, "the same, since the session began"},
    {"cost_seconds", TYPE_NUMBER, "time its calls took in this tick"},
};

static const struct field scan_guest_fields[] = {
    {"connection", TYPE_INTEGER, "number of its connection"},
    {"uuid", TYPE_TEXT, "libvirt's UUID"},
    {"name", TYPE_TEXT, "as libvirt has it"},
    {"definition", TYPE_INTEGER, "id of the definition in force"},
    {"state", TYPE_WORD, "libvirt's state", NULL, word_of_guest_state, GUEST_STATES},
    {"id", TYPE_INTEGER_OR_NULL, "libvirt's id; null: not running"},
    {"run", TYPE_INTEGER, "another number is another run: rates never span two"},
    {"stuck_seconds", TYPE_NUMBER_OR_NULL, "for how long it has not answered; null: it answers"},
    {"age_seconds", TYPE_OBJECT, "how old each group of readings is at its connection's time", "ages"},
    {"vcpus", TYPE_LIST, "each vCPU", "vcpu"},
    {"disks", TYPE_LIST, "each disk", "disk"},
    {"nics", TYPE_LIST, "each NIC", "nic"},
    {"threads", TYPE_LIST, "the hypervisor's threads by role; none: its process is not seen here", "thread"},
};

static const struct field device_fields[] = {
    {"target", TYPE_TEXT, "which one, as in the definition"},
};

static const struct field thread_fields[] = {
    {"target", TYPE_TEXT,
     "their role: vCPU, main loop, worker, vhost, migration, the name of an iothread ..."},
};

static const struct field event_fields[] = {
    {"time", TYPE_TIME, "when it happened"},
    {"kind", TYPE_WORD, "what it is about", NULL, word_of_event_kind, EVENT_KINDS},
    {"connection", TYPE_INTEGER_OR_NULL, "number of the connection"},
    {"uuid", TYPE_TEXT, "of the guest"},
    {"guest", TYPE_TEXT, "name of the guest"},
    {"text", TYPE_TEXT, "what happened"},
};

static const struct field job_fields[] = {
    {"id", TYPE_INTEGER, "counts from 1"},
    {"time", TYPE_TIME, "when it was asked for"},
    {"action", TYPE_WORD, "what was asked for", NULL, word_of_action, ACTION_COUNT},
    {"state", TYPE_WORD, "what became of it", NULL, word_of_job_state, JOB_STATES},
    {"connection", TYPE_INTEGER_OR_NULL, "number of the connection"},
    {"uuid", TYPE_TEXT, "of the guest"},
    {"guest", TYPE_TEXT, "name of the guest"},
    {"detail", TYPE_TEXT, "what it works on"},
    {"step", TYPE_TEXT, "what it did last"},
    {"error", TYPE_TEXT, "why it failed"},
    {"progress", TYPE_NUMBER_OR_NULL, "0 to 1"},
    {"started_elapsed_seconds", TYPE_NUMBER_OR_NULL, "since the session began"},
    {"ended_elapsed_seconds", TYPE_NUMBER_OR_NULL, "since the session began"},
    {"duration_seconds", TYPE_NUMBER_OR_NULL, "from start to end"},
};

#define MEMORY_SUMS_FIELDS                                                                                   \
  {"failed", TYPE_INTEGER, "calls that were refused"},                                                       \
      {"mapped_bytes", TYPE_INTEGER, "whole pages of what was granted"},                                     \
      {"freed_bytes", TYPE_INTEGER, "whole pages of what was given back"},                                   \
      {"stored", TYPE_INTEGER, "requests recorded one by one, where that was wished for"},                   \
  {                                                                                                          \
    "lost", TYPE_INTEGER, "requests that were to be, and for which there was no room"                        \
  }

static const struct field memory_turn_fields[] = {
    {"turn", TYPE_INTEGER, "counts from 1"},
    {"time", TYPE_TIME, "when it ended"},
    {"elapsed_seconds", TYPE_NUMBER_OR_NULL, "when it ended, since the session began"},
    {"seconds", TYPE_NUMBER, "that it took"},
    {"each_request", TYPE_BOOL, "each was to be recorded: seen = stored + lost"},
    {"ended", TYPE_BOOL, "it is the last of a trace"},
    {"problem", TYPE_TEXT, "why the trace ended; null: as was wished"},
    {"seen", TYPE_INTEGER, "calls of all kinds"},
    {"processes", TYPE_LIST, "what each process asked for", "memory_process"},
    MEMORY_SUMS_FIELDS,
};

static const struct field memory_process_fields[] = {
    {"pid", TYPE_INTEGER_OR_NULL, "null: of all processes that there was no room to tell apart"},
    {"name", TYPE_TEXT, "of its first thread, at most 15 bytes"},
    MEMORY_SUMS_FIELDS,
};

static const struct field memory_request_fields[] = {
    {"turn", TYPE_INTEGER, "in which it was answered"},
    {"elapsed_seconds", TYPE_NUMBER_OR_NULL, "when it was answered, since the session began"},
    {"pid", TYPE_INTEGER, "process"},
    {"thread", TYPE_INTEGER, "thread"},
    {"name", TYPE_TEXT, "of its first thread, at most 15 bytes"},
    {"call", TYPE_WORD, "system call", NULL, word_of_memory_call, MEMORY_CALLS},
    {"address", TYPE_TEXT, "as asked, hexadecimal; of brk: the end that was asked for"},
    {"length", TYPE_TEXT, "as asked, hexadecimal; of mremap: the new one"},
    {"protection", TYPE_TEXT, "PROT_ bits, hexadecimal"},
    {"protection_text", TYPE_TEXT, "r-- to rwx; empty: the call has none"},
    {"result", TYPE_TEXT, "as the system call gave it, hexadecimal"},
    {"failed", TYPE_BOOL, "it was refused"},
    {"change_bytes", TYPE_INTEGER, "by which the process's memory grew"},
};

static const struct field span_turn_fields[] = {
    {"turn", TYPE_INTEGER, "counts from 1"},
    {"kind", TYPE_WORD, "what was timed", NULL, word_of_span_kind, SPAN_KINDS},
    {"time", TYPE_TIME, "when it ended"},
    {"elapsed_seconds", TYPE_NUMBER_OR_NULL, "when it ended, since the session began"},
    {"seconds", TYPE_NUMBER, "that it took"},
    {"ended", TYPE_BOOL, "it is the last of a trace"},
    {"problem", TYPE_TEXT, "why the trace ended; null: as was wished"},
    {"spans", TYPE_LIST, "what was timed, each who and what once", "span"},
};

static const struct field span_fields[] = {
    {"uuid", TYPE_TEXT, "of the guest that it was done for; null: of none that is known"},
    {"known_by", TYPE_WORD, "how that is known", NULL, word_of_span_owner, SPAN_OWNERS},
    {"pid", TYPE_INTEGER_OR_NULL, "process; null: a guest, or the kernel itself"},
    {"thread", TYPE_INTEGER_OR_NULL, "thread, where they are told apart"},
    {"name", TYPE_TEXT, "of the process, at most 15 bytes"},
    {"device", TYPE_TEXT, "the host's disk"},
    {"what", TYPE_TEXT, "what was done: read, write, flush ..."},
    {"place", TYPE_TEXT, "where, hexadecimal; 0 of what has no place"},
    {"place_name", TYPE_TEXT,
     "what that is called: the reason of an exit, or whose a port or page is; null: not known"},
    {"count", TYPE_INTEGER, "how often"},
    {"total_seconds", TYPE_NUMBER, "how long in all"},
    {"total_bytes", TYPE_INTEGER, "how much"},
    {"histogram", TYPE_LIST, "by how long each took", "span_bucket"},
};

static const struct field span_bucket_fields[] = {
    {"log2_ns", TYPE_INTEGER, "those that took 2^this nanoseconds or more, and less than twice that"},
    {"count", TYPE_INTEGER, "how many"},
};

static const struct field root_fields[] = {
    {"complete", TYPE_BOOL, "false: the session had not come to its end"},
    {"generator", TYPE_TEXT, "program and version that wrote this file"},
    {"session", TYPE_OBJECT, "the session", "session"},
    {"connections", TYPE_LIST, "the connections", "connection"},
    {"guests", TYPE_LIST, "every guest met, in order of appearance", "guest_summary"},
    {"scans", TYPE_LIST, "oldest first", "scan"},
    {"events", TYPE_LIST, "oldest first", "event"},
    {"jobs", TYPE_LIST, "oldest first", "job"},
    {"memory", TYPE_LIST, "turns of memory tracing, oldest first", "memory_turn"},
    {"memory_requests", TYPE_LIST, "memory requests recorded one by one, turn by turn", "memory_request"},
    {"span_turns", TYPE_LIST, "turns of how long things take, oldest first", "span_turn"},
};

#define NO_SCOPE (-1)
#define MEMORY_CALLS_SCOPE (-2) /* a count of each kind of memory request */
static const struct {
  const char *name, *text;
  const struct field *fields;
  size_t count;
  int scope; /* its metrics are fields, too */
} objects[] = {
    {"session", "The session.", session_fields, G_N_ELEMENTS(session_fields), NO_SCOPE},
    {"connection", "A connection.", connection_fields, G_N_ELEMENTS(connection_fields), NO_SCOPE},
    {"guest_summary", "A guest over the whole session.", guest_fields, G_N_ELEMENTS(guest_fields), NO_SCOPE},
    {"definition", "A guest's definition.", definition_fields, G_N_ELEMENTS(definition_fields), NO_SCOPE},
    {"disk_definition", "A disk as defined.", disk_definition_fields, G_N_ELEMENTS(disk_definition_fields),
     NO_SCOPE},
    {"nic_definition", "A NIC as defined.", nic_definition_fields, G_N_ELEMENTS(nic_definition_fields),
     NO_SCOPE},
    {"hostdev_definition", "A device passed through.", hostdev_definition_fields,
     G_N_ELEMENTS(hostdev_definition_fields), NO_SCOPE},
    {"inside", "A guest as it is inside.", inside_fields, G_N_ELEMENTS(inside_fields), NO_SCOPE},
    {"inside_address", "An address that a guest has.", inside_address_fields,
     G_N_ELEMENTS(inside_address_fields), NO_SCOPE},
    {"file_system", "A file system mounted in a guest.", file_system_fields, G_N_ELEMENTS(file_system_fields),
     NO_SCOPE},
    {"scan", "Everything at one tick.", scan_fields, G_N_ELEMENTS(scan_fields), NO_SCOPE},
    {"host", "The host at one tick.", host_fields, G_N_ELEMENTS(host_fields), SCOPE_HOST},
    {"core", "A core at one tick.", NULL, 0, SCOPE_CORE},
    {"connection_state", "A connection at one tick.", connection_state_fields,
     G_N_ELEMENTS(connection_state_fields), NO_SCOPE},
    {"guest", "A guest at one tick.", scan_guest_fields, G_N_ELEMENTS(scan_guest_fields), SCOPE_GUEST},
    {"vcpu", "A vCPU at one tick.", NULL, 0, SCOPE_VCPU},
    {"disk", "A disk at one tick.", device_fields, G_N_ELEMENTS(device_fields), SCOPE_DISK},
    {"nic", "A NIC at one tick.", device_fields, G_N_ELEMENTS(device_fields), SCOPE_NIC},
    {"thread", "The threads of one role at one tick.", thread_fields, G_N_ELEMENTS(thread_fields),
     SCOPE_THREAD},
    {"event", "Something that happened.", event_fields, G_N_ELEMENTS(event_fields), NO_SCOPE},
    {"job", "Something asked for that took time.", job_fields, G_N_ELEMENTS(job_fields), NO_SCOPE},
    {"memory_turn", "What processes asked of memory from one moment to the next.", memory_turn_fields,
     G_N_ELEMENTS(memory_turn_fields), MEMORY_CALLS_SCOPE},
    {"memory_process", "What a process asked for in a turn.", memory_process_fields,
     G_N_ELEMENTS(memory_process_fields), MEMORY_CALLS_SCOPE},
    {"memory_request", "One request.", memory_request_fields, G_N_ELEMENTS(memory_request_fields), NO_SCOPE},
    {"span_turn", "How long things took from one moment to the next.", span_turn_fields,
     G_N_ELEMENTS(span_turn_fields), NO_SCOPE},
    {"span", "One who and what.", span_fields, G_N_ELEMENTS(span_fields), NO_SCOPE},
    {"span_bucket", "Those of about one duration.", span_bucket_fields, G_N_ELEMENTS(span_bucket_fields),
     NO_SCOPE},
};

/* ---- from the tables to the schema ---- */

static json_t *type_or_null(const char *type)
{
  return json_pack("{s:[s,s]}", "type", type, "null");
}

static json_t *ref(const char *name)
{
  return json_pack("{s:s+}", "$ref", "#/$defs/", name);
}

static json_t *ref_or_null(const char *name)
{
  return json_pack("{s:[o,{s:s}]}", "anyOf", ref(name), "type", "null");
}

static json_t *word_schema(const struct field *field)
{
  json_t *words = json_array();
  for (int i = 0; i < field->words; i++)
    json_array_append_new(words, json_string(field->word(i)));
  if (field->type == TYPE_WORD_OR_NULL)
    json_array_append_new(words, json_null());
  return json_pack("{s:o}", "enum", words);
}

static json_t *field_schema(const struct field *field)
{
  switch (field->type) {
  case TYPE_TEXT:
    return type_or_null("string");
  case TYPE_WORD:
  case TYPE_WORD_OR_NULL:
    return word_schema(field);
  case TYPE_TIME:
    return json_pack("{s:[s,s],s:s}", "type", "string", "null", "format", "date-time");
  case TYPE_INTEGER:
    return json_pack("{s:s}", "type", "integer");
  case TYPE_INTEGER_OR_NULL:
    return type_or_null("integer");
  case TYPE_NUMBER:
    return json_pack("{s:s}", "type", "number");
  case TYPE_NUMBER_OR_NULL:
    return type_or_null("number");
  case TYPE_BOOL:
    return json_pack("{s:s}", "type", "boolean");
  case TYPE_OBJECT:
    return ref(field->of);
  case TYPE_OBJECT_OR_NULL:
    return ref_or_null(field->of);
  case TYPE_LIST:
    return json_pack("{s:s,s:o}", "type", "array", "items", ref(field->of));
  case TYPE_LIST_OR_NULL:
    return json_pack("{s:s,s:o}", "type", "array", "items", ref_or_null(field->of));
  }
  return NULL;
}

/* An object that has exactly the fields that are put into it, and the bytes of texts that are no UTF-8. */
static json_t *new_object(const char *text)
{
  return json_pack("{s:s,s:s,s:{},s:[],s:{s:{s:s,s:s}},s:b}", "type", "object", "description", text,
                   "properties", "required", "patternProperties", "^[a-z_]+_hex$", "type", "string",
                   "pattern", "^([0-9a-f]{2})+$", "additionalProperties", 0);
}

static void put_property(json_t *object, const char *name, const char *text, json_t *schema)
{
  json_object_set_new(schema, "description", json_string(text));
  json_object_set_new(json_object_get(object, "properties"), name, schema);
  json_array_append_new(json_object_get(object, "required"), json_string(name));
}

static void put_fields(json_t *object, const struct field *fields, size_t count)
{
  for (size_t i = 0; i < count; i++)
    put_property(object, fields[i].name, fields[i].text, field_schema(&fields[i]));
}

static void put_metric(json_t *object, const struct metric *row)
{
  const char *unit = metric_unit_text(row->unit);
  g_autofree char *text = *unit ? g_strdup_printf("%s (%s)", row->text, unit) : g_strdup(row->text);
  put_property(object, row->name, text, type_or_null("number"));
}

static void put_memory_calls(json_t *object)
{
  for (int i = 0; i < MEMORY_CALLS; i++)
    put_property(object, memory_call_name((enum memory_call)i), "calls of this kind",
                 json_pack("{s:s}", "type", "integer"));
}

static void put_metrics(json_t *object, int scope)
{
  int count = 0;
  if (scope == MEMORY_CALLS_SCOPE)
    put_memory_calls(object);
  const struct metric *rows = scope < 0 ? NULL : metric_table((enum metric_scope)scope, &count);
  for (int i = 0; i < count; i++)
    put_metric(object, &rows[i]);
}

static json_t *ages_schema(void)
{
  json_t *object = new_object("How old each group of readings is; null: never read.");
  for (int g = 0; g < GROUP_COUNT; g++)
    put_property(object, metric_group_name((enum metric_group)g), "seconds", type_or_null("number"));
  return object;
}

/* A guest's counters (or what is derived from them) alone. */
static json_t *part_schema(const char *text, bool counters)
{
  json_t *object = new_object(text);
  int count;
  const struct metric *rows = metric_table(SCOPE_GUEST, &count);
  for (int i = 0; i < count; i++)
    if (rows[i].kind != METRIC_GAUGE && (rows[i].kind == METRIC_COUNTER) == counters)
      put_metric(object, &rows[i]);
  return object;
}

static json_t *totals_schema(void)
{
  json_t *object = part_schema("By how much each counter rose during the session, all runs together.", true);
  put_property(object, "runs", "runs seen", json_pack("{s:s}", "type", "integer"));
  put_property(object, "first", "first readings", part_schema("First readings.", true));
  put_property(object, "last", "last readings", part_schema("Last readings.", true));
  put_property(object, "mean", "means",
               part_schema("Means: by time, averages per request by requests.", false));
  put_property(object, "max", "highest values", part_schema("Highest values.", false));
  return object;
}

json_t *export_schema(void)
{
  json_t *defs = json_object(), *root = new_object("A session of virtlens.");
  json_object_set_new(root, "$schema", json_string(SCHEMA_DIALECT));
  json_object_set_new(root, "title", json_string("virtlens session"));
  put_property(root, "format", "what this file is", json_pack("{s:s}", "const", EXPORT_FORMAT));
  put_property(root, "version", "of this format", json_pack("{s:i}", "const", EXPORT_VERSION));
  put_fields(root, root_fields, G_N_ELEMENTS(root_fields));
  for (size_t i = 0; i < G_N_ELEMENTS(objects); i++) {
    json_t *object = new_object(objects[i].text);
    put_fields(object, objects[i].fields, objects[i].count);
    put_metrics(object, objects[i].scope);
    json_object_set_new(defs, objects[i].name, object);
  }
  json_object_set_new(defs, "ages", ages_schema());
  json_object_set_new(defs, "totals", totals_schema());
  json_object_set_new(root, "$defs", defs);
  return root;
}
