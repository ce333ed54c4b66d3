/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/satisfy.h"

#include "base/name_entry.h"
#include "tests/plain_pred.h"

#define GLOBS        24
#define SLOTS        400

/* What one raw field has to be like. */
struct slot {
	struct text name, value; /* value: set when it is settled */
	struct text globs[GLOBS];
	size_t      n_globs;
	bool        absent;
};

struct making {
	struct arena           *keep;
	const struct made_kind *kind;
	uint32_t                choice;
	struct slot             slots[SLOTS];
	size_t                  n;
	struct text             words, host, message;
};

/* --- raw fields --- */

static struct slot *
slot_of(struct making *m, struct text name)
{
	for (size_t i = 0; i < m->n; i++)
		if (text_eq(m->slots[i].name, name))
			return &m->slots[i];
	if (m->n == SLOTS)
		return &m->slots[SLOTS - 1];
	m->slots[m->n] = (struct slot){ .name = name };
	return &m->slots[m->n++];
}

static bool
want_glob(struct making *m, struct text raw, struct text glob)
{
	struct slot *slot = slot_of(m, raw);

	if (slot->n_globs == GLOBS)
		return false;
	slot->globs[slot->n_globs++] = glob;
	return true;
}

/* The line of names.def that gives NAME in this kind of event; NULL: the raw field. */
static const struct name_entry *
entry_of(const struct making *m, const struct name_ref *ref)
{
	const struct event of_kind = { .scope = m->kind->scope, .event_id = m->kind->event_id };

	for (uint32_t i = 0; i < ref->n_entries; i++) {
		const struct name_entry *e = &ref->entries[i];

		if ((e->how == HOW_MEMBER || e->how == HOW_GROUP) && !event_changes_group(&of_kind))
			continue;
		if ((e->scope == SCOPE_ANY || e->scope == m->kind->scope) &&
		    (e->event_id == 0 || e->event_id == m->kind->event_id))
			return e;
	}
	return NULL;
}

static struct text
bare_name(const struct name_ref *ref)
{
	struct text name = ref->name;

	name_model(&name);
	return name;
}

/* Asks for a raw value from which the line makes one that GLOB matches. Facts that follow from the
 * kind of event need nothing; whether they fit shows when the event is made. */
