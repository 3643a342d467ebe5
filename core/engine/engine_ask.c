/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions to a connection that take time: asked on a worker thread, the newest answer of each
 * kind is kept with its connection. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/engine/engine_private.h"
#include "core/host/look.h"

struct question {
  struct inbox *inbox;
  struct virt *virt;
  enum ask_kind kind;
  int conn;
  uint64_t number;
  char uuid[37];
  struct spec *spec;
  char **folders;    /* of ASK_HOST: of guests' disks */
  GPtrArray *guests; /* of ASK_HOST: char *, UUID and name of each that runs here */
  void *before;      /* what a look is compared with; NULL: it is the first */
};

struct preview {
  char *xml, *argv;
};

static void preview_free(void *data)
{
  struct preview *preview = data;
  g_free(preview->xml);
  g_free(preview->argv);
  g_free(preview);
}

static void *ask_offers(const struct question *question, GError **err)
{
  return virt_offers(question->virt, err);
}

static void *ask_preview(const struct question *question, GError **err)
{
  struct preview *preview = g_new0(struct preview, 1);
  if (virt_preview(question->virt, question->spec, &preview->xml, &preview->argv, err))
    return preview;
  preview_free(preview);
  return NULL;
}

static void *ask_deletion(const struct question *question, GError **err)
{
  return virt_deletion(question->virt, question->uuid, err);
}

static void *ask_snapshots(const struct question *question, GError **err)
{
  return virt_snapshots(question->virt, question->uuid, err);
}

static void *ask_chain(const struct question *question, GError **err)
{
  return virt_chain(question->virt, question->uuid, err);
}

static void *ask_functions(const struct question *question, GError **err)
{
  return virt_functions(question->virt, err);
}

static void *ask_explanation(const struct question *question, GError **err)
{
  return virt_explain(question->virt, question->uuid, err);
}

static void *ask_rivals(const struct question *question, GError **err)
{
  return virt_rivals(question->virt, question->uuid, question->before, err);
}

static void *ask_host(const struct question *question, GError **err)
{
  (void)err;
  g_autoptr(GHashTable) pids = virt_processes();
  g_autoptr(GArray) processes = g_array_new(FALSE, FALSE, sizeof(struct host_process));
  for (guint i = 0; i + 1 < question->guests->len; i += 2) {
    const struct host_process process = {
        question->guests->pdata[i + 1],
        GPOINTER_TO_INT(g_hash_table_lookup(pids, question->guests->pdata[i]))};
    if (process.pid)
      g_array_append_val(processes, process);
  }
  struct host_look *look =
      host_look_at("", (const char *const *)question->folders,
                   (const struct host_process *)(void *)processes->data, (int)processes->len);
  host_look_derive(look, question->before);
  return look;
}

/* ---- looks: each is compared with the one before ---- */

static void *rivals_before(const void *value)
{
  return task_look_ref(((const struct rivals *)value)->look);
}

static int64_t rivals_at(const void *value)
{
  return ((const struct rivals *)value)->look->at_ns;
}

static void *host_before(const void *value)
{
  return host_look_ref(value);
}

static int64_t host_at(const void *value)
{
  return ((const struct host_look *)value)->at_ns;
}

static void *ask_fill(const struct question *question, GError **err)
{
  struct spec *spec = spec_copy(question->spec);
  if (virt_apply_template(question->virt, spec, err))
    return spec;
  spec_free(spec);
  return NULL;
}

static void *ask_process(const struct question *question, GError **err)
{
  const int pid = virt_process(question->virt, question->uuid, err);
  return pid > 0 ? g_memdup2(&pid, sizeof pid) : NULL;
}

