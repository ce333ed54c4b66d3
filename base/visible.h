/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * visible.h - evidence made safe to look at: nothing in a log line drives a terminal.
 *
 * Control characters, escapes, bidi overrides, invisible format characters, line separators and
 * ill-formed UTF-8 become visible stand-ins. Used on the two ways out: tui/screen.c, cli/print.c.
 */
#ifndef AUGER_BASE_VISIBLE_H
#define AUGER_BASE_VISIBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

/* Decodes one code point at P (P < END): returns its length in bytes; ill-formed bytes give
 * U+FFFD and length 1. */
size_t utf8_decode(const char *p, const char *end, uint32_t *code);
size_t utf8_encode(uint32_t code, char out[4]); /* surrogates and out of range give U+FFFD */
bool   utf8_valid(struct text t);
/* What a byte of Windows-1252 means; the five unassigned ones keep their number. */
uint32_t cp1252_code(unsigned char byte);

/* Columns on a terminal by the program's own table: 0 combining, 1, or 2 wide; ambiguous is 1. */
int code_width(uint32_t code);

/* Whether a code point must not reach a terminal as it is. */
bool code_hostile(uint32_t code);

/* Stand-in for a hostile code point: "␛", "<U+202E>" ... or "\x1b" forms when ASCII. */
size_t code_stand_in(uint32_t code, bool ascii, char out[16]);

/* One line: hostile code points replaced, LF shown as "↵" (ASCII: "\n"), tab as blank. */
struct text visible_line(struct text t, bool ascii, struct arena *keep);
/* Several lines: LF kept, the rest as visible_line. */
struct text visible_block(struct text t, bool ascii, struct arena *keep);

/* Columns of a text that is already visible. */
size_t visible_width(struct text t);

#endif
