/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/fio.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define NS 1e-9
#define MS 1e-3
#define EXCERPT_WIDTH 60 /* columns of what it said that are told */

/* fio(1), "rw"; plan's mixes read 70 of 100 where their row says so. */
static const char *const patterns[BENCH_KINDS] = {
    [BENCH_READ] = "read",          [BENCH_WRITE] = "write",          [BENCH_READ_WRITE] = "rw",
    [BENCH_RAND_READ] = "randread", [BENCH_RAND_WRITE] = "randwrite", [BENCH_RAND_READ_WRITE] = "randrw",
};

char *fio_work(const struct bench_cell *cell, double seconds, uint32_t seed)
{
  GString *words = g_string_new("--ioengine=libaio --thread --time_based --lat_percentiles=1"
                                " --clat_percentiles=0 --disk_util=0 --norandommap --refill_buffers");
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(words, " --rw=%s --rwmixread=%d --bs=%" G_GUINT64_FORMAT " --iodepth=%d",
                         patterns[cell->workload], bench_workload_row(cell->workload)->reads,
                         cell->block_size, cell->depth);
  g_string_append_printf(words, " --randseed=%u --runtime=%sms", seed,
                         g_ascii_formatd(text, sizeof text, "%.0f", seconds / MS));
  if (cell->fsync)
    g_string_append_printf(words, " --fsync=%d", cell->fsync);
  return g_string_free(words, FALSE);
}

char *fio_fill(void)
{
  return g_strdup("--ioengine=libaio --thread --disk_util=0 --rw=write --bs=1048576 --iodepth=4"
                  " --lat_percentiles=1 --clat_percentiles=0");
}

/* ---- its answer ---- */

/* The value at NAME of OBJECT, which must be a number that counts; NaN: it is none. */
static double number_of(const json_t *object, const char *name)
{
  const json_t *value = json_object_get(object, name);
  const double number = json_is_number(value) ? json_number_value(value) : (double)NAN;
  return number >= 0 && isfinite(number) ? number : (double)NAN;
}

static bool lacks(const char *what, GError **err)
{
  return error_set(err, ERROR_GENERAL, NULL, "fio's JSON: %s is missing, or no number that counts", what);
}

static bool add_bins(const json_t *latency, struct bench_histogram *histogram, uint64_t *ret_count,
                     GError **err)
{
  json_t *bins = json_object_get(latency, "bins");
  const char *key;
  json_t *value;
  *ret_count = 0;
  if (!json_is_object(bins))
    return lacks("lat_ns.bins", err);
  json_object_foreach(bins, key, value)
  {
    char *end = NULL;
    const double ns = g_ascii_strtod(key, &end);
    const json_int_t count = json_is_integer(value) ? json_integer_value(value) : -1;
    if (end == key || *end || !(ns >= 0) || !isfinite(ns) || count < 0)
      return lacks("a number of lat_ns.bins", err);
    bench_histogram_add(histogram, ns * NS, (uint64_t)count);
    *ret_count += (uint64_t)count;
  }
  return true;
}

/* Reads, or writes, of JOB into RET, whose mean is a sum until all are added. */
static bool add_direction(const json_t *job, const char *name, struct fio_result *ret, GError **err)
{
  const json_t *part = json_object_get(job, name), *latency = json_object_get(part, "lat_ns");
  const double requests = number_of(part, "total_ios"), bytes = number_of(part, "io_bytes"),
               ms = number_of(part, "runtime");
  uint64_t binned;
  if (!(requests >= 0 && requests < 1e15) || !(bytes >= 0 && bytes < 1e18) || !(ms >= 0))
    return lacks("total_ios, io_bytes or runtime", err);
  if (requests <= 0)
    return true;
  const double mean = number_of(latency, "mean"), max = number_of(latency, "max");
  if (!(mean >= 0) || !(max >= 0))
    return lacks("lat_ns.mean or lat_ns.max", err);
  if (!add_bins(latency, ret->latency, &binned, err))
    return false;
  if (binned == 0)
    return lacks("a count of lat_ns.bins", err);
  ret->requests += (uint64_t)requests;
  ret->bytes += (uint64_t)bytes;
  ret->seconds = MAX(ret->seconds, ms * MS);
  ret->mean_s += mean * NS * requests;
  ret->max_s = MAX(ret->max_s, max * NS);
  return true;
}

static bool take_job(const json_t *root, struct fio_result *ret, GError **err)
{
  const json_t *jobs = json_object_get(root, "jobs"), *job = json_array_get(jobs, 0);
  if (json_array_size(jobs) != 1 || !json_is_object(job))
    return error_set(err, ERROR_GENERAL, NULL, "fio's JSON: there is not one job in it, but %zu",
                     json_array_size(jobs));
  const json_t *fault = json_object_get(job, "error");
  if (!json_is_integer(fault))
    return lacks("error", err);
  if (json_integer_value(fault) != 0)
    return error_set_errno(err, ERROR_GENERAL, (int)CLAMP(json_integer_value(fault), 1, 4095), NULL,
                           "fio failed on the scratch disk");
  ret->latency = bench_histogram_new();
  if (!add_direction(job, "read", ret, err))
    return false;
  ret->reads = ret->requests;
  ret->read_bytes = ret->bytes;
  if (!add_direction(job, "write", ret, err))
    return false;
  if (ret->requests == 0 || !(ret->seconds > 0))
    return error_set(err, ERROR_GENERAL, "Let it run for longer.", "fio did no request in its time");
  ret->mean_s /= (double)ret->requests;
  return true;
}

/* Where the JSON begins: a line that holds a brace alone.  fio prints its messages before it (axboe/fio#731).
 */
static const char *json_begin(const char *text, size_t length)
{
  for (const char *line = text; line < text + length;) {
    const char *end = memchr(line, '\n', (size_t)(text + length - line));
    size_t n = (size_t)((end ? end : text + length) - line);
    if (n > 0 && line[n - 1] == '\r')
      n--;
    if (n == 1 && *line == '{')
      return line;
    if (!end)
      break;
    line = end + 1;
  }
  return NULL;
}

static bool is_no_json(const char *text, size_t length, GError **err)
{
  g_autofree char *raw = g_strndup(text, MIN(length, 4 * EXCERPT_WIDTH)), *safe = text_safe(raw),
                  *shown = text_fit(safe, EXCERPT_WIDTH, true);
  return error_set(err, ERROR_GENERAL, "Make the guest anew, with a fio that works: virtlens-mklinux.",
                   "fio gave no JSON, but \"%s\"", g_strchomp(shown));
}

bool fio_parse(const char *text, size_t length, struct fio_result *ret, GError **err)
{
  const char *begin = json_begin(text, length);
  json_error_t place;
  *ret = (struct fio_result){0};
  if (!begin)
    return is_no_json(text, length, err);
  json_t *root = json_loadb(begin, (size_t)(text + length - begin),
                            JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &place);
  if (!root)
    return error_set(err, ERROR_GENERAL, NULL, "fio's JSON: line %d, column %d: %s", place.line, place.column,
                     place.text);
  const bool ok = take_job(root, ret, err);
  const char *version = json_string_value(json_object_get(root, "fio version"));
  if (ok)
    ret->version = g_strdup(version);
  else
    fio_result_clear(ret);
  json_decref(root);
  return ok;
}

void fio_result_clear(struct fio_result *result)
{
  g_free(result->version);
  bench_histogram_free(result->latency);
  *result = (struct fio_result){0};
}
