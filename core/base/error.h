/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors that a user reads: what went wrong, why, and what to do.
 *
 * All fallible functions of virtlens return bool or a pointer and fill a
 * caller-supplied GError (which may be NULL).  The message reads "WHAT: WHY"; when
 * something can be done, the advice follows after '\n' and is known apart.
 * Text from libvirt or the system is kept unaltered inside WHY, newlines too:
 * text_safe() is for whoever draws it. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <glib.h>
#include <stdbool.h>

/* The first three are also the exit status of the program (DESIGN section 9). */
enum error_code {
  ERROR_GENERAL = 1,
  ERROR_USAGE = 2,     /* bad arguments, configuration or command */
  ERROR_RESOURCES = 3, /* memory, disk, permission, accelerator lacking */
  ERROR_UNSUPPORTED,   /* this hypervisor or build cannot do it */
  ERROR_REFUSED,       /* refused by us before the attempt */
  ERROR_RISKY,         /* refused by us or libvirt, unless the word force says that it is meant */
  ERROR_CANCELLED,
  ERROR_LOST, /* the connection went away: the outcome is not known */
};

#define ERROR_DOMAIN (error_domain())
GQuark error_domain(void);

/* Fill ERR (if not NULL) with CODE, the formatted "what: why", and ADVICE
 * (NULL: none).  Always returns false, so that `return error_set(...)` reads well. */
bool error_set(GError **err, enum error_code code, const char *advice, const char *fmt, ...)
    G_GNUC_PRINTF(4, 5);

/* Like error_set, with ": " and the text of ERRNUM (errno value) appended. */
bool error_set_errno(GError **err, enum error_code code, int errnum, const char *advice, const char *fmt, ...)
    G_GNUC_PRINTF(5, 6);

/* The message without the advice (what and why); caller frees. */
char *error_what(const GError *err);
/* The advice of ERR, or NULL; points into ERR. */
const char *error_advice(const GError *err);
/* All of ERR in one line, for lists of faults and message lines: "WHAT: WHY (ADVICE)"; caller frees. */
char *error_line(const GError *err);
/* Exit status for ERR: 0 for NULL, 2 for usage, 3 for resources, else 1. */
int error_exit_status(const GError *err);

#endif
