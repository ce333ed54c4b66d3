/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_form.h - the forms in which events come as JSON: one list (json_forms.def).
 *
 * A form is told by the keys of one record; a file may mix them. Wrappers (a search answer, a
 * row around a raw event) are forms, too: they hand on what is inside.
 */
#ifndef AUGER_IMPORTERS_JSON_FORM_H
#define AUGER_IMPORTERS_JSON_FORM_H

#include "importers/date_line.h"
#include "importers/event_builder.h"
#include "importers/json_value.h"

enum json_outcome {
	JSON_EVENT,  /* the builder holds an event */
	JSON_LOST,   /* a gap: run->why */
	JSON_SKIP,   /* a frame, or a record that is no event and no loss */
	JSON_NESTED, /* what was inside has been delivered */
	JSON_STOP,   /* as JSON_NESTED, and the sink wants no more */
};

/* What a form works with while it reads one record. */
struct json_run {
	struct event_builder *b;
	struct arena         *keep;
	struct event         *ev; /* cleared; a form sets what the fields cannot say */
	struct text           why;
	int32_t               import_zone_s; /* option of the import, seconds east of UTC */
	int32_t               zone_s;        /* of local times in this file, see json_nxlog.c */
	bool                  zone_known;
	enum date_order       order; /* of day and month in this file */

	/* For wrappers: delivers a record, or raw text, from inside; false: stop. */
	void *self;
	bool (*record)(void *self, struct json_object *inner);
	bool (*raw)(void *self, struct text raw, struct json_object *row);
	/* Adds the fields of a piece of event XML to the builder. */
	void (*fragment)(void *self, struct text xml);
	uint64_t previews, finals; /* rows of searches that were running, that were done */
};

struct json_form {
	const char *name;
	bool (*matches)(struct json_object *top);
	enum json_outcome (*read)(struct json_run *run, struct json_object *top);
};

#define FORM(name) extern const struct json_form json_##name;
#include "importers/json_forms.def"
#undef FORM

const struct json_form *json_form_find(struct json_object *top); /* NULL: none */

/* A key that is not simply a field of the body. */
struct json_key {
	struct text    key;
	enum evtx_role role; /* ROLE_IGNORE: leave it out; ROLE_BODY: call it NAME */
	struct text    name;
};

#define JSON_FACT(key, role)   { TEXT_INIT(key), role, { NULL, 0 } }
/* KEY may end in '*': all keys that begin so. */
#define JSON_DROP(key)         { TEXT_INIT(key), ROLE_IGNORE, { NULL, 0 } }
#define JSON_RENAME(key, name) { TEXT_INIT(key), ROLE_BODY, TEXT_INIT(name) }

/* NULL: KEYS do not have it. */
const struct json_key *json_key_find(const struct json_key *keys, size_t n, struct text key);

/* Every member of a flat record goes where KEYS says, else into the body under its own name. */
void json_flat(struct json_run *run, struct json_object *top, const struct json_key *keys,
	       size_t n_keys);

/* A system fact in the spelling of the binary log; absent values add nothing. */
void json_fact(struct json_run *run, enum evtx_role role, struct text value);

/* A value under NAME, lists as several values, null as empty if NULL_IS_EMPTY (else left out). */
void json_body(struct json_run *run, struct text name, struct json_object *value,
	       bool null_is_empty);

/* Velociraptor prints process and logon ids of the Security log as decimal numbers; the log has them
 * in hexadecimal. T: the value as text, which is returned otherwise. */
struct text json_audit_number(struct json_run *run, struct text name, struct json_object *value,
			      struct text t);

/* Time out of a number (seconds, milliseconds, microseconds, FILETIME, by size) or ISO text. */
bool json_time(struct text t, int64_t *ns, bool *has_zone);

/* The event's time out of T; an event whose T has no zone says so, unless that means UTC. */
void json_set_time(struct json_run *run, struct text t, bool utc_without_zone);

/* What the event is one of, by the channel and the provider that it has so far. */
enum event_scope json_scope(struct json_run *run);

/* Values that came without names: called as the layout of the event has them (4104, 4688, Sysmon 1)
 * if their number fits, else "Data" and false. VALUES is a list of scalars or of { "Value": scalar }. */
bool json_unnamed(struct json_run *run, struct json_object *values);

/* Fields out of the rendered message, when a source had nothing else to say. */
void json_fields_of_message(struct json_run *run);

/* Columns of a Splunk row that its raw event does not have, added to the body of run->ev. */
void json_row_extras(struct json_run *run, struct json_object *row);

enum json_outcome json_lost(struct json_run *run, const char *why);

#endif
