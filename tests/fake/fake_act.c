/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done: at once, but for a launch that is on hold. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/model/batch.h"
#include "tests/fake/fake_private.h"

static void free_job(gpointer job)
{
  job_free(job);
}

GPtrArray *fake_jobs_new(void)
{
  return g_ptr_array_new_with_free_func(free_job);
}

/* What a job that was asked for comes to. */
struct outcome {
  enum job_state state;
  const char *error;
  int code;
  const char *words;
};

static void add_job(struct engine *engine, enum action_id action, const char *uuid, const char *guest,
                    struct outcome outcome, uint64_t *ret_id)
{
  const bool ended = job_state_ended(outcome.state);
  const int64_t began_ns = (engine->jobs->len + 1) * NS_PER_S;
  struct job job = {.id = engine->jobs->len + 1,
                    .action = action,
                    .state = outcome.state,
                    .guest = (char *)(uintptr_t)guest,
                    .error = (char *)(uintptr_t)outcome.error,
                    .error_code = outcome.code,
                    .detail = (char *)(uintptr_t)outcome.words,
                    .progress = ended ? -1 : 0.42,
                    .step = ended ? NULL : (char *)(uintptr_t) "making the disk",
                    .asked_wall_ns = clock_wall_ns(),
                    .started_mono_ns = began_ns,
                    .ended_mono_ns = ended ? began_ns + 310 * NS_PER_MS : 0};
  g_strlcpy(job.uuid, uuid, sizeof job.uuid);
  g_ptr_array_add(engine->jobs, job_copy(&job));
  fake_news(engine, NEWS_JOB);
  g_autofree char *sentence = job_sentence(&job, 0), *back = action_undo_text(job_undo(&job), "U", false);
  if (ended)
    fake_notice(engine, outcome.state == JOB_FAILED, g_strconcat(sentence, back ? "; " : NULL, back, NULL));
  if (ret_id)
    *ret_id = job.id;
}

/* What the world's own guests say to ACTION when they are not forced; NULL: it is done. */
static const char *risk(enum action_id action, const char *guest, const char *words)
{
  if (strstr(words, "force"))
    return NULL;
  if (action == ACTION_REVERT && strstr(words, "name=other"))
    return "cannot revert: revert requires force: Target device address type none does not match source pci\n"
           "Add the word force if it is meant.";
  if (action == ACTION_STOP && strcmp(guest, "silent") == 0)
    return "it does not shut down when asked: not within 60 s\nAdd the word force.";
  return NULL;
}

/* A deleted guest comes back as it was. */
static void undelete(struct engine *engine, const char *name, uint64_t *ret_job)
{
  if (engine->removed->len)
    g_ptr_array_remove_index(engine->removed, engine->removed->len - 1);
  fake_note(engine, "undelete %s", name);
  add_job(engine, ACTION_UNDELETE, "", name, (struct outcome){JOB_DONE, NULL, 0, NULL}, ret_job);
  fake_step(engine);
}

bool engine_act(struct engine *engine, int conn, const char *uuid, enum action_id action,
                const char *const *flags, uint64_t *ret_job, GError **err)
{
  const struct guest *guest = scan_find_uuid(engine->scan, conn, uuid, NULL);
  g_autofree char *words = flags ? g_strjoinv(" ", (char **)(uintptr_t)flags) : g_strdup("");
  if (!fake_may_act(engine, err))
    return false;
  if (action == ACTION_UNDELETE) {
    undelete(engine, action_value(flags, "name"), ret_job);
    return true;
  }
  if (!guest && !(action_row(action)->needs & NEEDS_NO_GUEST))
    return error_set(err, ERROR_GENERAL, NULL, "%s: the guest is gone", action_row(action)->name);
  fake_note(engine, "%s %d %s%s%s", action_row(action)->name, conn, uuid, *words ? " " : "", words);
  const char *name = guest ? guest->info->name : "", *said = risk(action, name, words);
  add_job(engine, action, uuid, name,
          said ? (struct outcome){JOB_FAILED, said, ERROR_RISKY, words}
               : (struct outcome){JOB_DONE, NULL, 0, *words ? words : NULL},
          ret_job);
  if (action == ACTION_DELETE) {
    g_ptr_array_add(engine->removed, g_strdup(uuid));
    fake_step(engine);
  }
  return true;
}

