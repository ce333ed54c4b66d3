/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * names.h - what fields are called: every vocabulary as a view of one event.
 *
 * Rules and searches name fields as Splunk's add-ons do (Computer, dest, EventCode, user_id,
 * process_name, Processes.process ...). names.def is the one table: for a name and a kind of
 * event, which raw field it comes from or how it is computed. A name that the table does not
 * have is the raw field of that spelling.
 *
 * Sources: Splunk add-on for Microsoft Windows and for Sysmon (search-time aliases), Splunk CIM
 * (data models, their fall-backs "unknown"), CrowdStrike FDR field names.
 */
#ifndef AUGER_BASE_NAMES_H
#define AUGER_BASE_NAMES_H

#include "base/arena.h"
#include "base/event.h"
#include "base/text.h"

/* Data sets of the Common Information Model; a prefix such as "Processes." selects one. */
enum model {
	MODEL_NONE = 0,
	MODEL_PROCESSES, /* Endpoint.Processes */
	MODEL_REGISTRY,
	MODEL_FILESYSTEM,
	MODEL_SERVICES,
	MODEL_NETWORK_TRAFFIC, /* All_Traffic */
	MODEL_NETWORK_RESOLUTION, /* DNS */
	MODEL_AUTHENTICATION,
	MODEL_CHANGE, /* All_Changes */
	MODEL_PORTS,
	MODEL_UPDATES,
	MODEL_MALWARE, /* Malware_Attacks */
	MODEL_RISK,   /* All_Risk: rows over the case's risk events, never events */
	/* parts of a data set, with its prefix and fields */
	MODEL_FAILED_AUTHENTICATION,
	MODEL_SUCCESSFUL_AUTHENTICATION,
	MODEL_PRIVILEGED_AUTHENTICATION,
	MODEL_AUDITING_CHANGES,
	MODEL_ACCOUNT_MANAGEMENT,
	MODEL_ACCOUNTS_CREATED,
	MODEL_ACCOUNTS_DELETED,
	MODEL_ACCOUNTS_UPDATED,
	MODEL_ACCOUNT_LOCKOUTS,
	MODEL_COUNT,
};

/* "Endpoint.Processes", "Endpoint", "Network_Traffic", "Change.All_Changes.Account_Management", or
 * as nodename has it "All_Changes.Account_Management" -> the data set; MODEL_NONE: unknown. */
enum model  model_find(struct text datamodel_and_dataset);
/* "Endpoint": the data model that the data set is of. */
struct text model_root(enum model m);
/* "Account_Management": what it is called within its data model. */
struct text model_name(enum model m);
/* "Processes", "All_Traffic": the prefix its field names carry in tstats. */
struct text model_prefix(enum model m);
bool        model_has(enum model m, const struct event *ev); /* is the event a member? */

struct name_entry; /* a line of names.def */

/* A field name, looked up once and used on many events. Plain value, owns nothing. */
struct name_ref {
	struct text              name;    /* as written, with its prefix */
	uint32_t                 key;     /* of the name without its prefix */
	enum model               model;   /* from the prefix; MODEL_NONE for plain names */
	const struct name_entry *entries; /* NULL: only the raw field */
	uint32_t                 n_entries;
	bool                     verbatim; /* every value is a contiguous part of one stored field
	                                      value, a core fact, or one of name_constants: literals in
	                                      it may narrow a search */
};

struct name_ref name_ref(struct text name);

/* All values of the field in the event, at most CAP into OUT; returns how many. Values of zero
 * length are left out (Splunk drops them). Computed values are made in KEEP. */
#define NAME_VALUES_MAX 64
size_t      event_values(const struct event *ev, const struct name_ref *ref, struct arena *keep,
			 struct text *out, size_t cap);
struct text event_value(const struct event *ev, const struct name_ref *ref, struct arena *keep);

/* What views of an event are, kept for many who ask for the same: of one thread, about one event at
 * a time. Values that are read through it live until the next call of views_of. */
struct event_views *views_new(void);
void                views_free(struct event_views *v);
/* EV, whose views are kept from now on; those of the event before are forgotten. */
struct event        views_of(struct event_views *v, const struct event *ev);

/* As event_values, and behind them other spellings of the same value that a comparison accepts:
 * source "WinEventLog:X" beside "XmlWinEventLog:X", a user without the domain, a host with it.
 * Predicates over events compare with these; output never shows them. *ONE: all are spellings of
 * one value, so that it differs from a text only when none of them is that text. */
size_t      event_match_values(const struct event *ev, const struct name_ref *ref,
			       struct arena *keep, struct text *out, size_t cap, bool *one);

/* Whether its value, where it has one, is the host that the event was logged on, as spelled there;
 * of an event that names no host it may be a constant. */
bool        name_is_host(const struct name_ref *ref);

/* Values that the field can have whatever an event stores ("unknown"); at most CAP into OUT. */
size_t      name_constants(const struct name_ref *ref, struct text *out, size_t cap);

/* Every field that a search sees: raw ones, then the views that have a value here, without MODELS
 * none of the names that only data models have (Processes.process). ORIGIN says
 * where a view came from ("NewProcessName, last part") or how a field was decoded
 * ("ScriptBlockText, base64 UTF-16LE"), absent for other raw fields. */
struct named_value {
	struct text name, value, origin;
};
size_t event_named_values(const struct event *ev, bool models, struct arena *keep,
			  struct named_value **out);

/* The line of names.def that gives the name its value in this event: "LAST_PART(NewProcessName), for
 * SECURITY 4688"; absent for raw fields. */
struct text event_name_rule(const struct event *ev, struct text name, struct arena *keep);

/* The field _raw: message, then name=value of every field, a line each. */
struct text event_raw(const struct event *ev, struct arena *keep);

/* What a bare word of a search looks at: as event_raw, without the names, so that an index over
 * values can answer it. */
struct text event_words(const struct event *ev, struct arena *keep);

/* Rendered message: the source's own, else built from the fields in our words for the events
 * that matter. *BUILT says which. */
struct text event_message(const struct event *ev, struct arena *keep, bool *built);

/* One line for lists: script text, command line, or the telling fields. */
struct text event_summary(const struct event *ev, struct arena *keep);

/* Short title: "Execute a Remote Command" for 4104, "Process Create" for Sysmon 1; absent if
 * unknown. */
struct text event_title(const struct event *ev);

/* Names for completion and "did you mean": every name of the table once, those of data
 * sets with their prefix, sorted. */
size_t names_all(const struct text **out);

#endif
