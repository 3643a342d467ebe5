/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plays a script of keys to a program on an emulated terminal, and compares what it draws with
 * goldens.  Nothing here sleeps: each line waits for its condition, up to a deadline.
 *
 *   screenplay FILE.play      GENERATE=1 writes the goldens instead of comparing
 *
 * Lines of a script ('#' begins a comment; words as in a shell; ${NAME} from the environment):
 *   deadline SECONDS     for each condition from here on (20)
 *   size 80x24 | term NAME | env NAME=VALUE | input FILE | file NAME TEXT    before run
 *   run PROGRAM ARG...
 *   wait TEXT | gone TEXT | expect TEXT | row N TEXT   a condition on the screen
 *   key NAME... | text CHARACTERS | resize 40x12
 *   shot NAME            the screen is as in goldens/NAME.screen
 *   filed FILE TEXT      FILE in the program's home has TEXT
 *   errors TEXT          TEXT is in the name of what the program's standard error leads to
 *   stopped | fg | hangup | signal NUMBER | restored | exit STATUS
 *   include FILE
 */
#include "term.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEADLINE_S 20
#define LOOK_MS 10    /* how often files are looked at */
#define SETTLE_MS 400 /* only for writing goldens, which are read by eye */

struct play {
  const char *file;
  int line;
  char *folder; /* of the scripts */
  char *home;   /* the program's own, removed at the end */
  char **env;
  char *input;
  int cols, rows;
  int deadline_s;
  struct term *term;
  bool generate;
  int failures, shots;
};

