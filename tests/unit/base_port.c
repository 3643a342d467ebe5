/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ports held for somebody who is to listen at them. */
#include "tests/unit/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/port.h"

/* Listen as QEMU's user network does, at PORT (0: any) of ADDRESS; -1: it is taken. */
static int listen_at(in_addr_t address, int *port)
{
  const int yes = 1;
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
  socklen_t size = sizeof name;
  name.sin_addr.s_addr = htonl(address);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  cr_assert_geq(fd, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(fd, (struct sockaddr *)&name, size) < 0 || listen(fd, 1) < 0) {
    close(fd);
    return -1;
  }
  cr_assert_eq(getsockname(fd, (struct sockaddr *)&name, &size), 0);
  *port = ntohs(name.sin_port);
  return fd;
}

/* A port at which nobody listens just now. */
static int any_port(void)
{
  int port = 0, fd = listen_at(INADDR_LOOPBACK, &port);
  close(fd);
  return port;
}

Test(port, held_by_one_who_lets_others_listen)
{
  struct port_held one, two;
  GError *err = NULL;
  int port = any_port();
  cr_assert(port_hold(&one, port, NULL));
  cr_assert_eq(one.port, port);
  cr_assert_not(port_hold(&two, port, &err));
  cr_assert_eq(err->code, ERROR_REFUSED);
  cr_assert_eq(two.port, 0);
  int fd = listen_at(INADDR_LOOPBACK, &port);
  cr_assert_geq(fd, 0);
  close(fd);
  port_release(&two);
  port_release(&one);
  cr_assert(port_hold(&two, port, NULL));
  port_release(&two);
  g_clear_error(&err);
}

Test(port, one_that_is_listened_at_is_not_to_be_had)
{
  static const in_addr_t addresses[] = {INADDR_LOOPBACK, INADDR_ANY};
  for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
    int port = 0, fd = listen_at(addresses[i], &port);
    struct port_held held;
    cr_assert_not(port_hold(&held, port, NULL));
    cr_assert_neq(port_next(port, NULL), port);
    cr_assert(port_hold_next(&held, port, NULL, NULL));
    cr_assert_gt(held.port, port);
    port_release(&held);
    close(fd);
  }
}

Test(port, connections_that_ended_do_not_count)
{
  int port = 0, fd = listen_at(INADDR_LOOPBACK, &port);
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int client = socket(AF_INET, SOCK_STREAM, 0);
  cr_assert_eq(connect(client, (struct sockaddr *)&name, sizeof name), 0);
  close(accept(fd, NULL, NULL)); /* the side that closes first keeps the port in TIME_WAIT */
  close(client);
  close(fd);
  struct port_held held;
  cr_assert(port_hold(&held, port, NULL));
  port_release(&held);
}

Test(port, passes_over_what_it_is_told_to)
{
  int port = any_port();
  g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL);
  struct port_held held;
  g_hash_table_add(taken, GINT_TO_POINTER(port));
  cr_assert_gt(port_next(port, taken), port);
  cr_assert(port_hold_next(&held, port, taken, NULL));
  cr_assert_gt(held.port, port);
  port_release(&held);
}

Test(port, none_is_left)
{
  GError *err = NULL;
  struct port_held held;
  cr_assert_eq(port_next(65536, NULL), 0);
  cr_assert_not(port_hold_next(&held, 65536, NULL, &err));
  cr_assert_eq(err->code, ERROR_RESOURCES);
  port_release(&held);
  g_clear_error(&err);
}

Test(port, is_let_go_with_its_holder)
{
  int port = any_port(), status = 0;
  struct port_held held;
  pid_t pid = fork();
  if (pid == 0)
    _exit(port_hold(&held, port, NULL) ? 0 : 1);
  cr_assert_eq(waitpid(pid, &status, 0), pid);
  cr_assert_eq(status, 0);
  cr_assert(port_hold(&held, port, NULL));
  port_release(&held);
}