bool engine_act_all(struct engine *engine, const struct target *guests, guint count, enum action_id action,
                    const char *const *flags, GError **err)
{
  if (count == 1)
    return engine_act(engine, guests->conn, guests->uuid, action, flags, NULL, err);
  if (!fake_may_act(engine, err))
    return false;
  struct batch *batch = batch_new(action, ++engine->batch);
  bool any = false;
  for (guint i = 0; i < count; i++) {
    const struct guest *guest = scan_find_uuid(engine->scan, guests[i].conn, guests[i].uuid, NULL);
    const char *why = guest ? action_refusal(action, guest) : "the guest is gone";
    if (why) {
      batch_refuse(batch, guest ? guest->info->name : "?", why);
      continue;
    }
    batch_add(batch);
    any = engine_act(engine, guests[i].conn, guests[i].uuid, action, flags, NULL, NULL);
    struct job *job = engine->jobs->pdata[engine->jobs->len - 1];
    job->batch = engine->batch;
    batch_take(batch, job);
  }
  g_autofree char *sentence = batch_sentence(batch), *back = action_undo_text(batch_undo(batch), "U", true);
  fake_notice(engine, !batch_is_well(batch), g_strconcat(sentence, back ? "; " : NULL, back, NULL));
  batch_free(batch);
  return any;
}

bool engine_launch(struct engine *engine, G_GNUC_UNUSED int conn, const struct spec *spec, uint64_t *ret_job,
                   GError **err)
{
  static const char refusal[] =
      "launch: libvirt: internal error: process exited while connecting to monitor: qemu-system-x86_64: "
      "-device virtio-blk-pci,drive=d0: Failed to get \"write\" lock\nIs another process using the image?";
  const char *name = spec_text(spec, SPEC_NAME);
  if (!fake_may_act(engine, err))
    return false;
  fake_note(engine, "launch %s %s", name, spec_text(spec, SPEC_BACKEND));
  const struct outcome outcome = strstr(name, "fail")
                                     ? (struct outcome){JOB_FAILED, refusal, ERROR_GENERAL, NULL}
                                 : strstr(name, "hold") ? (struct outcome){JOB_RUNNING, NULL, 0, NULL}
                                                        : (struct outcome){JOB_DONE, NULL, 0, NULL};
  add_job(engine, ACTION_LAUNCH, "", name, outcome, ret_job);
  return true;
}

void engine_cancel(struct engine *engine, uint64_t id)
{
  for (guint i = 0; i < engine->jobs->len; i++) {
    struct job *job = g_ptr_array_index(engine->jobs, i);
    if (job->id != id || job_state_ended(job->state))
      continue;
    job->state = JOB_CANCELLED;
    job->ended_mono_ns = job->started_mono_ns + NS_PER_S;
    fake_news(engine, NEWS_JOB);
  }
}

void engine_export_now(struct engine *engine, const char *file)
{
  fake_notice(engine, false, g_strdup_printf("exported to %s", file ? file : "/state/virtlens/session.json"));
}

void engine_save_template(struct engine *engine, G_GNUC_UNUSED const struct spec *spec, const char *name,
                          bool replace)
{
  g_autofree char *path = g_strdup_printf("/config/virtlens/templates/%s.template", name);
  g_clear_pointer(&engine->saved, g_free);
  g_clear_error(&engine->not_saved);
  if (text_name_ok(name, &engine->not_saved) &&
      (replace || strcmp(name, "mine") != 0 ||
       error_set(&engine->not_saved, ERROR_REFUSED, "give it another name, or replace it",
                 "template %s: %s is there already", name, path)))
    engine->saved = g_steal_pointer(&path);
  fake_news(engine, NEWS_SAVED);
}

const char *engine_template_saved(const struct engine *engine, const GError **ret_error)
{
  *ret_error = engine->not_saved;
  return engine->saved;
}
