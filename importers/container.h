/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * container.h - archives and compressed files taken apart, member by member (libarchive).
 *
 * zip, 7z, tar, and gzip, bzip2, xz, zstd and lz4 around them or around a single file, told by content.
 * A member is unpacked into a temporary file without a name (in $TMPDIR, /var/tmp or /tmp), so it
 * can be read like any other evidence; names inside an archive are labels and never become paths.
 * Directories, links and devices are passed over. Members come one after the other, in the order
 * of the archive. Damage, encryption and limits are told as a reason beside what could be read.
 */
#ifndef AUGER_IMPORTERS_CONTAINER_H
#define AUGER_IMPORTERS_CONTAINER_H

#include "base/digest.h"
#include "importers/importer.h"

#define CONTAINER_DEPTH_MAX 3

/* What the first bytes say: "zip", "gzip", ...; NULL: no container. */
const char *container_kind(struct text head);

/* Against archives that are made to fill the disk. All zero: the limits of container.c. */
struct container_limits {
	uint64_t member_bytes; /* of one member */
	uint64_t free_bytes;   /* up to here a member may grow by any factor */
	uint64_t growth;       /* beyond: so many times the bytes read for it, at most */
	uint64_t total_bytes;  /* up to here all members together may, beyond it the same holds */
	uint64_t vain_bytes;   /* read to come again, with other passwords, to what none opens */
	uint32_t members;
};

struct container_options {
	struct container_limits limits;
	const char *const      *passwords; /* for encrypted members of a zip; all are tried */
	uint32_t                n_passwords;
	size_t                  memory_bytes; /* for dictionaries; 0: MEMORY_MAX of container_archive.c */
	/* Between true and false no other thread takes or gives back memory; NULL: none ever does. */
	void (*alone)(void *ctx, bool begin);
	void *ctx;
};

struct member {
	struct text name;     /* in UTF-8, '/' between folders; absent: of a compressed single file,
				 or the gap is the whole archive's */
	int         fd;       /* unlinked file with its bytes, for the caller to close; -1: gap */
	uint64_t    size;
	char        sha256[DIGEST_HEX + 1];
	struct text gap;      /* why something is missing; absent: nothing is */
	uint64_t    offset;   /* where in the archive reading was when it was met */
	bool        locked;   /* the gap is a password that is not known */
	bool        no_room;  /* the gap is that of the disk for temporary files: another time may do */
	bool        unread;   /* the evidence could not be read, here or before: another time may do */
};

struct container;

/* IN and OPT must live as long as the container. */
struct container *container_open(struct input *in, const struct container_options *opt);
void              container_close(struct container *c);

/* The next member, or gap. Its texts are valid until the next call. False: there are no more, or
 * CANCEL was set. */
bool container_next(struct container *c, struct member *m, const atomic_bool *cancel);

/* What a member without a name is called: "x/Security.evtx.gz" holds "Security.evtx". */
struct text container_single(struct text path);

/* Entries met so far: members, and the folders, links and devices that were passed over. */
uint32_t container_entries(const struct container *c);

/* Bytes of the archive read so far, for progress. */
uint64_t container_position(const struct container *c);

#endif
