/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/database/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/path.h"

struct spool {
  GMutex lock; /* guards all that follows */
  int fd;
  uint64_t capacity;
  uint64_t head, tail; /* rows taken out and put in so far; row N stands at N % CAPACITY */
};

/* A file system may know no files without a name. */
static int open_nameless(const char *dir)
{
  const int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    return fd;
  g_autofree char *name = g_build_filename(dir, "spool-XXXXXX", NULL);
  const int named = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
  if (named >= 0)
    unlink(name);
  return named;
}

struct spool *spool_new(const char *dir, uint64_t capacity, GError **err)
{
  if (!path_make(dir, err))
    return NULL;
  const int fd = open_nameless(dir);
  if (fd < 0) {
    error_set_errno(err, ERROR_RESOURCES, errno, NULL, "no file can be made in %s", dir);
    return NULL;
  }
  struct spool *spool = g_new0(struct spool, 1);
  g_mutex_init(&spool->lock);
  spool->fd = fd;
  spool->capacity = capacity;
  return spool;
}

void spool_free(struct spool *spool)
{
  if (!spool)
    return;
  close(spool->fd);
  g_mutex_clear(&spool->lock);
  g_free(spool);
}

/* Bytes of the file. */
struct extent {
  off_t at;
  size_t count;
};

/* Those of COUNT rows from number AT on; no further than the end of the ring. */
static struct extent extent_of(const struct spool *spool, uint64_t at, uint64_t count)
{
  const uint64_t place = at % spool->capacity;

  return (struct extent){(off_t)(place * sizeof(struct table_row)),
                         MIN(count, spool->capacity - place) * sizeof(struct table_row)};
}

/* How many whole rows N bytes are, N being what pread or pwrite gave; where none is, errno tells why. */
static uint64_t whole_rows(ssize_t n, int why)
{
  if (n >= 0)
    errno = why;
  return n > 0 ? (uint64_t)n / sizeof(struct table_row) : 0;
}

static uint64_t put(struct spool *spool, const struct table_row *rows, uint64_t count)
{
  const struct extent extent = extent_of(spool, spool->tail, count);

  return whole_rows(pwrite(spool->fd, rows, extent.count, extent.at), ENOSPC);
}

static uint64_t get(struct spool *spool, uint64_t at, struct table_row *rows, uint64_t count)
{
  const struct extent extent = extent_of(spool, at, count);

  return whole_rows(pread(spool->fd, rows, extent.count, extent.at), EIO);
}

uint64_t spool_append(struct spool *spool, const struct table_row *rows, uint64_t count, GError **err)
{
  uint64_t done = 0, moved = 1;

  g_mutex_lock(&spool->lock);
  const uint64_t room = MIN(count, spool->capacity - (spool->tail - spool->head));
  while (done < room && moved > 0) {
    moved = put(spool, rows + done, room - done);
    spool->tail += moved;
    done += moved;
  }
  if (done < room)
    error_set_errno(err, ERROR_RESOURCES, errno, NULL, "requests cannot be kept on disk");
  else if (done < count)
    error_set(err, ERROR_RESOURCES, NULL, "%" G_GUINT64_FORMAT " requests wait on disk: no more are kept",
              spool->capacity);
  g_mutex_unlock(&spool->lock);
  return done;
}

uint64_t spool_waiting(struct spool *spool)
{
  g_mutex_lock(&spool->lock);
  const uint64_t waiting = spool->tail - spool->head;
  g_mutex_unlock(&spool->lock);
  return waiting;
}

uint64_t spool_peek(struct spool *spool, struct table_row *rows, uint64_t count, GError **err)
{
  uint64_t done = 0, moved = 1;

  g_mutex_lock(&spool->lock);
  const uint64_t there = MIN(count, spool->tail - spool->head);
  while (done < there && moved > 0) {
    moved = get(spool, spool->head + done, rows + done, there - done);
    done += moved;
  }
  if (done < there)
    error_set_errno(err, ERROR_RESOURCES, errno, NULL, "requests that wait on disk cannot be read");
  g_mutex_unlock(&spool->lock);
  return done;
}

void spool_drop(struct spool *spool, uint64_t count)
{
  g_mutex_lock(&spool->lock);
  spool->head += MIN(count, spool->tail - spool->head);
  /* Its blocks are given back; whatever is put in next makes it longer again. */
  if (spool->head == spool->tail && ftruncate(spool->fd, 0) != 0)
    g_debug("ftruncate: %s", g_strerror(errno));
  g_mutex_unlock(&spool->lock);
}