static bool
want_entry(struct making *m, const struct name_entry *e, struct text glob)
{
	bool open = glob.n && glob.p[0] == '*';

	switch (e->how) {
	case HOW_LAST_PART: case HOW_LAST_PARTS:
		return want_glob(m, e->argument,
				 open ? glob : arena_join(m->keep, TEXT("*\\"), glob));
	case HOW_REGISTRY_DATA:
		if (text_istarts(glob, TEXT("0x")))
			glob = arena_printf(m->keep, "DWORD (" TEXT_FMT ")", TEXT_ARG(glob));
		return want_glob(m, e->argument, glob);
	case HOW_HASH:
		return want_glob(m, TEXT("Hashes"),
				 arena_printf(m->keep, TEXT_FMT "=" TEXT_FMT, TEXT_ARG(e->argument),
					      TEXT_ARG(glob)));
	case HOW_PROCESS_4688:
		return want_glob(m, TEXT("CommandLine"), glob);
	case HOW_OBJECT_FILE:
	case HOW_OBJECT_FILE_NAME:
		return want_glob(m, TEXT("ObjectType"), TEXT("File")) &&
		       want_glob(m, e->argument, glob);
	case HOW_OBJECT_KEY:
		return want_glob(m, TEXT("ObjectType"), TEXT("Key")) &&
		       want_glob(m, e->argument, glob);
	case HOW_RAW: case HOW_BODY: case HOW_LIST: case HOW_REAL: case HOW_SID: case HOW_ACCOUNT:
	case HOW_TRIM: case HOW_LOWER: case HOW_KEY_NAME: case HOW_REMOTE_ADDRESS:
	case HOW_NOT_ZERO: case HOW_HIVE: case HOW_INTEGRITY: case HOW_ACCOUNTS:
	case HOW_CHANGED: case HOW_GROUP: case HOW_MEMBER: case HOW_UNQUOTED:
	case HOW_FIRST_NUMBER: case HOW_KB_NUMBER: case HOW_START_MODE: case HOW_TRANSPORT:
	case HOW_IP_VERSION: case HOW_DNS_REPLY: case HOW_COMMAND_HEAD: case HOW_COMMAND_REST:
	case HOW_DATA_LINE:
		return want_glob(m, e->argument, glob);
	case HOW_WHOLE_EVENT: case HOW_SYSTEM_XML: case HOW_EVENT_XML: case HOW_USER_XML:
		m->words = arena_printf(m->keep, TEXT_FMT " " TEXT_FMT, TEXT_ARG(m->words),
					TEXT_ARG(glob));
		return true;
	case HOW_MESSAGE:
		return want_glob(m, TEXT(" message"), glob);
	case HOW_ATTRIBUTES:
		return want_glob(m, TEXT("DisplayName"), glob);
	case HOW_ACCOUNT_CONTROL:
		return want_glob(m, TEXT("UserAccountControl"), glob);
	case HOW_COMPUTER: case HOW_HOST:
		return want_glob(m, TEXT(" host"), glob);
	case HOW_LOGON_APP: case HOW_PROVIDER: case HOW_SPELLED: case HOW_NTH_DATA: case HOW_FIRST_PROGRAM:
	case HOW_CONST: case HOW_SID_NAME: case HOW_EVENT_NAME: case HOW_CHANNEL: case HOW_SOURCE:
	case HOW_SOURCETYPE: case HOW_EVENTTYPE: case HOW_EVENT_ID: case HOW_PROVIDER_GUID:
	case HOW_RECORD_ID: case HOW_TIME: case HOW_DATE: case HOW_TITLE: case HOW_SIGNATURE:
	case HOW_AUDIT_ALLOWED: case HOW_AUDIT_RESULT: case HOW_REGISTRY_ACTION:
	case HOW_REGISTRY_TYPE: case HOW_FILE_ACTION: case HOW_SERVICE_STATUS: case HOW_DIRECTION:
	case HOW_LOGON_ACTION: case HOW_CHANGE_ACTION: case HOW_CHANGE_TYPE:
	case HOW_CHANGE_RESULT: case HOW_OBJECT_CATEGORY: case HOW_RECORD_TYPE:
	case HOW_OBJECT_ATTRIBUTES: case HOW_TASK: case HOW_TASK_CATEGORY: case HOW_AUDIT_TITLE:
	case HOW_LEVEL_TYPE: case HOW_SEVERITY: case HOW_MALWARE_ACTION:
	case HOW_UPDATE_STATUS: case HOW_TAGS:
		return true;
	}
	return false;
}

static bool
want_value(struct making *m, const struct name_ref *ref, struct text glob)
{
	const struct name_entry *e = entry_of(m, ref);

	return e ? want_entry(m, e, glob) : want_glob(m, bare_name(ref), glob);
}

static struct text
raw_of(const struct making *m, const struct name_ref *ref)
{
	const struct name_entry *e = entry_of(m, ref);

	if (!e)
		return bare_name(ref);
	return e->how == HOW_PROCESS_4688 ? TEXT("CommandLine") : e->argument;
}

/* --- choosing what has to hold --- */

static bool
only_stars(struct text glob)
{
	for (size_t i = 0; i < glob.n; i++)
		if (glob.p[i] != '*')
			return false;
	return glob.n > 0;
}

static bool
want_number(struct making *m, const struct pred *p, bool yes)
{
	bool   up = (p->kind == PRED_GT || p->kind == PRED_GE) == yes;
	double number;

	if (!text_to_double(p->pattern.source, &number))
		return false;
	return want_value(m, &p->name, arena_printf(m->keep, "%.0f", number + (up ? 1 : -1)));
}

