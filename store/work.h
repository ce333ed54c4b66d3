/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * work.h - what analysts make of findings and events: verdicts (of findings only), notes, bookmarks.
 *
 * What is said of a finding hangs on finding.key, what is said of an event on what its record is
 * (work_event.h); both stay when findings are made anew and evidence is read again. Every change is
 * an entry of a log with its author and time; an entry that replaces others makes them no longer current, and
 * none is deleted. Entries of another copy of the case can be merged: in any order and any number of
 * times the outcome is the same. Where analysts differ, all their entries stay current: the verdict
 * shown is the latest, the note names every author.
 */
#ifndef AUGER_STORE_WORK_H
#define AUGER_STORE_WORK_H

#include "base/err.h"
#include "store/casefile.h"

enum work_kind { WORK_VERDICT, WORK_NOTE, WORK_BOOKMARK };
const char *work_kind_name(enum work_kind kind); /* "verdict" */
bool        work_kind_named(struct text name, enum work_kind *out);

/* "open", "true positive", "benign", "false positive": the four, in that order. */
#define WORK_VERDICTS 4
extern const struct text work_verdicts[WORK_VERDICTS];
bool work_is_verdict(struct text word);
/* The one that begins with WORD, letter case ignored: as people type it. */
bool work_verdict_named(struct text word, struct text *out, struct err *err);

struct work_entry {
	int64_t        number; /* of a finding, its own; of an event, one that no finding has */
	int64_t        event;  /* that it is about; 0: a finding, or an event that is not in this case */
	struct text    key;    /* finding.key, or that of an event */
	enum work_kind kind;
	struct text    value;   /* empty: taken back. Bookmarks: "yes" */
	struct text    author;  /* user@host; empty: not known */
	int64_t        time_ns; /* 0: not known */
	bool           current;
};

bool work_is_event(struct text key);

/* Who works here: AUGER_AUTHOR, else user@host; and when. */
struct text work_author(struct arena *keep);
int64_t     work_now_ns(void);

/* Several changes in one transaction: all or none. GOOD false gives them up; returns GOOD. */
bool work_begin(struct casefile *cf, struct err *err);
bool work_end(struct casefile *cf, bool good, struct err *err);

/* Signed with the author and the time. What is so already leaves no entry. */
bool work_set(struct casefile *cf, struct text key, enum work_kind kind, struct text value,
	      struct err *err);
bool work_set_event(struct casefile *cf, int64_t event, enum work_kind kind, struct text value,
		    struct err *err);

/* What is said now. */
struct work_state {
	int64_t     number, event; /* as in an entry */
	struct text key, verdict, note;
	bool        bookmark;
	struct text author; /* of the last of it, and when; as in an entry */
	int64_t     time_ns;
};
/* Is a verdict other than open, a note or a bookmark in force? */
bool work_says(const struct work_state *said);
/* By number, or, when that is 0, by event. False: nobody has said anything of it. */
bool work_state(struct casefile *cf, int64_t number, int64_t event, struct arena *keep,
		struct work_state *out);

typedef bool work_state_fn(void *ctx, const struct work_state *said);
/* What is said of findings that are not there any more, and of events that are not there yet. */
bool work_without_place(struct casefile *cf, work_state_fn *fn, void *ctx, struct err *err);

/* An entry of another copy; *NEWS tells whether it changed anything here. */
bool work_merge(struct casefile *cf, const struct work_entry *e, bool *news, struct err *err);

/* What was said of events that were not in the case then goes to those that are now. */
bool work_attach(struct casefile *cf, struct err *err);

typedef bool work_fn(void *ctx, const struct work_entry *e);
/* Oldest first; of one number, or of all (0). */
bool work_log(struct casefile *cf, int64_t number, work_fn *fn, void *ctx, struct err *err);
/* Whether the case has a finding of that key, shown or hidden. */
bool work_finding_known(struct casefile *cf, struct text key);

/* The number that the key has in this case, given once and for ever; *MADE: now. 0: failed. */
int64_t work_number(struct casefile *cf, struct text key, bool *made, struct err *err);

#endif
