/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * name_entry.h - a line of names.def, for the files that read the table.
 */
#ifndef AUGER_BASE_NAME_ENTRY_H
#define AUGER_BASE_NAME_ENTRY_H

#include "base/names.h"
#include "base/sink.h"

/* Applies to events of every scope. */
#define SCOPE_ANY ((enum event_scope)255)

/*
 * How a value comes about: HOW(word, origin, verbatim, maker). %s in the origin is the argument.
 * WHOLE: a value is a contiguous part of one stored field value, apart from letter case.
 * WORDS: every run of it without blanks and quotes is. CORE: the fact itself is indexed.
 * FIXED: the argument is the value, or another spelling of it. MADE: none of these. The maker is the function that makes it:
 * MANY values of a field, one FIELD, a FACT of the event, what a data MODEL computes, what is known
 * of the CHANGE that an audit event is about, or what is SHOWN for a number of the event's.
 */
#define NAME_HOWS                                                                                  \
	HOW(RAW, "%s", WHOLE, MANY)                       /* every field of that name */           \
	HOW(BODY, "%s", WHOLE, MANY)                      /* body fields of that name */           \
	HOW(LIST, "%s, split", WHOLE, MANY)               /* at ';' */                             \
	HOW(LAST_PARTS, "%s, split, last parts", WHOLE, MANY)                                      \
	HOW(ACCOUNTS, "Subject, %s", WHOLE, MANY)         /* as messages name them, in order */    \
	HOW(TAGS, "data sets", MADE, MANY)                /* of Splunk's event types */            \
	HOW(PROVIDER, "Name", WHOLE, MANY)                                                         \
	HOW(REAL, "%s", WHOLE, FIELD)                     /* "-" counts as absent */               \
	HOW(SID, "%s", WHOLE, FIELD)                      /* "-" and S-1-0-0 count as absent */    \
	HOW(ACCOUNT, "%s", WHOLE, FIELD)                  /* as REAL, also without domain */       \
	HOW(TRIM, "%s", WHOLE, FIELD)                     /* without outer blanks */               \
	HOW(CHANGED, "%s", WHOLE, CHANGE)                 /* of a change of accounts */            \
	HOW(GROUP, "%s", WHOLE, CHANGE)                   /* of a change of a group */             \
	HOW(MEMBER, "%s, its name", WHOLE, CHANGE)        /* who joins or leaves a group */        \
	HOW(LAST_PART, "%s, last part", WHOLE, FIELD)     /* behind the last \\ or / */            \
	HOW(LOWER, "%s, lower case", WHOLE, FIELD)                                                 \
	HOW(HASH, "%s of Hashes", WHOLE, FIELD)                                                    \
	HOW(NTH_DATA, "%s. unnamed Data", WHOLE, FIELD)                                            \
	HOW(DATA_LINE, "%s= in a line of the values", WHOLE, FIELD)                                \
	HOW(HIVE, "%s, first part", WHOLE, FIELD)                                                  \
	HOW(KEY_NAME, "%s, last part", WHOLE, FIELD)      /* compares as a path, too */            \
	HOW(REGISTRY_DATA, "%s without its type", WHOLE, FIELD)                                    \
	HOW(FIRST_PROGRAM, "%s, program", WHOLE, FIELD)   /* of a command line */                  \
	HOW(REMOTE_ADDRESS, "%s unless local", WHOLE, FIELD)                                       \
	HOW(NOT_ZERO, "%s unless zero", WHOLE, FIELD)                                              \
	HOW(OBJECT_FILE, "%s of a file", WHOLE, FIELD)    /* by ObjectType */                      \
	HOW(OBJECT_FILE_NAME, "%s of a file, last part", WHOLE, FIELD)                             \
	HOW(OBJECT_KEY, "%s of a registry key", WHOLE, FIELD)                                      \
	HOW(UNQUOTED, "%s without quotes", WHOLE, FIELD)                                           \
	HOW(FIRST_NUMBER, "%s, its number", WHOLE, FIELD)                                          \
	HOW(KB_NUMBER, "%s, its KB number", WHOLE, FIELD)                                          \
	HOW(COMMAND_HEAD, "%s, first word", WHOLE, FIELD)                                          \
	HOW(COMMAND_REST, "%s behind its first word", WHOLE, FIELD)                                \
	HOW(CONST, "fixed", FIXED, FIELD)                                                          \
	HOW(SPELLED, "Name", FIXED, MANY)   /* provider; of one of them text has another name */   \
	HOW(SID_NAME, "%s, well-known account", MADE, FIELD)                                       \
	HOW(EVENT_NAME, "event_simpleName", WHOLE, FACT)                                           \
	HOW(COMPUTER, "Computer", CORE, FACT)                                                      \
	HOW(HOST, "Computer, first label", CORE, FACT)                                             \
	HOW(CHANNEL, "Channel", CORE, FACT)                                                        \
	HOW(SOURCE, "Channel", CORE, FACT)                                                         \
	HOW(SOURCETYPE, "Channel", CORE, FACT)                                                     \
	HOW(EVENTTYPE, "Channel", CORE, FACT)                                                      \
	HOW(EVENT_ID, "EventID", CORE, FACT)                                                       \
	HOW(PROVIDER_GUID, "Name", MADE, FACT)                                                     \
	HOW(RECORD_ID, "EventRecordID", MADE, FACT)                                                \
	HOW(TIME, "SystemTime", MADE, FACT)                                                        \
	HOW(DATE, "SystemTime, its %s", MADE, FACT)       /* in UTC */                             \
	HOW(WHOLE_EVENT, "all fields", MADE, FACT)                                                 \
	HOW(SYSTEM_XML, "system facts", MADE, FACT)                                                \
	HOW(EVENT_XML, "body fields", MADE, FACT)                                                  \
	HOW(USER_XML, "body fields", MADE, FACT)                                                   \
	HOW(MESSAGE, "message", MADE, FACT)                                                        \
	HOW(ATTRIBUTES, "attributes in the message", MADE, FACT)                                   \
	HOW(ACCOUNT_CONTROL, "UserAccountControl, in words", MADE, FACT)                           \
	HOW(TITLE, "EventID", MADE, FACT)                                                          \
	HOW(SIGNATURE, "EventID", MADE, FACT)             /* title with its add-on's head */        \
	HOW(PROCESS_4688, "NewProcessName, CommandLine", WORDS, MODEL)                             \
	HOW(AUDIT_ALLOWED, "Keywords", MADE, MODEL)                                                \
	HOW(AUDIT_RESULT, "Keywords", MADE, MODEL)                                                 \
	HOW(INTEGRITY, "%s", MADE, MODEL)                                                          \
	HOW(REGISTRY_ACTION, "EventID, EventType", MADE, MODEL)                                    \
	HOW(REGISTRY_TYPE, "form of Details", MADE, MODEL)                                         \
	HOW(FILE_ACTION, "EventID", MADE, MODEL)                                                   \
	HOW(SERVICE_STATUS, "EventID, param2", MADE, MODEL)                                        \
	HOW(DIRECTION, "Initiated", MADE, MODEL)                                                   \
	HOW(LOGON_ACTION, "EventID, Status", MADE, MODEL)                                          \
	HOW(LOGON_APP, "LogonType", MADE, MODEL)                                                   \
	HOW(CHANGE_ACTION, "EventID", MADE, CHANGE)                                                \
	HOW(CHANGE_TYPE, "EventID", MADE, CHANGE)                                                  \
	HOW(CHANGE_RESULT, "EventID", MADE, CHANGE)                                                \
	HOW(OBJECT_CATEGORY, "EventID", MADE, CHANGE)                                              \
	HOW(OBJECT_ATTRIBUTES, "EventID", MADE, CHANGE)                                           \
	HOW(AUDIT_TITLE, "EventID", MADE, CHANGE)         /* as Windows calls it */                \
	HOW(TASK, "Task", MADE, SHOWN)                    /* what the number stands for */         \
	HOW(TASK_CATEGORY, "Task", MADE, SHOWN)           /* the audit category of it */           \
	HOW(LEVEL_TYPE, "Level", MADE, SHOWN)             /* in Event Viewer's words */            \
	HOW(SEVERITY, "Level", MADE, SHOWN)               /* in those of the data models */        \
	HOW(START_MODE, "%s", MADE, MODEL)                                                         \
	HOW(IP_VERSION, "%s", MADE, MODEL)                                                         \
	HOW(TRANSPORT, "%s", MADE, MODEL)                                                          \
	HOW(UPDATE_STATUS, "EventID", MADE, MODEL)                                                 \
	HOW(MALWARE_ACTION, "EventID, Action Name", MADE, MODEL)                                   \
	HOW(DNS_REPLY, "%s", MADE, MODEL)                                                          \
	HOW(RECORD_TYPE, "type in QueryResults", MADE, MODEL)

