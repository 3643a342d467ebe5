/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests are written for Criterion.  In sanitizer builds, and where Criterion is not
 * installed, the same files run under plain_runner.c: Criterion cannot run under TSan. */
#ifndef UNIT_TEST_H
#define UNIT_TEST_H

#include <glib.h>

#ifndef PLAIN_TESTS
#include <criterion/criterion.h>
#else
#include <math.h>
#include <stdbool.h>
#include <string.h>

struct plain_test {
  const char *suite, *name;
  void (*run)(void);
  struct plain_test *next;
};
void plain_add(struct plain_test *test);
/* Ends the test, telling what was expected and the message. */
_Noreturn void plain_fail(const char *file, int line, const char *expected, const char *fmt, ...)
    G_GNUC_PRINTF(4, 5);
#define plain_check(Ok, ...)                                                                                 \
  do {                                                                                                       \
    if (!(Ok))                                                                                               \
      plain_fail(__VA_ARGS__);                                                                               \
  } while (0)

#define Test(Suite, Name, ...)                                                                               \
  static void Suite##_##Name##_run(void);                                                                    \
  static struct plain_test Suite##_##Name##_test = {#Suite, #Name, Suite##_##Name##_run, NULL};              \
  __attribute__((constructor)) static void Suite##_##Name##_add(void)                                        \
  {                                                                                                          \
    plain_add(&Suite##_##Name##_test);                                                                       \
  }                                                                                                          \
  static void Suite##_##Name##_run(void)

#define cr_assert(Cond, ...) plain_check((Cond) ? true : false, __FILE__, __LINE__, #Cond, " " __VA_ARGS__)
#define cr_assert_not(Cond, ...)                                                                             \
  plain_check((Cond) ? false : true, __FILE__, __LINE__, "!(" #Cond ")", " " __VA_ARGS__)
#define cr_assert_null(P, ...) plain_check((P) == NULL, __FILE__, __LINE__, #P " == NULL", " " __VA_ARGS__)
#define cr_assert_not_null(P, ...)                                                                           \
  plain_check((P) != NULL, __FILE__, __LINE__, #P " != NULL", " " __VA_ARGS__)
#define PLAIN_COMPARE(A, Op, B, ...)                                                                         \
  plain_check((A)Op(B), __FILE__, __LINE__, #A " " #Op " " #B, " " __VA_ARGS__)
#define cr_assert_eq(A, B, ...) PLAIN_COMPARE(A, ==, B, __VA_ARGS__)
#define cr_assert_neq(A, B, ...) PLAIN_COMPARE(A, !=, B, __VA_ARGS__)
#define cr_assert_lt(A, B, ...) PLAIN_COMPARE(A, <, B, __VA_ARGS__)
#define cr_assert_leq(A, B, ...) PLAIN_COMPARE(A, <=, B, __VA_ARGS__)
#define cr_assert_gt(A, B, ...) PLAIN_COMPARE(A, >, B, __VA_ARGS__)
#define cr_assert_geq(A, B, ...) PLAIN_COMPARE(A, >=, B, __VA_ARGS__)
#define cr_assert_str_eq(A, B, ...)                                                                          \
  plain_check(strcmp(A, B) == 0, __FILE__, __LINE__, #A " is " #B, " " __VA_ARGS__)
#define cr_assert_str_neq(A, B, ...)                                                                         \
  plain_check(strcmp(A, B) != 0, __FILE__, __LINE__, #A " is not " #B, " " __VA_ARGS__)
#define cr_assert_float_eq(A, B, Eps, ...)                                                                   \
  plain_check(fabs((double)(A) - (double)(B)) <= (Eps), __FILE__, __LINE__, #A " is near " #B,               \
              " " __VA_ARGS__)
#define cr_assert_fail(...) plain_check(false, __FILE__, __LINE__, "not to come here", " " __VA_ARGS__)
#define cr_log_info(...) g_print(__VA_ARGS__)
#endif

#endif
