/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What fio is told, and what is made of its answers: recorded ones of fio 3.33 in tests/data/fio, and hostile
 * ones. */
#include <math.h>

#include "core/base/error.h"
#include "core/bench/fio.h"
#include "tests/unit/test.h"

static char *recorded(const char *name)
{
  g_autofree char *path = g_build_filename(TEST_DATA, "fio", name, NULL);
  char *text = NULL;
  cr_assert(g_file_get_contents(path, &text, NULL, NULL), "%s is not there", path);
  return text;
}

static bool is_near(double value, double wanted)
{
  return fabs(value - wanted) <= 1e-9 * fabs(wanted);
}

Test(bench_fio, reads_are_as_fio_told_them)
{
  g_autofree char *text = recorded("randread.txt");
  struct fio_result result;
  GError *fault = NULL;
  cr_assert(fio_parse(text, strlen(text), &result, &fault), "%s", fault ? fault->message : "?");
  cr_assert_str_eq(result.version, "fio-3.33");
  cr_assert_eq(result.requests, 2031);
  cr_assert_eq(result.bytes, 8318976);
  cr_assert(is_near(result.seconds, 2.002));
  cr_assert(is_near(result.mean_s, 914223.897587e-9));
  cr_assert(is_near(result.max_s, 57147499e-9));
  cr_assert_eq(bench_histogram_count(result.latency), 2031);
  /* fio's own percentiles are made of the same bins. */
  cr_assert(is_near(bench_histogram_percentile(result.latency, 50), 505856e-9), "%.9g",
            bench_histogram_percentile(result.latency, 50));
  cr_assert(is_near(bench_histogram_percentile(result.latency, 99), 6193152e-9), "%.9g",
            bench_histogram_percentile(result.latency, 99));
  fio_result_clear(&result);
}

Test(bench_fio, reads_and_writes_are_taken_together)
{
  g_autofree char *text = recorded("randrw-fsync.txt");
  struct fio_result result;
  cr_assert(fio_parse(text, strlen(text), &result, NULL));
  cr_assert_eq(result.requests, 615 + 248);
  cr_assert_eq(result.bytes, 2519040 + 1015808);
  cr_assert(is_near(result.mean_s, 1e-9 * (35680310.087805 * 615 + 34528615.544355 * 248) / (615 + 248)));
  cr_assert(is_near(result.max_s, 129264067e-9));
  cr_assert_eq(bench_histogram_count(result.latency), 615 + 248);
  fio_result_clear(&result);
}

/* A job of fio with a hole at %s: a field, or more. */
#define JOB(Fields) "{\n\"fio version\":\"fio-3.33\",\"jobs\":[{\"error\":0," Fields "}]}"
#define NOTHING "{\"total_ios\":0,\"io_bytes\":0,\"runtime\":0}"
#define READ(Ios, Latency)                                                                                   \
  "\"read\":{\"total_ios\":" Ios ",\"io_bytes\":4096,\"runtime\":1000,\"lat_ns\":" Latency                   \
  "},\"write\":" NOTHING

Test(bench_fio, what_counts_is_taken)
{
  static const char text[] = JOB(READ("2", "{\"mean\":15,\"max\":20,\"bins\":{\"10\":1,\"20\":1}}"));
  struct fio_result result;
  GError *fault = NULL;
  cr_assert(fio_parse(text, strlen(text), &result, &fault), "%s", fault ? fault->message : "?");
  cr_assert_eq(result.requests, 2);
  fio_result_clear(&result);
}

