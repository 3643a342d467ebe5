/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In place of the charts where this build has no cairo. */
#include "core/base/error.h"
#include "core/bench/chart.h"

static bool unsupported(GError **err)
{
  return error_set(err, ERROR_UNSUPPORTED, "install libpango1.0-dev, configure and build anew",
                   "this build draws no charts: there was no cairo");
}

bool bench_chart_png(G_GNUC_UNUSED const struct bench_analysis *analysis, G_GNUC_UNUSED const char *file,
                     GError **err)
{
  return unsupported(err);
}

char *bench_chart_svg(G_GNUC_UNUSED const struct bench_analysis *analysis, GError **err)
{
  unsupported(err);
  return NULL;
}
