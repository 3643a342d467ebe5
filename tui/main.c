/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/engine/batch.h"
#include "core/engine/bench.h"
#include "core/engine/check.h"
#include "core/engine/engine.h"
#include "core/engine/memory_batch.h"
#include "core/session/export.h"
#include "core/session/import_table.h"
#include "tui/cli.h"
#include "tui/judge.h"
#include "tui/screen.h"

/* ---- telling ---- */

/* Each line of TEXT, made safe, on standard error. */
static void say(const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  for (int i = 0; lines[i]; i++) {
    g_autofree char *safe = text_safe(lines[i]);
    if (*safe)
      fprintf(stderr, "%s%s\n", i ? "  " : "virtlens: ", safe);
  }
}

/* Tell of ERR and give the exit status for it. */
static int fail(const GError *err)
{
  say(err->message);
  return error_exit_status(err);
}

static int print(const char *text)
{
  if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
    return 0;
  fprintf(stderr, "virtlens: standard output cannot be written: %s\n", g_strerror(errno));
  return 1;
}

/* ---- making ready ---- */

/* A descriptor 0, 1 or 2 that is closed would be given to the next file opened: a journal that
 * some message is then printed into. */
static void hold_descriptors(void)
{
  int fd;

  do
    fd = open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= 2);
  if (fd > 2)
    close(fd);
}

static struct settings *read_settings(const struct cli *cli, GError **err)
{
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  struct settings *settings = settings_read(cli->config, &judge_screen, complaints);

  for (guint i = 0; i < complaints->len; i++)
    say(g_ptr_array_index(complaints, i));
  if (!settings) {
    error_set(err, ERROR_USAGE, NULL, "the configuration has faults: nothing was started");
    return NULL;
  }
  if (cli->delay > 0) {
    char seconds[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(seconds, sizeof(seconds), "%.9g", cli->delay);
    if (!settings_set(settings, SETTING_INTERVAL, seconds, err)) {
      settings_free(settings);
      return NULL;
    }
  }
  return settings;
}

/* The command line as it can be typed again. */
static char *command_text(int argc, char **argv)
{
  GString *text = g_string_new("virtlens");

  for (int i = 1; i < argc; i++) {
    g_autofree char *word = text_quote_word(argv[i]);
    g_string_append_printf(text, " %s", word);
  }
  return g_string_free(text, FALSE);
}

static struct engine *open_engine(const struct cli *cli, const struct settings *settings, const char *command,
                                  GError **err)
{
  const struct engine_options options = {
      .uris = (const char *const *)cli->uris->pdata,
      .lab = cli->given[CLI_LAB],
      .lab_stop = cli->lab_stop,
      .readonly = cli->given[CLI_READONLY],
      .tour = cli->given[CLI_TOUR],
      .lab_root = cli->lab_root,
      .export_file = cli->export_file,
      .replay_file = cli->file,
      .sink = cli->sink,
      .sink_password_file = cli->sink_password_file,
      .command = command,
      .settings = settings,
  };

  return engine_new(&options, err);
}

/* ---- ending ---- */

/* Ask on the terminal for other places until the export is written or nothing is typed. */
static char *ask_for_place(struct engine *engine)
{
  char *line = NULL;
  size_t size = 0;

  if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
    return NULL;
  fprintf(stderr, "Another file for the export (empty: leave it in the journal): ");
  while (getline(&line, &size, stdin) > 1) {
    g_autoptr(GError) err = NULL;
    line[strcspn(line, "\n")] = 0;
    if (engine_export_again(engine, line, &err))
      return line;
    say(err->message);
    fprintf(stderr, "Another file for the export (empty: leave it in the journal): ");
  }
  free(line);
  return NULL;
}

/* End the session and say where its JSON is: on standard output as the last line, unless that
 * carries figures for a program. */
static int finish(struct engine *engine, bool on_stderr)
{
  g_autoptr(GError) err = NULL;
  g_autofree char *path = NULL;
  int status = 0;

  if (!engine_finish(engine, &path, &err))
    status = fail(err);
  if (err && !path && (path = ask_for_place(engine)))
    status = 0;
  if (!path)
    return status;
  g_autofree char *full = g_canonicalize_filename(path, NULL), *safe = text_safe(full);
  if (on_stderr)
    fprintf(stderr, "virtlens: the session's JSON: %s\n", safe);
  else if (printf("%s\n", safe) < 0 || fflush(stdout) != 0)
    fprintf(stderr, "virtlens: the session's JSON: %s\n", safe);
  return status;
}

/* ---- the commands ---- */

/* A descriptor that is readable once a signal asks to end; blocks these signals for all threads
 * to come. */
static int catch_signals(void)
{
  sigset_t set;

  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

static void tell_unfinished(const struct engine *engine)
{
  for (const char *const *journal = engine_unfinished(engine); journal && *journal; journal++) {
    g_autofree char *safe = text_safe(*journal);
    fprintf(stderr, "virtlens: a session ended without its JSON: virtlens export --from %s\n", safe);
  }
}

/* The script of --play; RET stays NULL when there is none. */
static bool read_play(const struct cli *cli, struct play **ret, GError **err)
{
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);

  if (!cli->given[CLI_PLAY])
    return true;
  *ret = play_read(cli->play, judge_screen.key, complaints);
  if (*ret)
    return true;
  g_ptr_array_add(complaints, NULL);
  g_autofree char *all = g_strjoinv("\n", (char **)complaints->pdata);
  return error_set(err, ERROR_USAGE, NULL, "%s", all);
}

/* Without a screen nobody opens a view of memory requests: with a sink they are seen from beginning to end.
 */
static bool feed_all(const struct cli *cli, struct engine *engine, GError **err)
{
  const struct memory_wish all = {.whose = MEMORY_ALL, .requests = true, .seconds = engine_interval(engine)};

  return !cli->sink || engine_memory_watch(engine, &all, err);
}

static int batch(const struct cli *cli, const struct settings *settings, const char *command,
                 struct play *play)
{
  g_autoptr(GError) err = NULL;
  const struct batch_options options = {.format = cli->format,
                                        .play = play,
                                        .count = cli->count,
                                        .tour = cli->given[CLI_TOUR],
                                        .out_fd = STDOUT_FILENO,
                                        .quit_fd = catch_signals()};
  struct engine *engine = open_engine(cli, settings, command, &err);
  int status = 0;

