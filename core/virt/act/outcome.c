/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/outcome.h"

#include "core/base/text.h"
#include "core/virt/act/disks.h"
#include "core/virt/act/tour.h"
#include "core/virt/act/witness.h"
#include "core/virt/conn/xml.h"

/* How an aim is looked for. */
struct aiming {
  enum outcome (*look)(const struct aiming *aiming, const struct acting *acting, virDomainPtr domain,
                       GString *said);
  bool (*state)(enum guest_state state); /* that the guest is to have */
  bool there;                            /* what is looked for is to be there, or to run */
};
/* One look; few need all that they are given. */
#define LOOK(name)                                                                                           \
  static enum outcome name(G_GNUC_UNUSED const struct aiming *aiming,                                        \
                           G_GNUC_UNUSED const struct acting *acting, G_GNUC_UNUSED virDomainPtr domain,     \
                           G_GNUC_UNUSED GString *said)

/* ---- states ---- */

static enum guest_state state_of(virDomainPtr domain)
{
  int state = VIR_DOMAIN_NOSTATE;
  return virDomainGetState(domain, &state, NULL, 0) == 0 ? (enum guest_state)state : GUEST_NOSTATE;
}

static void say_state(virDomainPtr domain, GString *said)
{
  if (domain)
    g_string_append_printf(said, "the guest is %s", guest_state_name(state_of(domain)));
  else
    g_string_append(said, "the guest is gone");
}

static enum outcome of(bool done)
{
  return done ? OUTCOME_DONE : OUTCOME_NOT_DONE;
}

static bool is_off(enum guest_state state)
{
  return !guest_state_active(state);
}

static bool is_paused(enum guest_state state)
{
  return state == GUEST_PAUSED;
}

static bool is_running(enum guest_state state)
{
  return state == GUEST_RUNNING || state == GUEST_BLOCKED;
}

LOOK(at_state)
{
  const enum guest_state state = domain ? state_of(domain) : GUEST_SHUTOFF;
  say_state(domain, said);
  return state == GUEST_NOSTATE ? OUTCOME_NOT_KNOWN : of(aiming->state(state));
}

LOOK(at_saved)
{
  const int saved = domain ? virDomainHasManagedSaveImage(domain, 0) : 0;
  say_state(domain, said);
  if (saved >= 0)
    g_string_append(said, saved ? ", and has a saved state" : ", and has no saved state");
  return saved < 0 ? OUTCOME_NOT_KNOWN : of((saved > 0) == aiming->there);
}

LOOK(at_nothing)
{
  g_string_append(said, "libvirt keeps nothing that tells it");
  if (domain) {
    g_string_append(said, "; ");
    say_state(domain, said);
  }
  return OUTCOME_NOT_KNOWN;
}

/* ---- files ---- */

/* Names those of FILES that are there. */
static bool say_left(const struct acting *acting, char *const *files, GString *said)
{
  bool any = false;
  for (; files && *files; files++) {
    g_autofree char *safe = text_safe(*files);
    if (disk_path_is_free(acting, *files))
      continue;
    g_string_append_printf(said, "%s%s", any ? ", " : "; left: ", safe);
    any = true;
  }
  return any;
}

static bool uses_one(virDomainPtr domain, unsigned flags, char *const *files)
{
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, flags));
  g_auto(GStrv) used = xml ? xml_texts(xml, "//source/@file") : NULL;
  for (; used && files && *files; files++)
    if (g_strv_contains((const char *const *)used, *files))
      return true;
  return false;
}

/* ---- guests that are made ---- */

/* By its name, which was free before, and by what was made for it.  RET NULL: it is not there. */
static bool find_made(const struct acting *acting, const struct trail_guest *guest, virDomainPtr *ret)
{
  *ret = virDomainLookupByName(acting->conn, guest->name);
  return *ret ? !guest->files[0] || uses_one(*ret, VIR_DOMAIN_XML_INACTIVE, guest->files)
              : virGetLastErrorCode() == VIR_ERR_NO_DOMAIN;
}