static bool fail(struct play *play, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
static bool fail(struct play *play, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  g_autofree char *text = g_strdup_vprintf(fmt, ap);
  va_end(ap);
  printf("%s:%d: %s\n", play->file, play->line, text);
  play->failures++;
  return false;
}

/* What the program wrote to its log, where a sanitizer's report goes, too. */
static void show_log(const struct play *play)
{
  g_autofree char *path = g_build_filename(play->home, "virtlens", "virtlens.log", NULL), *text = NULL;
  if (g_file_get_contents(path, &text, NULL, NULL) && *text)
    printf("its log:\n%s\n", text);
}

/* The screen first, and of it only the text: of a log the end is read. */
static bool fail_showing(struct play *play, const char *what)
{
  for (int row = 0; row < term_rows(play->term); row++) {
    g_autofree char *text = term_row(play->term, row);
    printf("|%s\n", text);
  }
  if (term_state(play->term) == TERM_EXITED)
    printf("the program has ended with status %d\n", term_exit_status(play->term));
  show_log(play);
  return fail(play, "%s", what);
}

/* ---- conditions ---- */

struct condition {
  const char *text;
  const char *name;
  int row; /* -1: any */
  bool (*holds)(const struct play *play, const struct condition *condition);
};

static bool text_is_there(const struct play *play, const struct condition *c)
{
  for (int row = 0; row < term_rows(play->term); row++) {
    g_autofree char *text = term_row(play->term, row);
    if ((c->row < 0 || c->row == row) && strstr(text, c->text))
      return true;
  }
  return false;
}

static bool text_is_gone(const struct play *play, const struct condition *c)
{
  return !text_is_there(play, c);
}

static bool is_stopped(const struct play *play, const struct condition *c)
{
  (void)c;
  return term_state(play->term) == TERM_STOPPED;
}

static bool is_exited(const struct play *play, const struct condition *c)
{
  (void)c;
  return term_is_over(play->term);
}

static bool is_restored(const struct play *play, const struct condition *c)
{
  (void)c;
  struct term_modes modes = term_modes(play->term);
  return !modes.altscreen && modes.cursor_visible && !modes.mouse && term_line_restored(play->term);
}

/* TEXT in the file NAME. */
static bool is_filed(const struct play *play, const struct condition *c)
{
  g_autofree char *path = g_build_filename(play->home, c->name, NULL), *bytes = NULL;
  return g_file_get_contents(path, &bytes, NULL, NULL) && strstr(bytes, c->text);
}

static bool errors_lead(const struct play *play, const struct condition *c)
{
  g_autofree char *name = term_errors(play->term);
  return name && strstr(name, c->text);
}

static bool dump_is(const struct play *play, const struct condition *c)
{
  g_autofree char *dump = term_dump(play->term);
  return strcmp(dump, c->text) == 0;
}

/* Does CONDITION hold, also when all that has come by now is taken in?  (A frame may come in pieces.) */
static bool holds(struct play *play, const struct condition *condition)
{
  if (!condition->holds(play, condition))
    return false;
  while (term_pump(play->term, 0))
    ;
  return condition->holds(play, condition);
}

/* Take in output until CONDITION holds; false at the deadline, or when nothing more can come. */
static bool await(struct play *play, const struct condition *condition)
{
  gint64 deadline = g_get_monotonic_time() + play->deadline_s * G_USEC_PER_SEC;
  bool elsewhere = condition->holds == is_filed || condition->holds == errors_lead; /* not told by output */
  while (!holds(play, condition)) {
    gint64 left = deadline - g_get_monotonic_time();
    if (left <= 0)
      return false;
    bool any = term_pump(play->term, elsewhere ? LOOK_MS : (int)(left / 1000) + 1);
    if (!any && term_is_over(play->term))
      return condition->holds(play, condition);
  }
  return true;
}

/* ---- the lines of a script ---- */

static bool do_size(struct play *play, char **args)
{
  if (sscanf(args[0], "%dx%d", &play->cols, &play->rows) != 2)
    return fail(play, "size: not COLSxROWS: %s", args[0]);
  return true;
}

static bool do_deadline(struct play *play, char **args)
{
  play->deadline_s = atoi(args[0]);
  return true;
}

static bool do_term(struct play *play, char **args)
{
  play->env = g_environ_setenv(play->env, "TERM", args[0], true);
  return true;
}

static bool do_env(struct play *play, char **args)
{
  char *equals = strchr(args[0], '=');
  if (!equals) {
    play->env = g_environ_unsetenv(play->env, args[0]);
    return true;
  }
  *equals = '\0';
  play->env = g_environ_setenv(play->env, args[0], equals + 1, true);
  return true;
}

static bool do_input(struct play *play, char **args)
{
  g_free(play->input);
  play->input = g_strdup(args[0]);
  return true;
}

/* file NAME TEXT: a file in the program's home, with the escapes of C in TEXT. */
static bool do_file(struct play *play, char **args)
{
  g_autofree char *path = g_build_filename(play->home, args[0], NULL);
  g_autofree char *dir = g_path_get_dirname(path);
  g_autofree char *text = g_strcompress(args[1] ? args[1] : "");
  if (g_mkdir_with_parents(dir, 0700) < 0 || !g_file_set_contents(path, text, -1, NULL))
    return fail(play, "cannot write %s", path);
  return true;
}

static bool do_run(struct play *play, char **args)
{
  g_autofree char *program = g_find_program_in_path(args[0]);
  if (!program)
    return fail(play, "no such program: %s", args[0]);
  g_free(args[0]);
  args[0] = g_canonicalize_filename(program, NULL);
  term_free(play->term);
  play->term = term_start(args, play->env, play->home, play->input, play->cols, play->rows);
  return true;
}

static bool do_wait(struct play *play, char **args)
{
  struct condition c = {.text = args[0], .row = -1, .holds = text_is_there};
  g_autofree char *what = g_strdup_printf("\"%s\" did not appear", args[0]);
  return await(play, &c) || fail_showing(play, what);
}

static bool do_gone(struct play *play, char **args)
{
  struct condition c = {.text = args[0], .row = -1, .holds = text_is_gone};
  g_autofree char *what = g_strdup_printf("\"%s\" stays on the screen", args[0]);
  return await(play, &c) || fail_showing(play, what);
}

static bool do_row(struct play *play, char **args)
{
  int row = atoi(args[0]);
  struct condition c = {.text = args[1] ? args[1] : "",
                        .row = (row > 0 ? row : term_rows(play->term) + row + 1) - 1,
                        .holds = text_is_there};
  g_autofree char *what = g_strdup_printf("\"%s\" did not appear in row %d", c.text, c.row + 1);
  return await(play, &c) || fail_showing(play, what);
}

static bool do_key(struct play *play, char **args)
{
  for (; *args; args++)
    if (!term_key(play->term, *args))
      return fail(play, "no such key: %s", *args);
  return true;
}

static bool do_text(struct play *play, char **args)
{
  g_autofree char *bytes = g_strcompress(args[0]);
  term_send(play->term, bytes, strlen(bytes));
  return true;
}

static bool do_resize(struct play *play, char **args)
{
  if (!do_size(play, args))
    return false;
  term_resize(play->term, play->cols, play->rows);
  return true;
}

static bool do_stopped(struct play *play, char **args)
{
  (void)args;
  struct condition c = {.holds = is_stopped};
  return await(play, &c) || fail_showing(play, "the program did not stop");
}

static bool do_fg(struct play *play, char **args)
{
  (void)args;
  term_continue(play->term);
  return true;
}

static bool do_hangup(struct play *play, char **args)
{
  (void)args;
  term_hangup(play->term);
  return true;
}

static bool do_signal(struct play *play, char **args)
{
  term_signal(play->term, atoi(args[0]));
  return true;
}

static bool do_restored(struct play *play, char **args)
{
  (void)args;
  struct condition c = {.holds = is_restored};
  if (await(play, &c))
    return true;
  struct term_modes modes = term_modes(play->term);
  g_autofree char *what =
      g_strdup_printf("the terminal is not restored:%s%s%s%s", modes.altscreen ? " alternate screen," : "",
                      modes.cursor_visible ? "" : " cursor hidden,", modes.mouse ? " mouse reports," : "",
                      term_line_restored(play->term) ? "" : " line settings");
  return fail_showing(play, what);
}

static bool do_filed(struct play *play, char **args)
{
  struct condition c = {.name = args[0], .text = args[1], .holds = is_filed};
  g_autofree char *what = g_strdup_printf("%s has no \"%s\"", args[0], args[1]);
  return await(play, &c) || fail_showing(play, what);
}

static bool do_errors(struct play *play, char **args)
{
  struct condition c = {.text = args[0], .holds = errors_lead};
  g_autofree char *there = term_errors(play->term);
  g_autofree char *what = g_strdup_printf("standard error leads to %s, not %s", there, args[0]);
  return await(play, &c) || fail_showing(play, what);
}

static bool do_exit(struct play *play, char **args)
{
  struct condition c = {.holds = is_exited};
  if (!await(play, &c))
    return fail_showing(play, "the program did not end");
  int status = term_exit_status(play->term);
  if (status == atoi(args[0]))
    return true;
  g_autofree char *what = g_strdup_printf("exit status %d, not %s", status, args[0]);
  return fail_showing(play, what);
}

/* ---- goldens ---- */

static bool golden_write(struct play *play, const char *path)
{
  while (term_pump(play->term, SETTLE_MS))
    ;
  g_autofree char *dump = term_dump(play->term);
  g_autoptr(GError) err = NULL;
  if (!g_file_set_contents(path, dump, -1, &err))
    return fail(play, "%s", err->message);
  printf("%s\n", path);
  return true;
}

/* Show only the lines that differ: '-' as in the golden, '+' as drawn. */
static void show_difference(const char *golden, const char *drawn)
{
  g_auto(GStrv) want = g_strsplit(golden, "\n", -1);
  g_auto(GStrv) have = g_strsplit(drawn, "\n", -1);
  guint wants = g_strv_length(want), haves = g_strv_length(have);
  for (guint i = 0; i < MAX(wants, haves); i++) {
    const char *a = i < wants ? want[i] : NULL, *b = i < haves ? have[i] : NULL;
    if (g_strcmp0(a, b) == 0)
      continue;
    if (a)
      printf("-%s\n", a);
    if (b)
      printf("+%s\n", b);
  }
}

static bool do_shot(struct play *play, char **args)
{
  g_autofree char *name = g_strdup_printf("%s.screen", args[0]);
  g_autofree char *path = g_build_filename(play->folder, "goldens", name, NULL);
  play->shots++;
  if (play->generate)
    return golden_write(play, path);
  g_autofree char *golden = NULL;
  g_autoptr(GError) err = NULL;
  if (!g_file_get_contents(path, &golden, NULL, &err))
    return fail(play, "%s", err->message);
  struct condition c = {.text = golden, .holds = dump_is};
  if (await(play, &c))
    return true;
  fail(play, "the screen is not as in goldens/%s", name);
  g_autofree char *dump = term_dump(play->term);
  show_difference(golden, dump);
  return false;
}

/* ---- the script ---- */

static bool play_file(struct play *play, const char *file);

static bool do_include(struct play *play, char **args)
{
  g_autofree char *path = g_build_filename(play->folder, args[0], NULL);
  const char *file = play->file;
  int line = play->line;
  bool ok = play_file(play, path);
  play->file = file;
  play->line = line;
  return ok;
}

static const struct word {
  const char *name;
  int args;     /* at least */
  bool running; /* only after run */
  bool (*act)(struct play *play, char **args);
} words[] = {
    {"size", 1, false, do_size},    {"deadline", 1, false, do_deadline}, {"term", 1, false, do_term},
    {"env", 1, false, do_env},      {"input", 1, false, do_input},       {"file", 1, false, do_file},
    {"run", 1, false, do_run},      {"include", 1, false, do_include},   {"wait", 1, true, do_wait},
    {"expect", 1, true, do_wait},   {"gone", 1, true, do_gone},          {"row", 2, true, do_row},
    {"key", 1, true, do_key},       {"text", 1, true, do_text},          {"resize", 1, true, do_resize},
    {"shot", 1, true, do_shot},     {"stopped", 0, true, do_stopped},    {"fg", 0, true, do_fg},
    {"hangup", 0, true, do_hangup}, {"signal", 1, true, do_signal},      {"restored", 0, true, do_restored},
    {"exit", 1, true, do_exit},     {"filed", 2, true, do_filed},        {"errors", 1, true, do_errors},
};

/* ${NAME} in WORD replaced from the script's environment. */
static char *expand(const struct play *play, const char *word)
{
  GString *out = g_string_new(NULL);
  while (*word) {
    const char *end = g_str_has_prefix(word, "${") ? strchr(word, '}') : NULL;
    if (!end) {
      g_string_append_c(out, *word++);
      continue;
    }
    g_autofree char *name = g_strndup(word + 2, (gsize)(end - word - 2));
    const char *value = g_environ_getenv(play->env, name);
    g_string_append(out, value ? value : "");
    word = end + 1;
  }
  return g_string_free(out, FALSE);
}

static bool play_line(struct play *play, const char *text)
{
  g_auto(GStrv) args = NULL;
  g_autoptr(GError) err = NULL;
  if (!g_shell_parse_argv(text, NULL, &args, &err))
    return g_error_matches(err, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING) || fail(play, "%s", err->message);
  for (char **arg = args; *arg; arg++) {
    char *expanded = expand(play, *arg);
    g_free(*arg);
    *arg = expanded;
  }
  for (size_t i = 0; args[0] && i < G_N_ELEMENTS(words); i++) {
    if (strcmp(words[i].name, args[0]) != 0)
      continue;
    if (words[i].running && !play->term)
      return fail(play, "%s: nothing runs yet", args[0]);
    if ((int)g_strv_length(args) - 1 < words[i].args)
      return fail(play, "%s: takes %d", args[0], words[i].args);
    return words[i].act(play, args + 1);
  }
  return fail(play, "unknown word: %s", args[0]);
}

static bool play_file(struct play *play, const char *file)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) err = NULL;
  if (!g_file_get_contents(file, &text, NULL, &err))
    return fail(play, "%s", err->message);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  play->file = file;
  for (int i = 0; lines[i]; i++) {
    play->line = i + 1;
    if (!play_line(play, lines[i]))
      return false;
  }
  return true;
}

