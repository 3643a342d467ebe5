/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked: answered with the next poll, or at once. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/bench/sheets.h"
#include "tests/fake/fake_private.h"

void fake_answers_clear(struct fake_answers *answers)
{
  offers_unref(answers->offers);
  offers_unref(answers->offers_ready);
  snapshot_list_free(answers->snapshots);
  chain_free(answers->chain);
  sriov_list_free(answers->functions);
  sheet_book_free(answers->results);
  g_free(answers->no_results);
  explanation_free(answers->explanation);
  rivals_free(answers->rivals);
  g_free(answers->rivals_of);
  host_look_unref(answers->host);
  spec_free(answers->preview_of);
  spec_free(answers->filled);
  g_free(answers->not_filled);
  g_free(answers->xml);
  g_free(answers->argv);
  g_free(answers->deletion_of);
  deletion_free(answers->deletion);
}

static void answer_preview(struct fake_answers *answers)
{
  const struct spec *spec = answers->preview_of;
  const char *name = spec_text(spec, SPEC_NAME), *backend = spec_text(spec, SPEC_BACKEND);
  const struct backend *row = backend_find(BACKEND_DISK, backend);
  g_free(answers->xml);
  g_free(answers->argv);
  answers->xml = g_markup_printf_escaped(
      "<domain type='kvm'>\n  <name>%s</name>\n  <memory unit='bytes'>%s</memory>\n  <vcpu>%s</vcpu>\n"
      "  <os>\n    <type arch='x86_64' machine='pc'>hvm</type>\n    <boot dev='hd'/>\n  </os>\n"
      "  <devices>\n    <disk type='file' device='disk'>\n"
      "      <driver name='qemu' type='qcow2' cache='%s' io='%s'/>\n      <target dev='vda' bus='%s'/>\n"
      "    </disk>\n  </devices>\n</domain>\n",
      name, spec_text(spec, SPEC_MEMORY), spec_text(spec, SPEC_VCPUS), spec_text(spec, SPEC_CACHE),
      spec_text(spec, SPEC_AIO), row && row->bus ? row->bus : backend);
  answers->argv = g_strdup_printf(
      "/usr/bin/qemu-system-x86_64 -name guest=%s -machine pc,accel=kvm -m %s -smp %s "
      "-blockdev {\"driver\":\"file\",\"filename\":\"/var/lib/virtlens/%s.qcow2\"} -nographic",
      name, spec_text(spec, SPEC_MEMORY), spec_text(spec, SPEC_VCPUS), name);
  g_clear_pointer(&answers->preview_of, spec_free);
}

void fake_answers_poll(struct engine *engine)
{
  struct fake_answers *answers = &engine->answers;
  if (answers->offers_ready) {
    offers_unref(answers->offers);
    answers->offers = g_steal_pointer(&answers->offers_ready);
  }
  if (answers->preview_of)
    answer_preview(answers);
}

void engine_ask_offers(struct engine *engine, G_GNUC_UNUSED int conn)
{
  offers_unref(engine->answers.offers_ready);
  engine->answers.offers_ready = fake_offers();
  fake_news(engine, NEWS_OFFERS);
}

const struct offers *engine_offers(const struct engine *engine, G_GNUC_UNUSED int conn)
{
  return engine->answers.offers;
}

void engine_ask_preview(struct engine *engine, G_GNUC_UNUSED int conn, const struct spec *spec)
{
  spec_free(engine->answers.preview_of);
  engine->answers.preview_of = spec_copy(spec);
  fake_news(engine, NEWS_PREVIEW);
}

bool engine_preview(const struct engine *engine, const char **ret_xml, const char **ret_argv,
                    const char **ret_error)
{
  *ret_xml = engine->answers.xml;
  *ret_argv = engine->answers.argv;
  *ret_error = NULL;
  return engine->answers.xml && !engine->answers.preview_of;
}

