/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The : command line. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/engine/command.h"

static struct command_line *parsed(const char *text)
{
  g_autoptr(GError) err = NULL;
  struct command_line *line = command_parse(text, &err);
  cr_assert_not_null(line, "%s: %s", text, err ? err->message : "");
  return line;
}

static void refused(const char *text, const char *because)
{
  g_autoptr(GError) err = NULL;
  struct command_line *line = command_parse(text, &err);
  cr_assert_null(line, "%s", text);
  cr_assert_not_null(err);
  cr_assert(strstr(err->message, because), "%s: %s", text, err->message);
}

Test(command, names_are_unique_and_documented)
{
  int count;
  const struct command *table = command_table(&count);
  for (int i = 0; i < count; i++) {
    cr_assert(table[i].text && *table[i].text, "%s has no help", table[i].name);
    cr_assert((table[i].screen >= 0) != (table[i].action >= 0));
    for (int k = 0; k < i; k++)
      cr_assert_str_neq(table[i].name, table[k].name);
    cr_assert_eq(command_find(table[i].name), &table[i]);
  }
}

Test(command, launch_takes_fields)
{
  struct command_line *line = parsed(":launch name=a template=pulse backend=ide memory=32M");
  cr_assert_eq(line->command->action, ACTION_LAUNCH);
  cr_assert_str_eq(spec_text(line->spec, SPEC_NAME), "a");
  cr_assert_str_eq(spec_text(line->spec, SPEC_BACKEND), "ide");
  cr_assert_eq(spec_size(line->spec, SPEC_MEMORY), UINT64_C(32) << 20);
  command_line_free(line);
}

Test(command, launch_names_what_is_wrong)
{
  refused(":launch a", "is not NAME=VALUE");
  refused(":launch memroy=1G", "did you mean \"memory\"?");
  refused(":launch memory=-1", "memory");
  refused(":launch vcpus=0", "vcpus");
  refused(":launch accel=xen", "accel");
}

Test(command, guests_may_be_called_anything)
{
  static const char *const names[] = {"--help", "42", "-", "a b", "it's", "\"q\"", "start"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *quoted = g_shell_quote(names[i]);
    g_autofree char *text = g_strconcat("start ", quoted, NULL);
    struct command_line *line = parsed(text);
    cr_assert_str_eq(line->guest, names[i]);
    cr_assert_not(line->yes);
    command_line_free(line);
  }
}

Test(command, yes_answers_and_a_guest_called_yes_can_be_named)
{
  struct command_line *line = parsed("delete a yes");
  cr_assert_str_eq(line->guest, "a");
  cr_assert(line->yes);
  command_line_free(line);
  line = parsed("delete guest=yes");
  cr_assert_str_eq(line->guest, "yes");
  cr_assert_not(line->yes);
  command_line_free(line);
}

Test(command, actions_take_their_own_words_only)
{
  struct command_line *line = parsed("delete a keep-disks yes");
  cr_assert(action_flag((const char *const *)line->words, "keep-disks"));
  cr_assert(line->yes);
  command_line_free(line);
  refused("delete a keep-disk", "unknown word \"keep-disk\"");
  refused("start a b", "unknown word \"b\"");
}

Test(command, what_is_wrong_is_said)
{
  refused("", "no command");
  refused(":", "no command");
  refused("lunch", "did you mean \"launch\"?");
  refused("quit now", "takes no argument");
  refused("start 'a", "");
  refused("\033[2Jx", "unknown command \"\\x1b[2Jx\"");
}
