/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evidence.h - the files of one import: found, hashed, their format known by content.
 */
#ifndef AUGER_CLI_EVIDENCE_H
#define AUGER_CLI_EVIDENCE_H

#include "base/digest.h"
#include "base/progress.h"
#include "importers/importer.h"

struct evidence {
	struct text path; /* as given, for people and the case; of a member "archive.zip:member" */
	int         fd;   /* where it lies when it has no name of its own, else -1 */
	unsigned    depth; /* archives around it */
	bool        carve; /* its format does not matter */
	uint64_t    size;
	/* evidence_look finds out the rest */
	const struct importer *importer; /* NULL: not read, see reason */
	const char *container;           /* kind of archive to be unpacked; NULL: none */
	struct text reason;              /* why it cannot be read; absent when it can */
	bool        ignore;              /* a companion that holds no evidence */
	char        sha256[DIGEST_HEX + 1]; /* empty: could not be opened, or not read to its end */
	int64_t     changed_ns;          /* when it was last changed, as of then */
	uint64_t    file_bytes;          /* how long the file system said it was */
};

struct evidence_list {
	bool             carve;
	const char      *case_path; /* what belongs to the case is no evidence */
	struct evidence *items;
	size_t           n, cap;
	uint64_t         bytes;
	int              spooled; /* descriptor of spooled standard input, or -1 */
	struct arena    *keep;
};

/* Adds PATH, all files below it when it is a folder, or the spooled standard input for "-". What
 * cannot be opened is in the list too, with its reason. False: standard input failed. */
bool evidence_add(struct evidence_list *list, struct text path, struct err *err);
void evidence_close(struct evidence_list *list);

/* Opens what E is. The input must be closed before E's descriptor is. */
bool evidence_open(const struct evidence *e, struct input *in, struct arena *keep,
		   struct err *err);

/* What E is, by its first bytes. REASON texts are made in KEEP. */
void evidence_recognise(struct evidence *e, struct text head, struct arena *keep);

/* Reads the file once: digest and format. REASON texts are made in KEEP. Counts bytes in PROGRESS,
 * and stops early on its cancel. */
void evidence_look(struct evidence *e, struct arena *keep, struct progress *progress);

/* Another program wrote to it since evidence_look, or took it away: its digest is not of what was
 * decoded. */
bool evidence_changed(const struct evidence *e, struct arena scratch);

#endif
