/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "core/engine/check.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/session/checkup_json.h"
#include "core/virt/virt.h"

struct checkup *check_host(void)
{
  return virt_check_host();
}

char *check_json(const struct checkup *checkup)
{
  json_t *object = checkup_json(checkup, PACKAGE_VERSION, clock_wall_ns());
  char *text = json_dumps(object, JSON_INDENT(1) | JSON_ENSURE_ASCII);
  char *line = g_strconcat(text, "\n", NULL);

  json_decref(object);
  free(text);
  return line;
}

/* ---- for reading ---- */

/* How a state looks: ANSI's colours by number, which every terminal's user has chosen. */
static const struct {
  const char *on, *off;
} looks[] = {
    [FINDING_OK] = {"\033[32m", "\033[39m"},
    [FINDING_LIMITED] = {"\033[33m", "\033[39m"},
    [FINDING_MISSING] = {"\033[31m", "\033[39m"},
    [FINDING_UNKNOWN] = {"\033[36m", "\033[39m"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(looks) == FINDING_STATES);

#define STATE_WIDTH 7
#define TEXT_COLUMN (2 + STATE_WIDTH + 2 + CHECK_TITLE_WIDTH + 2)

/* TEXT, raw, in lines of COLS columns, the cursor being at the first; the others begin at column INDENT. */
static void append_wrapped(GString *out, const char *text, int indent, int cols)
{
  g_autofree char *line = text_line(text);
  const char *rest = line;

  for (;;) {
    size_t n = text_break(rest, cols);
    g_string_append_len(out, rest, (gssize)n);
    rest += n;
    rest += strspn(rest, " ");
    g_string_append_c(out, '\n');
    if (!*rest)
      return;
    g_string_append_printf(out, "%*s", indent, "");
  }
}

static void append_finding(GString *out, const struct finding *finding, enum check_id check, int width,
                           bool colours)
{
  const char *state = finding_state_name(finding->state);
  g_autofree char *seen = g_strdup_printf("%s (%s)", finding->seen, finding_source(finding, check));

  g_string_append_printf(out, "  %s%-*s%s  %-*s  ", colours ? looks[finding->state].on : "", STATE_WIDTH,
                         state, colours ? looks[finding->state].off : "", CHECK_TITLE_WIDTH,
                         check_row(check)->title);
  append_wrapped(out, seen, TEXT_COLUMN, width - TEXT_COLUMN);
  if (!finding->advice)
    return;
  g_string_append_printf(out, "%*s-> ", TEXT_COLUMN, "");
  append_wrapped(out, finding->advice, TEXT_COLUMN + 3, width - TEXT_COLUMN - 3);
}

static void append_counts(GString *out, const struct checkup *checkup)
{
  int counts[FINDING_STATES] = {0};

  for (int i = 0; i < CHECKS; i++)
    counts[checkup->findings[i].state]++;
  for (int i = 0; i < FINDING_STATES; i++)
    g_string_append_printf(out, "%s%d %s", i ? ", " : "", counts[i],
                           finding_state_name((enum finding_state)i));
  g_string_append(out, ".\n");
}

char *check_text(const struct checkup *checkup, int width, bool colours)
{
  GString *out = g_string_new(NULL);
  g_autofree char *head = g_strdup_printf("%s on %s: Linux %s, %s", PACKAGE_STRING, checkup->host,
                                          checkup->kernel, checkup->machine);
  int cols = MAX(width, CHECK_WIDTH_MIN);

  append_wrapped(out, head, 0, cols);
  for (int i = 0; i < CHECKS; i++) {
    enum check_group group = check_row((enum check_id)i)->group;
    if (i == 0 || check_row((enum check_id)(i - 1))->group != group)
      g_string_append_printf(out, "\n%s\n", check_group_title(group));
    append_finding(out, &checkup->findings[i], (enum check_id)i, cols, colours);
  }
  g_string_append_c(out, '\n');
  append_wrapped(out, checkup->verdict, 0, cols);
  append_counts(out, checkup);
  return g_string_free(out, FALSE);
}
