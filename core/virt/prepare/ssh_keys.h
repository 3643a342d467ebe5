/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys by which a user logs in to a guest: the user's own, as ~/.ssh and the agent have them, or else one
 * of ours in the state folder, which serves all guests that were launched without. */
#ifndef VIRT_SSH_KEYS_H
#define VIRT_SSH_KEYS_H

#include "core/virt/prepare/blueprint.h"

struct ssh_keys {
  char *lines; /* public keys without their comments, a line each; NULL: there is none */
  char *file;  /* the private key to name to ssh, which would not find one by itself; NULL: it will */
};
/* Those that are there; false: a private key for none of them is known of, so that nobody could log in from
 * here.  HOME: the user's home folder.  AGENT: ask the agent, too.  May wait for it, seconds. */
bool ssh_keys_read(const char *home, bool agent, struct ssh_keys *ret);
void ssh_keys_clear(struct ssh_keys *keys);
/* What BLUEPRINT needs of them, if anybody is to log in to its guest; false: nobody could from here, and one
 * has to be made. */
bool ssh_keys_give(struct blueprint *blueprint);
/* Make the one in the state folder, unless it is there. */
bool ssh_keys_make(GError **err);
/* The public key in LINE, as ~/.ssh/x.pub and the agent tell it, without its comment; NULL: it is none that a
 * guest could be given.  Caller frees. */
char *ssh_keys_line(const char *line);

#endif