static const struct {
  void *(*ask)(const struct question *question, GError **err);
  GDestroyNotify free_value;
  enum engine_news news;
  void *(*before)(const void *value);  /* of a look: a reference to what the next is compared with, ... */
  GDestroyNotify unref_before;         /* ... and its end ... */
  int64_t (*at_ns)(const void *value); /* ... and when it was made */
} kinds[ASK_KINDS] = {
    [ASK_OFFERS] = {ask_offers, (GDestroyNotify)offers_unref, NEWS_OFFERS},
    [ASK_PREVIEW] = {ask_preview, preview_free, NEWS_PREVIEW},
    [ASK_DELETION] = {ask_deletion, (GDestroyNotify)deletion_free, NEWS_DELETION},
    [ASK_SNAPSHOTS] = {ask_snapshots, (GDestroyNotify)snapshot_list_free, NEWS_SNAPSHOTS},
    [ASK_CHAIN] = {ask_chain, (GDestroyNotify)chain_free, NEWS_CHAIN},
    [ASK_FUNCTIONS] = {ask_functions, (GDestroyNotify)sriov_list_free, NEWS_FUNCTIONS},
    [ASK_EXPLANATION] = {ask_explanation, (GDestroyNotify)explanation_free, NEWS_EXPLANATION},
    [ASK_RIVALS] = {ask_rivals, (GDestroyNotify)rivals_free, NEWS_RIVALS, rivals_before,
                    (GDestroyNotify)task_look_unref, rivals_at},
    [ASK_HOST] = {ask_host, (GDestroyNotify)host_look_unref, NEWS_HOST, host_before,
                  (GDestroyNotify)host_look_unref, host_at},
    [ASK_FILL] = {ask_fill, (GDestroyNotify)spec_free, NEWS_FILLED},
    [ASK_PROCESS] = {ask_process, g_free, NEWS_PROCESS},
};

void answer_free(struct answer *answer)
{
  if (!answer)
    return;
  if (answer->value)
    kinds[answer->kind].free_value(answer->value);
  g_free(answer->error);
  g_free(answer);
}

static void question_free(void *data)
{
  struct question *question = data;
  spec_free(question->spec);
  g_strfreev(question->folders);
  g_clear_pointer(&question->guests, g_ptr_array_unref);
  if (question->before)
    kinds[question->kind].unref_before(question->before);
  g_free(question);
}

static bool run_question(G_GNUC_UNUSED struct task *task, void *context, GError **err)
{
  const struct question *question = context;
  struct answer *answer = g_new0(struct answer, 1);
  answer->kind = question->kind;
  answer->number = question->number;
  g_strlcpy(answer->uuid, question->uuid, sizeof answer->uuid);
  answer->value = kinds[question->kind].ask(question, err);
  if (!answer->value)
    answer->error = g_strdup(err && *err ? (*err)->message : "it gave no reason");
  const bool known = answer->value != NULL;
  /* From here on it is the main thread's, which may free it at once. */
  inbox_push(question->inbox, MESSAGE_ANSWER, question->conn, answer, (GDestroyNotify)answer_free);
  return known;
}

/* The next question of KIND to LINK, of connection CONN; UUID may be NULL. */
static struct question *question_new(struct engine *engine, struct link *link, enum ask_kind kind, int conn,
                                     const char *uuid)
{
  struct question *question = g_new0(struct question, 1);
  question->inbox = engine->inbox;
  question->virt = link->virt;
  question->kind = kind;
  question->conn = conn;
  question->number = ++link->asked[kind];
  g_strlcpy(question->uuid, uuid ? uuid : "", sizeof question->uuid);
  return question;
}

/* UUID and SPEC may be NULL, as the KIND needs them. */
static void ask(struct engine *engine, enum ask_kind kind, int conn, const char *uuid,
                const struct spec *spec)
{
  struct link *link = engine_link(engine, conn, NULL);
  if (!link)
    return;
  struct question *question = question_new(engine, link, kind, conn, uuid);
  question->spec = spec ? spec_copy(spec) : NULL;
  jobs_ask(engine->workers, run_question, question, question_free);
}

unsigned engine_take_answer(struct engine *engine, struct message *message)
{
  struct link *link = &engine->links[message->conn];
  struct answer *answer = message->payload;
  if (answer->number != link->asked[answer->kind])
    return 0; /* a newer question is on its way */
  if (!answer->value && answer->kind == ASK_OFFERS) {
    engine_set_notice(engine, true, text_line(answer->error));
    return NEWS_NOTICE; /* what was known stays */
  }
  answer_free(link->answers[answer->kind]);
  link->answers[answer->kind] = g_steal_pointer(&message->payload);
  return kinds[answer->kind].news;
}

/* The answer of KIND for connection CONN to its newest question, or NULL. */
static const struct answer *answer_of(const struct engine *engine, enum ask_kind kind, int conn)
{
  if (conn < 0 || conn >= engine->link_count)
    return NULL;
  const struct answer *answer = engine->links[conn].answers[kind];
  return answer && answer->number == engine->links[conn].asked[kind] ? answer : NULL;
}

