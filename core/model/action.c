/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/action.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

#include "core/base/text.h"

enum { QUICK, SLOW };

static const struct action_word delete_words[] = {{"keep-disks", NULL, "leave the disk files where they are"},
                                                  {NULL, NULL, NULL}};

static const struct action_word undelete_words[] = {{"name", "NAME", "which; left out: the one deleted last"},
                                                    {NULL, NULL, NULL}};

static const struct action_word snapshot_words[] = {
    {"name", "NAME", "its name; left out: s1, s2, ..."},
    {"description", "TEXT", "what it is for"},
    {"kind", "internal|external",
     "inside the images, or in files before them; left out: "
     "internal where that can be"},
    {"memory", "yes|no", "of a guest that runs; left out: with internal ones"},
    {NULL, NULL, NULL}};

static const struct action_word revert_words[] = {
    {"name", "NAME", "which snapshot; left out: the current one"},
    {"force", NULL,
     "also where libvirt calls it risky, or disks of other guests stand on its own, and break"},
    {NULL, NULL, NULL}};

static const struct action_word snapshot_delete_words[] = {
    {"name", "NAME", "which snapshot; left out: the current one"},
    {"children", NULL, "with all that were taken after it"},
    {"children-only", NULL, "all that were taken after it, but not this one"},
    {NULL, NULL, NULL}};

static const struct action_word snapshot_edit_words[] = {
    {"name", "NAME", "which snapshot; left out: the current one"},
    {"rename", "NAME", "its new name; only of one that is external"},
    {"description", "TEXT", "what it is for"},
    {NULL, NULL, NULL}};

static const struct action_word start_words[] = {
    {"force", NULL, "also when disks of other guests stand on its own, and break"}, {NULL, NULL, NULL}};

static const struct action_word stop_words[] = {{"force", NULL, "force it off, when it does not shut down"},
                                                {NULL, NULL, NULL}};

static const struct action_word clone_words[] = {
    {"name", "NAME", "its name; %n is the guest's, %d or %02d a number; left out: %n-%02d"},
    {"mode", "linked|full", "thin disks over the guest's own (left out: these), or copies of them"},
    {"count", "N", "how many, 1 to 100"},
    {"snapshot", "NAME", "as its disks were in this snapshot; needs mode=full"},
    {NULL, NULL, NULL}};

static const struct action_word rebase_words[] = {
    {"base", "FILE", "the image it is to stand on; without a folder: one beside the disk"},
    {"disk", "TARGET", "which disk, as in vda; left out: the only one that stands on another image"},
    {NULL, NULL, NULL}};

static const struct action_word autostart_words[] = {
    {"on", NULL, "with its host; left out: turn it round"}, {"off", NULL, "no longer"}, {NULL, NULL, NULL}};

static const struct action_word rename_words[] = {{"name", "NAME", "the new one"}, {NULL, NULL, NULL}};

static const struct action_word edit_words[] = {
    {"vcpus", "N", "how many vCPUs"},
    {"memory", "SIZE", "how much memory"},
    {"backend", "[DISK:]BACKEND,...", "what its disks are attached by, or DISK (vda) alone"},
    {"title", "TEXT", "a line about it; empty: none"},
    {NULL, NULL, NULL}};

static const struct action_word attach_words[] = {
    {"size", "SIZE", "a new disk of that size"},
    {"file", "PATH", "a disk that is there, and that no other guest uses"},
    {"backend", "BACKEND", "what the disk is attached by; left out: virtio-blk"},
    {"nic", "MODEL", "a NIC"},
    {"vf", "ADDRESS", "a virtual function of the host (SR-IOV), as :vfs lists them"},
    {"mac", "MAC", "of the NIC; left out: one is made up"},
    {"vlan", "N", "that the host puts the function of a NIC into, 1 to 4094"},
    {"network", "NAME",
     "the libvirt network that the NIC is on; with nic=sr-iov-vf: that hands it a function"},
    {NULL, NULL, NULL}};

static const struct action_word detach_words[] = {
    {"device", "NAME", "a disk's target (vdb), a NIC's MAC, or the address of a virtual function"},
    {NULL, NULL, NULL}};

static const struct action_word screenshot_words[] = {
    {"file", "FILE", "where to; left out: GUEST-TIME.png in the current folder"}, {NULL, NULL, NULL}};

static const struct action_word make_vfs_words[] = {
    {"count", "N", "how many there are to be; 0 removes them"},
    {"pf", "ADDRESS", "of which device, as :vfs lists them; left out: the only one"},
    {NULL, NULL, NULL}};

