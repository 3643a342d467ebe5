/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The : commands: one table row each, from which parsing, completion, help, key help and the
 * manual are derived.  Commands of the engine act on guests; the screen's own (views,
 * sorting, ...) are listed here too, so that there is one table, and carried out by the tui. */
#ifndef ENGINE_COMMAND_H
#define ENGINE_COMMAND_H

#include "core/model/action.h"
#include "core/model/spec.h"

/* X(ID, name, arguments, text) */
/* clang-format off */
#define COMMANDS_SCREEN(X) \
  X(HELP, "help", "[TOPIC]", "keys, commands and columns") \
  X(QUIT, "quit", "", "end the session and leave its JSON") \
  X(UP, "up", "", "one row up") \
  X(DOWN, "down", "", "one row down") \
  X(LEFT, "left", "", "columns to the left") \
  X(RIGHT, "right", "", "columns to the right") \
  X(PAGE_UP, "page-up", "", "one page up") \
  X(PAGE_DOWN, "page-down", "", "one page down") \
  X(FIRST, "first", "", "the first row") \
  X(LAST, "last", "", "the last row") \
  X(ENTER, "enter", "", "details of the selected guest") \
  X(BACK, "back", "", "back to the view before") \
  X(NEXT_PANE, "next-pane", "", "the next pane or tab") \
  X(TAG, "tag", "[GUEST|all|none]", "tag or untag the selected guest") \
  X(FILTER, "filter", "[TEXT]", "show only guests that match; empty shows all") \
  X(SORT, "sort", "[COLUMN] [up|down]", "sort by a column") \
  X(REVERSE, "reverse", "", "turn the order round") \
  X(COLUMNS, "columns", "[COLUMN,...]", "choose the columns") \
  X(HOLD, "hold", "", "hold the display; recording goes on") \
  X(TICK, "tick", "SECONDS", "time between scans, 0.1 to 60") \
  X(FASTER, "faster", "", "shorter tick") \
  X(SLOWER, "slower", "", "longer tick") \
  X(THEME, "theme", "[NAME]", "choose the colours; what is under the cursor shows at once") \
  X(SNAPSHOTS, "snapshots", "[GUEST]", "the snapshots of a guest: take, revert, delete")                       \
  X(CHAIN, "chain", "[GUEST]", "the images that a guest's disks stand on, and who else needs them")             \
  X(VFS, "vfs", "", "the virtual functions of the host's devices (SR-IOV): who has them, what is missing")         \
  X(EXPLAIN, "explain", "[GUEST]", "what kind of virtualization a guest is, and what of it can be seen here")      \
  X(MEMORY, "memory", "[all|GUEST|pid=N|name=NAME] [protections]",                                               \
    "what processes ask of memory (mmap, munmap, mremap, brk), seen by the kernel; protections: mprotect, too")     \
  X(STEAL, "steal", "[GUEST]", "what is stolen from a guest's vCPUs, and who ran on their CPUs meanwhile") \
  X(EXITS, "exits", "[GUEST]", "why a guest left its vCPUs (VM exits by kind), and what of it is needless") \
  X(WHERE, "where", "[GUEST]", "where the time of a guest's disk requests goes, beside another guest's") \
  X(RESULTS, "results", "[FILE]", "the results of a benchmark (left out: of the newest that :bench has run), side by side: sorted, held against a baseline, run by run") \
  X(HOST, "host", "", "the host: each core, memory, pressure, disks, NICs, room under the guests' disks, limits") \
  X(SNAPSHOT_COMPARE, "snapshot-compare", "[SNAPSHOT] [SNAPSHOT]",                                            \
    "what differs between the definitions in two snapshots, or in one and now")                              \
  X(CONSOLE, "console", "[GUEST] [force] [log=FILE]", "the serial console of a guest") \
  X(SSH, "ssh", "[GUEST]", "the command line that logs in to a guest by SSH") \
  X(EVENTS, "events", "", "everything that happened") \
  X(JOBS, "jobs", "", "everything asked for") \
  X(NEW, "new", "", "the form for a new guest") \
  X(COMMAND, "command", "", "the command line") \
  X(SET, "set", "NAME=VALUE", "change a setting") \
  X(SAVE, "save-settings", "", "keep settings for the next start") \
  X(EXPORT, "export", "[FILE]", "write the JSON now") \
  X(RECOVER, "recover", "", "export sessions that ended without one") \
  X(CANCEL, "cancel", "[JOB]", "cancel a job that runs") \
  X(REFRESH, "refresh", "", "scan now and redraw") \
  X(REPLAY_PAUSE, "replay-pause", "", "pause or go on (replay)") \
  X(REPLAY_STEP, "replay-step", "[N]", "N scans on, negative back (replay)") \
  X(REPLAY_SPEED, "replay-speed", "FACTOR", "speed, 1 as recorded (replay)") \
  X(REPLAY_JUMP, "replay-jump", "TIME", "go to a time of day, or +SECONDS, -SECONDS (replay)")
/* clang-format on */

#define COMMAND_ID(id, ...) COMMAND_##id,
enum command_id { COMMANDS_SCREEN(COMMAND_ID) COMMAND_SCREEN_COUNT };
#undef COMMAND_ID

/* A row of the whole list: the screen's commands, then one per action. */
struct command {
  const char *name, *arguments, *text;
  int screen; /* enum command_id, or -1 */
  int action; /* enum action_id, or -1 */
};
const struct command *command_table(int *ret_count);
const struct command *command_find(const char *name); /* NULL: none */

/* A parsed line. */
struct command_line {
  const struct command *command;
  char *guest;       /* GUEST, or NULL: the selected or tagged ones */
  char **words;      /* the other words, NULL-terminated */
  struct spec *spec; /* :launch; else NULL */
  bool yes;          /* "yes": the question is answered */
};
/* Parse LINE (with or without the colon).  ERROR_USAGE names what is wrong and what would do. */
struct command_line *command_parse(const char *line, GError **err);
void command_line_free(struct command_line *line);

#endif
