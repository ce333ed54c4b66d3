/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pipeline_parts.h - inside the pipeline: what its workers and its writer share.
 *
 * Files stand in a list in the order of the evidence. Four marks move along it and never pass
 * each other: head <= next_take <= next_open; next_look is ahead of them. An archive stays in the
 * list at next_open while it is unpacked; its members are put in before it, so that it is closed
 * behind the last of them. Everything that is not const is read and written under the lock, except
 * by the one thread that a state or a `busy` gives it to.
 */
#ifndef AUGER_CLI_PIPELINE_PARTS_H
#define AUGER_CLI_PIPELINE_PARTS_H

#include <pthread.h>

#include "cli/evidence.h"
#include "cli/pipeline.h"
#include "importers/container.h"
#include "store/import.h"
#include "store/query.h"

/* Files hashed ahead of the one that is being committed; files with slices handed out. */
#define LOOK_AHEAD 64
/* Gaps of one file that are named on standard error; the case has all of them. */
#define GAPS_SAID 3
/* Members that lie unpacked before they are committed; one of each archive always may. */
#define SPOOL_FILES 64
#define SPOOL_BYTES ((uint64_t)1 << 30)

/* A batch on its way to the writer. */
struct parcel {
	struct batch  *batch;    /* NULL: given back while memory was short */
	uint64_t       consumed; /* the file is done up to here once this is committed */
	size_t         bytes;    /* of memory, once it is filled */
	struct parcel *next;
};

/* A part of a file that one worker decodes. */
struct slice {
	struct file   *file;
	uint64_t       begin, end;
	struct parcel *first, *last;
	uint32_t       waiting; /* parcels */
	bool           done;
	struct err     err; /* the evidence could not be read on */
};

enum file_state {
	FILE_FOUND,
	FILE_LOOKED,    /* hash and format are known */
	FILE_UNPACKING, /* an archive, registered in the case */
	FILE_OPEN,      /* registered in the case; slices may be taken */
	FILE_CLOSED,
};

struct kept_gap {
	struct kept_gap *next;
	uint64_t         offset;
	struct text      reason;
};

/* What an archive has besides. */
struct unpacking {
	struct container *container; /* NULL: not open yet, or done with */
	struct input      in;
	struct arena      memory;
	struct kept_gap  *gaps, **last_gap; /* committed when it is closed */
	uint64_t          counted;     /* bytes already in the progress */
	uint32_t          members;
	uint32_t          entries;     /* of the archive, folders and links too, when it is done */
	uint32_t          outstanding; /* members that are not closed */
	bool              busy;        /* a worker is at it */
	bool              waits;       /* for an archive in it, that is next to be unpacked */
	bool              done;
};

struct file {
	struct file      *next, *prev;
	struct file      *archive; /* that it is a member of; NULL: of none */
	struct evidence  *evidence;
	struct text       host; /* of records that name none, by the path; absent: not known */
	struct unpacking *unpacking; /* archives */
	enum file_state   state;
	bool              again; /* it was read before, in another way */
	bool              unreadable; /* a disk, not what is on it: the next import is to try again */
	int64_t           id;
	uint64_t          resume;
	struct slice     *slices;
	size_t            n_slices, next_slice; /* next to be taken by a worker */
	size_t            head_slice;           /* next to be committed */
	uint64_t          events, gaps;
	uint32_t          gaps_said;
	struct text       said[GAPS_SAID];
};

struct pipeline {
	const struct import_job *job;
	struct import_counts    *counts;
	struct arena             keep; /* used under the lock once workers run */
	struct evidence_list     list;
	struct file             *first;
	struct text             *unread; /* paths that an earlier import could not open */
	size_t                   n_unread, unread_cap;

	pthread_mutex_t lock;
	pthread_cond_t  work;  /* for workers: something to do, or room */
	pthread_cond_t  ready; /* for the writer: a parcel, a finished look, a finished slice */
	struct file    *next_look, *next_open, *next_take, *head; /* NULL: past the end */
	size_t          looked, opened, passed; /* files behind next_look, next_open, head */
	struct file    *unpacking; /* the archive whose members come next; NULL: none */
	uint32_t        spool_files;
	uint64_t        spool_bytes;
	uint32_t        in_flight, most_in_flight; /* batches filling or waiting */
	size_t          waiting_bytes, most_waiting_bytes; /* of those that wait */
	struct parcel  *spare;
	size_t          tight_bytes; /* resident: beyond that one thing at a time is read */
	uint32_t        at_work;     /* workers that have a turn */
	bool            alone;       /* one of them goes on alone, once the others are done */
	bool            writing;     /* the writer is at a step */
	struct container_options containers; /* of the job, and how to be alone */
	size_t          free_bytes;  /* of the memory, when it began */
	size_t          promised_bytes; /* of them, to the turns at work */
	bool            stop;
};

struct worker {
	struct pipeline  *p;
	pthread_t         thread;
	struct matcher   *matcher;
	struct batch_hit *hits;
	struct arena      decoded; /* what events say in base64 */
	struct arena      reading; /* of the file at hand */
	struct slice     *slice;
	struct parcel    *parcel; /* being filled; NULL: none */
	uint64_t          at;     /* end of the last event */
	uint64_t          counted; /* bytes of the slice already in the progress */
	uint32_t          n_gaps;  /* of the slice, kept one by one */
	struct gap        more;    /* those that came after, in sum */
	uint64_t          n_more;  /* how many */
	size_t            patience; /* bytes that events of the slice may still decode to */
	char              remark[512]; /* of the event at hand, when it is not its own */
};

/* A thread that works until p->stop; false: no thread to be had. */
bool worker_begin(struct worker *w, struct pipeline *p);
void worker_end(struct worker *w); /* p->stop is set */

/* Little is left of the memory: nobody begins with anything beside what the writer waits for. */
bool pipeline_tight(const struct pipeline *p);

/* Under the lock: a gap to be named when the file is closed. */
void remember_gap(struct pipeline *p, struct file *f, uint64_t offset, struct text reason);

/* Under the lock: the archive that can give its next member now, made busy; NULL: none. */
struct file *unpack_take(struct pipeline *p);
/* Whether members are scarce, so that unpacking goes before decoding. Under the lock. */
bool unpack_hungry(const struct pipeline *p);
/* One member or gap of it, without the lock. */
void unpack_step(struct pipeline *p, struct file *f);

/* Under the lock: the writer begins with nothing, for one worker is alone. */
bool unpack_rests_writer(const struct pipeline *p);
/* For container_options, with the pipeline. */
void unpack_alone(void *pipeline, bool begin);

/* For the writer, who alone writes the case. False: the case could not be written. */
bool file_open(struct pipeline *p, struct err *err); /* the one at next_open, which was looked at */
/* The archive at next_open, whose last member was opened: it is closed behind that. */
void file_open_next(struct pipeline *p);
/* Nothing more comes of it: what is left to say of it is said, and kept in the case. */
bool file_close(struct pipeline *p, struct file *f, struct err *err);
/* There may be millions: what each takes goes back at once. */
void file_free(struct file *f);
/* A query_evidence callback: paths that earlier imports could not read. */
bool files_note_unread(void *ctx, const struct evidence_row *e);
/* Folders among them that could be listed now are forgotten. */
bool files_forget_listed(struct pipeline *p, struct err *err);

void unpack_begin(struct pipeline *p, struct file *f);
void unpack_member_opened(struct pipeline *p, struct file *f); /* F: any file; under the lock */
void unpack_member_closed(struct pipeline *p, struct file *f); /* F: any file; under the lock */
void unpack_free(struct file *f);

#endif
