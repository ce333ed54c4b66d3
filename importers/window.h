/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * window.h - a text file seen through a window of UTF-8 that slides forward.
 *
 * Bytes are read in steps; UTF-16 is decoded on the way, 8-bit text passes as it is. The window
 * grows to WINDOW_MAX bytes while a record needs it, so memory does not grow with the file.
 * Pointers into the window are good until the next window_more or window_skip.
 */
#ifndef AUGER_IMPORTERS_WINDOW_H
#define AUGER_IMPORTERS_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "importers/decode.h"
#include "importers/importer.h"

#define RECORD_MAX      ((size_t)8 << 20) /* a larger record is a gap */
#define WINDOW_STEP     ((size_t)256 << 10)
#define WINDOW_STEP_MAX ((size_t)1 << 20)
#define WINDOW_MAX      (RECORD_MAX + 8 * WINDOW_STEP_MAX)

struct window {
	struct input *in;
	struct err   *err;
	struct arena  mem;
	char         *buf, *raw;
	size_t        at, len;    /* bytes [at, len) of BUF are in the window */
	size_t        raw_n;      /* of RAW, not decoded yet */
	size_t        step;
	uint64_t      next, end;  /* evidence: next byte to read, end of the range */
	uint64_t      offset;     /* evidence: byte that buf[at] came from */
	uint64_t      skipped;    /* UTF-8 bytes in front of buf[at] */
	enum encoding encoding;
	bool          bom, sniffed, eof, failed;
};

void window_open(struct window *w, struct input *in, uint64_t begin, uint64_t end,
		 size_t step_bytes, struct err *err);
/* A window over bytes in memory, which must live as long. */
struct memory_input {
	struct input in;
	struct text  bytes;
};
void window_open_text(struct window *w, struct memory_input *m, struct text bytes);

void window_close(struct window *w);

static inline struct text
window_text(const struct window *w)
{
	return (struct text){ w->buf + w->at, w->len - w->at };
}

/* Reads on. False: the window is full, the file has ended, or reading failed (w->failed). */
bool window_more(struct window *w);

/* Tries to have N bytes in the window; returns how many there are. */
size_t window_need(struct window *w, size_t n);

/* Bytes of evidence behind the first N bytes of the window. */
uint64_t window_length(const struct window *w, size_t n);

void window_skip(struct window *w, size_t n);

/* What the window shows was not in the encoding it was taken for: it is read anew. False: that
 * cannot be done (a stream that has gone too far). */
bool window_change(struct window *w, enum encoding encoding);

#endif
