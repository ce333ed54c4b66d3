/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A narrowing never loses an event: random predicates, drawn from what random events hold, against
 * the evaluator; and what an index is told for the searches that matter.
 */
#include "config.h"

#include "base/pred.h"
#include "tests/made.h"
#include "tests/tap.h"

#define N_EVENTS 400
#define N_PREDS  4000

struct dice {
	uint64_t state;
};

static uint32_t
roll(struct dice *d, uint32_t sides)
{
	d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(d->state >> 33) % sides;
}

#define PICK(d, array) ((array)[roll((d), sizeof(array) / sizeof((array)[0]))])

static const char *const channels[] = {
	POWERSHELL_LOG, SYSMON_LOG, "Security", "System", "Application",
	"Windows PowerShell", "microsoft-windows-powershell/operational",
	"Microsoft-Windows-Windows Defender/Operational", "Setup", "",
};
static const uint32_t    ids[] = { 1,    3,    12,   13,   22,   400,  600,  800,  4103,
				   4104, 4104, 4104, 4105, 4624, 4625, 4688, 4688, 4720,
				   4740, 5145, 7036, 7045, 0,    410,  41040 };
static const char *const hosts[] = {
	"ws1", "WS1.corp.example", "ws2.corp.example", "192.0.2.7", "unknown", "",
	"d\xC3\x84ta",
};
static const char *const fields[] = {
	"Image", "CommandLine", "NewProcessName", "ParentImage", "ParentProcessName",
	"User", "UserID", "TargetUserName", "SubjectUserName", "ScriptBlockText",
	"ScriptBlockId", "Path", "MessageNumber", "MessageTotal", "Hashes", "TargetObject",
	"Details", "QueryName", "QueryResults", "Keywords", "Name", "Guid", "Opcode",
	"Data", "Data", "Data", "IpAddress", "LogonType", "OriginalFileName", "ProcessId",
	"NewProcessId", "ServiceName", "ContextInfo", "Payload", "UserData", "Status",
	"New Value", "dest", "source", "Message", "SourceHostname", "DestinationIp",
	"Initiated", "TargetFilename", "user", "param1", "IntegrityLevel",
	"MandatoryLabel", "EventType",
};
static const char *const words[] = {
	"invoke-wmimethod", "Invoke-Command", "-CN srv", "powershell.exe",
	"\"C:\\Program Files\\x y.exe\"", "C:\\Windows\\System32\\calc.exe", "calc",
	"CORP\\ann", "S-1-5-18", "S-1-5-21-1-2-3-500", "-", "unknown", "Scriptblock text",
	"Path: x", "(1 of 2):", "0x8020000000000000", "12", "10.1.2.3",
	"MD5=0aF1,SHA256=77AB,IMPHASH=1234", "HKLM\\SOFTWARE\\Run\\x",
	"DWORD (0x00000001)", "type:  5 a.b;", "XmlWinEventLog:Security", "Available",
	"d\xC3\xA4ta \xD0\x96\xD0\xB6", "S-1-16-12288", "true", "two\nlines here", "a",
	"  ", "\t\"q\"", "-Name create", "ScriptBlock ID", "Microsoft Windows", "x.y",
};

static struct text
random_value(struct dice *d, struct arena *keep)
{
	struct text value = text_of(PICK(d, words));

	while (roll(d, 3) == 0)
		value = arena_join(keep, arena_join(keep, value, roll(d, 4) ? TEXT(" ") : TEXT("")),
				   text_of(PICK(d, words)));
	return value;
}