enum name_how {
#define HOW(word, origin, verbatim, maker) HOW_##word,
	NAME_HOWS
#undef HOW
};

enum verbatim { VERBATIM_MADE, VERBATIM_WORDS, VERBATIM_WHOLE, VERBATIM_CORE, VERBATIM_FIXED };

struct name_entry {
	struct text      name; /* with its prefix */
	enum event_scope scope;
	uint32_t         event_id; /* 0: any */
	enum name_how    how;
	bool             more; /* it has the name of the line before it */
	struct text      argument;
};

/* Is the line about events such as this one? */
static inline bool
name_applies(const struct event *ev, const struct name_entry *e)
{
	return (e->scope == SCOPE_ANY || e->scope == ev->scope) &&
	       (e->event_id == 0 || e->event_id == ev->event_id);
}

enum verbatim name_verbatim(const struct name_entry *e);

/* "Processes.process" -> MODEL_PROCESSES, and *NAME becomes "process". */
enum model name_model(struct text *name);

/* As event_values, and says which line gave the values; NULL: the raw field, or none. */
const struct name_entry *name_values(const struct event *ev, const struct name_ref *ref,
				     struct arena *keep, struct text *out, size_t cap, size_t *n);
/* The same, made anew. */
const struct name_entry *name_make(const struct event *ev, const struct name_ref *ref,
				   struct arena *keep, struct text *out, size_t cap, size_t *n);