static void remove_tree(const char *path)
{
  GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    remove_tree(child);
  }
  if (dir)
    g_dir_close(dir);
  g_remove(path);
}

/* The same surroundings on every machine; what a script needs from outside comes through ${...}. */
static void prepare(struct play *play)
{
  play->home = g_dir_make_tmp("screenplay-XXXXXX", NULL);
  play->env = g_get_environ();
  static const char *const fixed[][2] = {{"TERM", "xterm-256color"},
                                         {"LC_ALL", "C.UTF-8"},
                                         {"TZ", "UTC"},
                                         {"VIRTLENS_FIXED_CLOCK", "1795250671"},
                                         {"ESCDELAY", "25"}};
  for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
    play->env = g_environ_setenv(play->env, fixed[i][0], fixed[i][1], true);
  g_autofree char *here = g_get_current_dir();
  play->env = g_environ_setenv(play->env, "BUILD", here, false);
  static const char *const own[] = {"HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "TMPDIR"};
  for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
    play->env = g_environ_setenv(play->env, own[i], play->home, true);
  static const char *const unset[] = {"NO_COLOR", "COLUMNS", "LINES", "LANG", "LIBVIRT_DEFAULT_URI",
                                      "COLORTERM"};
  for (size_t i = 0; i < G_N_ELEMENTS(unset); i++)
    play->env = g_environ_unsetenv(play->env, unset[i]);
}

int main(int argc, char **argv)
{
  if (argc != 2) {
    fprintf(stderr, "usage: screenplay FILE.play\n");
    return 2;
  }
  struct play play = {
      .cols = 80, .rows = 24, .deadline_s = DEADLINE_S, .generate = g_getenv("GENERATE") != NULL};
  play.folder = g_path_get_dirname(argv[1]);
  prepare(&play);
  bool ok = play_file(&play, argv[1]);
  if (ok && play.term && term_foreign(play.term))
    ok = fail(&play, "%s", term_foreign(play.term));
  printf("%s: %s, %d screens compared\n", argv[1], ok ? "passed" : "FAILED", play.shots);
  term_free(play.term);
  remove_tree(play.home);
  g_strfreev(play.env);
  g_free(play.input);
  g_free(play.home);
  g_free(play.folder);
  return ok ? 0 : 1;
}
