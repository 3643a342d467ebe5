/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/talk.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"

#define SLICE_NS (NS_PER_S / 10)
#define OPEN_NS (10 * NS_PER_S)
#define LAST_WIDTH 100 /* columns of what it said last that are told */
#define LINE_MAX_BYTES 65536

static const char *const devices[TALK_PORTS] = {[TALK_BOOT] = "serial0", [TALK_ORDERS] = "serial1"};

struct port {
  struct console *console;
  GString *text; /* said, and not yet taken as lines */
  int64_t at_ns; /* when the last of it came */
  bool ended;
  char *why; /* libvirt's own words, or NULL */
};

struct talk {
  struct port ports[TALK_PORTS];
  char *last; /* line that its boot port said; NULL: nothing yet */
  talk_goes_on *goes_on;
  void *context;
};

static bool open_port(struct port *port, struct virt *virt, const struct console_wish *wish, GError **err)
{
  g_autofree char *why = NULL;
  bool ended;
  if (!(port->console = virt_console_open(virt, wish, err)))
    return false;
  if (virt_console_wait_open(port->console, clock_mono_ns() + OPEN_NS))
    return true;
  g_bytes_unref(virt_console_take(port->console, &ended, &why));
  return error_set(err, ERROR_GENERAL, NULL, "the guest's port %s cannot be opened: %s", wish->device,
                   why ? why : "libvirt does not answer");
}

struct talk *talk_new(struct virt *virt, const char *uuid, talk_goes_on *goes_on, void *context, GError **err)
{
  struct talk *talk = g_new0(struct talk, 1);
  talk->goes_on = goes_on;
  talk->context = context;
  for (int i = 0; i < TALK_PORTS; i++) {
    const struct console_wish wish = {.uuid = uuid, .device = devices[i]};
    talk->ports[i].text = g_string_new(NULL);
    if (!open_port(&talk->ports[i], virt, &wish, err)) {
      talk_free(talk);
      return NULL;
    }
  }
  return talk;
}

void talk_free(struct talk *talk)
{
  if (!talk)
    return;
  for (int i = 0; i < TALK_PORTS; i++) {
    if (talk->ports[i].console)
      virt_console_close(talk->ports[i].console);
    if (talk->ports[i].text)
      g_string_free(talk->ports[i].text, TRUE);
    g_free(talk->ports[i].why);
  }
  g_free(talk->last);
  g_free(talk);
}

/* ---- reading ---- */

/* Take what PORT has said, without waiting. */
static void take(struct port *port)
{
  g_autofree char *why = NULL;
  bool ended;
  GBytes *bytes = virt_console_take(port->console, &ended, &why);
  if (bytes) {
    gsize n;
    const char *data = g_bytes_get_data(bytes, &n);
    g_string_append_len(port->text, data, (gssize)n);
    port->at_ns = clock_mono_ns();
    g_bytes_unref(bytes);
    return; /* there may be more: its end is told when there is none */
  }
  port->ended = ended;
  if (ended && !port->why)
    port->why = g_steal_pointer(&why);
}

/* The next whole line, NULL: there is none yet.  A line without an end is cut.  Caller frees. */
static char *next_line(struct port *port)
{
  const char *end = memchr(port->text->str, '\n', port->text->len);
  if (!end && port->text->len < LINE_MAX_BYTES)
    return NULL;
  const gsize n = end ? (gsize)(end - port->text->str) : port->text->len;
  char *line = g_strndup(port->text->str, n);
  g_string_erase(port->text, 0, (gssize)(n + (end != NULL)));
  line[strcspn(line, "\r")] = 0;
  return line;
}

static void note_boot(struct talk *talk)
{
  struct port *port = &talk->ports[TALK_BOOT];
  take(port);
  for (char *line; (line = next_line(port));) {
    if (*g_strstrip(line)) {
      g_free(talk->last);
      talk->last = line;
    } else {
      g_free(line);
    }
  }
}

/* ---- waiting ---- */

static char *not_said(const struct talk *talk, const struct talk_wish *wish, GError **err)
{
  const struct port *port = &talk->ports[wish->port];
  g_autofree char *safe = text_safe(talk->last ? talk->last : "nothing"),
                  *shown = text_fit(safe, LAST_WIDTH, true);
  if (port->ended)
    error_set(err, ERROR_GENERAL, NULL, "the guest ended in the middle (%s); it said last: %s",
              port->why ? port->why : "its QEMU closed the serial port", g_strchomp(shown));
  else
    error_set(err, ERROR_GENERAL,
              "Make the guest anew (virtlens-mklinux), or look at its boot with template linux.",
              "the guest did not say \"%s\" within %.0f s; it said last: %s", wish->text, wish->seconds,
              g_strchomp(shown));
  return NULL;
}

/* A line that was not waited for; false: there is no more room for them. */
static bool keep(struct talk *talk, const struct talk_wish *wish, const char *line, GError **err)
{
  if (wish->port == TALK_BOOT && *line) {
    g_free(talk->last);
    talk->last = g_strdup(line);
  }
  if (!wish->before)
    return true;
  g_string_append(wish->before, line);
  g_string_append_c(wish->before, '\n');
  return wish->before->len <= TALK_BYTES_MAX ||
         error_set(err, ERROR_GENERAL, NULL, "the guest said more than %u MiB before \"%s\"",
                   TALK_BYTES_MAX >> 20, wish->text);
}

/* Lines that are there; *RET_FOUND: what follows the text in the one waited for. */
static bool read_lines(struct talk *talk, const struct talk_wish *wish, char **ret_found, GError **err)
{
  for (char *line; !*ret_found && (line = next_line(&talk->ports[wish->port]));) {
    const char *at = strstr(line, wish->text);
    const bool ok = at || keep(talk, wish, line, err);
    if (at)
      *ret_found = g_strdup(at + strlen(wish->text));
    g_free(line);
    if (!ok)
      return false;
  }
  return true;
}

char *talk_wait(struct talk *talk, const struct talk_wish *wish, int64_t *ret_ns, GError **err)
{
  struct port *port = &talk->ports[wish->port];
  const int64_t deadline = clock_mono_ns() + (int64_t)(wish->seconds * (double)NS_PER_S);
  char *found = NULL;
  for (;;) {
    const int64_t now = clock_mono_ns();
    take(port);
    if (!read_lines(talk, wish, &found, err))
      return NULL;
    if (found)
      break;
    if (wish->port != TALK_BOOT)
      note_boot(talk);
    if (port->ended || now >= deadline)
      return not_said(talk, wish, err);
    if (!talk->goes_on(talk->context, err))
      return NULL;
    virt_console_wait(port->console, MIN(deadline, now + SLICE_NS));
  }
  if (ret_ns)
    *ret_ns = port->at_ns;
  return found;
}

void talk_send(struct talk *talk, const char *line)
{
  virt_console_send(talk->ports[TALK_ORDERS].console, line, strlen(line));
  virt_console_send(talk->ports[TALK_ORDERS].console, "\n", 1);
}