/* Do all events with KIND's channel, scope and event id have the values of the name that KIND has? */
bool name_is_fixed(const struct name_ref *ref, const struct event *kind);
/* Are all of them members of the data set, or none? */
bool model_is_fixed(enum model m, const struct event *kind);

/* The value that a line computes as a data model does (model_values.c); absent when there is none. */
struct text model_value(const struct event *ev, const struct name_entry *e, struct arena *keep);
/* "success" or "failure" of a log-on; absent when the event does not say. */
struct text event_logon_action(const struct event *ev);

/* The value of a line whose maker is CHANGE (change.c); absent when there is none. */
struct text change_value(const struct event *ev, const struct name_entry *e);

/* The value of a line whose maker is SHOWN (shown.c); absent when there is none. */
struct text shown_value(const struct event *ev, const struct name_entry *e, struct arena *keep);

/* What an audit event says was changed. */
enum change_part { CHANGE_NOTHING, CHANGE_AUDIT, CHANGE_ACCOUNT, CHANGE_GROUP, CHANGE_POLICY };
enum change_part event_change_part(const struct event *ev);

/* Is the target of the event a group? */
bool event_changes_group(const struct event *ev);

/* Distinct event ids that members of the data set have. */
size_t model_event_ids(enum model m, uint32_t *out, size_t cap);

/* Tags of the data sets that the event is a member of, at most CAP into OUT. */
size_t model_tags(const struct event *ev, struct text *out, size_t cap);

/* The channel of a source that Splunk names in a way of its own; absent otherwise. */
struct text channel_of_source(struct text source);

/* Name of a well-known SID, absent otherwise. */
struct text sid_name(struct text sid);

/* Words that event_message puts in itself, for the events it has a text for. */
bool message_template_has(struct text folded_word);
/* Is the message of every event with this id in the PowerShell channels made by such a text? */
bool message_has_template(uint32_t event_id);

/* First field with that name among those from FROM on, by its spelling; NULL: none. */
const struct field *event_field(const struct event *ev, uint32_t from, struct text name);

/* A part of a script block whose text another event carries shows none of its own. */
bool event_hides(const struct event *ev, struct text name);

/* What WRITE puts into a sink: it is called twice, to count and to write. */
typedef void event_writer(struct sink *sink, const struct event *ev);
struct text  event_written(event_writer *write, const struct event *ev, struct arena *keep);

/* The system facts as the elements of <System>. */
struct text event_system_xml(const struct event *ev, struct arena *keep);
/* The body as <Data Name='x'>value</Data> elements. */
struct text event_body_xml(const struct event *ev, struct arena *keep);
/* The same as UserData has it: an element for each field, inside of the one of its schema. */
struct text event_user_xml(const struct event *ev, struct arena *keep);

/* The attributes of an account that the event lists, and what it says of its UserAccountControl, in
 * the words of its message (attributes.c). */
struct text event_attributes(const struct event *ev, struct arena *keep);
struct text event_account_control(const struct event *ev, struct arena *keep);

/* Unnamed Data number NTH, from 1. */
struct text event_nth_data(const struct event *ev, uint32_t nth);

#endif
