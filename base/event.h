/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * event.h - the event: one record of evidence after decoding, whatever format it came in.
 *
 * Fields keep the spelling of the Windows event schema. System facts come first, as fields of
 * their own under Splunk's names for them (Name = provider, Guid, EventID, Qualifiers, Version,
 * Level, Task, Opcode, Keywords, SystemTime, EventRecordID, ActivityID, RelatedActivityID,
 * ProcessID, ThreadID, Channel, Computer, UserID), then the body. A name may occur more than
 * once. Other vocabularies (dest, signature_id, Processes.user ...) are views of these: names.h.
 *
 * Ownership: an event owns nothing; its texts live as long as the buffers they point into. An
 * importer's event is valid until the sink returns. Values are UTF-8 (ill-formed input has
 * become U+FFFD), line ends are LF, control characters are kept.
 */
#ifndef AUGER_BASE_EVENT_H
#define AUGER_BASE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

enum event_flag {
	EVENT_ZONE_ASSUMED  = 1 << 0, /* the source wrote local time and no zone */
	EVENT_TIME_FALLBACK = 1 << 1, /* TimeCreated was missing: time of the record header */
	EVENT_RECOVERED     = 1 << 2, /* carved from slack or a damaged region */
	EVENT_SCRIPT_PART   = 1 << 3, /* 4104, MessageTotal > 1: one part of a script block */
	EVENT_SCRIPT_WHOLE  = 1 << 4, /* stands for its whole script block: ScriptBlockText is joined */
	EVENT_SCRIPT_REST   = 1 << 5, /* a part whose text another event of the block carries */
	EVENT_SCRIPT_GAPS   = 1 << 6, /* the joined text lacks at least one part */
	EVENT_DAMAGED       = 1 << 7, /* decoded in part: a gap says what is missing */
};

enum event_format {
	FORMAT_NONE = 0,
	FORMAT_EVTX,
	FORMAT_XML,
	FORMAT_TEXT, /* classic Splunk WinEventLog text */
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_CROWDSTRIKE,
};

/* What kind of event it is, as far as vocabularies differ; event_finish derives it. */
enum event_scope {
	SCOPE_OTHER = 0,
	SCOPE_SYSMON,
	SCOPE_SECURITY,
	SCOPE_POWERSHELL, /* Microsoft-Windows-PowerShell/Operational, PowerShellCore/Operational, and
	                     the classic Windows PowerShell */
	SCOPE_SYSTEM,
	SCOPE_APPLICATION,
	SCOPE_WMI,
	SCOPE_WINRM,
	SCOPE_TASK,
	SCOPE_DEFENDER,
	SCOPE_CROWDSTRIKE,
};

struct field {
	struct text name;
	struct text value; /* { p, 0 } = present but empty; never absent */
	uint32_t    key;   /* text_key(name) */
};

struct event_views;

struct event {
	int64_t           id;        /* in the case; 0 before it is stored */
	int64_t           time_ns;   /* WHEN_NONE when the source has no usable time */
	struct text       host;      /* as logged; see names.h for how hosts compare */
	struct text       channel;
	struct text       provider;
	struct text       user;      /* account the event is about, for lists: event_finish */
	struct text       event_name; /* CrowdStrike: event_simpleName; else absent */
	struct text       message;   /* rendered text the source carried; absent when it had none */
	uint32_t          event_id;
	enum event_scope  scope;
	enum event_format format;
	uint32_t          flags;     /* enum event_flag */
	uint64_t          record_id; /* EventRecordID */
	bool              has_record_id;
	struct field     *fields;    /* the first n_system are system facts */
	uint32_t          n_fields, n_system;
	/* where it came from */
	int64_t           evidence;      /* 0 before it is stored */
	uint64_t          offset, length; /* bytes in the evidence (or archive member) */
	struct text       remark;    /* of the decoder; absent when all is well */
	struct event_views *views;   /* names.h: views_of; NULL: each is made when it is asked for */
};

/* First field of that exact name, system facts first; absent when there is none. */
struct text event_get(const struct event *ev, struct text name);
/* The same among body fields only. */
struct text event_body(const struct event *ev, struct text name);

/* Derives scope and user and the EVENT_SCRIPT_PART flag once fields and core facts are set; every
 * importer and the store call it, so that an event is the same however it was made. The user is
 * TargetUserName, else SubjectUserName ("-" is nobody) of Security events; else body field User;
 * else the well-known account or the SID of UserID. */
void event_finish(struct event *ev);

#endif