/* What was made for a guest that did not come. */
static void clear_up(const struct acting *acting, const struct trail_guest *guest, GString *said)
{
  for (int i = 0; i < guest->made; i++)
    disk_remove(acting->conn, hub_lab_root(acting->hub), guest->files[i], NULL);
  say_left(acting, guest->files, said);
}

/* All that the job was to make are there, and run if they are to: DONE. */
LOOK(at_made)
{
  const GPtrArray *guests = acting->trail->guests;
  int done = 0;
  for (guint i = 0; guests && i < guests->len; i++) {
    const struct trail_guest *guest = guests->pdata[i];
    virDomainPtr found;
    const bool known = find_made(acting, guest, &found);
    g_autoptr(virDomain) there = found;
    g_autofree char *safe = text_safe(guest->name);
    g_string_append_printf(said, "%s%s is ", i ? ", " : "", safe);
    g_string_append(said, !known  ? "not to be recognized"
                          : there ? guest_state_name(state_of(there))
                                  : "not there");
    if (!known)
      return OUTCOME_NOT_KNOWN;
    if (there)
      done += !aiming->there || guest_state_active(state_of(there));
    else
      clear_up(acting, guest, said);
    if (there)
      virDomainGetUUIDString(there, acting->act->result_uuid);
  }
  if (!guests)
    g_string_append(said, "nothing was begun");
  return of(guests && done == acting->trail->wanted);
}

LOOK(at_tour)
{
  const char *name;
  bool done = true;
  for (int i = 0; (name = tour_name(i)); i++) {
    g_autoptr(virDomain) guest = virDomainLookupByName(acting->conn, name);
    done = guest && is_running(state_of(guest)) && done;
    g_string_append_printf(said, "%s%s: ", i ? "; " : "", name);
    say_state(guest, said);
  }
  return of(done);
}

/* ---- definitions ---- */

LOOK(at_deleted)
{
  say_state(domain, said);
  return of(!domain && !say_left(acting, acting->trail->files, said));
}

LOOK(at_name)
{
  const char *name = domain ? virDomainGetName(domain) : NULL;
  g_autofree char *safe = text_safe(name);
  if (name)
    g_string_append_printf(said, "the guest is called %s", safe);
  else
    say_state(domain, said);
  return of(name && !g_strcmp0(name, action_value(acting->act->flags, "name")));
}

/* ---- snapshots ---- */

/* 1: it is there, 0: it is not, -1: libvirt does not tell. */
static int has_snapshot(virDomainPtr domain, const char *name)
{
  g_autoptr(virDomainSnapshot) found = virDomainSnapshotLookupByName(domain, name, 0);
  return found ? 1 : virGetLastErrorCode() == VIR_ERR_NO_DOMAIN_SNAPSHOT ? 0 : -1;
}

LOOK(at_snapshot)
{
  const char *name = acting->trail->snapshot;
  const int there = domain && name ? has_snapshot(domain, name) : 0;
  g_autofree char *safe = text_safe(name);
  say_state(domain, said);
  if (!name || !domain) {
    g_string_append(said, name ? "" : "; nothing was begun");
    return OUTCOME_NOT_DONE;
  }
  if (there < 0)
    return OUTCOME_NOT_KNOWN;
  g_string_append_printf(said, "; snapshot %s is %sthere", safe, there ? "" : "not ");
  return of(there == aiming->there);
}

LOOK(at_taken)
{
  char **files = acting->trail->files;
  const enum outcome outcome = at_snapshot(aiming, acting, domain, said);
  if (outcome != OUTCOME_NOT_DONE || !domain)
    return outcome;
  if (say_left(acting, files, said) && uses_one(domain, 0, files))
    g_string_append(said, ", to which the guest writes");
  return outcome;
}

