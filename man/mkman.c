/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes what is derived from the program's tables: manual pages from their templates, in which
 * a line "@NAME@" stands for a table, and the bash completion.
 *   mkman page VERSION TEMPLATE    mkman completion */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/engine/batch.h"
#include "core/engine/bench.h"
#include "core/engine/command.h"
#include "core/engine/settings.h"
#include "core/model/backend.h"
#include "core/model/checkup.h"
#include "core/model/kind.h"
#include "core/model/metric.h"
#include "core/model/spec.h"
#include "tui/cli.h"
#include "tui/columns.h"
#include "tui/judge.h"
#include "tui/keys.h"
#include "tui/theme.h"

/* ---- troff ---- */

/* TEXT as troff reads it back. */
static void append_troff(GString *out, const char *text)
{
  if (*text == '.' || *text == '\'')
    g_string_append(out, "\\&");
  for (; *text; text++) {
    if (*text == '\\')
      g_string_append(out, "\\e");
    else if (*text == '-')
      g_string_append(out, "\\-");
    else if (*text == '^')
      g_string_append(out, "\\(ha");
    else if (*text == '~')
      g_string_append(out, "\\(ti");
    else
      g_string_append_c(out, *text);
  }
}

static void append_sentence(GString *out, const char *text)
{
  if (g_ascii_islower(*text) && (g_ascii_islower(text[1]) || text[1] == ' '))
    g_string_append_c(out, g_ascii_toupper(*text++));
  append_troff(out, text);
  g_string_append(out, ".\n");
}

/* A tagged paragraph: bold NAME, roman REST, then TEXT. */
static void append_item(GString *out, const char *name, const char *rest, const char *text)
{
  g_string_append(out, ".TP\n\\fB");
  append_troff(out, name);
  g_string_append(out, "\\fR");
  append_troff(out, rest);
  g_string_append_c(out, '\n');
  append_sentence(out, text);
}

/* ---- one function per table ---- */

static void write_options(GString *out)
{
  for (int i = 0; i < CLI_OPTIONS; i++) {
    const struct cli_option_row *row = cli_option_row((enum cli_option)i);
    g_autofree char *name = row->letter ? g_strdup_printf("-%c, --%s", row->letter, row->name)
                                        : g_strdup_printf("--%s", row->name);
    g_autofree char *rest =
        !row->argument ? g_strdup("") : g_strdup_printf(row->may_omit ? "[=%s]" : " %s", row->argument);
    append_item(out, name, rest, row->text);
  }
}

static void write_usage(GString *out)
{
  for (int i = 0; i < CLI_COMMANDS; i++) {
    const struct cli_command_row *row = cli_command_row((enum cli_command)i);
    g_autofree char *name = g_strdup_printf("virtlens%s%s", *row->name ? " " : "", row->name);
    g_autofree char *rest = g_strdup_printf(" %s%s", *row->name ? "" : "[OPTION...] ", row->arguments);
    append_item(out, name, rest, row->text);
  }
}

static void write_formats(GString *out)
{
  for (int i = 0; i < BATCH_FORMATS; i++)
    append_item(out, batch_format_name((enum batch_format)i), "", batch_format_text((enum batch_format)i));
}

static void write_commands(GString *out)
{
  int count;
  const struct command *table = command_table(&count);

  for (int i = 0; i < count; i++) {
    g_autofree char *name = g_strdup_printf(":%s", table[i].name);
    g_autofree char *rest = g_strdup_printf("%s%s", *table[i].arguments ? " " : "", table[i].arguments);
    append_item(out, name, rest, table[i].text);
  }
}

static void write_keys(GString *out)
{
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  struct settings *settings = settings_read("/dev/null", &judge_screen, complaints);

  if (!settings) {
    fprintf(stderr, "mkman: the shipped configuration has faults\n");
    exit(1);
  }
  const GPtrArray *bindings = settings_bindings(settings);
  /* No table: one of this length is not kept together by man's macros, which then warn. */
  g_string_append(out, ".nf\n.ta 12n 22n\n\\fBKey\tPlace\tCommand\\fR\n");
  for (guint i = 0; i < bindings->len; i++) {
    const struct binding *binding = g_ptr_array_index(bindings, i);
    append_troff(out, binding->key);
    g_string_append_printf(out, "\t%s\t", binding->place);
    append_troff(out, binding->command);
    g_string_append_c(out, '\n');
  }
  g_string_append(out, ".fi\n");
  settings_free(settings);
}

static void write_names(GString *out, GPtrArray *names)
{
  g_ptr_array_add(names, NULL);
  g_autofree char *line = g_strjoinv(", ", (char **)names->pdata);
  g_string_append(out, ".B ");
  append_troff(out, line);
  g_string_append(out, ".\n");
}

static void write_key_names(GString *out)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (int i = 0; keys_listed(i); i++) {
    char *kept = judge_screen.key(keys_listed(i));
    if (g_strcmp0(kept, keys_listed(i)) == 0) /* its own name, of a key that can be bound */
      g_ptr_array_add(names, kept);
    else
      g_free(kept);
  }
  write_names(out, names);
}