/* A guest called like alpine has clones, and has been used. */
static struct deletion *deletion_of(const char *name)
{
  struct deletion *deletion = deletion_new();
  g_autofree char *disk = g_strdup_printf("/var/lib/virtlens/%s.qcow2", name),
                  *log = g_strdup_printf("/var/lib/virtlens/log/%s.log", name),
                  *shared = g_strdup_printf("/var/lib/virtlens/%s-data.qcow2", name);
  deletion_add(deletion, disk, NULL);
  deletion_add(deletion, log, NULL);
  if (!g_str_has_prefix(name, "alpine"))
    return deletion;
  deletion_add(deletion, shared, "needed by web-1, web-2, which would break without it");
  deletion->snapshots = 2;
  deletion->saved = true;
  return deletion;
}

void engine_ask_deletion(struct engine *engine, int conn, const char *uuid)
{
  const struct guest *guest = scan_find_uuid(engine->scan, conn, uuid, NULL);
  struct fake_answers *answers = &engine->answers;
  g_free(answers->deletion_of);
  deletion_free(answers->deletion);
  answers->deletion_of = g_strdup(uuid);
  answers->deletion = deletion_of(guest ? guest->info->name : "gone");
  fake_news(engine, NEWS_DELETION);
}

const struct deletion *engine_deletion(const struct engine *engine, const char *uuid, const char **ret_error)
{
  const struct fake_answers *answers = &engine->answers;
  const bool known = g_strcmp0(answers->deletion_of, uuid) == 0;
  const struct guest *guest = scan_find_uuid(engine->scan, 0, uuid, NULL);
  const bool refused = known && guest && strcmp(guest->info->name, "--help") == 0;
  *ret_error = refused ? "it is not known which files guest web-3 needs: no reason" : NULL;
  return known && !refused ? answers->deletion : NULL;
}

void engine_ask_snapshots(struct engine *engine, G_GNUC_UNUSED int conn, const char *uuid)
{
  snapshot_list_free(engine->answers.snapshots);
  engine->answers.snapshots = fake_snapshots(uuid);
  fake_news(engine, NEWS_SNAPSHOTS);
}

const struct snapshot_list *engine_snapshots(const struct engine *engine, const char *uuid,
                                             const char **ret_error)
{
  const struct snapshot_list *list = engine->answers.snapshots;
  *ret_error = NULL;
  return list && strcmp(list->uuid, uuid) == 0 ? list : NULL;
}

void engine_ask_chain(struct engine *engine, G_GNUC_UNUSED int conn, const char *uuid)
{
  chain_free(engine->answers.chain);
  engine->answers.chain = fake_chain(uuid);
  fake_news(engine, NEWS_CHAIN);
}

/* The made-up guests told it at once, in their first scan. */
void engine_look_inside(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED int conn,
                        G_GNUC_UNUSED const char *uuid)
{
}

void engine_ask_explanation(struct engine *engine, G_GNUC_UNUSED int conn, const char *uuid)
{
  explanation_free(engine->answers.explanation);
  engine->answers.explanation = fake_explanation(uuid);
  fake_news(engine, NEWS_EXPLANATION);
}

const struct explanation *engine_explanation(const struct engine *engine, const char *uuid,
                                             const char **ret_error)
{
  const struct explanation *explanation = engine->answers.explanation;
  *ret_error = NULL;
  return explanation && strcmp(explanation->uuid, uuid) == 0 ? explanation : NULL;
}

const struct chain *engine_chain(const struct engine *engine, const char *uuid, const char **ret_error)
{
  const struct chain *chain = engine->answers.chain;
  *ret_error = NULL;
  return chain && strcmp(chain->uuid, uuid) == 0 ? chain : NULL;
}

/* In the made-up world the first name is always free. */
static bool fill_name(struct spec *spec, GError **err)
{
  g_autofree char *name = g_strdup_printf("%s-1", spec_text(spec, SPEC_TEMPLATE));
  return *spec_text(spec, SPEC_NAME) || spec_set(spec, SPEC_NAME, name, err);
}

static bool fill(struct spec *spec, GError **err)
{
  static const struct {
    const char *name, *memory, *disk;
  } values[] = {{"pulse", "16M", "256M"}, {"image", "1G", "1G"},   {"iso", "1G", "10G"},
                {"kernel", "512M", "1G"}, {"linux", "256M", "1G"}, {"mine", "2G", "4G"}};
  for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
    if (strcmp(values[i].name, spec_text(spec, SPEC_TEMPLATE)) == 0)
      return fill_name(spec, err) &&
             (spec->given[SPEC_MEMORY] || spec_set(spec, SPEC_MEMORY, values[i].memory, err)) &&
             (spec->given[SPEC_DISK] || spec_set(spec, SPEC_DISK, values[i].disk, err));
  return error_set(err, ERROR_USAGE, "Mend the file or choose another template.",
                   "template '%s': it has faults", spec_text(spec, SPEC_TEMPLATE));
}