static const struct action_word bench_words[] = {
    {"plan", "quick|standard|thorough|reference|FILE", "what is compared with what; left out: quick"},
    {"output", "FOLDER", "where results.json goes; left out: one of its own among the session files"},
    {"memory", "SIZE", "of each guest; left out: the plan's"},
    {"disk-size", "SIZE", "of the scratch disk; left out: the plan's"},
    {NULL, NULL, NULL}};

static const struct action rows[] = {
    [ACTION_LAUNCH] = {"launch", "launching", "launched", NULL, NEEDS_NO_GUEST, SLOW,
                       "make a new guest and start it"},
    [ACTION_START] = {"start", "starting", "started", NULL, NEEDS_INACTIVE, SLOW, "start a guest that is off",
                      start_words,
                      "Start %s all the same?  Disks of other guests that stand on its own break."},
    [ACTION_STOP] = {"stop", "stopping", "stopped", NULL, NEEDS_RUNNING, SLOW,
                     "ask the guest to shut down (ACPI)", stop_words,
                     "%s is still running: force it off?  What it has not written is lost."},
    [ACTION_FORCE_OFF] = {"force-off", "forcing off", "forced off",
                          "Force off %s?  What it has not written is lost.", NEEDS_ACTIVE, QUICK,
                          "end the guest at once, as if its power failed"},
    [ACTION_PAUSE] = {"pause", "pausing", "paused", NULL, NEEDS_RUNNING, QUICK,
                      "stop the vCPUs of the guest"},
    [ACTION_RESUME] = {"resume", "resuming", "resumed", NULL, NEEDS_PAUSED, QUICK,
                       "let a paused guest go on"},
    [ACTION_REBOOT] = {"reboot", "rebooting", "rebooted", NULL, NEEDS_RUNNING, SLOW,
                       "ask the guest to reboot (ACPI)"},
    [ACTION_RESET] = {"reset", "resetting", "reset", "Reset %s?  What it has not written is lost.",
                      NEEDS_ACTIVE, QUICK, "reset the guest at once, as its reset button would"},
    [ACTION_DELETE] = {"delete", "deleting", "deleted",
                       "Delete %s?  Its definition and the disks made for it go.", NEEDS_INACTIVE, SLOW,
                       "remove a guest that is off, with the disks made for it", delete_words},
    [ACTION_UNDELETE] = {"undelete", "defining again", "defined again", NULL, NEEDS_NO_GUEST, QUICK,
                         "define again a guest that was deleted in this session with its disks kept",
                         undelete_words},
    [ACTION_TOUR] = {"tour", "preparing the tour", "tour ready", NULL, NEEDS_NO_GUEST, SLOW,
                     "start two guests with the same work, one on virtio-blk, one on IDE"},
    [ACTION_SNAPSHOT] = {"snapshot", "taking a snapshot", "snapshot taken", NULL, NEEDS_GUEST, SLOW,
                         "take a snapshot: of disks and memory when the guest runs, else of its disks",
                         snapshot_words},
    [ACTION_REVERT] = {"revert", "reverting", "reverted",
                       "Revert %s?  What it did since the snapshot is lost.", NEEDS_GUEST, SLOW,
                       "put the guest back to a snapshot", revert_words},
    [ACTION_SNAPSHOT_DELETE] = {"snapshot-delete", "deleting the snapshot", "snapshot deleted",
                                "Delete the snapshot of %s?  The guest itself stays as it is.", NEEDS_GUEST,
                                SLOW, "delete a snapshot, not the guest", snapshot_delete_words},
    [ACTION_SNAPSHOT_EDIT] = {"snapshot-edit", "changing the snapshot", "snapshot changed", NULL, NEEDS_GUEST,
                              SLOW, "say what a snapshot is for, or give it another name",
                              snapshot_edit_words},
    [ACTION_CLONE] = {"clone", "cloning", "cloned", NULL, NEEDS_INACTIVE, SLOW,
                      "make guests like one that is off, on thin disks over its own or on copies",
                      clone_words, NULL, "name=%n-%02d mode=linked count=1"},
    [ACTION_FLATTEN] = {"flatten", "flattening", "flattened", NULL, NEEDS_GUEST, SLOW,
                        "make its disks stand on their own, apart from the guest it was cloned from"},
    [ACTION_REBASE] = {"rebase", "rebasing", "rebased", NULL, NEEDS_INACTIVE, SLOW,
                       "make a disk stand on another image, holding the same as before", rebase_words, NULL,
                       "base="},
    [ACTION_SAVE] = {"save", "saving the memory", "saved", NULL, NEEDS_ACTIVE | NEEDS_PERSISTENT, SLOW,
                     "write the guest's memory to a file and end it; its next start goes on from there"},
    [ACTION_SAVE_DROP] =
        {"save-drop", "dropping the saved state", "saved state dropped",
         "Drop the saved state of %s?  Its next start begins anew, as after a power failure.", NEEDS_INACTIVE,
         QUICK, "forget a guest's saved memory"},
    [ACTION_AUTOSTART] = {"autostart", "setting autostart", "autostart set", NULL,
                          NEEDS_GUEST | NEEDS_PERSISTENT, QUICK,
                          "start the guest with its host, or no longer", autostart_words},
    [ACTION_RENAME] = {"rename", "renaming", "renamed", NULL, NEEDS_INACTIVE, QUICK,
                       "give a guest that is off another name; undo returns to the one before", rename_words,
                       NULL, "name="},
    [ACTION_EDIT] = {"edit", "editing", "edited", NULL, NEEDS_GUEST | NEEDS_PERSISTENT, SLOW,
                     "change its definition; undo returns to the one before", edit_words, NULL, ""},
    [ACTION_UNDO] =
        {"undo", "undoing", "undone", NULL, NEEDS_GUEST | NEEDS_PERSISTENT, QUICK,
         "take back what was done last: a start, a stop, a deletion that kept the disks ...; of a "
         "GUEST: return to the definition before its last edit or rename, and from there"},
    [ACTION_ATTACH] = {"attach", "attaching", "attached", NULL, NEEDS_GUEST, SLOW,
                       "give it another disk or NIC, at once if it runs", attach_words, NULL, "size="},
    [ACTION_DETACH] = {"detach", "detaching", "detached",
                       "Detach a device from %s?  The file of a disk stays.", NEEDS_GUEST, SLOW,
                       "take a disk or NIC from it, at once if it runs", detach_words, NULL, "device="},
    [ACTION_SCREENSHOT] = {"screenshot", "taking a picture", "picture taken", NULL, NEEDS_ACTIVE, SLOW,
                           "write what its graphic screen shows to a PNG file", screenshot_words},
    [ACTION_MAKE_VFS] = {"make-vfs", "making virtual functions", "virtual functions made",
                         "Make the virtual functions of a device anew?  Those that there are go first.",
                         NEEDS_NO_GUEST, SLOW,
                         "make so many virtual functions of a device (SR-IOV), and set those of NVMe online",
                         make_vfs_words, NULL, "count="},
    [ACTION_BENCH] = {"bench", "measuring", "measured", NULL, NEEDS_NO_GUEST, SLOW,
                      "compare backends by benchmark, with guests of its own; :results shows what it found",
                      bench_words, NULL, "plan=quick"},
};
static_assert(G_N_ELEMENTS(rows) == ACTION_COUNT, "an action has no row");