static bool
want_equal(struct making *m, const struct pred *p, bool yes)
{
	struct text source = p->pattern.source;

	if (yes)
		return want_value(m, &p->name, p->pattern.cidr ? text_cut(&source, '/') : source);
	if (only_stars(p->pattern.source))
		slot_of(m, raw_of(m, &p->name))->absent = true;
	return true;
}

static bool
want(struct making *m, const struct pred *p, bool yes)
{
	switch (p->kind) {
	case PRED_TRUE: case PRED_FALSE: case PRED_MODEL: case PRED_TIME:
		return true;
	case PRED_AND: case PRED_OR:
		if ((p->kind == PRED_OR) == yes)
			return p->n_kids == 0 || want(m, p->kids[m->choice % p->n_kids], yes);
		for (uint32_t i = 0; i < p->n_kids; i++)
			if (!want(m, p->kids[i], yes))
				return false;
		return true;
	case PRED_NOT:
		return want(m, p->kids[0], !yes);
	case PRED_EQ:
		return want_equal(m, p, yes);
	case PRED_NE:
		return want_value(m, &p->name, yes ? TEXT("*") : p->pattern.source);
	case PRED_LT: case PRED_LE: case PRED_GT: case PRED_GE:
		return want_number(m, p, yes);
	case PRED_WORD:
		if (yes)
			m->words = arena_printf(m->keep, TEXT_FMT " " TEXT_FMT, TEXT_ARG(m->words),
						TEXT_ARG(p->pattern.source));
		return true;
	}
	return false;
}

/* --- a value that satisfies several patterns --- */

static struct text
without_stars(struct text t, struct arena *keep)
{
	char  *p = arena_new(keep, char, t.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] != '*')
			p[n++] = t.p[i];
	return (struct text){ p, n };
}

/* Heads first, tails last, the rest between; false when two heads or two tails disagree. */
static bool
settle(struct slot *slot, const char *start, struct arena *keep)
{
	struct text head = TEXT(""), tail = TEXT(""), middle = TEXT("");

	for (size_t i = 0; i < slot->n_globs; i++) {
		struct text g = slot->globs[i];
		size_t      first = text_find_byte(g, '*'), last = text_rfind_byte(g, '*');

		if (first == TEXT_NOWHERE) {
			slot->value = g;
			return true;
		}
		if (first > head.n)
			head = text_head(g, first);
		if (g.n - last - 1 > tail.n)
			tail = text_from(g, last + 1);
		g = without_stars(text_from(text_head(g, last), first), keep);
		middle = arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(middle),
				      middle.n ? " " : "", TEXT_ARG(g));
	}
	if (tail.n == 0 && middle.n && middle.p[middle.n - 1] == '\\')
		tail = TEXT("zq.exe");
	if (head.n == 0)
		head = text_of(start);
	slot->value = arena_printf(keep, TEXT_FMT TEXT_FMT TEXT_FMT, TEXT_ARG(head),
				   TEXT_ARG(middle), TEXT_ARG(tail));
	return true;
}

/* --- the event --- */

static void
add_usual(struct making *m, struct text name, const char *value)
{
	struct slot *slot = slot_of(m, name);

	if (slot->n_globs == 0 && !slot->absent && slot->value.n == 0)
		slot->value = text_of(value);
}

static void
add_filling(struct making *m, const struct filling *fill)
{
	for (size_t i = 0; i < fill->n; i++) {
		struct name_ref          ref = name_ref(fill->names[i]);
		const struct name_entry *e = entry_of(m, &ref);
		struct text              raw = e ? e->argument : bare_name(&ref), value;
		bool                     vary = i == fill->varied;
		uint32_t                 number = vary ? fill->number : 0;

		if (e && e->how == HOW_COMPUTER && vary)
			raw = TEXT(" host");
		else if ((e && e->how > HOW_NOT_ZERO) || raw.n == 0 || raw.p[0] == '_')
			continue;
		value = fill->filler == FILLER_PATH
			    ? arena_printf(m->keep, "C:\\Zq\\zq%u.val", number)
			: fill->filler == FILLER_SAME ? arena_printf(m->keep, "ZQ-%u", number + 1)
						      : arena_printf(m->keep, "zq%zu-%u", i, number);
		add_usual(m, raw, value.p);
	}
}

