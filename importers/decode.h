/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * decode.h - which encoding bytes are in, and how they become UTF-8.
 *
 * The bytes decide, never an XML declaration. UTF-16 is turned into UTF-8 for a whole stream;
 * 8-bit text is looked at record by record, because files are glued together from many tools.
 */
#ifndef AUGER_IMPORTERS_DECODE_H
#define AUGER_IMPORTERS_DECODE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"

enum encoding {
	ENCODING_BYTES,    /* UTF-8, or some 8-bit code page: text_to_utf8 decides */
	ENCODING_UTF16_LE,
	ENCODING_UTF16_BE,
	ENCODING_UTF32,    /* recognised, not read */
};

/* By byte-order mark, else by where the NUL bytes are. *BOM: a mark says so. */
enum encoding encoding_sniff(struct text head, bool *bom);

/*
 * Decodes UTF-16 code units from RAW into OUT, which has room for 3 bytes a unit; returns the
 * bytes used of RAW. A pair cut in two at the end is left for the next call unless LAST. Lone
 * surrogates become U+FFFD, 3 bytes for 2.
 */
size_t utf16_decode(struct text raw, bool big_endian, bool last, char *out, size_t *out_n);

/* Bytes of UTF-16 that T, made by utf16_decode, came from. */
size_t utf16_length(struct text t);

/* The first bytes of a file for a look at them: decoded if they are UTF-16, else as they are,
 * without byte-order mark and leading blanks. */
struct text head_to_utf8(struct text head, struct arena *keep);

/* What kinds of bytes T holds, in one pass: most text holds neither. */
struct byte_kinds {
	bool high;    /* 0x80 and above */
	bool control; /* below blank, other than tab, LF and CR; NUL too */
};
struct byte_kinds byte_kinds(struct text t);

enum decode_remark {
	DECODE_FINE = 0,
	DECODE_WINDOWS_1252 = 1 << 0, /* was not UTF-8 at all */
	DECODE_ILL_FORMED   = 1 << 1, /* UTF-8 with broken bytes, now U+FFFD */
	DECODE_NULS         = 1 << 2, /* NUL bytes dropped */
	DECODE_OVERWRITTEN  = 1 << 3, /* so many control characters that it holds what is no text */
};

/* T as well-formed UTF-8 without NUL: T itself when it is, else made in KEEP. Adds to *REMARKS. */
struct text text_to_utf8(struct text t, struct arena *keep, unsigned *remarks);

/* Reason of a gap for a record with DECODE_OVERWRITTEN. */
#define OVERWRITTEN_WHY TEXT("part of a record is overwritten: others that began there are lost")

/* As words for struct event's remark; absent when there are none. */
struct text decode_remarks(unsigned remarks, struct arena *keep);

/* In place: CR LF becomes LF. Returns the new length. */
size_t line_ends_to_lf(char *p, size_t n);

#endif
