/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unwrap.h - what an encoded command says: layers of base64 and compression inside a text, and
 * strings in pieces.
 *
 * Looked for are base64 behind a parameter that is short for -EncodedCommand, in quotes behind
 * FromBase64String, and anywhere else when it is long enough; inside it UTF-16LE or UTF-8 text, or
 * gzip, zlib or raw deflate around such text. Base64 in quotes may go over lines and be joined by
 * '+'. What does not decode to readable text is no layer. Lines that read differently once their
 * strings are put together (assemble.h) are a layer too. Layers may hold layers.
 *
 * Limits, whatever the evidence says: UNWRAP_DEPTH layers inside each other, UNWRAP_LAYERS in all,
 * UNWRAP_TEXT bytes of text, UNWRAP_WORK bytes decoded on the way.
 *
 * Source: about_PowerShell_Exe (any head of the parameter's name, dashes U+2013 to U+2015 count),
 * RFC 4648, RFC 1950 to 1952.
 */
#ifndef AUGER_BASE_UNWRAP_H
#define AUGER_BASE_UNWRAP_H

#include "base/arena.h"
#include "base/text.h"

#define UNWRAP_DEPTH  8
#define UNWRAP_LAYERS 64
#define UNWRAP_TEXT   ((size_t)1 << 20)
#define UNWRAP_WORK   ((size_t)8 << 20)
#define UNWRAP_MIN    16 /* letters of base64 that are worth a look */

/* A text found inside another. UTF-8, line ends are LF. */
struct layer {
	struct text text;
	struct text how;   /* "base64 UTF-16LE", "strings put together"; lives forever */
	uint32_t    depth; /* 1: in the text itself, 2: in a layer of it */
	bool        cut;   /* a limit was met: there is more */
};

/* Layers of the text, each before those inside it, the same text once; returns how many. */
size_t unwrap(struct text script, struct arena *keep, struct layer **out);
/* The same with *PATIENCE bytes of UNWRAP_WORK at most, of which those that were decoded are taken:
 * texts that are made to unpack to a lot have a limit together, too. */
size_t unwrap_patiently(struct text script, size_t *patience, struct arena *keep,
			struct layer **out);

#endif
