/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/host_facts.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "core/host/host_proc.h"

#define CPU "/sys/devices/system/cpu/"

/* Takes TEXT; what is not known stays as it was. */
static void put(struct bench_results *results, enum bench_fact fact, char *text)
{
  if (!text)
    return;
  g_free(results->fact[fact]);
  results->fact[fact] = text;
}

static char *file_text(const char *file)
{
  char *text = NULL;
  return g_file_get_contents(file, &text, NULL, NULL) ? g_strchomp(text) : NULL;
}

/* The value of the first line "NAME : VALUE" of /proc/cpuinfo. */
static char *cpu_field(const char *name)
{
  g_autofree char *text = file_text("/proc/cpuinfo");
  const char *at = text ? strstr(text, name) : NULL, *colon = at ? strchr(at, ':') : NULL;
  return colon ? g_strstrip(g_strndup(colon + 1, strcspn(colon + 1, "\n"))) : NULL;
}

static char *memory_bytes(void)
{
  g_autofree char *text = file_text("/proc/meminfo");
  double total, used;
  return text && proc_meminfo_parse(text, &total, &used) ? g_strdup_printf("%.0f", total) : NULL;
}

/* "meltdown: Mitigation: PTI; spectre_v1: ...": those that this CPU needs. */
static char *mitigations(void)
{
  GDir *dir = g_dir_open(CPU "vulnerabilities", 0, NULL);
  GString *all = g_string_new(NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *file = g_strconcat(CPU "vulnerabilities/", name, NULL), *text = file_text(file);
    if (text && strcmp(text, "Not affected") != 0)
      g_string_append_printf(all, "%s%s: %s", all->len ? "; " : "", name, text);
  }
  if (dir)
    g_dir_close(dir);
  return g_string_free(all, all->len == 0);
}

static void read_machine(struct bench_results *results)
{
  struct checkup *checkup = virt_check_host();
  put(results, BENCH_FACT_HOST, g_strdup(checkup->host));
  put(results, BENCH_FACT_MACHINE, g_strdup(checkup->machine));
  put(results, BENCH_FACT_KERNEL, g_strdup(checkup->kernel));
  put(results, BENCH_FACT_KIND, g_strdup(kind_row(checkup->kind)->name));
  checkup_free(checkup);
}

void host_facts_read(struct bench_results *results, struct virt *virt)
{
  char *libvirt, *hypervisor;
  read_machine(results);
  put(results, BENCH_FACT_CPU, cpu_field("model name"));
  put(results, BENCH_FACT_CPUS, g_strdup_printf("%ld", sysconf(_SC_NPROCESSORS_ONLN)));
  put(results, BENCH_FACT_MEMORY, memory_bytes());
  put(results, BENCH_FACT_GOVERNOR, file_text(CPU "cpu0/cpufreq/scaling_governor"));
  put(results, BENCH_FACT_MITIGATIONS, mitigations());
  if (!virt_versions(virt, &libvirt, &hypervisor, NULL))
    return;
  put(results, BENCH_FACT_LIBVIRT, libvirt);
  put(results, BENCH_FACT_QEMU, hypervisor);
}

void host_facts_of_guest(struct bench_results *results, const char *fio, const char *kernel)
{
  if (!results->fact[BENCH_FACT_FIO])
    put(results, BENCH_FACT_FIO, g_strdup(fio));
  if (!results->fact[BENCH_FACT_GUEST_KERNEL])
    put(results, BENCH_FACT_GUEST_KERNEL, g_strdup(kernel));
}
