/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The yardstick of the budgets: a bare program that asks for every group of every guest
 * with one bulk call a second.  usage: bare URI CALLS; prints CPU and wall seconds per call. */
#include <libvirt/libvirt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double seconds(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
  if (argc != 3)
    return 2;
  virConnectPtr conn = virConnectOpenReadOnly(argv[1]);
  if (!conn)
    return 1;
  const int calls = atoi(argv[2]);
  double cpu = 0, wall = 0;
  for (int i = 0; i < calls; i++) {
    const double began = seconds(CLOCK_MONOTONIC), cpu_began = seconds(CLOCK_PROCESS_CPUTIME_ID);
    virDomainStatsRecordPtr *records = NULL;
    if (virConnectGetAllDomainStats(conn, 0, &records, VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT) < 0)
      return 1;
    virDomainStatsRecordListFree(records);
    cpu += seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_began;
    const double took = seconds(CLOCK_MONOTONIC) - began;
    wall += took;
    if (took < 1) {
      const struct timespec rest = {0, (long)((1 - took) * 1e9)};
      nanosleep(&rest, NULL);
    }
  }
  printf("%.6f %.6f\n", cpu / calls, wall / calls);
  virConnectClose(conn);
  return 0;
}
