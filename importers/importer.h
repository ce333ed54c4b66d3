/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * importer.h - evidence in, normalised events and gaps out.
 *
 * A format is one file in this folder that defines a struct importer, and one line in
 * importers.c. Importers do not know the case file, the rules or the screen. Evidence is read in
 * windows through struct input and never written; every length in it is checked against the
 * bytes left before use; damage becomes a gap and reading goes on.
 */
#ifndef AUGER_IMPORTERS_IMPORTER_H
#define AUGER_IMPORTERS_IMPORTER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/event.h"
#include "base/text.h"

/* Bytes of one evidence file (or one archive member), read forward in windows. */
struct input {
	struct text name;       /* path as given, for messages */
	uint64_t    size;       /* UINT64_MAX: not known (stream) */
	void       *self;
	/* Reads up to N bytes at OFFSET; 0 = end. Streams: OFFSET must be where the last read ended.
	 * False is an I/O error. */
	bool (*read_at)(void *self, uint64_t offset, void *buf, size_t n, size_t *got, struct err *err);
	bool seekable;
};

/* Opens PATH read-only ("-" is standard input). input_close is safe on a zeroed struct. */
bool input_open(struct input *in, struct arena *keep, struct text path, struct err *err);
void input_close(struct input *in);
/* The same for an open regular file; FD stays the caller's. */
bool input_open_fd(struct input *in, struct arena *keep, struct text name, int fd, struct err *err);

/* Evidence that could not be read. */
struct gap {
	uint64_t    offset, length; /* bytes; length 0: not known */
	uint64_t    records_lost;   /* 0: not known */
	struct text reason;         /* plain words, e.g. "record size copy differs" */
};

/* Where an importer delivers. Everything passed in is valid only during the call. Returning
 * false means stop now (cancelled, or the case file failed); the importer returns true at once. */
struct sink {
	void *self;
	bool (*event)(void *self, struct event *ev);
	bool (*gap)(void *self, const struct gap *gap);
	/* Bytes of evidence consumed so far, for progress; may be called often. */
	void (*consumed)(void *self, uint64_t bytes);
};

struct import_options {
	size_t  window_bytes;    /* read window; tests shrink it. 0: the importer's default */
	int32_t zone_offset_s;   /* for local times without a zone: seconds east of UTC */
	bool    recover;         /* also read slack, torn chunks and blocks that are no chunks */
	bool    carve;           /* read whatever it is with importer_carve, but unpack archives */
};

/* How sure a format is that the first bytes are its own. The highest bid decodes the file. */
enum bid {
	BID_NO     = 0,
	BID_MAYBE  = 10,  /* could be read that way */
	BID_LIKELY = 50,  /* structure of the format seen */
	BID_SURE   = 100, /* signature of the format seen */
};

struct importer {
	const char       *name;  /* as in the evidence view: "evtx" */
	const char       *title; /* for --help: "Windows event log (EVTX)" */
	enum event_format format;
	/* HEAD: first bytes (up to 64 KiB), SIZE of the whole input or UINT64_MAX. */
	enum bid (*bid)(struct text head, uint64_t size);
	/* Decodes bytes [BEGIN, END) of the input; formats with split 0 are given the whole of it.
	 * False only for I/O errors on the evidence. */
	bool (*decode)(struct input *in, uint64_t begin, uint64_t end,
		       const struct import_options *opt, struct sink *out, struct err *err);
	/* Inputs may be decoded in parallel in ranges whose ends are split_first + k * split_step;
	 * 0: in one piece. */
	uint32_t split_first, split_step;
};

/* All formats, ended by NULL. */
extern const struct importer *const importers[];

#define SNIFF_BYTES 65536

/* The format of the input by its content. NULL: none; *REASON says what it looks like instead and
 * what to do ("program (MZ), not an event log"), as words for a gap. IGNORE is set for companions
 * that hold no evidence (AppleDouble "._" files). */
const struct importer *importer_find(struct text head, uint64_t size, struct text *reason,
				     bool *ignore);

/* Walks PATH: a file calls FN once, a folder once per regular file below it, in bytewise order of
 * paths, links to folders not followed. FN false stops. What cannot be opened is reported through
 * TROUBLE and the walk goes on. */
typedef bool walk_fn(void *ctx, struct text path, uint64_t size);
typedef void trouble_fn(void *ctx, struct text path, const char *why);
bool evidence_walk(struct text path, walk_fn *fn, trouble_fn *trouble, void *ctx);

#endif