  if (!engine)
    return fail(err);
  tell_unfinished(engine);
  if (!feed_all(cli, engine, &err) || !batch_run(engine, &options, &err))
    status = fail(err);
  int end_status = finish(engine, cli->format != BATCH_TEXT);
  engine_free(engine);
  return status ? status : end_status;
}

static int run_batch(const struct cli *cli, const struct settings *settings, const char *command)
{
  struct play *play = NULL;
  g_autoptr(GError) err = NULL;
  int status = read_play(cli, &play, &err) ? batch(cli, settings, command, play) : fail(err);

  play_free(play);
  return status;
}

static bool log_beside(int *ret_fd, GError **err)
{
  g_autofree char *state = path_state();
  g_autofree char *file = g_build_filename(state, "virtlens.log", NULL);

  return path_make(state, err) && log_to_file(file, ret_fd, err);
}

static bool open_record(const struct cli *cli, FILE **ret, GError **err)
{
  if (!cli->given[CLI_RECORD_KEYS])
    return true;
  *ret = fopen(cli->record_keys, "we");
  return *ret ? true
              : error_set_errno(err, ERROR_RESOURCES, errno, NULL, "--record-keys %s", cli->record_keys);
}

static int show(const struct cli *cli, struct settings *settings, const char *command, struct script *script,
                int log_fd)
{
  const struct terminal_options options = {.utf8 = settings_get(settings, SETTING_UTF8),
                                           .graphs = settings_get(settings, SETTING_GRAPHS),
                                           .mouse = settings_bool(settings, SETTING_MOUSE),
                                           .log_fd = log_fd};
  g_autoptr(GError) err = NULL;
  struct terminal *terminal = terminal_new(&options, &err);

  if (!terminal)
    return fail(err);
  struct engine *engine = open_engine(cli, settings, command, &err);
  if (engine)
    g_free(screen_run(engine, settings, terminal, script));
  terminal_free(terminal);
  if (!engine)
    return fail(err);
  int status = finish(engine, false);
  engine_free(engine);
  if (!script->failure)
    return status;
  g_printerr("virtlens: %s\n", script->failure);
  return 1;
}

static int run_screen(const struct cli *cli, struct settings *settings, const char *command)
{
  struct script script = {0};
  g_autoptr(GError) err = NULL;
  int log_fd = 0;

  terminal_block_signals();
  bool ready = read_play(cli, &script.play, &err) && open_record(cli, &script.record, &err) &&
               log_beside(&log_fd, &err);
  int status = ready ? show(cli, settings, command, &script, log_fd) : fail(err);
  script_clear(&script);
  return status;
}

static int run_export(const struct cli *cli)
{
  g_autofree char *from = g_canonicalize_filename(cli->from, NULL), *name = export_name(from);
  g_autofree char *dir = g_path_get_dirname(from);
  g_autofree char *target =
      cli->to ? g_canonicalize_filename(cli->to, NULL) : g_build_filename(dir, name, NULL);
  g_autoptr(GError) err = NULL;

  if (g_strcmp0(target, from) == 0)
    error_set(&err, ERROR_USAGE, "name another file with --to", "the export would replace its own source");
  else if (access(cli->from, F_OK) != 0)
    error_set_errno(&err, ERROR_GENERAL, errno, NULL, "%s", cli->from);
  if (err || !export_journal(cli->from, target, &err))
    return fail(err);
  g_autofree char *safe = text_safe(target), *line = g_strdup_printf("%s\n", safe);
  return print(line);
}

/* Columns of the terminal on standard output; where there is none, of one as it always was. */
static int output_width(void)
{
  struct winsize size;

  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static bool output_coloured(void)
{
  const char *term = getenv("TERM");

  return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0 && !theme_refused();
}

static int run_check(const struct cli *cli)
{
  struct checkup *checkup = check_host();
  g_autofree char *text = cli->format == BATCH_JSON ? check_json(checkup)
                                                    : check_text(checkup, output_width(), output_coloured());
  int status = print(text);

  if (status == 0 && !checkup->accelerated)
    status = ERROR_RESOURCES;
  checkup_free(checkup);
  return status;
}

/* What was seen in all, beside the figures. */
static void tell_seen(const struct memory_sums *total, bool each)
{
  fprintf(stderr, "virtlens: seen %" G_GUINT64_FORMAT, memory_sums_seen(total));
  if (each)
    fprintf(stderr, " = written %" G_GUINT64_FORMAT " + lost %" G_GUINT64_FORMAT, total->sent, total->lost);
  fputs("; system calls by int 0x80 are not seen\n", stderr);
}

/* What came of it in the database; 0, or the exit status where some did not get there for its sake. */
static int tell_delivery(const struct delivery *delivery)
{
  g_autofree char *counts = delivery_text(delivery);

  if (!delivery->place)
    return 0;
  fprintf(stderr, "virtlens: %s: %s\n", delivery->place, counts);
  return delivery->problem ? ERROR_RESOURCES : 0;
}

static int run_memory(const struct cli *cli, const struct settings *settings)
{
  struct memory_batch_options options = {.wish = {.whose = cli->name  ? MEMORY_NAMED
                                                           : cli->pid ? MEMORY_PID
                                                                      : MEMORY_ALL,
                                                  .pid = cli->pid,
                                                  .protections = cli->given[CLI_PROTECTIONS],
                                                  .seconds = settings_number(settings, SETTING_INTERVAL)},
                                         .each = cli->given[CLI_REQUESTS],
                                         .sink = cli->sink,
                                         .sink_password_file = cli->sink_password_file,
                                         .warn = say,
                                         .format = cli->format,
                                         .count = cli->count,
                                         .out_fd = STDOUT_FILENO,
                                         .quit_fd = catch_signals()};
  struct memory_batch_result result;
  g_autoptr(GError) err = NULL;

  g_strlcpy(options.wish.name, cli->name ? cli->name : "", sizeof options.wish.name);
  bool ok = memory_batch_run(&options, &result, &err);
  if (memory_sums_seen(&result.total) > 0 || ok)
    tell_seen(&result.total, options.each);
  int status = tell_delivery(&result.delivery);
  delivery_clear(&result.delivery);
  return ok ? status : fail(err);
}

static char *import_target(void)
{
  g_autofree char *state = path_state(), *stamp = export_stamp(clock_wall_ns());

  return g_strdup_printf("%s/exports/virtlens-%s-import.json", state, stamp);
}

static int run_import(const struct cli *cli, const char *command)
{
  g_autofree char *target = cli->to ? g_canonicalize_filename(cli->to, NULL) : import_target();
  g_autofree char *dir = g_path_get_dirname(target), *text = NULL;
  g_autoptr(GError) err = NULL;

  if ((!cli->to && !path_make(dir, &err)) ||
      !import_table(cli->file, cli->sink_password_file, command, target, &text, &err))
    return fail(err);
  say(text);
  g_autofree char *safe = text_safe(target), *line = g_strdup_printf("%s\n", safe);
  return print(line);
}

/* A line that does not last is for who looks on: the next one is written over it. */
static void say_bench(const char *line, bool lasting)
{
  const bool terminal = isatty(STDERR_FILENO);
  g_autofree char *safe = text_safe(line), *fitted = text_fit(safe, output_width() - 1, true);

  if (lasting)
    fprintf(stderr, "%svirtlens: %s\n", terminal ? "\r\033[K" : "", safe);
  else if (terminal)
    fprintf(stderr, "\r\033[K%s", fitted);
  fflush(stderr);
}

/* The lab needs no daemon and no right: it is what a benchmark takes where nothing is said. */
static char *measure(const struct cli *cli, const struct bench_wish *wish, bool *ret_complete, GError **err)
{
  const struct bench_where where = {.uri = cli->uris->pdata[0],
                                    .lab = !cli->uris->pdata[0],
                                    .lab_root = cli->lab_root,
                                    .together = cli->given[CLI_TOGETHER],
                                    .quit_fd = catch_signals(),
                                    .say = say_bench};

  return bench_measure_plan(wish, &where, ret_complete, err);
}

/* The last line names the results, as that of a session names its export. */
static int tell_results(const char *file, bool complete)
{
  g_autofree char *safe = text_safe(file), *line = g_strdup_printf("%s\n", safe);
  const int status = print(line);

  if (!complete)
    say("not all of the plan was measured: virtlens bench --resume goes on with it");
  return complete ? status : ERROR_GENERAL;
}

static int run_bench(const struct cli *cli)
{
  const struct bench_wish wish = {.plan = cli->plan,
                                  .settings = (const char *const *)cli->words->pdata,
                                  .memory = cli->guest_memory,
                                  .disk_size = cli->disk_size,
                                  .output = cli->output,
                                  .resume = cli->given[CLI_RESUME]};
  const bool show_plan = cli->given[CLI_PRINT_PLAN], simulate = cli->given[CLI_SIMULATE];
  g_autoptr(GError) err = NULL;
  bool complete = true;
  g_autofree char *said = show_plan  ? bench_show_plan(&wish, &err)
                          : simulate ? bench_simulate_plan(&wish, &err)
                                     : measure(cli, &wish, &complete, &err);

  if (!said || show_plan)
    return said ? print(said) : fail(err);
  if (simulate)
    fputs("virtlens: SIMULATED: these are a model's figures, nothing was measured\n", stderr);
  return tell_results(said, complete);
}

static int run_report(const struct cli *cli)
{
  const char *const *files = (const char *const *)cli->words->pdata;
  const struct report_wish wish = {files, cli->report_format, cli->output};
  g_autoptr(GError) err = NULL;
  bool broken = false;
  g_autofree char *text = cli->compare ? report_compare(files[0], files[1], cli->fail_if, &broken, &err)
                                       : report_make(&wish, &err);
  int status = text ? print(text) : fail(err);

  return status ? status : broken;
}

static int run(const struct cli *cli, const char *command)
{
  g_autoptr(GError) err = NULL;

  if (cli->given[CLI_HELP]) {
    g_autofree char *help = cli_help();
    return print(help);
  }
  if (cli->given[CLI_VERSION])
    return print(PACKAGE_STRING "\n");
  if (cli->command == CLI_CHECK)
    return run_check(cli);
  if (cli->command == CLI_BENCH)
    return run_bench(cli);
  if (cli->command == CLI_REPORT)
    return run_report(cli);
  struct settings *settings = read_settings(cli, &err);
  if (!settings)
    return fail(err);
  int status = cli->command == CLI_EXPORT   ? run_export(cli)
               : cli->command == CLI_MEMORY ? run_memory(cli, settings)
               : cli->command == CLI_IMPORT ? run_import(cli, command)
               : cli->given[CLI_BATCH]      ? run_batch(cli, settings, command)
                                            : run_screen(cli, settings, command);
  settings_free(settings);
  return status;
}

int main(int argc, char **argv)
{
  g_autoptr(GError) err = NULL;
  struct cli cli;

  hold_descriptors();
  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C"); /* figures are for programs too, and of one width */
  signal(SIGPIPE, SIG_IGN);   /* each is told by the write that fails */
  signal(SIGXFSZ, SIG_IGN);
  g_autofree char *command = command_text(argc, argv);
  int status = cli_parse(argc, argv, &cli, &err) ? run(&cli, command) : fail(err);
  cli_clear(&cli);
  return status;
}