/* libvirt gave it this state by loading a snapshot. */
static bool is_from_snapshot(int state, int reason)
{
  return (state == VIR_DOMAIN_RUNNING && reason == VIR_DOMAIN_RUNNING_FROM_SNAPSHOT) ||
         (state == VIR_DOMAIN_PAUSED && reason == VIR_DOMAIN_PAUSED_FROM_SNAPSHOT) ||
         (state == VIR_DOMAIN_SHUTOFF && reason == VIR_DOMAIN_SHUTOFF_FROM_SNAPSHOT);
}

/* By libvirt: it marks the snapshot as the current one last of all, which tells nothing if it was that
 * before; it pauses a guest that runs first of all; and with the snapshot's definition the witness goes. */
static enum outcome look_at_loaded(const struct trail *trail, virDomainPtr domain, bool current)
{
  int state = VIR_DOMAIN_NOSTATE, reason = 0;
  const int witness = trail->witness ? witness_is_there(domain, trail->witness) : -1;
  virDomainGetState(domain, &state, &reason, 0);
  const bool loaded = is_from_snapshot(state, reason), before = is_from_snapshot(trail->state, trail->reason);
  if (witness > 0)
    witness_remove(domain);
  if (current && (g_strcmp0(trail->current, trail->snapshot) != 0 || (loaded && !before) || witness == 0))
    return OUTCOME_DONE;
  if (trail->state == VIR_DOMAIN_RUNNING && state == VIR_DOMAIN_RUNNING && (!loaded || witness > 0))
    return OUTCOME_NOT_DONE;
  return OUTCOME_NOT_KNOWN;
}

/* By this program: the definition moves to new files, and then the mark to the snapshot. */
static enum outcome look_at_moved(const struct acting *acting, virDomainPtr domain, bool current,
                                  GString *said)
{
  char **files = acting->trail->files;
  if (uses_one(domain, VIR_DOMAIN_XML_INACTIVE, files))
    return current ? OUTCOME_DONE : OUTCOME_NOT_KNOWN;
  say_left(acting, files, said);
  return OUTCOME_NOT_DONE;
}

LOOK(at_reverted)
{
  const struct trail *trail = acting->trail;
  g_autofree char *current = domain ? trail_current_snapshot(domain) : NULL, *safe = text_safe(current);
  say_state(domain, said);
  if (!domain || !trail->snapshot) {
    g_string_append(said, domain ? "; nothing was begun" : "");
    return OUTCOME_NOT_DONE;
  }
  g_string_append_printf(said, ", its current snapshot is %s", current ? safe : "none");
  const bool there = !g_strcmp0(current, trail->snapshot);
  return trail->files ? look_at_moved(acting, domain, there, said) : look_at_loaded(trail, domain, there);
}

/* ---- all of them ---- */

static const struct aiming aimings[] = {
    [AIM_UNSEEN] = {at_nothing, NULL, false},      [AIM_STARTED] = {at_state, guest_state_active, false},
    [AIM_OFF] = {at_state, is_off, false},         [AIM_PAUSED] = {at_state, is_paused, false},
    [AIM_RESUMED] = {at_state, is_running, false}, [AIM_SAVED] = {at_saved, NULL, true},
    [AIM_NOT_SAVED] = {at_saved, NULL, false},     [AIM_LAUNCHED] = {at_made, NULL, true},
    [AIM_MADE] = {at_made, NULL, false},           [AIM_TOUR] = {at_tour, NULL, false},
    [AIM_DELETED] = {at_deleted, NULL, false},     [AIM_RENAMED] = {at_name, NULL, false},
    [AIM_SNAPSHOT] = {at_taken, NULL, true},       [AIM_NO_SNAPSHOT] = {at_snapshot, NULL, false},
    [AIM_REVERTED] = {at_reverted, NULL, false},
};

enum outcome outcome_look(enum aim aim, const struct acting *acting, virDomainPtr domain, GString *said)
{
  const struct aiming *aiming = &aimings[aim];
  return aiming->look(aiming, acting, domain, said);
}
