/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/base/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/error.h"

#define PORT_LAST 65535

/* Nobody listens at it.  With SO_REUSEADDR, as QEMU has it, connections that ended a moment ago do not count,
 * and looking disturbs nobody who begins to listen meanwhile. */
static bool is_free(int port)
{
  const int yes = 1;
  const struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)port),
                                      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return false;
  bool ok = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
            bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
  close(fd);
  return ok;
}

/* An abstract name: like ports there is one of each in a network namespace, and it ends with its holder.
 * -1: somebody has it. */
static int take_name(int port)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int n = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "virtlens-port-%d", port);
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (const struct sockaddr *)&address, size) == 0)
    return fd;
  close(fd);
  return -1;
}

static bool try_to_hold(struct port_held *held, int port)
{
  *held = (struct port_held){0, -1};
  int lock = take_name(port);
  if (lock < 0)
    return false;
  if (!is_free(port)) {
    close(lock);
    return false;
  }
  *held = (struct port_held){port, lock};
  return true;
}

bool port_hold(struct port_held *held, int port, GError **err)
{
  return try_to_hold(held, port) || error_set(err, ERROR_REFUSED, "End that program, or choose another port.",
                                              "port %d of 127.0.0.1: another program has it", port);
}

static bool is_passed_over(GHashTable *pass_over, int port)
{
  return pass_over && g_hash_table_contains(pass_over, GINT_TO_POINTER(port));
}

int port_next(int first, GHashTable *pass_over)
{
  for (int port = first; port <= PORT_LAST; port++)
    if (!is_passed_over(pass_over, port) && is_free(port))
      return port;
  return 0;
}

bool port_hold_next(struct port_held *held, int first, GHashTable *pass_over, GError **err)
{
  for (int port = first; port <= PORT_LAST; port++)
    if (!is_passed_over(pass_over, port) && try_to_hold(held, port))
      return true;
  *held = (struct port_held){0, -1};
  return error_set(err, ERROR_RESOURCES, NULL, "no port of 127.0.0.1 from %d on is free", first);
}

void port_release(struct port_held *held)
{
  if (held->port)
    close(held->lock);
  *held = (struct port_held){0, -1};
}
