/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A script without a screen. */
#ifndef ENGINE_BATCH_PLAY_H
#define ENGINE_BATCH_PLAY_H

#include "core/engine/play.h"

/* Take the steps of PLAY that are ready.  True while the script goes on; RET_MS then says when to come
 * again at the latest.  At its end (or :quit) false without ERR; false with ERR when it failed. */
bool batch_play(struct engine *engine, struct play *play, int *ret_ms, GError **err);

#endif
