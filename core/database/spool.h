/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows that wait on disk, the first in the first out: in a file without a name, which goes with the process,
 * however that ends, and has no bytes while nothing waits.  Any thread. */
#ifndef DATABASE_SPOOL_H
#define DATABASE_SPOOL_H

#include "core/database/request_table.h"

struct spool;
/* At most CAPACITY rows, in a file of the folder DIR, which is made. */
struct spool *spool_new(const char *dir, uint64_t capacity, GError **err);
void spool_free(struct spool *spool); /* NULL is fine; what waits is lost */
/* How many of COUNT rows found room, from the first on; where not all did, ERR says why. */
uint64_t spool_append(struct spool *spool, const struct table_row *rows, uint64_t count, GError **err);
uint64_t spool_waiting(struct spool *spool);
/* The first rows, COUNT at most, which stay; how many there are.  ERR: the file cannot be read. */
uint64_t spool_peek(struct spool *spool, struct table_row *rows, uint64_t count, GError **err);
/* The first COUNT of them are done with. */
void spool_drop(struct spool *spool, uint64_t count);

#endif
