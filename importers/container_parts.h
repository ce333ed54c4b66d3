/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * container_parts.h - an archive while it is read, for container.c, which makes members of it, and
 * container_archive.c, which asks libarchive and looks at the memory that it takes.
 */
#ifndef AUGER_IMPORTERS_CONTAINER_PARTS_H
#define AUGER_IMPORTERS_CONTAINER_PARTS_H

#include "importers/container.h"
#include "importers/gunzip.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#define CONTAINER_READ ((size_t)256 << 10) /* bytes of evidence handed over at once */
#define CONTAINER_PASS ((size_t)4 << 10)   /* the same while entries are passed over */
#define CONTAINER_IDLE 16                  /* answers in a row that bring nothing on */

struct container {
	struct archive         *archive;
	struct input           *in;
	const struct container_options *opt;
	struct container_limits limits;
	struct arena            text; /* of the member at hand */
	struct gunzip          *gunzip; /* between evidence and libarchive; NULL: it is not gzip */
	struct err              unread;  /* why the evidence could not be read at some place */
	struct err              trouble; /* what ended the gzip data before its time */
	bool                    told;    /* one of both in the gap of a member */
	char                   *buf;
	size_t                  waiting; /* bytes in buf that were read at `at` and not handed over */
	uint64_t                at;    /* of the evidence: next byte to hand over */
	uint64_t                fed;   /* bytes handed over, those read twice too */
	uint64_t                total; /* bytes of all members so far */
	uint32_t                members, entries; /* entries: folders too */
	uint32_t                password; /* the one of the options that is tried first */
	uint64_t                vain;     /* bytes handed over on the way to members that none opens */
	size_t                  memory; /* large blocks before libarchive took any */
	bool                    opened, ended, single;
	bool                    whole; /* all of the last entry was read: a header comes, or the end */
	int64_t                 header; /* unpacked bytes before the header that is looked for; -1: none */
	uint64_t                header_fed; /* the same of bytes handed over */
	const atomic_bool      *cancel; /* NULL: never */
	bool                    passing; /* only what entries are called is read, so little at once */
	locale_t                utf8; /* names are converted by it, whatever the user's is */
};

/* A new c->archive with the passwords, c->password first, at the beginning of the evidence. An
 * earlier one is freed by the caller. SINGLE: one compressed file, whatever it begins with. */
void container_begin(struct container *c, bool single);

/* Before any entry was met: whether the archive is one compressed file that only looked like a tar;
 * it is begun again as that. */
bool container_begin_again(struct container *c);

/* The next entry, which belongs to c->archive. Returns what archive_read_next_header() does; one
 * that brings nothing on for CONTAINER_IDLE times is ARCHIVE_RETRY. */
int container_header(struct container *c, struct archive_entry **entry);

/* What is wrong behind the last entry, where libarchive does not look: words for a gap; absent: nothing. */
struct text container_behind(struct container *c, const atomic_bool *cancel);

/* Why the archive cannot go on for the memory that it takes, SIZE bytes into the data of the entry
 * of that number (from 1), a text in c->text; absent: it may. What seems too much is measured by
 * reading the archive once more, with opt->alone held. */
struct text container_too_large(struct container *c, uint32_t entries, uint64_t size,
				const atomic_bool *cancel);

#endif
