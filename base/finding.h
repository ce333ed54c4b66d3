/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * finding.h - what rules produce: findings, risk events, and the ledger that says why not.
 *
 * Plain data, owning nothing. Scores are points; times are ns since 1970 UTC, taken from the
 * evidence. Terms: Splunk Enterprise Security, risk-based alerting.
 */
#ifndef AUGER_BASE_FINDING_H
#define AUGER_BASE_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum risk_object_type { RISK_SYSTEM, RISK_USER, RISK_OTHER };
const char *risk_object_type_name(enum risk_object_type t); /* "system" */

struct risk_object {
	struct text           value; /* as recorded */
	enum risk_object_type type;
	double                score;
	struct text           message; /* tokens filled in */
	/* Of one that a case has, where factors apply to it: SCORE is what they make of that. */
	double                base;    /* what the rule gives */
	struct text           factors; /* "contractor +4", one to a line; absent: none applies */
};
double risk_object_base(const struct risk_object *o);

struct threat_object {
	struct text value, type;
};

/* One field of the result row, in the row's order; several values are joined by '\n'. */
struct finding_field {
	struct text name, value;
};

/* What findings of a rule say of it: as in struct finding. */
struct finding_rule {
	struct text rule_id, rule, type, techniques, tactics, stories, annotations;
};

/* What differs in the finding of the same row by a rule that is alike. */
struct finding_twin {
	struct text                key;
	struct text                message; /* absent: the same */
	const struct finding_rule *rule;    /* lives as long as the rules */
};

struct finding {
	struct text key;       /* identity over runs: hex of rule id and the row's group key */
	struct text rule_id, rule, type; /* type: TTP, Anomaly, Hunting, Correlation */
	int64_t     first_ns, last_ns;
	struct text host, user; /* absent when the row names none; a case takes the host of the
				    events then or instead of an address, if they are of one */
	struct text message;
	struct text what;    /* the value of the row that tells what happened: telling.h; made by the store */
	struct text techniques, tactics; /* blank separated ids; comma separated names */
	double      risk_score;          /* highest score of its risk objects; 0 without */
	uint64_t    count;
	const struct finding_field *fields;
	uint32_t    n_fields;
	const struct risk_object   *objects;
	uint32_t    n_objects;
	const struct text *object_keys; /* per object: the host or user of the case that it is, in
	                                   one spelling; NULL: not read from a case */
	const struct threat_object *threats;
	uint32_t    n_threats;
	const int64_t *events; /* ids of the events behind the row, ascending; may be capped */
	uint32_t    n_events;
	bool        events_capped;
	struct text stories;    /* joined by '\n' */
	struct text annotations; /* what frameworks say of the rule: "nist=DE.CM" ..., joined by '\n' */
	struct text remarks;    /* "message names $user$, which the row does not have"; absent if none */
	const struct finding_twin *twins; /* of rules that are alike: they come right behind it */
	uint32_t    n_twins;
};

/* A twin as a finding of its own. OBJECTS: room for those of F. */
struct finding finding_of_twin(const struct finding *f, uint32_t twin, struct risk_object *objects);

enum ledger_status {
	LEDGER_FOUND,         /* ran, at least one finding */
	LEDGER_NOTHING,       /* ran over what it needs, nothing found */
	LEDGER_NO_DATA,       /* could not run: channel, event id or field does not occur in the case */
	LEDGER_UNSUPPORTED,   /* does not compile, or needs something a case cannot have */
	LEDGER_FAILED,        /* stopped while running */
};
const char *ledger_status_name(enum ledger_status s); /* "found", "nothing found", "no data", ... */

struct ledger_entry {
	struct text        rule_id, rule, source; /* source: file it was loaded from */
	enum ledger_status status;
	uint64_t           hits, findings, filtered; /* filtered: rows its _filter macro removed */
	struct text        reason; /* which log or field is missing, or file:line:col and why */
	struct text        version, sha256; /* as the file says, and of the file; may be absent */
	struct text        fingerprint; /* of the rule that was run; absent: run it again */
	int64_t            clock_ns;    /* what was found holds for this case clock; WHEN_NONE: for any */
};

#endif
