/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * services.h - what the UI asks of the program around it, which knows where rules come from and how
 * files are written.
 *
 * Texts of outcomes live in the KEEP that was handed in. A service opens the case itself, so it may
 * be called by the worker's thread.
 */
#ifndef AUGER_TUI_SERVICES_H
#define AUGER_TUI_SERVICES_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/query.h"

/* A change of a rule's _filter macro. */
struct filter_change {
	struct text        rule;       /* id or name */
	struct text        definition; /* SPL behind the bar: search NOT (host="X"); empty: none */
	bool               off;        /* keep it, but not in force */
	bool               try_only;   /* change nothing, only say what it would do */
	bool               force;      /* hide what is marked true positive, too */
	const atomic_bool *cancel;     /* may be NULL */
};

struct filter_outcome {
	struct text  rule_id, rule, macro;
	struct text  before;     /* definition until now; empty: none */
	bool         before_off;
	uint64_t     shown;      /* findings of the rule with it */
	uint64_t     hidden;     /* that it takes away */
	uint64_t     newly;      /* of these, shown until now */
	struct text *lost;       /* of these, marked true positive: "finding:7  host  message" */
	uint32_t     n_lost;
	struct text  remark;     /* names a field that the results do not have; absent: none */
};

/* A change of what risk is counted from. */
enum risk_wish_kind {
	RISK_GIVE,       /* WORDS: "40 seen at the door", for OBJECT */
	RISK_TAKE_BACK,  /* "3": what was given under this number */
	RISK_TELL,       /* "priority=high owner=": what is known of OBJECT */
	RISK_FACTOR,     /* "contractor +4 x1.5 search user_category=contractor" */
	RISK_FACTOR_ON,  /* "contractor", as in the next two */
	RISK_FACTOR_OFF,
	RISK_FACTOR_CLEAR,
};
struct risk_wish {
	enum risk_wish_kind   kind;
	enum risk_object_type type;   /* of OBJECT */
	struct text           object;
	struct text           words;
	bool                  try_only; /* change nothing, only say what it would do */
	const atomic_bool    *cancel;   /* may be NULL */
};

/* Whose risk it changes. */
struct risk_effect {
	enum risk_object_type type;
	struct text           name;
	double                before, after; /* of all of the case */
};
struct risk_outcome {
	struct risk_effect *effects; /* the greatest change first */
	size_t              n;
	bool                factor;      /* it is about one that is in force then, */
	uint64_t            risk_events; /* and applies to these */
};

/* A file that tells of the whole case. */
struct service_form {
	const char *ending; /* ".html" */
	const char *name;   /* what it is called unless the user says otherwise: "report.html" */
	const char *what;   /* "report as one HTML file" */
};

/* Of a report that is being written. */
struct report_watch {
	const atomic_bool *cancel;
	void (*tell)(void *ctx, uint64_t done, uint64_t all); /* findings; ALL 0: not known */
	void *ctx;
};

#define RAW_RECORD_MAX ((size_t)1 << 20)

/* A record as its evidence has it now. */
struct raw_record {
	struct text bytes;   /* at most RAW_RECORD_MAX of them */
	struct text text;    /* XML of a binary record; else what it is; empty: no UTF-8 text */
	bool        decoded; /* it is the XML */
	struct text remark;  /* whether the file is the one that was imported */
};

struct services {
	void *self;
	/* Errors: ERR_RULE with the place "filter:line:column"; ERR_USAGE: no such rule, or true
	 * positives would be hidden (OUT is filled, nothing changed). */
	bool (*filter)(void *self, const struct filter_change *change, struct arena *keep,
		       struct filter_outcome *out, struct err *err);
	/* Errors: ERR_RULE with the place "factor:line:column" of a condition; ERR_USAGE: what was typed
	 * makes no sense. */
	bool (*risk)(void *self, const struct risk_wish *wish, struct arena *keep,
		     struct risk_outcome *out, struct err *err);
	const struct service_form *forms; /* ended by an entry without ending */
	/* Writes form I; what was at PATH gets another name (old_file.h); the case and
	 * evidence are refused. A wish to stop is ERR_CANCEL. */
	bool (*report)(void *self, size_t i, const struct case_filter *f, const char *path,
		       const struct report_watch *watch, uint64_t *rows, struct err *err);
	/* Whether what is at PATH may be replaced at all: not the case, not evidence. */
	bool (*may_replace)(void *self, const char *path, struct err *err);
	/* Reads a record again. Errors say why it cannot be: the file is gone, has changed, lies in
	 * an archive that takes long to unpack. */
	bool (*record)(void *self, const struct event_origin *origin, struct arena *keep,
		       struct raw_record *out, struct err *err);
};

#endif