static struct event *
random_event(struct dice *d, struct arena *keep)
{
	struct event *ev = arena_new(keep, struct event, 1);
	uint32_t      n = roll(d, 14);

	ev->event_id = PICK(d, ids);
	ev->channel = text_of(PICK(d, channels));
	ev->host = text_of(PICK(d, hosts));
	ev->time_ns = roll(d, 5) ? (int64_t)roll(d, 50) : WHEN_NONE;
	ev->fields = arena_new(keep, struct field, n + 3);
	if (roll(d, 4) == 0)
		ev->message = random_value(d, keep);
	if (roll(d, 10) == 0) {
		ev->event_name = TEXT("ProcessRollup2");
		ev->event_id = 0;
	}
	ev->fields[ev->n_fields++] =
	    (struct field){ .name = TEXT("EventID"),
			    .value = arena_printf(keep, "%u", ev->event_id) };
	ev->n_system = 1;
	for (uint32_t i = 0; i < n; i++)
		ev->fields[ev->n_fields++] = (struct field){ .name = text_of(PICK(d, fields)),
							     .value = random_value(d, keep) };
	if (roll(d, 4) == 0) {
		ev->channel = TEXT("Security");
		ev->event_id = 4688;
		ev->fields[ev->n_fields++] =
		    (struct field){ TEXT("NewProcessName"), random_value(d, keep), 0 };
		ev->fields[ev->n_fields++] =
		    (struct field){ TEXT("CommandLine"), random_value(d, keep), 0 };
	}
	for (uint32_t i = 0; i < ev->n_fields; i++)
		ev->fields[i].key = text_key(ev->fields[i].name);
	ev->has_record_id = true;
	ev->record_id = roll(d, 1000);
	event_finish(ev);
	if (roll(d, 8) == 0)
		ev->flags |= EVENT_SCRIPT_REST;
	return ev;
}