static void
make_event(struct making *m, struct event *out)
{
	const struct made_kind *kind = m->kind;
	struct event            ev = {
		.id = 1,
		.channel = kind->channel,
		.provider = TEXT("Zq"),
		.host = TEXT("ZQ-1"),
		.event_id = kind->event_id,
		.event_name = kind->event_name,
		.format = FORMAT_EVTX,
		.time_ns = INT64_C(1600689600000000000),
	};

	ev.fields = arena_new(m->keep, struct field, m->n + 1);
	if (kind->event_name.n)
		ev.format = FORMAT_CROWDSTRIKE;
	for (size_t i = 0; i < m->n; i++) {
		const struct slot *s = &m->slots[i];

		if (s->absent || s->value.n == 0)
			continue;
		if (text_eq(s->name, TEXT(" host")))
			ev.host = s->value;
		else if (text_eq(s->name, TEXT(" message")))
			ev.message = s->value;
		else
			ev.fields[ev.n_fields++] =
			    (struct field){ s->name, s->value, text_key(s->name) };
	}
	if (m->words.n)
		ev.fields[ev.n_fields++] = (struct field){ TEXT("Zq"),
							   without_stars(m->words, m->keep),
							   text_key(TEXT("Zq")) };
	event_finish(&ev);
	*out = ev;
}

static bool
make(struct making *m, const struct pred *pred, const struct filling *fill)
{
	static const char *const starts[FILLERS] = { "C:\\Zq\\zq", "ZQ-1 ", "zq " };
	bool                     odd = m->choice & 1;

	if (!want(m, pred, true))
		return false;
	for (size_t i = 0; i < fill->n_wishes; i++) {
		struct name_ref ref = name_ref(fill->wishes[i].field);

		if (!want_value(m, &ref, fill->wishes[i].value))
			return false;
	}
	for (size_t i = 0; i < m->n; i++)
		if (m->slots[i].n_globs && (m->slots[i].absent || !settle(&m->slots[i], starts[fill->filler], m->keep)))
			return false;
	if (m->kind->scope == SCOPE_SECURITY)
		add_usual(m, TEXT("Keywords"), odd ? "0x8010000000000000" : "0x8020000000000000");
	if (m->kind->event_id == 12)
		add_usual(m, TEXT("EventType"), odd ? "DeleteKey" : "CreateKey");
	if (m->kind->event_id == 13)
		add_usual(m, TEXT("EventType"), odd ? "DeleteValue" : "SetValue");
	add_usual(m, TEXT("Opcode"), "0");
	add_usual(m, TEXT("UserID"), "S-1-5-21-1-2-3-1001");
	add_filling(m, fill);
	return true;
}

bool
satisfy(const struct pred *pred, const struct made_kind *kind, uint32_t choice,
	const struct filling *fill, struct arena *keep, struct event *out)
{
	struct making *m = arena_new(keep, struct making, 1);

	*m = (struct making){ .keep = keep, .kind = kind, .choice = choice };
	if (!make(m, pred, fill))
		return false;
	make_event(m, out);
	return plain_holds(pred, out, keep);
}

bool
near_miss(const struct pred *pred, const struct made_kind *kind, uint32_t choice, uint32_t *part,
	  struct arena *keep, struct event *out)
{
	struct making *m = arena_new(keep, struct making, 1);

	*m = (struct making){ .keep = keep, .kind = kind, .choice = choice };
	if (!make(m, pred, &(struct filling){ 0 }))
		return false;
	while (*part < m->n) {
		struct slot *slot = &m->slots[(*part)++];
		struct slot  saved = *slot;

		if (slot->n_globs == 0)
			continue;
		slot->value = TEXT("0zq");
		make_event(m, out);
		if (!plain_holds(pred, out, keep))
			return true;
		*slot = saved;
	}
	return false;
}
