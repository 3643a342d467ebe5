/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: one table of commands and one of options, from which parsing, --help, the
 * manual page and the completion are made. */
#ifndef TUI_CLI_H
#define TUI_CLI_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/engine/batch.h"
#include "core/engine/report.h"

enum cli_command {
  CLI_WATCH,
  CLI_REPLAY,
  CLI_EXPORT,
  CLI_CHECK,
  CLI_MEMORY,
  CLI_IMPORT,
  CLI_BENCH,
  CLI_REPORT,
  CLI_COMMANDS
};
enum cli_option {
  CLI_CONNECT,
  CLI_LAB,
  CLI_LAB_ROOT,
  CLI_TOUR,
  CLI_READONLY,
  CLI_EXPORT_FILE,
  CLI_BATCH,
  CLI_FORMAT,
  CLI_COUNT,
  CLI_DELAY,
  CLI_PLAY,
  CLI_RECORD_KEYS,
  CLI_NAME,
  CLI_PID,
  CLI_REQUESTS,
  CLI_PROTECTIONS,
  CLI_SINK,
  CLI_SINK_PASSWORD_FILE,
  CLI_FROM,
  CLI_TO,
  CLI_PLAN,
  CLI_RESUME,
  CLI_TOGETHER,
  CLI_PRINT_PLAN,
  CLI_SIMULATE,
  CLI_GUEST_MEMORY,
  CLI_DISK_SIZE,
  CLI_OUTPUT,
  CLI_FAIL_IF,
  CLI_CONFIG,
  CLI_VERSION,
  CLI_HELP,
  CLI_OPTIONS
};

struct cli_command_row {
  const char *name;      /* "replay"; "" for watching, which has no word */
  const char *arguments; /* "FILE", "[URI...]" */
  const char *text;
};
/* How the argument of an option is completed by a shell. */
enum cli_completes { CLI_NOTHING, CLI_FILE, CLI_FOLDER, CLI_WORDS };
struct cli_option_row {
  const char *name;     /* without the dashes */
  char letter;          /* 0: none */
  const char *argument; /* "FILE"; NULL: takes none */
  bool may_omit;        /* the argument can be left out (--lab[=stop]) */
  unsigned commands;    /* bit per cli_command that takes it */
  enum cli_completes completes;
  const char *words; /* for CLI_WORDS, separated by blanks */
  const char *text;
};
const struct cli_command_row *cli_command_row(enum cli_command command);
const struct cli_option_row *cli_option_row(enum cli_option option);

struct cli {
  enum cli_command command;
  bool given[CLI_OPTIONS];
  GPtrArray *uris;  /* char *, NULL-terminated */
  GPtrArray *words; /* of bench: NAME=VALUE, of report: files; char *, borrowed, NULL-terminated */
  const char *file; /* of replay, or the database of import; points into argv, as the others do */
  const char *lab_root, *export_file, *config, *from, *to, *play, *record_keys, *name;
  const char *sink, *sink_password_file;
  const char *plan, *guest_memory, *disk_size, *output, *fail_if;
  int pid; /* 0: not given */
  bool lab_stop;
  enum batch_format format;
  enum report_format report_format;
  bool compare;   /* of report: its two files with one another */
  uint64_t count; /* 0: not given */
  double delay;   /* seconds; 0: not given */
};

/* ERROR_USAGE tells what is wrong and what was perhaps meant.  Clear RET with cli_clear always. */
bool cli_parse(int argc, char **argv, struct cli *ret, GError **err);
void cli_clear(struct cli *cli);
/* The text of --help; caller frees. */
char *cli_help(void);

#endif