/* A pattern that VALUE satisfies, most of the time. */
static struct text
random_pattern(struct dice *d, struct arena *keep, struct text value)
{
	char  *p = arena_new(keep, char, value.n + 8);
	size_t n = 0, from = 0, to = value.n;

	if (value.n && roll(d, 3)) {
		from = roll(d, (uint32_t)value.n);
		to = from + roll(d, (uint32_t)(value.n - from) + 1);
		p[n++] = '*';
	}
	for (size_t i = from; i < to; i++) {
		char c = value.p[i];

		if (roll(d, 25) == 0) {
			p[n++] = '*';
			i += roll(d, 4);
			if (i >= to)
				break;
			c = value.p[i];
			if (n + 4 > value.n + 8)
				break;
		}
		if (roll(d, 2) && c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		p[n++] = c;
	}
	if (to < value.n)
		p[n++] = '*';
	return (struct text){ p, n };
}

static struct text
random_name(struct dice *d)
{
	const struct text       *names;
	size_t                   n = names_all(&names);
	static const char *const often[] = {
		"EventCode", "source", "Channel", "Computer", "host", "ScriptBlockText",
		"Message", "Processes.process", "CommandLine", "eventtype", "sourcetype",
		"Data", "user",
	};

	if (roll(d, 2))
		return text_of(PICK(d, often));
	return roll(d, 4) ? names[roll(d, (uint32_t)n)] : text_of(PICK(d, fields));
}

static void
random_leaf(struct dice *d, struct arena *keep, const struct event *ev, struct pred *p)
{
	struct text values[NAME_VALUES_MAX], value = text_of(PICK(d, words));
	uint32_t    kind = roll(d, 20);
	size_t      n;
	bool        one;

	p->kind = kind < 13    ? PRED_EQ
		  : kind < 16  ? PRED_WORD
		  : kind == 16 ? PRED_MODEL
		  : kind == 17 ? PRED_TIME
		  : kind == 18 ? PRED_NE
			       : PRED_GE;
	p->model = 1 + roll(d, MODEL_COUNT - 1);
	p->earliest_ns = roll(d, 2) ? WHEN_NONE : (int64_t)roll(d, 40);
	p->latest_ns = roll(d, 2) ? WHEN_MAX : (int64_t)roll(d, 60);
	p->whole = p->kind == PRED_WORD && roll(d, 8) == 0;
	p->name = name_ref(random_name(d));
	if (p->kind == PRED_WORD) {
		struct text raw = event_words(ev, keep);
		uint32_t    from = raw.n ? roll(d, (uint32_t)raw.n) : 0;

		value = text_head(text_from(raw, from), 1 + roll(d, 20));
	} else {
		n = event_match_values(ev, &p->name, keep, values, NAME_VALUES_MAX, &one);
		if (n)
			value = values[roll(d, (uint32_t)n)];
	}
	p->pattern =
	    pattern_make(keep, random_pattern(d, keep, value), roll(d, 10) == 0, roll(d, 10) == 0);
}

static const struct pred *
random_pred(struct dice *d, struct arena *keep, const struct event *ev, uint32_t depth)
{
	struct pred        *p = arena_new(keep, struct pred, 1);
	const struct pred **kids;
	uint32_t            kind = depth ? roll(d, 6) : 5;

	if (kind >= 4) {
		random_leaf(d, keep, ev, p);
		return p;
	}
	p->kind = kind == 0 ? PRED_NOT : kind == 1 ? PRED_OR : PRED_AND;
	p->n_kids = p->kind == PRED_NOT ? 1 : roll(d, 4);
	kids = arena_new(keep, const struct pred *, p->n_kids);
	for (uint32_t i = 0; i < p->n_kids; i++)
		kids[i] = random_pred(d, keep, ev, depth - 1);
	p->kids = kids;
	return p;
}

/* Built texts of one kind of event, where literals are hardest to be sure of. */
static const struct pred *
pinned_pred(struct dice *d, struct arena *keep, const struct event *ev)
{
	struct text  values[NAME_VALUES_MAX], id = arena_printf(keep, "%u", ev->event_id);
	struct pred *p = arena_new(keep, struct pred, 1);
	size_t       n;

	p->kind = PRED_EQ;
	p->name = name_ref(roll(d, 2) ? TEXT("Message") : TEXT("Processes.process"));
	n = event_values(ev, &p->name, keep, values, NAME_VALUES_MAX);
	p->pattern =
	    pattern_make(keep, random_pattern(d, keep, n ? values[0] : TEXT("x")), false, false);
	return pred_and(keep,
			pred_and(keep, made_eq(keep, "Channel", arena_cstr(keep, ev->channel)),
				 made_eq(keep, "EventCode", arena_cstr(keep, id))),
			p);
}

static bool
among(const struct text *set, uint32_t n, struct text item)
{
	for (uint32_t i = 0; i < n; i++)
		if (text_eq(set[i], item))
			return true;
	return n == 0;
}

static bool
has_literal(const struct event *ev, struct text literal)
{
	const struct text facts[] = { ev->host, ev->channel,    ev->provider,
				      ev->user, ev->event_name, ev->message };

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (facts[i].n && text_ifind(facts[i], literal) != TEXT_NOWHERE)
			return true;
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (text_ifind(ev->fields[i].value, literal) != TEXT_NOWHERE)
			return true;
	return false;
}

static bool
admits_groups(const struct narrowing *nr, const struct event *ev)
{
	for (uint32_t i = 0; i < nr->n_groups; i++) {
		bool met = false;

		for (uint32_t k = 0; k < nr->groups[i].n; k++)
			met = met || has_literal(ev, nr->groups[i].any[k]);
		if (!met)
			return false;
	}
	return true;
}

/* As an index would decide. */
static bool
admits(const struct narrowing *nr, const struct event *ev, struct arena scratch)
{
	struct text host = arena_fold(&scratch, ev->host), label = host, rest = host;
	bool        id = nr->n_event_ids == 0;

	label = text_cut(&rest, '.');
	for (uint32_t i = 0; i < nr->n_event_ids; i++)
		id = id || nr->event_ids[i] == ev->event_id;
	if (nr->none || !id || !among(nr->channels, nr->n_channels, arena_fold(&scratch, ev->channel)))
		return false;
	if (!among(nr->hosts, nr->n_hosts, host) && !among(nr->hosts, nr->n_hosts, label))
		return false;
	if (nr->earliest_ns != WHEN_NONE &&
	    (ev->time_ns == WHEN_NONE || ev->time_ns < nr->earliest_ns))
		return false;
	if (nr->latest_ns != WHEN_MAX && (ev->time_ns == WHEN_NONE || ev->time_ns >= nr->latest_ns))
		return false;
	return admits_groups(nr, ev);
}

static void
no_event_is_lost(struct arena keep)
{
	struct dice   d = { 20240305 };
	struct event *events[N_EVENTS];
	size_t        lost = 0, held = 0, narrow = 0, dropped = 0;

	for (size_t i = 0; i < N_EVENTS; i++)
		events[i] = random_event(&d, &keep);
	for (size_t i = 0; i < N_PREDS; i++) {
		struct arena        scratch = keep;
		const struct event *of = events[roll(&d, N_EVENTS)];
		const struct pred  *p =
                    i % 3 ? random_pred(&d, &scratch, of, 3) : pinned_pred(&d, &scratch, of);
		struct narrowing nr = pred_narrow(p, &scratch);

		narrow += nr.n_groups > 0 || nr.n_event_ids > 0 || nr.n_channels > 0;
		for (size_t k = 0; k < N_EVENTS; k++) {
			bool admitted = admits(&nr, events[k], scratch);

			dropped += !admitted;
			if (!made_holds(p, events[k], scratch))
				continue;
			held++;
			if (admitted)
				continue;
			if (lost++ < 5)
				printf("# lost event %zu: " TEXT_FMT "\n# %s\n", k,
				       TEXT_ARG(pred_print(p, &scratch)),
				       arena_cstr(&scratch, event_raw(events[k], &scratch)));
		}
	}
	ok(lost == 0, "%zu predicates, %zu matches: none lost", (size_t)N_PREDS, held);
	ok(held > N_PREDS && narrow > N_PREDS / 5 && dropped > N_PREDS * 50,
	   "the test means something: %zu narrowed, %zu events kept away", narrow, dropped);
}

static void
the_script_block_searches_are_narrow(struct arena keep)
{
	const struct pred *source =
	    made_both(&keep, PRED_OR, made_eq(&keep, "source", "WinEventLog:" POWERSHELL_LOG),
		      made_eq(&keep, "source", "XmlWinEventLog:" POWERSHELL_LOG));
	const struct pred *p = pred_and(&keep, source, made_eq(&keep, "EventCode", "4104"));
	struct narrowing   nr = pred_narrow(
	      pred_and(&keep, p, made_eq(&keep, "ScriptBlockText", "*Invoke-Command*")), &keep);
	struct narrowing message = pred_narrow(
	    pred_and(&keep, p, made_eq(&keep, "Message", "*-Class Win32_Process*")), &keep);

	ok(nr.n_event_ids == 1 && nr.event_ids[0] == 4104, "event id 4104");
	ok(nr.n_channels == 1, "one channel");
	is(nr.channels[0], TEXT("microsoft-windows-powershell/operational"), "the channel");
	ok(nr.n_groups == 1 && nr.groups[0].n == 1, "one literal");
	is(nr.groups[0].any[0], TEXT("invoke-command"), "the literal");
	ok(message.n_groups == 1, "Message gives a literal where its wording is known");
	is(message.groups[0].any[0], TEXT("win32_process"), "the longest word");
}

static void
the_process_search_is_narrow(struct arena keep)
{
	struct pred        member = { .kind = PRED_MODEL, .model = MODEL_PROCESSES };
	const struct pred *names =
	    made_both(&keep, PRED_OR, made_eq(&keep, "Processes.process_name", "powershell.exe"),
		      made_eq(&keep, "Processes.original_file_name", "pwsh.dll"));
	const struct pred *p =
	    pred_and(&keep, pred_and(&keep, &member, names),
		     made_eq(&keep, "Processes.process", "*-Class Win32_Process*"));
	struct narrowing nr = pred_narrow(p, &keep);

	ok(nr.n_event_ids == 3 && nr.event_ids[0] == 0 && nr.event_ids[1] == 1 &&
	       nr.event_ids[2] == 4688,
	   "the ids of process creation");
	ok(nr.n_groups == 2, "names and command line");
	ok(nr.groups[0].n == 2, "either name");
	is(nr.groups[1].any[0], TEXT("win32_process"), "a word of the command line");
}

static void
what_an_index_cannot_answer_stays_open(struct arena keep)
{
	struct narrowing wild = pred_narrow(made_eq(&keep, "EventCode", "410*"), &keep);
	struct narrowing unknown = pred_narrow(made_eq(&keep, "Processes.user", "unknown"), &keep);
	struct narrowing negated =
	    pred_narrow(made_not(&keep, made_eq(&keep, "CommandLine", "*powershell*")), &keep);
	struct narrowing made = pred_narrow(made_eq(&keep, "Message", "*powershell*"), &keep);
	struct narrowing either =
	    pred_narrow(made_both(&keep, PRED_OR, made_eq(&keep, "EventCode", "1"),
				  made_word(&keep, "mimikatz")),
			&keep);
	struct narrowing never = pred_narrow(
	    pred_and(&keep, made_eq(&keep, "EventCode", "1"), made_eq(&keep, "EventCode", "2")),
	    &keep);

	ok(wild.n_event_ids == 0 && wild.n_groups == 0, "EventCode=410*");
	ok(unknown.n_groups == 0, "a value that stands for a missing one");
	ok(negated.n_groups == 0, "NOT");
	ok(made.n_groups == 0, "a message in unknown words");
	ok(either.n_event_ids == 0 && either.n_groups == 0, "one thing or quite another");
	ok(never.none, "two event ids at once are none");
}

static void
long_lists_stay_cheap(struct arena keep)
{
	const struct pred **kids = arena_new(&keep, const struct pred *, 10000);
	struct pred         any = { .kind = PRED_OR, .kids = kids, .n_kids = 10000 };
	struct narrowing    nr;
	size_t              before;

	for (size_t i = 0; i < 10000; i++)
		kids[i] = made_eq(&keep, "ProcessId", arena_printf(&keep, "value%zu", i).p);
	before = arena_used(&keep);
	nr = pred_narrow(&any, &keep);
	ok(nr.n_groups == 0 && arena_used(&keep) - before < (16 << 20),
	   "10000 alternatives narrow nothing and cost little");
	any.n_kids = 40;
	nr = pred_narrow(&any, &keep);
	ok(nr.n_groups == 1 && nr.groups[0].n == 40, "40 alternatives are one group");
}

static void
computers_and_times_bound(struct arena keep)
{
	struct pred      range = { .kind = PRED_TIME, .earliest_ns = 5, .latest_ns = 9 };
	struct narrowing nr =
	    pred_narrow(pred_and(&keep, &range, made_eq(&keep, "Computer", "WS1.Corp")), &keep);

	ok(nr.earliest_ns == 5 && nr.latest_ns == 9, "the range");
	ok(nr.n_hosts == 1, "one host");
	is(nr.hosts[0], TEXT("ws1.corp"), "folded");
	nr = pred_narrow(made_eq(&keep, "Computer", "WS1.*"), &keep);
	ok(nr.n_hosts == 1, "all names of one computer are one host");
	is(nr.hosts[0], TEXT("ws1"), "by their first label");
	ok(pred_narrow(made_eq(&keep, "Computer", "*.corp"), &keep).n_hosts == 0 &&
	       pred_narrow(made_eq(&keep, "Computer", "WS*"), &keep).n_hosts == 0,
	   "a pattern that leaves the first label open means any host");
}

int
main(void)
{
	struct arena keep = arena_open(256 << 20);

	no_event_is_lost(keep);
	the_script_block_searches_are_narrow(keep);
	the_process_search_is_narrow(keep);
	what_an_index_cannot_answer_stays_open(keep);
	computers_and_times_bound(keep);
	long_lists_stay_cheap(keep);
	arena_close(&keep);
	return done_testing();
}