static const struct action_undo undos[] = {
    {ACTION_START, ACTION_STOP, NULL, "stops %s again"},
    {ACTION_STOP, ACTION_START, NULL, "starts %s again"},
    {ACTION_FORCE_OFF, ACTION_START, NULL, "starts %s again"},
    {ACTION_SAVE, ACTION_START, NULL, "starts %s again"},
    {ACTION_PAUSE, ACTION_RESUME, NULL, "resumes %s"},
    {ACTION_RESUME, ACTION_PAUSE, NULL, "pauses %s again"},
    {ACTION_EDIT, ACTION_UNDO, NULL, "gives %s the definition before"},
    {ACTION_RENAME, ACTION_UNDO, NULL, "gives %s the name before"},
    {ACTION_UNDO, ACTION_UNDO, NULL, "takes that back for %s"},
    {ACTION_DELETE, ACTION_UNDELETE, "keep-disks", "defines %s again"},
};

const struct action *action_row(enum action_id id)
{
  return &rows[id];
}

int action_find(const char *name)
{
  for (int i = 0; i < ACTION_COUNT; i++)
    if (!strcmp(rows[i].name, name))
      return i;
  return -1;
}

static size_t name_length(const char *word)
{
  return strcspn(word, "=");
}

const struct action_word *action_word(enum action_id id, const char *word)
{
  const size_t length = name_length(word);
  const bool valued = word[length] == '=';
  for (const struct action_word *row = rows[id].words; row && row->name; row++)
    if (strlen(row->name) == length && !strncmp(row->name, word, length) && valued == (row->value != NULL))
      return row;
  return NULL;
}

