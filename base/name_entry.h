/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * name_entry.h - a line of names.def, for the files that read the table: names.c, model.c, narrow.c.
 */
#ifndef AUGER_BASE_NAME_ENTRY_H
#define AUGER_BASE_NAME_ENTRY_H

#include "base/names.h"

/* Applies to events of every scope. */
#define SCOPE_ANY ((enum event_scope)255)

/*
 * How a value comes about: HOW(word, origin, verbatim). %s in the origin is the argument.
 * WHOLE: a value is a contiguous part of one stored field value, apart from letter case.
 * WORDS: every run of it without blanks and quotes is. CORE: the fact itself is indexed.
 * FIXED: the argument is the value. MADE: none of these.
 */
#define NAME_HOWS                                                                                  \
	HOW(RAW, "%s", WHOLE)                               /* every field of that name */         \
	HOW(BODY, "%s", WHOLE)                              /* body fields of that name */         \
	HOW(REAL, "%s", WHOLE)                              /* "-" counts as absent */             \
	HOW(SID, "%s", WHOLE)                               /* "-" and S-1-0-0 count as absent */  \
	HOW(ACCOUNT, "%s", WHOLE)                           /* as REAL, also without domain */     \
	HOW(TRIM, "%s", WHOLE)                              /* without outer blanks */             \
	HOW(LAST_PART, "%s, last part", WHOLE)              /* behind the last \\ or / */          \
	HOW(LOWER, "%s, lower case", WHOLE)                                                        \
	HOW(HASH, "%s of Hashes", WHOLE)                                                           \
	HOW(NTH_DATA, "%s. unnamed Data", WHOLE)                                                   \
	HOW(LIST, "%s, split", WHOLE)                       /* at ';' */                           \
	HOW(HIVE, "%s, first part", WHOLE)                                                         \
	HOW(KEY_NAME, "%s, last part", WHOLE)               /* compares as a path, too */          \
	HOW(REGISTRY_DATA, "%s without its type", WHOLE)                                           \
	HOW(FIRST_PROGRAM, "%s, program", WHOLE)            /* of a command line */  \
	HOW(REMOTE_ADDRESS, "%s unless local", WHOLE)                                              \
	HOW(NOT_ZERO, "%s unless zero", WHOLE)                                                     \
	HOW(PROVIDER, "Name", WHOLE)                                                               \
	HOW(EVENT_NAME, "event_simpleName", WHOLE)                                                 \
	HOW(CONST, "fixed", FIXED)                                                                 \
	HOW(COMPUTER, "Computer", CORE)                                                            \
	HOW(HOST, "Computer, first label", CORE)                                                   \
	HOW(CHANNEL, "Channel", CORE)                                                              \
	HOW(SOURCE, "Channel", CORE)                                                               \
	HOW(SOURCETYPE, "Channel", CORE)                                                           \
	HOW(EVENTTYPE, "Channel", CORE)                                                            \
	HOW(EVENT_ID, "EventID", CORE)                                                             \
	HOW(PROCESS_4688, "NewProcessName, CommandLine", WORDS)                                    \
	HOW(PROVIDER_GUID, "Name", MADE)                                                           \
	HOW(RECORD_ID, "EventRecordID", MADE)                                                      \
	HOW(TIME, "SystemTime", MADE)                                                              \
	HOW(WHOLE_EVENT, "all fields", MADE)                                                       \
	HOW(MESSAGE, "message", MADE)                                                              \
	HOW(TITLE, "EventID", MADE)                                                                \
	HOW(SID_NAME, "%s, well-known account", MADE)                                              \
	HOW(AUDIT_ALLOWED, "Keywords", MADE)                                                       \
	HOW(AUDIT_RESULT, "Keywords", MADE)                                                        \
	HOW(INTEGRITY, "%s", MADE)                                                                 \
	HOW(REGISTRY_ACTION, "EventID, EventType", MADE)                                           \
	HOW(REGISTRY_TYPE, "form of Details", MADE)                                                \
	HOW(FILE_ACTION, "EventID", MADE)                                                          \
	HOW(SERVICE_STATUS, "EventID, param2", MADE)                                               \
	HOW(DIRECTION, "Initiated", MADE)                                                          \
	HOW(LOGON_ACTION, "EventID, Status", MADE)                                                 \
	HOW(LOGON_APP, "LogonType", MADE)                                                          \
	HOW(CHANGE_ACTION, "EventID", MADE)                                                        \
	HOW(CHANGE_TYPE, "EventID", MADE)                                                          \
	HOW(CHANGE_RESULT, "EventID", MADE)                                                        \
	HOW(OBJECT_CATEGORY, "EventID", MADE)                                                      \
	HOW(RECORD_TYPE, "type in QueryResults", MADE)

enum name_how {
#define HOW(word, origin, verbatim) HOW_##word,
	NAME_HOWS
#undef HOW
};

enum verbatim { VERBATIM_MADE, VERBATIM_WORDS, VERBATIM_WHOLE, VERBATIM_CORE, VERBATIM_FIXED };

struct name_entry {
	struct text      name; /* with its prefix */
	enum event_scope scope;
	uint32_t         event_id; /* 0: any */
	enum name_how    how;
	struct text      argument;
};

enum verbatim name_verbatim(const struct name_entry *e);

/* "Processes.process" -> MODEL_PROCESSES, and *NAME becomes "process". */
enum model name_model(struct text *name);

/* As event_values, and says which line gave the values; NULL: the raw field, or none. */
const struct name_entry *name_values(const struct event *ev, const struct name_ref *ref,
				     struct arena *keep, struct text *out, size_t cap, size_t *n);

/* The value that a line computes as a data model does (model.c); absent when there is none. */
struct text model_value(const struct event *ev, const struct name_entry *e, struct arena *keep);

/* Distinct event ids that members of the data set have. */
size_t model_event_ids(enum model m, uint32_t *out, size_t cap);

/* Name of a well-known SID, absent otherwise. */
struct text sid_name(struct text sid);

/* Words that event_message puts in itself, for the events it has a text for. */
bool message_template_has(struct text folded_word);
/* Is the message of every event with this id in the PowerShell channels made by such a text? */
bool message_has_template(uint32_t event_id);

/* First field with that name among those from FROM on, by its spelling; NULL: none. */
const struct field *event_field(const struct event *ev, uint32_t from, struct text name);

/* Unnamed Data number NTH, from 1. */
struct text event_nth_data(const struct event *ev, uint32_t nth);

#endif