static void write_settings(GString *out)
{
  for (int i = 0; i < SETTING_COUNT; i++) {
    const struct setting_row *row = setting_row((enum setting_id)i);
    g_autofree char *rest = g_strdup_printf(" (%s)", row->type);
    append_item(out, row->name, rest, row->text);
  }
}

static void write_places(GString *out)
{
  int count;
  const struct key_place *places = settings_places(&count);

  for (int i = 0; i < count; i++)
    append_item(out, places[i].name, "", places[i].text);
}

static void write_roles(GString *out)
{
  for (int i = 0; i < ROLE_COUNT; i++)
    append_item(out, role_name((enum role)i), "", role_text((enum role)i));
}

#define COLUMN_ITEM(id, title, width, right, text) append_item(out, title, "", text);
/* Those that are no readings; these are in their own table. */
static void write_columns(GString *out)
{
  COLUMNS_OWN(COLUMN_ITEM)
}
#undef COLUMN_ITEM

static void write_backends(GString *out)
{
  int count;
  const struct backend *table = backend_table(&count);

  g_string_append(out, ".TS\nlB lB lB lB\nl l l lx.\nName\tFor\tPath\tText\n");
  for (int i = 0; i < count; i++) {
    append_troff(out, table[i].name);
    g_string_append_printf(out, "\t%s\t%s\tT{\n", table[i].class == BACKEND_DISK ? "disk" : "NIC",
                           backend_path_name(table[i].path));
    append_troff(out, table[i].text);
    g_string_append(out, "\nT}\n");
  }
  g_string_append(out, ".TE\n");
}

static void write_spec(GString *out)
{
  for (int i = 0; i < SPEC_COUNT; i++) {
    const struct spec_field *field = spec_field((enum spec_id)i);
    g_autofree char *name = g_strdup_printf("%s=", field->name);
    append_item(out, name, "", field->text);
  }
}

static void write_metrics(GString *out, enum metric_scope scope)
{
  int count;
  const struct metric *table = metric_table(scope, &count);

  for (int i = 0; i < count; i++) {
    const char *unit = metric_unit_text(table[i].unit);
    g_autofree char *rest = *unit ? g_strdup_printf(" (%s; column %s)", unit, table[i].title)
                                  : g_strdup_printf(" (column %s)", table[i].title);
    append_item(out, table[i].name, rest, table[i].text);
  }
}

static void write_checks(GString *out)
{
  for (int i = 0; i < CHECKS; i++) {
    const struct check_row *row = check_row((enum check_id)i);
    g_autofree char *rest = g_strdup_printf(" (%s)", row->source);
    append_item(out, row->title, rest, row->text);
  }
}

static void write_plan_options(GString *out)
{
  struct bench_words words;
  for (int i = 0; bench_option_words(i, &words); i++) {
    g_autofree char *initial = *words.initial ? g_strdup_printf(" = %s", words.initial) : g_strdup("");
    append_item(out, words.name, initial, words.text);
  }
}

static void write_figures(GString *out)
{
  struct bench_words words;
  for (int i = 0; bench_figure_words(i, &words); i++)
    append_item(out, words.name, "", words.text);
}

static void write_kinds(GString *out)
{
  for (int i = 0; i < KINDS; i++)
    if (kind_sight((enum kind)i, SIGHT_STEAL)->text) { /* those of guests */
      g_string_append(out, ".TP\n\\fB");
      append_troff(out, kind_row((enum kind)i)->title);
      g_string_append(out, "\\fR\n");
      append_troff(out, kind_row((enum kind)i)->text);
      g_string_append_c(out, '\n');
    }
}

static void write_host(GString *out)
{
  write_metrics(out, SCOPE_HOST);
}

static void write_cores(GString *out)
{
  write_metrics(out, SCOPE_CORE);
}

static void write_guests(GString *out)
{
  write_metrics(out, SCOPE_GUEST);
}

static void write_vcpus(GString *out)
{
  write_metrics(out, SCOPE_VCPU);
}

static void write_disks(GString *out)
{
  write_metrics(out, SCOPE_DISK);
}

static void write_nics(GString *out)
{
  write_metrics(out, SCOPE_NIC);
}

static void write_threads(GString *out)
{
  write_metrics(out, SCOPE_THREAD);
}

static const struct {
  const char *name;
  void (*write)(GString *out);
} tables[] = {{"@USAGE@", write_usage},
              {"@OPTIONS@", write_options},
              {"@FORMATS@", write_formats},
              {"@COMMANDS@", write_commands},
              {"@KEYS@", write_keys},
              {"@KEY_NAMES@", write_key_names},
              {"@PLACES@", write_places},
              {"@SETTINGS@", write_settings},
              {"@ROLES@", write_roles},
              {"@CHECKS@", write_checks},
              {"@KINDS@", write_kinds},
              {"@PLAN_OPTIONS@", write_plan_options},
              {"@FIGURES@", write_figures},
              {"@COLUMNS@", write_columns},
              {"@BACKENDS@", write_backends},
              {"@SPEC@", write_spec},
              {"@METRICS_HOST@", write_host},
              {"@METRICS_CORE@", write_cores},
              {"@METRICS_GUEST@", write_guests},
              {"@METRICS_VCPU@", write_vcpus},
              {"@METRICS_DISK@", write_disks},
              {"@METRICS_NIC@", write_nics},
              {"@METRICS_THREAD@", write_threads}};

