/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/lone.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/error.h"

/* An abstract name (unix(7)): of the machine, whoever the user is, and gone with its process. */
#define NAME "virtlens-benchmark"

int lone_begin(GError **err)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  memcpy(address.sun_path + 1, NAME, strlen(NAME));
  const socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(NAME));
  if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, length) == 0)
    return fd;
  const int fault = errno;
  if (fd >= 0)
    close(fd);
  if (fault == EADDRINUSE)
    error_set(err, ERROR_REFUSED,
              "Wait for its end; virtlens bench --together runs beside it, and each disturbs the other.",
              "another benchmark runs on this machine");
  else
    error_set_errno(err, ERROR_RESOURCES, fault, NULL, "a socket for the benchmark");
  return -1;
}

void lone_end(int fd)
{
  if (fd >= 0)
    close(fd);
}