void engine_ask_offers(struct engine *engine, int conn)
{
  ask(engine, ASK_OFFERS, conn, NULL, NULL);
}

const struct offers *engine_offers(const struct engine *engine, int conn)
{
  if (conn < 0 || conn >= engine->link_count)
    return NULL;
  /* Old offers are better than none while they are asked for again. */
  const struct answer *answer = engine->links[conn].answers[ASK_OFFERS];
  return answer ? answer->value : NULL;
}

/* Ask about SPEC under the name that it would get. */
static void ask_named(struct engine *engine, enum ask_kind kind, int conn, const struct spec *spec)
{
  struct spec *named = spec_copy(spec);
  engine_fill_name(engine, named, NULL); /* what is wrong with it, the answer says */
  ask(engine, kind, conn, NULL, named);
  spec_free(named);
}

void engine_ask_fill(struct engine *engine, int conn, const struct spec *spec)
{
  ask_named(engine, ASK_FILL, conn, spec);
}

const struct spec *engine_filled(const struct engine *engine, int conn, const char **ret_error)
{
  const struct answer *answer = answer_of(engine, ASK_FILL, conn);
  *ret_error = answer ? answer->error : NULL;
  return answer ? answer->value : NULL;
}

void engine_ask_preview(struct engine *engine, int conn, const struct spec *spec)
{
  engine->preview_conn = conn;
  ask_named(engine, ASK_PREVIEW, conn, spec);
}

bool engine_preview(const struct engine *engine, const char **ret_xml, const char **ret_argv,
                    const char **ret_error)
{
  const struct answer *answer = answer_of(engine, ASK_PREVIEW, engine->preview_conn);
  const struct preview *preview = answer ? answer->value : NULL;
  if (!answer)
    return false;
  *ret_xml = preview ? preview->xml : NULL;
  *ret_argv = preview ? preview->argv : NULL;
  *ret_error = answer->error;
  return true;
}

void engine_ask_deletion(struct engine *engine, int conn, const char *uuid)
{
  ask(engine, ASK_DELETION, conn, uuid, NULL);
}

/* The answer of KIND about the guest UUID to the newest question, or NULL. */
static const struct answer *answer_about(const struct engine *engine, enum ask_kind kind, const char *uuid)
{
  for (int i = 0; i < engine->link_count; i++) {
    const struct answer *answer = answer_of(engine, kind, i);
    if (answer && !strcmp(answer->uuid, uuid))
      return answer;
  }
  return NULL;
}

/* Its value, or NULL: not known, RET_ERROR says why when it cannot be. */
static const void *value_about(const struct engine *engine, enum ask_kind kind, const char *uuid,
                               const char **ret_error)
{
  const struct answer *answer = answer_about(engine, kind, uuid);
  *ret_error = answer ? answer->error : NULL;
  return answer ? answer->value : NULL;
}

const struct deletion *engine_deletion(const struct engine *engine, const char *uuid, const char **ret_error)
{
  return value_about(engine, ASK_DELETION, uuid, ret_error);
}

void engine_ask_snapshots(struct engine *engine, int conn, const char *uuid)
{
  ask(engine, ASK_SNAPSHOTS, conn, uuid, NULL);
}

const struct snapshot_list *engine_snapshots(const struct engine *engine, const char *uuid,
                                             const char **ret_error)
{
  return value_about(engine, ASK_SNAPSHOTS, uuid, ret_error);
}

void engine_ask_chain(struct engine *engine, int conn, const char *uuid)
{
  ask(engine, ASK_CHAIN, conn, uuid, NULL);
}

const struct chain *engine_chain(const struct engine *engine, const char *uuid, const char **ret_error)
{
  return value_about(engine, ASK_CHAIN, uuid, ret_error);
}

void engine_ask_functions(struct engine *engine, int conn)
{
  ask(engine, ASK_FUNCTIONS, conn, NULL, NULL);
}

const struct sriov_list *engine_functions(const struct engine *engine, int conn, const char **ret_error)
{
  const struct answer *answer = answer_of(engine, ASK_FUNCTIONS, conn);
  *ret_error = answer ? answer->error : NULL;
  return answer ? answer->value : NULL;
}

void engine_ask_explanation(struct engine *engine, int conn, const char *uuid)
{
  ask(engine, ASK_EXPLANATION, conn, uuid, NULL);
}

