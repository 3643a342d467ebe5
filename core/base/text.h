/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text safety: every string that came from outside passes text_safe() at the
 * border before it is drawn or written to a terminal (DESIGN section 8). */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <glib.h>
#include <stdbool.h>

/* A copy of S that is valid UTF-8 and holds nothing a terminal acts on or hides:
 * C0 controls, DEL and invalid bytes become \xNN; C1 controls, line and paragraph
 * separators, bidi marks, zero-width and other format characters, tags and unassigned
 * characters become \u{NNNN}.  A backslash stays as it is.  NULL gives "".  Caller frees. */
char *text_safe(const char *s);
/* The same in one line: a line break becomes the end of a sentence (an error's advice stands after one). */
char *text_line(const char *s);
/* True if text_safe(S) would equal S. */
bool text_is_safe(const char *s);
/* Columns that the UTF-8 string S takes on a terminal (wcwidth of Unicode, by
 * GLib's g_unichar_iswide/iszerowidth: independent of the locale). */
int text_width(const char *s);
/* S cut to at most COLS columns; when something is cut the last column holds
 * "…" (or "~" if ASCII).  Caller frees. */
char *text_fit(const char *s, int cols, bool ascii);
/* Bytes of S that go on a line of COLS columns: up to a newline, else to the last blank there, else as much
 * as fits; never none but for "" and a newline.  Blanks at its beginning stay with what follows them. */
size_t text_break(const char *s, int cols);
/* S with every non-ASCII character replaced by '?' (for terminals without UTF-8). Caller frees. */
char *text_ascii(const char *s);

/* May NAME be given to a new guest, disk, snapshot?  Refused: empty, "." and "..",
 * '/', controls, bidi marks, invalid UTF-8, more than 200 bytes (file names end
 * at 255, and we append to it), a leading or trailing blank. */
bool text_name_ok(const char *name, GError **err);

/* Split a command line into words: blanks separate, '…' and "…" quote, \ escapes.
 * On error (open quote) returns NULL.  Caller frees with g_strfreev. */
char **text_split_words(const char *line, GError **err);
/* Where the last word of LINE begins as text_split_words parts it, which may be at its end (nothing after a
 * blank); RET_WORD (may be NULL) gets what it says so far, a quote may still be open.  Caller frees
 * *RET_WORD. */
const char *text_last_word(const char *line, char **ret_word);
/* WORD quoted so that text_split_words gives it back.  Caller frees. */
char *text_quote_word(const char *word);
/* TEXT, made safe, as a field of CSV (RFC 4180).  Spreadsheets run fields that begin with = + - @ as
 * formulas, in quotes or not: such a field gets an apostrophe in front, which they take off again. */
void text_append_csv(GString *out, const char *text);
/* Whether PATTERN (plain text, case-insensitive) occurs in S. */
bool text_matches(const char *s, const char *pattern);
/* Edit distance small enough to suggest one for the other ("did you mean"):
 * the closest of WORDS (NULL-terminated) to WORD, or NULL. */
const char *text_closest(const char *word, const char *const *words);

#endif
