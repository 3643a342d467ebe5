/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors: what, why and advice kept apart; exit status. */
#include "tests/unit/test.h"

#include <errno.h>
#include <string.h>

#include "core/base/error.h"

Test(error, says_what_why_and_what_to_do)
{
  g_autoptr(GError) err = NULL;
  cr_assert_not(error_set(&err, ERROR_USAGE, "Try again.", "cannot %s: %s", "open", "it is shut"));
  g_autofree char *what = error_what(err);
  cr_assert_str_eq(err->message, "cannot open: it is shut\nTry again.");
  cr_assert_str_eq(what, "cannot open: it is shut");
  cr_assert_str_eq(error_advice(err), "Try again.");
  g_autofree char *line = error_line(err);
  cr_assert_str_eq(line, "cannot open: it is shut (Try again.)");
}

Test(error, keeps_newlines_of_the_cause)
{
  g_autoptr(GError) err = NULL;
  error_set(&err, ERROR_GENERAL, NULL, "libvirt: %s", "one\ntwo");
  g_autofree char *what = error_what(err);
  cr_assert_str_eq(what, "libvirt: one\ntwo");
  cr_assert_null(error_advice(err));
  g_clear_error(&err);
  error_set(&err, ERROR_GENERAL, "Do this.", "libvirt: %s", "one\ntwo");
  g_autofree char *with = error_what(err);
  cr_assert_str_eq(with, "libvirt: one\ntwo");
  cr_assert_str_eq(error_advice(err), "Do this.");
}

Test(error, appends_the_systems_text)
{
  g_autoptr(GError) err = NULL;
  cr_assert_not(error_set_errno(&err, ERROR_RESOURCES, ENOSPC, "Make room.", "cannot write %s", "x"));
  cr_assert_str_eq(err->message, "cannot write x: No space left on device\nMake room.");
  cr_assert_not(error_set_errno(NULL, ERROR_RESOURCES, ENOSPC, NULL, "nobody asks"));
}

Test(error, survives_copies_and_prefixes)
{
  g_autoptr(GError) err = NULL;
  error_set(&err, ERROR_GENERAL, "Advice.", "what");
  g_autoptr(GError) copy = g_error_copy(err);
  g_prefix_error(&copy, "launch: ");
  g_autofree char *what = error_what(copy);
  cr_assert_str_eq(what, "launch: what");
  cr_assert_str_eq(error_advice(copy), "Advice.");
  cr_assert(error_advice(copy) != error_advice(err));
}

Test(error, takes_errors_of_others)
{
  g_autoptr(GError) err = g_error_new(G_FILE_ERROR, 2, "not ours");
  g_autofree char *what = error_what(err);
  g_autofree char *nothing = error_what(NULL);
  cr_assert_str_eq(what, "not ours");
  cr_assert_str_eq(nothing, "");
  g_autofree char *line = error_line(err);
  cr_assert_str_eq(line, "not ours");
  cr_assert_null(error_advice(err));
  cr_assert_null(error_advice(NULL));
  cr_assert_eq(error_exit_status(err), 1);
}

Test(error, exit_status_is_0_1_2_or_3)
{
  static const int status[][2] = {{ERROR_GENERAL, 1},     {ERROR_USAGE, 2},   {ERROR_RESOURCES, 3},
                                  {ERROR_UNSUPPORTED, 1}, {ERROR_REFUSED, 1}, {ERROR_CANCELLED, 1},
                                  {ERROR_LOST, 1}};
  cr_assert_eq(error_exit_status(NULL), 0);
  for (size_t i = 0; i < G_N_ELEMENTS(status); i++) {
    g_autoptr(GError) err = NULL;
    error_set(&err, (enum error_code)status[i][0], NULL, "x");
    cr_assert_eq(error_exit_status(err), status[i][1], "code %d", status[i][0]);
  }
}
