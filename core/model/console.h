/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A console of a guest that is to be opened. */
#ifndef MODEL_CONSOLE_H
#define MODEL_CONSOLE_H

#include <stdbool.h>

struct console_wish {
  const char *uuid;   /* the guest's */
  const char *device; /* libvirt's alias of it ("serial1"); NULL: the first */
  bool force;         /* also where somebody else has it, who loses it */
  const char *log;    /* a file, made with mode 0600, to which what it says is appended; NULL: none */
};

#endif