/* Told as an error with its place or its field, and nothing of it kept. */
Test(bench_fio, hostile_answers_are_refused)
{
  static const struct {
    const char *text, *said;
  } answers[] = {
      {"", "fio gave no JSON"},
      {"fio: engine libaio not loadable\n", "engine libaio not loadable"},
      {"\033[2J\033]0;x\007", "fio gave no JSON"},
      {"{\n\"jobs\":[", "line 2"},
      {"{\n\"jobs\":[{\"error\":NaN}]}", "line 2"},
      {"{\n\"jobs\":1,\"jobs\":2}", "line 2"},
      {"{\n}", "not one job"},
      {"{\n\"jobs\":[{\"error\":0},{\"error\":0}]}", "but 2"},
      {"{\n\"jobs\":[{\"error\":\"0\"}]}", "error is missing"},
      {"{\n\"jobs\":[{\"error\":28}]}", "No space left"},
      {"{\n\"jobs\":[{\"error\":-9223372036854775808}]}", "fio failed"},
      {JOB("\"write\":" NOTHING), "total_ios"},
      {JOB("\"read\":" NOTHING ",\"write\":" NOTHING), "no request"},
      {JOB(READ("-2", "{}")), "total_ios"},
      {JOB(READ("1e300", "{}")), "total_ios"},
      {JOB(READ("\"2\"", "{}")), "total_ios"},
      {JOB(READ("2", "[]")), "lat_ns.mean"},
      {JOB(READ("2", "{\"mean\":-1,\"max\":20,\"bins\":{\"10\":2}}")), "lat_ns.mean"},
      {JOB(READ("2", "{\"mean\":15,\"max\":20}")), "lat_ns.bins"},
      {JOB(READ("2", "{\"mean\":15,\"max\":20,\"bins\":{}}")), "lat_ns.bins"},
      {JOB(READ("2", "{\"mean\":15,\"max\":20,\"bins\":{\"10\":-1}}")), "lat_ns.bins"},
      {JOB(READ("2", "{\"mean\":15,\"max\":20,\"bins\":{\"10x\":1}}")), "lat_ns.bins"},
      {JOB(READ("2", "{\"mean\":15,\"max\":20,\"bins\":{\"nan\":1}}")), "lat_ns.bins"},
      {JOB(READ("2", "{\"mean\":15,\"max\":20,\"bins\":{\"-5\":1}}")), "lat_ns.bins"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
    struct fio_result result;
    GError *fault = NULL;
    cr_assert_not(fio_parse(answers[i].text, strlen(answers[i].text), &result, &fault), "%s",
                  answers[i].text);
    cr_assert(strstr(fault->message, answers[i].said), "%s: %s", answers[i].text, fault->message);
    cr_assert_null(strchr(fault->message, '\033'), "a control character passed");
    cr_assert_null(result.latency);
    g_error_free(fault);
  }
}

static struct bench_cell a_cell(enum bench_workload workload)
{
  return (struct bench_cell){
      .backend = backend_find(BACKEND_DISK, "ide"), .workload = workload, .block_size = 4096, .depth = 16};
}

static void assert_says(const char *words, const char *word)
{
  g_autofree char *all = g_strconcat(" ", words, " ", NULL), *one = g_strconcat(" ", word, " ", NULL);
  cr_assert(strstr(all, one), "\"%s\" is not in \"%s\"", word, words);
}

Test(bench_fio, it_is_told_the_work_of_its_cell)
{
  struct bench_cell cell = a_cell(BENCH_RAND_READ_WRITE);
  cell.fsync = 8;
  g_autofree char *words = fio_work(&cell, 2.5, 7);
  assert_says(words, "--rw=randrw");
  assert_says(words, "--rwmixread=70");
  assert_says(words, "--bs=4096");
  assert_says(words, "--iodepth=16");
  assert_says(words, "--fsync=8");
  assert_says(words, "--runtime=2500ms");
  assert_says(words, "--randseed=7");
}

/* Where it writes to is not for its orders to say: the guest knows its scratch disk by itself. */
Test(bench_fio, no_order_names_a_file)
{
  for (int i = 0; i < BENCH_KINDS; i++) {
    if (!bench_workload_row((enum bench_workload)i)->disk)
      continue;
    struct bench_cell cell = a_cell((enum bench_workload)i);
    g_autofree char *work = fio_work(&cell, 1, 1), *fill = fio_fill();
    cr_assert_null(strstr(work, "filename"), "%s", work);
    cr_assert_null(strchr(work, '/'), "%s", work);
    cr_assert_null(strchr(fill, '/'), "%s", fill);
  }
}
