/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/cli.h"

#include <limits.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/engine/settings.h"

#define COUNT_MAX INT64_C(1000000000)

static const struct cli_command_row commands[] = {
    [CLI_WATCH] = {"", "[URI...]", "watch the guests of these connections, or of libvirt's own choice"},
    [CLI_REPLAY] = {"replay", "FILE", "show a recorded session: a journal or a JSON export"},
    [CLI_EXPORT] = {"export", "--from JOURNAL [--to FILE]",
                    "make the JSON of a session that ended without it"},
    [CLI_CHECK] = {"check", "[--format json]",
                   "is this machine fit? what it has for guests, what is missing, and what to do about it"},
    [CLI_MEMORY] =
        {"memory", "--batch",
         "what processes ask of memory (mmap, munmap, mremap, brk), seen by the kernel; on the screen "
         "it is :memory"},
    [CLI_IMPORT] = {"import", "DATABASE [--to FILE]",
                    "make a session, for replay, of the memory requests in a database's table procesos"},
    [CLI_BENCH] = {"bench", "[--plan PLAN] [OPTION=VALUE...]",
                   "carry out a plan that compares backends; each OPTION of the plan can be changed"},
    [CLI_REPORT] = {"report", "[compare] FILE...",
                    "tell what results of benchmarks come to, or what differs between two of them"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(commands) == CLI_COMMANDS);

#define WATCH (1u << CLI_WATCH)
#define REPLAY (1u << CLI_REPLAY)
#define EXPORT (1u << CLI_EXPORT)
#define CHECK (1u << CLI_CHECK)
#define MEMORY (1u << CLI_MEMORY)
#define IMPORT (1u << CLI_IMPORT)
#define BENCH (1u << CLI_BENCH)
#define REPORT (1u << CLI_REPORT)
#define ALL (WATCH | REPLAY | EXPORT | CHECK | MEMORY | IMPORT | BENCH | REPORT)

static const struct cli_option_row options[] = {
    [CLI_CONNECT] = {"connect", 'c', "URI", false, WATCH | BENCH, CLI_NOTHING, NULL,
                     "a connection, as virsh takes it, or an alias of libvirt.conf; may be given again"},
    [CLI_LAB] = {"lab", 0, "stop", true, WATCH | BENCH, CLI_WORDS, "stop",
                 "the embedded hypervisor: no daemon, nothing of the system's touched; its guests run on "
                 "after the end, with =stop they are stopped"},
    [CLI_LAB_ROOT] = {"lab-root", 0, "DIR", false, WATCH | BENCH, CLI_FOLDER, NULL, "where the lab lives"},
    [CLI_TOUR] = {"tour", 0, NULL, false, WATCH, CLI_NOTHING, NULL,
                  "start two lab guests with the same disk work, one on virtio-blk, one on IDE"},
    [CLI_READONLY] = {"readonly", 'r', NULL, false, WATCH, CLI_NOTHING, NULL,
                      "open connections read-only: nothing can be changed"},
    [CLI_EXPORT_FILE] = {"export", 'e', "FILE", false, WATCH, CLI_FILE, NULL,
                         "write the session's JSON to FILE (default: a new file in the state folder)"},
    [CLI_BATCH] = {"batch", 'b', NULL, false, WATCH | MEMORY, CLI_NOTHING, NULL,
                   "no screen: write to standard output"},
    [CLI_FORMAT] = {"format", 'f', "FORMAT", false, WATCH | CHECK | MEMORY | REPORT, CLI_WORDS,
                    "text csv json openmetrics markdown",
                    "of batch output: text, csv, json or openmetrics (not of memory); of check: text or "
                    "json; of report, on "
                    "standard output: text, csv or markdown"},
    [CLI_COUNT] = {"count", 'n', "N", false, WATCH | MEMORY, CLI_NOTHING, NULL,
                   "end batch output after N ticks"},
    [CLI_DELAY] = {"delay", 'd', "SECONDS", false, WATCH | MEMORY, CLI_NOTHING, NULL,
                   "time between two ticks, 0.1 to 60"},
    [CLI_PLAY] = {"play", 0, "FILE", false, WATCH, CLI_FILE, NULL,
                  "carry out the script FILE, on the screen or with --batch; exit status 1 when it fails"},
    [CLI_RECORD_KEYS] = {"record-keys", 0, "FILE", false, WATCH, CLI_FILE, NULL,
                         "keep the keys of this session in FILE, as a script for --play"},
    [CLI_NAME] = {"name", 0, "NAME", false, MEMORY, CLI_NOTHING, NULL,
                  "see processes called NAME alone (its first 15 bytes count, as in ps)"},
    [CLI_PID] = {"pid", 'p', "PID", false, MEMORY, CLI_NOTHING, NULL, "see the process PID alone"},
    [CLI_REQUESTS] = {"requests", 0, NULL, false, MEMORY, CLI_NOTHING, NULL,
                      "write each request instead of the sums of processes"},
    [CLI_PROTECTIONS] = {"protections", 0, NULL, false, MEMORY, CLI_NOTHING, NULL, "see mprotect, too"},
    [CLI_SINK] = {"sink", 0, "DATABASE", false, WATCH | MEMORY, CLI_NOTHING, NULL,
                  "put each memory request that is seen into a database as well: "
                  "mysql://USER@HOST[:PORT]/NAME[?socket=PATH]"},
    [CLI_SINK_PASSWORD_FILE] = {"sink-password-file", 0, "FILE", false, WATCH | MEMORY | IMPORT, CLI_FILE,
                                NULL,
                                "the database's password is the first line of FILE (default: ~/.my.cnf or "
                                "$MYSQL_PWD)"},
    [CLI_FROM] = {"from", 0, "JOURNAL", false, EXPORT, CLI_FILE, NULL, "the journal of the session"},
    [CLI_TO] =
        {"to", 0, "FILE", false, EXPORT | IMPORT, CLI_FILE, NULL,
         "the JSON file (default: beside the journal, with .json for its ending; of import a new one in the "
         "state folder)"},
    [CLI_PLAN] = {"plan", 0, "PLAN", false, BENCH, CLI_WORDS, "quick standard thorough reference",
                  "of bench: quick, standard, thorough, reference, or a file"},
    [CLI_RESUME] = {"resume", 0, NULL, false, BENCH, CLI_NOTHING, NULL,
                    "go on with a benchmark that was stopped or killed, by the results in its folder"},
    [CLI_TOGETHER] = {"together", 0, NULL, false, BENCH, CLI_NOTHING, NULL,
                      "also while another benchmark runs on this machine; each disturbs the other"},
    [CLI_PRINT_PLAN] = {"print-plan", 0, NULL, false, BENCH, CLI_NOTHING, NULL,
                        "show the plan, what it takes of time, disk and memory, and start nothing"},
    [CLI_SIMULATE] = {"simulate", 0, NULL, false, BENCH, CLI_NOTHING, NULL,
                      "let a model carry out the plan: no hypervisor, no privilege, no measurement"},
    [CLI_GUEST_MEMORY] = {"memory", 0, "SIZE", false, BENCH, CLI_NOTHING, NULL,
                          "memory of the guests of a benchmark"},
    [CLI_DISK_SIZE] = {"disk-size", 0, "SIZE", false, BENCH, CLI_NOTHING, NULL,
                       "size of the scratch disks of a benchmark"},
    [CLI_OUTPUT] = {"output", 'o', "DIR", false, BENCH | REPORT, CLI_FOLDER, NULL,
                    "folder of the results (default: the present one), or of a report (beside its file)"},
    [CLI_FAIL_IF] =
        {"fail-if", 0, "LIMIT", false, REPORT, CLI_NOTHING, NULL,
         "of report compare: exit status 1 when a figure can be shown to have changed by more, as in "
         "'iops < -10%' or 'latency_p99 > 20%'"},
    [CLI_CONFIG] = {"config", 0, "FILE", false, ALL & ~(CHECK | BENCH | REPORT), CLI_FILE, NULL,
                    "read FILE instead of the user's virtlens.conf"},
    [CLI_VERSION] = {"version", 'V', NULL, false, ALL, CLI_NOTHING, NULL, "print the version"},
    [CLI_HELP] = {"help", 'h', NULL, false, ALL, CLI_NOTHING, NULL, "print this help"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(options) == CLI_OPTIONS);

static const char see_help[] = "'virtlens --help' lists commands and options";

const struct cli_command_row *cli_command_row(enum cli_command command)
{
  return &commands[command];
}

const struct cli_option_row *cli_option_row(enum cli_option option)
{
  return &options[option];
}

/* What was perhaps meant by WORD among the option or command names; else where to look. */
static char *advice_for(const char *word, bool option)
{
  const char *names[CLI_OPTIONS + 1] = {NULL};
  size_t n = 0;

  if (option)
    for (int i = 0; i < CLI_OPTIONS; i++)
      names[n++] = options[i].name;
  else
    for (int i = CLI_WATCH + 1; i < CLI_COMMANDS; i++)
      names[n++] = commands[i].name;

  const char *closest = text_closest(word, names);
  return closest ? g_strdup_printf("did you mean '%s%s'? %s", option ? "--" : "", closest, see_help)
                 : g_strdup(see_help);
}

/* ---- values ---- */

static bool take_count(struct cli *cli, const char *value, GError **err)
{
  int64_t count;

  if (!units_parse_int(value, 1, COUNT_MAX, &count, err))
    return false;
  cli->count = (uint64_t)count;
  return true;
}

static bool take_pid(struct cli *cli, const char *value, GError **err)
{
  int64_t pid;

  if (!units_parse_int(value, 1, INT_MAX, &pid, err))
    return false;
  cli->pid = (int)pid;
  return true;
}

static bool take_format(struct cli *cli, const char *value, GError **err)
{
  const bool report = cli->command == CLI_REPORT;
  int format = report ? report_format_find(value) : batch_format_find(value);
  g_autofree char *safe = text_safe(value);

  if (format >= 0 && report) {
    cli->report_format = (enum report_format)format;
    return true;
  }
  if (format < 0)
    return error_set(err, ERROR_USAGE, NULL, "\"%s\" is not a format: it is one of %s", safe,
                     options[CLI_FORMAT].words);
  cli->format = (enum batch_format)format;
  return true;
}

static bool take_lab(struct cli *cli, const char *value, GError **err)
{
  g_autofree char *safe = text_safe(value);

  if (value && strcmp(value, "stop") != 0)
    return error_set(err, ERROR_USAGE, NULL, "\"%s\" is not known: --lab takes nothing, or =stop", safe);
  cli->lab_stop = value != NULL;
  return true;
}

static bool take_file(const char **ret, const char *value, GError **err)
{
  if (!*value)
    return error_set(err, ERROR_USAGE, NULL, "the name is empty");
  *ret = value;
  return true;
}

static bool take_uri(struct cli *cli, const char *uri, GError **err)
{
  g_autofree char *safe = text_safe(uri);

  if (!*uri)
    return error_set(err, ERROR_USAGE, NULL, "the URI is empty");
  if (g_ptr_array_find_with_equal_func(cli->uris, uri, g_str_equal, NULL))
    return error_set(err, ERROR_USAGE, NULL, "%s is given twice", safe);
  g_ptr_array_add(cli->uris, g_strdup(uri));
  return true;
}

static bool take_value(struct cli *cli, enum cli_option option, const char *value, GError **err)
{
  if (option == CLI_LAB)
    return take_lab(cli, value, err);
  if (!value)
    return true; /* one that takes no argument */
  switch (option) {
  case CLI_CONNECT:
    return take_uri(cli, value, err);
  case CLI_LAB_ROOT:
    return take_file(&cli->lab_root, value, err);
  case CLI_EXPORT_FILE:
    return take_file(&cli->export_file, value, err);
  case CLI_FORMAT:
    return take_format(cli, value, err);
  case CLI_COUNT:
    return take_count(cli, value, err);
  case CLI_DELAY:
    return units_parse_seconds(value, SETTINGS_INTERVAL_MIN, SETTINGS_INTERVAL_MAX, &cli->delay, err);
  case CLI_PLAY:
    return take_file(&cli->play, value, err);
  case CLI_RECORD_KEYS:
    return take_file(&cli->record_keys, value, err);
  case CLI_NAME:
    return take_file(&cli->name, value, err);
  case CLI_PID:
    return take_pid(cli, value, err);
  case CLI_SINK:
    return take_file(&cli->sink, value, err);
  case CLI_SINK_PASSWORD_FILE:
    return take_file(&cli->sink_password_file, value, err);
  case CLI_FROM:
    return take_file(&cli->from, value, err);
  case CLI_TO:
    return take_file(&cli->to, value, err);
  case CLI_PLAN:
    return take_file(&cli->plan, value, err);
  case CLI_GUEST_MEMORY:
    return take_file(&cli->guest_memory, value, err);
  case CLI_DISK_SIZE:
    return take_file(&cli->disk_size, value, err);
  case CLI_OUTPUT:
    return take_file(&cli->output, value, err);
  case CLI_FAIL_IF:
    return take_file(&cli->fail_if, value, err);
  case CLI_CONFIG:
    return take_file(&cli->config, value, err);
  default:
    return true;
  }
}

/* ---- words ---- */

/* The words of the command line, and how far they are read. */
struct words {
  char **word;
  int count, next;
  bool options_over; /* after "--" */
};

static int find_option(const char *name, size_t length)
{
  for (int i = 0; i < CLI_OPTIONS; i++)
    if (strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0)
      return i;
  return -1;
}

static int find_letter(char letter)
{
  for (int i = 0; i < CLI_OPTIONS; i++)
    if (options[i].letter == letter && letter)
      return i;
  return -1;
}

static bool take_option(struct cli *cli, int option, const char *value, struct words *words, GError **err)
{
  const struct cli_option_row *row = &options[option];
  g_autoptr(GError) why = NULL;

  if (value && !row->argument)
    return error_set(err, ERROR_USAGE, see_help, "--%s takes no argument", row->name);
  if (!value && row->argument && !row->may_omit) {
    if (words->next == words->count)
      return error_set(err, ERROR_USAGE, see_help, "--%s: %s is missing", row->name, row->argument);
    value = words->word[words->next++];
  }
  if (cli->given[option] && option != CLI_CONNECT)
    return error_set(err, ERROR_USAGE, see_help, "--%s is given twice", row->name);
  cli->given[option] = true;
  if (take_value(cli, (enum cli_option)option, value, &why))
    return true;
  g_autofree char *what = error_what(why);
  return error_set(err, ERROR_USAGE, error_advice(why), "--%s: %s", row->name, what);
}

/* "--name", "--name=value". */
static bool take_long(struct cli *cli, const char *word, struct words *words, GError **err)
{
  const char *equals = strchr(word, '=');
  size_t length = equals ? (size_t)(equals - word) : strlen(word);
  int option = find_option(word, length);

  if (option >= 0)
    return take_option(cli, option, equals ? equals + 1 : NULL, words, err);

  g_autofree char *name = g_strndup(word, length), *safe = text_safe(name);
  g_autofree char *advice = advice_for(name, true);
  return error_set(err, ERROR_USAGE, advice, "there is no option --%s", safe);
}

/* "-r", "-rb", "-n5", "-n 5". */
static bool take_letters(struct cli *cli, const char *letters, struct words *words, GError **err)
{
  for (const char *c = letters; *c; c++) {
    int option = find_letter(*c);
    if (option < 0) {
      g_autofree char *safe = text_safe(letters);
      return error_set(err, ERROR_USAGE, see_help, "there is no option -%s", safe);
    }
    if (options[option].argument)
      return take_option(cli, option, c[1] ? c + 1 : NULL, words, err);
    if (!take_option(cli, option, NULL, words, err))
      return false;
  }
  return true;
}

/* A word that is no option: the command, its file, or a URI. */
static bool take_word(struct cli *cli, const char *word, bool first, GError **err)
{
  g_autofree char *safe = text_safe(word);

  for (int i = CLI_WATCH + 1; first && i < CLI_COMMANDS; i++)
    if (strcmp(commands[i].name, word) == 0) {
      cli->command = (enum cli_command)i;
      return true;
    }
  if ((cli->command == CLI_REPLAY || cli->command == CLI_IMPORT) && !cli->file)
    return take_file(&cli->file, word, err);
  if (cli->command == CLI_REPORT && !cli->compare && !cli->words->len && strcmp(word, "compare") == 0) {
    cli->compare = true;
    return true;
  }
  if (cli->command == CLI_REPORT || (cli->command == CLI_BENCH && strchr(word, '='))) {
    g_ptr_array_add(cli->words, (gpointer)(uintptr_t)word);
    return true;
  }
  if (cli->command != CLI_WATCH)
    return error_set(err, ERROR_USAGE, see_help, "%s: \"%s\" is one word too many",
                     commands[cli->command].name, safe);
  if (strchr(word, ':'))
    return take_uri(cli, word, err);
  g_autofree char *advice = advice_for(word, false);
  return error_set(err, ERROR_USAGE, advice, "\"%s\" is neither a command nor the URI of a connection", safe);
}

/* ---- what goes with what ---- */

static bool check_pair(const struct cli *cli, enum cli_option option, enum cli_option needs, GError **err)
{
  if (!cli->given[option] || cli->given[needs])
    return true;
  return error_set(err, ERROR_USAGE, see_help, "--%s works only with --%s", options[option].name,
                   options[needs].name);
}

static bool check_format(const struct cli *cli, GError **err)
{
  const bool text_or_json = cli->format == BATCH_TEXT || cli->format == BATCH_JSON;

  if (cli->command == CLI_CHECK)
    return text_or_json ||
           error_set(err, ERROR_USAGE, see_help, "check: there is no format %s of it, but text and json",
                     batch_format_name(cli->format));
  if (cli->command == CLI_MEMORY && !text_or_json && cli->format != BATCH_CSV)
    return error_set(err, ERROR_USAGE, see_help,
                     "memory: there is no format %s of it, but text, csv and json",
                     batch_format_name(cli->format));
  return cli->command == CLI_REPORT || check_pair(cli, CLI_FORMAT, CLI_BATCH, err);
}

static bool check_memory(const struct cli *cli, GError **err)
{
  if (cli->command != CLI_MEMORY)
    return true;
  if (!cli->given[CLI_BATCH])
    return error_set(err, ERROR_USAGE, "on the screen type :memory", "memory: --batch is missing");
  return !(cli->given[CLI_NAME] && cli->given[CLI_PID]) ||
         error_set(err, ERROR_USAGE, see_help, "memory: --name or --pid, not both");
}

static bool check_report(const struct cli *cli, GError **err)
{
  const guint files = cli->words->len - 1; /* its end is a NULL */

  if (cli->command != CLI_REPORT)
    return true;
  if (cli->compare && files != 2)
    return error_set(err, ERROR_USAGE, see_help, "report compare: two files of results are needed");
  if (!files)
    return error_set(err, ERROR_USAGE, see_help, "report: FILE is missing: the results of a benchmark");
  if (cli->fail_if && !cli->compare)
    return error_set(err, ERROR_USAGE, see_help, "--fail-if works only with report compare");
  if (cli->compare && (cli->given[CLI_FORMAT] || cli->given[CLI_OUTPUT]))
    return error_set(err, ERROR_USAGE, see_help,
                     "report compare: it is text on standard output, and nothing else");
  return true;
}

static bool check_together(const struct cli *cli, GError **err)
{
  for (int i = 0; i < CLI_OPTIONS; i++)
    if (cli->given[i] && !(options[i].commands & (1u << cli->command)))
      return error_set(err, ERROR_USAGE, see_help, "--%s does not go with %s", options[i].name,
                       cli->command == CLI_WATCH ? "watching connections" : commands[cli->command].name);
  if (!check_memory(cli, err) || !check_report(cli, err) || !check_pair(cli, CLI_TOUR, CLI_LAB, err) ||
      !check_pair(cli, CLI_LAB_ROOT, CLI_LAB, err) || !check_format(cli, err) ||
      !check_pair(cli, CLI_COUNT, CLI_BATCH, err) ||
      (cli->command != CLI_IMPORT && !check_pair(cli, CLI_SINK_PASSWORD_FILE, CLI_SINK, err)))
    return false;
  if (cli->given[CLI_RECORD_KEYS] && cli->given[CLI_BATCH])
    return error_set(err, ERROR_USAGE, NULL, "--record-keys: no key is pressed with --batch");
  if (cli->given[CLI_READONLY] && (cli->given[CLI_TOUR] || cli->lab_stop))
    return error_set(err, ERROR_USAGE, NULL, "--readonly forbids what --%s asks for",
                     cli->given[CLI_TOUR] ? "tour" : "lab=stop");
  if (cli->command == CLI_REPLAY && !cli->file)
    return error_set(err, ERROR_USAGE, see_help, "replay: FILE is missing: a journal or a JSON export");
  if (cli->command == CLI_IMPORT && !cli->file)
    return error_set(err, ERROR_USAGE, see_help, "import: DATABASE is missing: mysql://USER@HOST/NAME");
  if (cli->command == CLI_EXPORT && !cli->from)
    return error_set(err, ERROR_USAGE, see_help, "export: --from JOURNAL is missing");
  if (cli->command == CLI_BENCH && cli->uris->len - 1 + cli->given[CLI_LAB] > 1)
    return error_set(err, ERROR_USAGE, see_help, "bench: it takes one connection");
  return true;
}

bool cli_parse(int argc, char **argv, struct cli *ret, GError **err)
{
  struct words words = {.word = argv, .count = argc, .next = 1};
  bool first = true;

  *ret = (struct cli){.uris = g_ptr_array_new_with_free_func(g_free), .words = g_ptr_array_new()};
  while (words.next < words.count) {
    const char *word = words.word[words.next++];
    bool good;

    if (!words.options_over && strcmp(word, "--") == 0) {
      words.options_over = true;
      continue;
    }
    if (!words.options_over && word[0] == '-' && word[1] == '-')
      good = take_long(ret, word + 2, &words, err);
    else if (!words.options_over && word[0] == '-' && word[1])
      good = take_letters(ret, word + 1, &words, err);
    else {
      good = take_word(ret, word, first, err);
      first = false;
    }
    if (!good)
      return false;
    if (ret->given[CLI_HELP] || ret->given[CLI_VERSION])
      break;
  }
  g_ptr_array_add(ret->uris, NULL);
  g_ptr_array_add(ret->words, NULL);
  return ret->given[CLI_HELP] || ret->given[CLI_VERSION] || check_together(ret, err);
}

void cli_clear(struct cli *cli)
{
  if (cli->uris)
    g_ptr_array_unref(cli->uris);
  if (cli->words)
    g_ptr_array_unref(cli->words);
  *cli = (struct cli){0};
}

/* ---- help ---- */

#define HELP_INDENT 26
#define HELP_WIDTH 80

/* TEXT in lines that begin at HELP_INDENT; the cursor is at COLUMN. */
static void append_wrapped(GString *out, int column, const char *text)
{
  g_auto(GStrv) words = g_strsplit(text, " ", -1);

  if (column >= HELP_INDENT - 1) {
    g_string_append_c(out, '\n');
    column = 0;
  }
  for (int i = 0; words[i]; i++) {
    int width = text_width(words[i]);
    if (i > 0 && column + 1 + width > HELP_WIDTH) {
      g_string_append_c(out, '\n');
      column = 0;
    }
    int blanks = column < HELP_INDENT ? HELP_INDENT - column : 1;
    g_string_append_printf(out, "%*s%s", blanks, "", words[i]);
    column += blanks + width;
  }
  g_string_append_c(out, '\n');
}

static void append_option(GString *out, const struct cli_option_row *row)
{
  gsize start = out->len;

  if (row->letter)
    g_string_append_printf(out, "  -%c, ", row->letter);
  else
    g_string_append(out, "      ");
  g_string_append_printf(out, "--%s", row->name);
  if (row->argument)
    g_string_append_printf(out, row->may_omit ? "[=%s]" : " %s", row->argument);
  append_wrapped(out, (int)(out->len - start), row->text);
}

char *cli_help(void)
{
  GString *out = g_string_new("virtlens: a lens on virtual I/O\n\nUsage:\n");

  for (int i = 0; i < CLI_COMMANDS; i++) {
    gsize start = out->len;
    g_string_append_printf(out, "  virtlens%s%s%s%s", *commands[i].name ? " " : "", commands[i].name,
                           *commands[i].arguments ? " " : "", commands[i].arguments);
    append_wrapped(out, (int)(out->len - start), commands[i].text);
  }
  g_string_append(out, "\nOptions:\n");
  for (int i = 0; i < CLI_OPTIONS; i++)
    append_option(out, &options[i]);
  g_string_append(out, "\nExit status: 0 done; 1 error; 2 bad arguments or configuration; 3 resources\n"
                       "lacking (memory, disk, permission, accelerator).  See virtlens(1).\n");
  return g_string_free(out, FALSE);
}
