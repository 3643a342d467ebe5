/* SPDX-License-Identifier: GPL-2.0-or-later */
/* virtlens-loops SECONDS: what a CPU and its memory do, the same program on the host and in the guest linux.
 * Each of three loops runs for SECONDS; a line says how much of each was done in a second. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TURNS 100000                   /* between two looks at the clock */
#define WALK_BYTES (UINT32_C(8) << 20) /* more than most caches of a core hold */
#define LINE 64                        /* bytes that memory is fetched by */

static double now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* A turn of each: what it does depends on the turn before, so that no compiler and no CPU can skip or overlap
 * them.  Return how much was done. */
static double turn_integers(uint64_t *state)
{
  uint64_t x = *state;
  for (int i = 0; i < TURNS; i++) { /* xorshift64*, Vigna 2016 */
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    x *= UINT64_C(2685821657736338717);
  }
  *state = x;
  return TURNS;
}

static double turn_floats(double *state)
{
  double x = *state;
  for (int i = 0; i < TURNS; i++) /* the logistic map, which stays between 0 and 1 */
    x = 3.999 * x * (1 - x);
  *state = x;
  return TURNS;
}

static double walk(volatile unsigned char *memory)
{
  for (uint32_t at = 0; at < WALK_BYTES; at += LINE)
    memory[at]++;
  return WALK_BYTES;
}

int main(int argc, char **argv)
{
  const double seconds = argc == 2 ? strtod(argv[1], NULL) : 0;
  unsigned char *memory = calloc(1, WALK_BYTES);
  uint64_t integer = UINT64_C(88172645463325252);
  double number = 0.5, done[3] = {0}, spent[3];
  if (!(seconds > 0 && seconds <= 3600) || !memory) {
    fprintf(stderr, "usage: virtlens-loops SECONDS\n");
    return 2;
  }
  for (int kind = 0; kind < 3; kind++) {
    const double begin = now();
    do
      done[kind] += kind == 0 ? turn_integers(&integer) : kind == 1 ? turn_floats(&number) : walk(memory);
    while (now() - begin < seconds);
    spent[kind] = now() - begin;
  }
  /* The states are told, too: else they would not have to be computed. */
  printf("%.17g %.17g %.17g %llu %.17g\n", done[0] / spent[0], done[1] / spent[1], done[2] / spent[2],
         (unsigned long long)integer, number);
  free(memory);
  return 0;
}