const char *action_value(const char *const *words, const char *name)
{
  for (; words && *words; words++)
    if (name_length(*words) == strlen(name) && g_str_has_prefix(*words, name) &&
        (*words)[strlen(name)] == '=')
      return *words + strlen(name) + 1;
  return NULL;
}

bool action_flag(const char *const *words, const char *name)
{
  return words && g_strv_contains(words, name);
}

const struct action_undo *action_undo(enum action_id id, const char *const *words)
{
  for (size_t i = 0; i < G_N_ELEMENTS(undos); i++)
    if (undos[i].action == id && (!undos[i].word || action_flag(words, undos[i].word)))
      return &undos[i];
  return NULL;
}

char *action_undo_text(const struct action_undo *undo, const char *key, bool several)
{
  if (!undo)
    return NULL;
  const char *mark = strstr(undo->text, "%s");
  return g_strdup_printf("%s %.*s%s%s", key, (int)(mark - undo->text), undo->text, several ? "them" : "it",
                         mark + strlen("%s"));
}

/* In these states libvirt may or may not hold a process: it decides. */
static bool is_doubtful(enum guest_state state)
{
  return state == GUEST_NOSTATE || state == GUEST_CRASHED;
}

static bool is_inactive(enum guest_state state)
{
  return !guest_state_active(state);
}

static bool is_not_paused(enum guest_state state)
{
  return state != GUEST_PAUSED;
}

static bool is_paused(enum guest_state state)
{
  return state == GUEST_PAUSED;
}

static bool is_suspended(enum guest_state state)
{
  return state == GUEST_PMSUSPENDED;
}

/* What some need of a guest's state, and how it can come to that. */
static const struct refusal {
  unsigned needs;
  bool (*wrong)(enum guest_state state);
  const char *why, *advice;
} by_state[] = {
    {NEEDS_INACTIVE, guest_state_active, "it is not off", "Stop it or force it off first."},
    {NEEDS_ACTIVE | NEEDS_PAUSED | NEEDS_RUNNING, is_inactive, "it is not running", "Start it first."},
    {NEEDS_PAUSED, is_not_paused, "it is not paused", NULL},
    {NEEDS_RUNNING, is_paused, "it is paused", "Resume it first."},
    {NEEDS_RUNNING, is_suspended, "it is suspended by its own power management",
     "Wake it (virsh dompmwakeup), or force it off."},
};
static const struct refusal already_on = {NEEDS_INACTIVE, guest_state_active, "it is not off", NULL};
static const struct refusal no_definition = {NEEDS_PERSISTENT, NULL,
                                             "it is transient: there is no definition that stays",
                                             "Define it first, by virsh dumpxml and virsh define."};

/* NULL: it can be done. */
static const struct refusal *refusal_of(enum action_id id, const struct guest *guest)
{
  const unsigned needs = rows[id].needs;
  if (needs & NEEDS_NO_GUEST)
    return NULL;
  if ((needs & NEEDS_PERSISTENT) && guest->info->transient_run)
    return &no_definition;
  for (size_t i = 0; i < G_N_ELEMENTS(by_state) && !is_doubtful(guest->state); i++)
    if ((needs & by_state[i].needs) && by_state[i].wrong(guest->state))
      return id == ACTION_START ? &already_on : &by_state[i];
  return NULL;
}

const char *action_refusal(enum action_id id, const struct guest *guest)
{
  const struct refusal *refusal = refusal_of(id, guest);
  return refusal ? refusal->why : NULL;
}

const char *action_advice(enum action_id id, const struct guest *guest)
{
  const struct refusal *refusal = refusal_of(id, guest);
  return refusal ? refusal->advice : NULL;
}

char *action_question(enum action_id id, bool risky, const char *who, const char **ret_consequence)
{
  const char *question = risky && rows[id].risky ? rows[id].risky : rows[id].question;
  if (!question)
    return NULL;
  const char *name = strstr(question, "%s"), *mark = strchr(question, '?');
  *ret_consequence = mark + 1 + strspn(mark + 1, " ");
  if (!name) /* it is about no guest */
    return g_strndup(question, (gsize)(mark + 1 - question));
  return g_strdup_printf("%.*s%s%.*s", (int)(name - question), question, who, (int)(mark - name - 1),
                         name + strlen("%s"));
}
