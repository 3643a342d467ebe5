/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/aftermath.h"

#include "core/base/clock.h"

#define LOOKUP_SECONDS 60.0 /* a libvirtd that is started again answers within seconds */
#define RETRY_FIRST_S 0.25
#define RETRY_MAX_S 8.0
#define REST_SECONDS 30.0 /* a daemon that runs on may still be at it */

bool aftermath_is_due(const struct acting *acting, const GError *fault)
{
  return g_error_matches(fault, ERROR_DOMAIN, ERROR_LOST) ||
         (g_error_matches(fault, ERROR_DOMAIN, ERROR_GENERAL) && virConnectIsAlive(acting->conn) == 0);
}

/* ---- a connection ---- */

struct reopening {
  const struct acting *acting;
  virConnectPtr conn;
  GError *fault;   /* of the last attempt */
  int64_t next_ns; /* when the next one is due */
  double pause_s;  /* before the one after it */
};

static bool is_open(void *context)
{
  struct reopening *reopening = context;
  if (clock_mono_ns() < reopening->next_ns)
    return false;
  g_clear_error(&reopening->fault);
  reopening->conn = hub_action_conn(reopening->acting->hub, &reopening->fault);
  reopening->next_ns = clock_mono_ns() + (int64_t)(reopening->pause_s * (double)NS_PER_S);
  reopening->pause_s = MIN(reopening->pause_s * 2, RETRY_MAX_S);
  return reopening->conn != NULL;
}

/* Why there is none tells more than that the time is over. */
static virConnectPtr reopen(struct acting *acting, GError **err)
{
  struct reopening reopening = {.acting = acting, .pause_s = RETRY_FIRST_S};
  g_autoptr(GError) late = NULL;
  acting->conn = NULL;
  if (!acting_wait(acting, is_open, &reopening, LOOKUP_SECONDS, ERROR_LOST, "a connection", NULL, &late) &&
      (late->code != ERROR_LOST || !reopening.fault))
    g_propagate_error(err, g_steal_pointer(&late));
  else if (reopening.fault)
    g_propagate_error(err, g_steal_pointer(&reopening.fault));
  g_clear_error(&reopening.fault);
  return reopening.conn;
}

/* ---- the look ---- */

/* No job of libvirt's own goes on with the guest. */
static bool is_at_rest(void *domain)
{
  virDomainControlInfo info;
  return virDomainGetControlInfo(domain, &info, 0) < 0 || info.state == VIR_DOMAIN_CONTROL_OK;
}

/* False: it cannot be looked up.  RET NULL: it is gone, or there is none. */
static bool find_guest(const struct acting *acting, virDomainPtr *ret, GError **err)
{
  *ret = NULL;
  if (!acting->act->uuid[0])
    return true;
  *ret = virDomainLookupByUUIDString(acting->conn, acting->act->uuid);
  if (!*ret)
    return virGetLastErrorCode() == VIR_ERR_NO_DOMAIN || virt_error(err, NULL, "the guest");
  return virDomainIsActive(*ret) != 1 ||
         acting_wait(acting, is_at_rest, *ret, REST_SECONDS, ERROR_LOST, "libvirt is still at it", NULL, err);
}

static bool look_up(struct acting *acting, enum aim aim, enum outcome *ret, GString *said, GError **err)
{
  virDomainPtr found = NULL;
  const bool seen = find_guest(acting, &found, err);
  g_autoptr(virDomain) domain = found;
  if (!seen)
    return false;
  *ret = outcome_look(aim, acting, domain, said);
  return virConnectIsAlive(acting->conn) != 0 ||
         error_set(err, ERROR_LOST, NULL, "the connection went away again");
}

/* ---- what is told ---- */

static bool tell(struct acting *acting, enum outcome outcome, const char *said, const char *lost,
                 GError **err)
{
  const char *doing = action_row(acting->act->action)->doing;
  g_autofree char *text =
      g_strdup_printf("the connection was lost while %s (%s); looked up afterwards: ", doing, lost);
  if (outcome == OUTCOME_NOT_DONE)
    return error_set(err, ERROR_GENERAL, NULL, "%snot done: %s", text, said);
  if (outcome == OUTCOME_NOT_KNOWN)
    return error_set(err, ERROR_LOST, "Look at the guest itself, and do it again if need be.",
                     "%snot known: %s", text, said);
  g_free(acting->act->result);
  acting->act->result = g_strconcat(text, said, NULL);
  return true;
}

static bool tell_blind(const struct acting *acting, const char *lost, const GError *fault, GError **err)
{
  const char *doing = action_row(acting->act->action)->doing;
  g_autofree char *why = error_what(fault);
  return error_set(err, ERROR_LOST, "Look at the guest when the connection is back.",
                   "the connection was lost while %s (%s), and what became of it could not be looked up: %s",
                   doing, lost, why);
}

bool aftermath(struct acting *acting, enum aim aim, GError *lost, GError **err)
{
  enum outcome outcome = OUTCOME_NOT_KNOWN;
  g_autoptr(GError) fault = NULL;
  g_autoptr(GString) said = g_string_new(NULL);
  g_autofree char *what = error_what(lost);
  g_error_free(lost);
  acting_step(acting, -1, "the connection was lost: waiting to look up what became of it");
  g_autoptr(virConnect) conn = reopen(acting, &fault);
  acting->conn = conn;
  if (conn && look_up(acting, aim, &outcome, said, &fault))
    return tell(acting, outcome, said->str, what, err);
  return tell_blind(acting, what, fault, err);
}