/* The file is read as by the engine itself, but at once. */
void engine_ask_results(struct engine *engine, const char *file, const char *baseline)
{
  g_autoptr(GError) err = NULL;
  sheet_book_free(engine->answers.results);
  g_clear_pointer(&engine->answers.no_results, g_free);
  if (file)
    engine->answers.results = bench_sheets_read(file, baseline, &err);
  else
    error_set(&err, ERROR_GENERAL, NULL, "no session has run a benchmark yet");
  engine->answers.no_results = err ? error_line(err) : NULL;
  fake_news(engine, NEWS_RESULTS);
}

const struct sheet_book *engine_results(const struct engine *engine, const char **ret_error)
{
  *ret_error = engine->answers.no_results;
  return engine->answers.results;
}

void engine_ask_functions(struct engine *engine, G_GNUC_UNUSED int conn)
{
  sriov_list_free(engine->answers.functions);
  engine->answers.functions = fake_functions();
  fake_news(engine, NEWS_FUNCTIONS);
}

const struct sriov_list *engine_functions(const struct engine *engine, G_GNUC_UNUSED int conn,
                                          const char **ret_error)
{
  *ret_error = NULL;
  return engine->answers.functions;
}

void engine_ask_fill(struct engine *engine, G_GNUC_UNUSED int conn, const struct spec *spec)
{
  struct fake_answers *answers = &engine->answers;
  g_autoptr(GError) fault = NULL;
  spec_free(answers->filled);
  answers->filled = spec_copy(spec);
  g_clear_pointer(&answers->not_filled, g_free);
  if (!fill(answers->filled, &fault))
    answers->not_filled = g_strdup(fault->message);
  fake_news(engine, NEWS_FILLED);
}

const struct spec *engine_filled(const struct engine *engine, G_GNUC_UNUSED int conn, const char **ret_error)
{
  *ret_error = engine->answers.not_filled;
  return engine->answers.not_filled ? NULL : engine->answers.filled;
}

/* On the one CPU that each of them runs on: a guest, a process with an evil name, and its own QEMU. */
void engine_ask_rivals(struct engine *engine, G_GNUC_UNUSED int conn, const char *uuid)
{
  const struct {
    const char *name, *uuid;
    double percent;
  } rivals[] = {{"qemu-system-x86", "00000000-0000-4000-8000-000000000000", 41.5},
                {"hog\033[31m", "", 12.25},
                {"qemu-system-x86", uuid, 3.5}};
  struct task_look *before = task_look_new(0), *now = task_look_new(NS_PER_S);
  struct task vcpu = {.pid = 1, .tid = 1, .vcpu = true, .cpu_ns = 1};
  g_strlcpy(vcpu.uuid, uuid, sizeof vcpu.uuid);
  g_array_append_val(now->tasks, vcpu);
  for (size_t i = 0; i < G_N_ELEMENTS(rivals); i++) {
    struct task task = {.pid = 100 + (pid_t)i, .tid = 100 + (pid_t)i};
    task.cpu_ns = (int64_t)(rivals[i].percent / 100 * (double)NS_PER_S);
    g_strlcpy(task.name, rivals[i].name, sizeof task.name);
    g_strlcpy(task.uuid, rivals[i].uuid, sizeof task.uuid);
    g_array_append_val(now->tasks, task);
  }
  rivals_free(engine->answers.rivals);
  engine->answers.rivals = rivals_between(before, now, uuid);
  g_free(engine->answers.rivals_of);
  engine->answers.rivals_of = g_strdup(uuid);
  task_look_unref(before);
  task_look_unref(now);
}

const struct rivals *engine_rivals(const struct engine *engine, const char *uuid, const char **ret_error)
{
  *ret_error = NULL;
  return g_strcmp0(engine->answers.rivals_of, uuid) == 0 ? engine->answers.rivals : NULL;
}