const struct explanation *engine_explanation(const struct engine *engine, const char *uuid,
                                             const char **ret_error)
{
  return value_about(engine, ASK_EXPLANATION, uuid, ret_error);
}

void engine_ask_process(struct engine *engine, int conn, const char *uuid)
{
  ask(engine, ASK_PROCESS, conn, uuid, NULL);
}

int engine_process(const struct engine *engine, const char *uuid, const char **ret_error)
{
  const int *pid = value_about(engine, ASK_PROCESS, uuid, ret_error);
  return pid ? *pid : 0;
}

/* What the next look is compared with is worth its while only after some time. */
static bool too_soon(const struct answer *last, const char *uuid)
{
  if (strcmp(last->uuid, uuid) != 0)
    return false;
  return !last->value || clock_mono_ns() - kinds[last->kind].at_ns(last->value) < NS_PER_S / 2;
}

/* The next question for a look of KIND; NULL: none is to be asked now. */
static struct question *next_look(struct engine *engine, enum ask_kind kind, int conn, const char *uuid)
{
  struct link *link = engine_link(engine, conn, NULL);
  const struct answer *last = link ? link->answers[kind] : NULL;
  if (!link || link->asked[kind] != (last ? last->number : 0) || (last && too_soon(last, uuid)))
    return NULL;
  struct question *question = question_new(engine, link, kind, conn, uuid);
  question->before = last && last->value ? kinds[kind].before(last->value) : NULL;
  return question;
}

/* The last look of KIND at UUID, whatever was asked since. */
static const void *last_look(const struct engine *engine, enum ask_kind kind, const char *uuid,
                             const char **ret_error)
{
  *ret_error = NULL;
  for (int i = 0; i < engine->link_count; i++) {
    const struct answer *last = engine->links[i].answers[kind];
    if (!last || strcmp(last->uuid, uuid) != 0)
      continue;
    *ret_error = last->error;
    return last->value;
  }
  return NULL;
}

void engine_ask_rivals(struct engine *engine, int conn, const char *uuid)
{
  struct question *question = next_look(engine, ASK_RIVALS, conn, uuid);
  if (question)
    jobs_ask(engine->workers, run_question, question, question_free);
}

const struct rivals *engine_rivals(const struct engine *engine, const char *uuid, const char **ret_error)
{
  return last_look(engine, ASK_RIVALS, uuid, ret_error);
}

static void add_folder(GPtrArray *folders, const char *file)
{
  char *folder = file && *file == '/' ? g_path_get_dirname(file) : NULL;
  if (folder && !g_ptr_array_find_with_equal_func(folders, folder, g_str_equal, NULL))
    g_ptr_array_add(folders, folder);
  else
    g_free(folder);
}

/* What of the guests of this machine a look at it needs to know. */
static void add_local(struct question *question, const struct conn_scan *conn, GPtrArray *folders)
{
  for (int i = 0; i < conn->guest_count; i++) {
    const struct guest *guest = conn->guests[i];
    for (int k = 0; k < guest->info->disk_count; k++)
      add_folder(folders, guest->info->disks[k].source);
    if (!guest_state_active(guest->state))
      continue;
    g_ptr_array_add(question->guests, g_strdup(guest->info->uuid));
    g_ptr_array_add(question->guests, g_strdup(guest->info->name));
  }
}

/* The connection of this machine's guests, or -1. */
static int local_conn(const struct engine *engine)
{
  for (int i = 0; i < engine->link_count; i++)
    if (engine->links[i].newest->local)
      return i;
  return -1;
}

void engine_ask_host(struct engine *engine)
{
  struct question *question = next_look(engine, ASK_HOST, local_conn(engine), "");
  if (!question)
    return;
  GPtrArray *folders = g_ptr_array_new();
  question->guests = g_ptr_array_new_with_free_func(g_free);
  for (int i = 0; i < engine->link_count; i++)
    if (engine->links[i].newest->local)
      add_local(question, engine->links[i].newest, folders);
  g_ptr_array_add(folders, NULL);
  question->folders = (char **)g_ptr_array_free(folders, FALSE);
  jobs_ask(engine->workers, run_question, question, question_free);
}

const struct host_look *engine_host_look(const struct engine *engine, const char **ret_error)
{
  return last_look(engine, ASK_HOST, "", ret_error);
}
