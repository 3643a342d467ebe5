/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trees of files that tests make, in place of /sys, /proc and others. */
#ifndef UNIT_TREE_H
#define UNIT_TREE_H

/* A new, empty folder.  Caller frees the name, after tree_clear. */
char *tree_new(void);
/* The file NAME below DIR with TEXT in it, the folders on the way made. */
void tree_put(const char *dir, const char *name, const char *text);
/* The link NAME below DIR to TARGET, in place of what is there. */
void tree_point(const char *dir, const char *name, const char *target);
/* The mode of what is there. */
void tree_mode(const char *dir, const char *name, unsigned mode);
/* Remove PATH with all below it. */
void tree_clear(const char *path);

#endif