static bool write_page(GString *out, const char *version, const char *template)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) err = NULL;

  if (!g_file_get_contents(template, &text, NULL, &err)) {
    fprintf(stderr, "mkman: %s\n", err->message);
    return false;
  }
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (int i = 0; lines[i] && (lines[i + 1] || *lines[i]); i++) {
    size_t table = 0;
    while (table < G_N_ELEMENTS(tables) && strcmp(tables[table].name, lines[i]) != 0)
      table++;
    if (table < G_N_ELEMENTS(tables)) {
      tables[table].write(out);
    } else if (lines[i][0] == '@') {
      fprintf(stderr, "mkman: %s:%d: there is no table %s\n", template, i + 1, lines[i]);
      return false;
    } else {
      g_auto(GStrv) parts = g_strsplit(lines[i], "@VERSION@", -1);
      g_autofree char *line = g_strjoinv(version, parts);
      g_string_append_printf(out, "%s\n", line);
    }
  }
  return true;
}

/* ---- completion ---- */

static void append_option_words(GString *out, enum cli_command command)
{
  for (int i = 0; i < CLI_OPTIONS; i++) {
    const struct cli_option_row *row = cli_option_row((enum cli_option)i);
    if (row->commands & (1u << command)) {
      g_string_append_printf(out, " --%s", row->name);
      if (row->letter)
        g_string_append_printf(out, " -%c", row->letter);
    }
  }
}

/* One case of what follows an option. */
static void append_value_case(GString *out, const struct cli_option_row *row)
{
  if (!row->argument || row->may_omit)
    return;
  if (row->letter)
    g_string_append_printf(out, "    -%c | ", row->letter);
  else
    g_string_append(out, "    ");
  g_string_append_printf(out, "--%s)\n", row->name);
  if (row->completes == CLI_FILE)
    g_string_append(out,
                    "      mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n      compopt -o filenames\n");
  else if (row->completes == CLI_FOLDER)
    g_string_append(out,
                    "      mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n      compopt -o filenames\n");
  else if (row->completes == CLI_WORDS)
    g_string_append_printf(out, "      mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n", row->words);
  g_string_append(out, "      return\n      ;;\n");
}

static void write_completion(GString *out)
{
  g_string_append(out, "# bash completion of virtlens, made by mkman from the table of options\n"
                       "_virtlens() {\n"
                       "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                       "  local command= word words\n"
                       "  COMPREPLY=()\n"
                       "  case $prev in\n");
  for (int i = 0; i < CLI_OPTIONS; i++)
    append_value_case(out, cli_option_row((enum cli_option)i));
  g_string_append(out, "  esac\n"
                       "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                       "    case $word in\n      ");
  for (int i = CLI_WATCH + 1; i < CLI_COMMANDS; i++)
    g_string_append_printf(out, "%s%s", i > CLI_WATCH + 1 ? " | " : "",
                           cli_command_row((enum cli_command)i)->name);
  g_string_append(out, ") command=${command:-$word} ;;\n    esac\n  done\n  case $command in\n");
  for (int i = CLI_COMMANDS - 1; i >= 0; i--) {
    const struct cli_command_row *row = cli_command_row((enum cli_command)i);
    g_string_append_printf(out, "    %s) words='", *row->name ? row->name : "*");
    append_option_words(out, (enum cli_command)i);
    for (int k = CLI_WATCH + 1; i == CLI_WATCH && k < CLI_COMMANDS; k++)
      g_string_append_printf(out, " %s", cli_command_row((enum cli_command)k)->name);
    g_string_append(out, "' ;;\n");
  }
  g_string_append(out, "  esac\n"
                       "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
                       "  if [[ ($command == replay || $command == report) && $cur != -* ]]; then\n"
                       "    mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
                       "    compopt -o filenames\n"
                       "  fi\n"
                       "}\n"
                       "complete -F _virtlens virtlens\n");
}

int main(int argc, char **argv)
{
  g_autoptr(GString) out = g_string_new(NULL);

  if (argc == 2 && strcmp(argv[1], "completion") == 0)
    write_completion(out);
  else if (argc != 4 || strcmp(argv[1], "page") != 0 || !write_page(out, argv[2], argv[3])) {
    fprintf(stderr, "usage: mkman page VERSION TEMPLATE | mkman completion\n");
    return 2;
  }
  return fputs(out->str, stdout) < 0 || fflush(stdout) != 0;
}
