/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/leads.h"

#include "base/ascii.h"
#include "base/when.h"

#define NETWORK_NS (5 * 60 * WHEN_SECOND) /* a logon and what it was for */
#define PROCESS_NS WHEN_HOUR              /* process ids are used again */
#define TARGETS_MAX 8
#define NAME_MAX_BYTES 255

/* ---- computers that a text names ---- */

static bool
is_name_byte(char c)
{
	return ascii_alnum(c) || c == '-' || c == '.' || c == '_' || c == ':' ||
	       (unsigned char)c >= 0x80;
}

static bool
is_this_computer(struct text name)
{
	static const struct text here[] = { TEXT_INIT("localhost"), TEXT_INIT("127.0.0.1"),
					    TEXT_INIT("::1"), TEXT_INIT("."), TEXT_INIT("-") };

	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		if (text_ieq(name, here[i]))
			return true;
	return false;
}

static size_t
add_name(struct text name, struct text *out, size_t n, size_t cap)
{
	while (name.n && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ':'))
		name.n--;
	if (!name.n || name.n > NAME_MAX_BYTES || n == cap || name.p[0] == '-' ||
	    is_this_computer(name))
		return n;
	for (size_t i = 0; i < n; i++)
		if (text_ieq(out[i], name))
			return n;
	out[n] = name;
	return n + 1;
}

/* "WS-01", 'WS-01','WS-02' at the start of REST. */
static size_t
read_names(struct text rest, struct text *out, size_t n, size_t cap)
{
	for (;;) {
		size_t end = 0;

		while (rest.n && memchr(" \t\"'", rest.p[0], 4))
			rest = text_from(rest, 1);
		while (end < rest.n && is_name_byte(rest.p[end]))
			end++;
		if (!end)
			return n; /* a variable, an expression */
		n = add_name(text_head(rest, end), out, n, cap);
		rest = text_from(rest, end);
		while (rest.n && memchr(" \t\"'", rest.p[0], 4))
			rest = text_from(rest, 1);
		if (!rest.n || rest.p[0] != ',')
			return n;
		rest = text_from(rest, 1);
	}
}

size_t
leads_targets(struct text command, struct text *out, size_t cap)
{
	/* Folded, and what may stand between the switch and the name. */
	static const struct {
		struct text name;
		const char *gap;
	} switches[] = {
		{ TEXT_INIT("-computername"), " \t:=" }, { TEXT_INIT("-computer"), " \t:=" },
		{ TEXT_INIT("-cn"), " \t:=" },           { TEXT_INIT("-target"), " \t:=" },
		{ TEXT_INIT("/node:"), "\"" },           { TEXT_INIT("-connectionuri"), " \t:=" },
		{ TEXT_INIT("-remote:"), "\"" },         { TEXT_INIT("-r:"), "\"" },
		{ TEXT_INIT("getobject(\"winmgmts:\\\\"), "" },
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		struct text rest = command;
		size_t      at;

		while (n < cap && (at = text_ifind(rest, switches[i].name)) != TEXT_NOWHERE) {
			const char *gap = switches[i].gap;
			size_t      skipped = 0;

			rest = text_from(rest, at + switches[i].name.n);
			while (rest.n && *gap && strchr(gap, rest.p[0])) {
				rest = text_from(rest, 1);
				skipped++;
			}
			if (skipped || !gap[0] || gap[0] == '"')
				n = read_names(rest, out, n, cap);
		}
	}
	return n;
}

/* ---- leads ---- */

struct leading {
	struct app   *app;
	struct lead  *out;
	size_t        n, cap;
	struct arena *keep;
};

static struct lead *
add(struct leading *l, enum lead_kind kind)
{
	if (l->n == l->cap)
		return NULL;
	l->out[l->n] = (struct lead){ .kind = kind, .span = { WHEN_NONE, WHEN_MAX } };
	return &l->out[l->n++];
}

static bool
seen_host(void *ctx, const struct host_row *row)
{
	*(bool *)ctx = row->events > 0;
	return true;
}

static bool
in_case(struct app *app, struct text host)
{
	struct case_filter f = CASE_FILTER_ALL;
	bool               seen = false;

	f.host = host;
	query_hosts(app->cf, &f, seen_host, &seen, NULL);
	return seen;
}

static void
add_around(struct leading *l, struct text host, int64_t time_ns, const char *what, struct text why)
{
	struct lead *lead;

	if (!host.n || time_ns == WHEN_NONE)
		return;
	for (size_t i = 0; i < l->n; i++)
		if (l->out[i].kind == LEAD_AROUND && text_ieq(l->out[i].value, host))
			return;
	lead = add(l, LEAD_AROUND);
	if (!lead)
		return;
	lead->name = arena_printf(l->keep, "%s " TEXT_FMT, what, TEXT_ARG(host));
	lead->value = arena_copy(l->keep, host);
	lead->time_ns = time_ns;
	lead->why = in_case(l->app, host)
			? why
			: arena_printf(l->keep, TEXT_FMT "%sno events of it are in this case",
				       TEXT_ARG(why), why.n ? "; " : "");
}

/* A value inside of quotes in a search. */
static struct text
quoted(struct text value, struct arena *keep)
{
	char  *out = arena_new(keep, char, value.n * 2 + 2);
	size_t n = 0;

	out[n++] = '"';
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			out[n++] = '\\';
		out[n++] = value.p[i];
	}
	out[n++] = '"';
	return (struct text){ out, n };
}

static void
add_user(struct leading *l, struct text user)
{
	struct lead *lead = user.n ? add(l, LEAD_USER) : NULL;

	if (!lead)
		return;
	lead->name = arena_printf(l->keep, "the same user: " TEXT_FMT, TEXT_ARG(user));
	lead->value = arena_copy(l->keep, user);
}

/* "pgustavo", of "THESHIRE\\pgustavo" and "pgustavo@THESHIRE.LOCAL". */
static struct text
account_of(struct text user)
{
	size_t slash = text_rfind_byte(user, '\\');
	struct text name = slash == TEXT_NOWHERE ? user : text_from(user, slash + 1);
	size_t at = text_find_byte(name, '@');

	return text_head(name, at == TEXT_NOWHERE ? name.n : at);
}

/* What events of logons say of the user. */
static struct text
logged_on_as(struct text account, struct arena *keep)
{
	struct text q = quoted(account, keep);

	if (text_istarts(account, TEXT("S-1-")))
		return arena_printf(keep, "(user=" TEXT_FMT " OR TargetUserSid=" TEXT_FMT ")", TEXT_ARG(q),
				    TEXT_ARG(q));
	return arena_printf(
	    keep, "user IN (" TEXT_FMT ", " TEXT_FMT ", " TEXT_FMT ")", TEXT_ARG(q),
	    TEXT_ARG(quoted(arena_printf(keep, "*\\" TEXT_FMT, TEXT_ARG(account)), keep)),
	    TEXT_ARG(quoted(arena_printf(keep, TEXT_FMT "@*", TEXT_ARG(account)), keep)));
}

/* Where the user logged on, or tried to, and from where: logons, Kerberos, NTLM, remote desktops. */
static void
add_logons(struct leading *l, struct text user)
{
	struct text  account = account_of(user);
	struct lead *lead = account.n ? add(l, LEAD_SEARCH) : NULL;

	if (!lead)
		return;
	lead->name = arena_printf(l->keep, "where " TEXT_FMT " logged on", TEXT_ARG(account));
	lead->why = TEXT("by computer and source: logons, also failed ones, tickets, NTLM, remote desktops");
	lead->search = arena_printf(
	    l->keep,
	    "(EventCode IN (4624, 4625, 4648, 4768, 4769, 4771, 4776, 4778) OR (EventCode IN (21, 25) "
	    "Channel=\"Microsoft-Windows-TerminalServices-LocalSessionManager/Operational\")) " TEXT_FMT
	    " | fillnull value=\"\" LogonType src | stats count "
	    "min(_time) as first max(_time) as last by Computer EventCode LogonType src | sort first "
	    "| eval first=strftime(first, \"%%F %%T\"), last=strftime(last, \"%%F %%T\")",
	    TEXT_ARG(logged_on_as(account, l->keep)));
}

static struct span
near(int64_t time_ns, int64_t half)
{
	return (struct span){ time_ns - half, time_ns + half + 1 };
}

/* Who came to the host over the network then: logons, and what WinRM and WMI say of clients. */
static void
add_callers(struct leading *l, struct text host, int64_t time_ns)
{
	struct lead *lead;

	if (!host.n || time_ns == WHEN_NONE)
		return;
	lead = add(l, LEAD_SEARCH);
	if (!lead)
		return;
	lead->name = arena_printf(l->keep, "who came to " TEXT_FMT " over the network then",
				  TEXT_ARG(host));
	lead->why = TEXT("logons of type 3 and 10, shares, WinRM and WMI clients, 5 minutes around");
	lead->span = near(time_ns, NETWORK_NS);
	lead->search = arena_printf(
	    l->keep,
	    "Computer=" TEXT_FMT " ((EventCode=4624 (LogonType=3 OR LogonType=10)) OR "
	    "EventCode=5140 OR LogName=\"Microsoft-Windows-WinRM/Operational\" OR "
	    "LogName=\"Microsoft-Windows-WMI-Activity/Operational\") | table _time EventCode "
	    "TargetUserName IpAddress WorkstationName ClientMachine connection User",
	    TEXT_ARG(quoted(host, l->keep)));
}

static struct text
value_of(const struct event *ev, const char *name, struct arena *keep)
{
	struct name_ref ref = name_ref(text_of(name));

	return event_value(ev, &ref, keep);
}

static void
add_process(struct leading *l, const struct event *ev)
{
	struct text  guid = value_of(ev, "process_guid", l->keep), pid;
	struct lead *lead;

	pid = value_of(ev, "process_id", l->keep);
	if ((!guid.n && (!pid.n || text_eq(pid, TEXT("0")) || ev->time_ns == WHEN_NONE)) ||
	    !ev->host.n)
		return;
	lead = add(l, LEAD_SEARCH);
	if (!lead)
		return;
	if (guid.n) {
		struct text q = quoted(guid, l->keep);

		lead->name = arena_printf(l->keep, "the same process: " TEXT_FMT, TEXT_ARG(guid));
		lead->why = TEXT("by its guid: what it did, what it started, what touched it");
		lead->search = arena_printf(
		    l->keep,
		    "ProcessGuid=" TEXT_FMT " OR ParentProcessGuid=" TEXT_FMT
		    " OR SourceProcessGUID=" TEXT_FMT " OR TargetProcessGUID=" TEXT_FMT
		    " OR process_guid=" TEXT_FMT,
		    TEXT_ARG(q), TEXT_ARG(q), TEXT_ARG(q), TEXT_ARG(q), TEXT_ARG(q));
		return;
	}
	lead->name = arena_printf(l->keep, "the same process: pid " TEXT_FMT " on " TEXT_FMT,
				  TEXT_ARG(pid), TEXT_ARG(ev->host));
	lead->why = TEXT("by its process id, one hour around: ids are used again");
	lead->span = near(ev->time_ns, PROCESS_NS);
	lead->search = arena_printf(
	    l->keep, "Computer=" TEXT_FMT " (process_id=" TEXT_FMT " OR parent_process_id=" TEXT_FMT
		     " OR ProcessID=" TEXT_FMT ")",
	    TEXT_ARG(quoted(ev->host, l->keep)), TEXT_ARG(pid), TEXT_ARG(pid), TEXT_ARG(pid));
}

/* Where it went to, and where it came from. */
static void
add_other_hosts(struct leading *l, const struct event *ev)
{
	static const char *const commands[] = { "ScriptBlockText", "CommandLine",
						"ScriptBlockText_decoded", "CommandLine_decoded",
						"ProcessCommandLine", "Payload" };
	static const char *const froms[] = { "WorkstationName", "Workstation", "IpAddress",
					     "SourceNetworkAddress", "ClientMachine",
					     "SourceAddress" };
	static const char *const tos[] = { "TargetServerName", "DestinationHostname" };
	struct text              names[TARGETS_MAX];

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		size_t n = leads_targets(event_get(ev, text_of(commands[i])), names, TARGETS_MAX);

		for (size_t k = 0; k < n; k++)
			add_around(l, names[k], ev->time_ns, "the computer it names:",
				   arena_printf(l->keep, "in %s", commands[i]));
	}
	for (size_t i = 0; i < sizeof(tos) / sizeof(tos[0]); i++) {
		struct text name = text_trim(event_get(ev, text_of(tos[i])));

		if (add_name(name, names, 0, 1) && !text_ieq(name, ev->host))
			add_around(l, name, ev->time_ns, "where it went:",
				   arena_printf(l->keep, "%s", tos[i]));
	}
	for (size_t i = 0; i < sizeof(froms) / sizeof(froms[0]); i++) {
		struct text name = text_trim(event_get(ev, text_of(froms[i])));

		if (add_name(name, names, 0, 1) && !text_ieq(name, ev->host))
			add_around(l, name, ev->time_ns, "where it came from:",
				   arena_printf(l->keep, "%s", froms[i]));
	}
}

static struct leading
begin(struct app *app, struct lead *out, size_t cap, struct arena *keep)
{
	return (struct leading){ .app = app, .out = out, .cap = cap, .keep = keep };
}

size_t
leads_of_event(struct app *app, const struct event *ev, struct lead *out, size_t cap,
	       struct arena *keep)
{
	struct leading l = begin(app, out, cap, keep);

	add_around(&l, ev->host, ev->time_ns, "events around it on", TEXT(""));
	add_user(&l, ev->user);
	add_logons(&l, ev->user);
	add_process(&l, ev);
	add_other_hosts(&l, ev);
	add_callers(&l, ev->host, ev->time_ns);
	return l.n;
}

size_t
leads_of_finding(struct app *app, const struct finding *f, struct lead *out, size_t cap,
		 struct arena *keep)
{
	struct leading l = begin(app, out, cap, keep);
	struct event   ev;

	add_around(&l, f->host, f->first_ns, "events around it on", TEXT(""));
	add_user(&l, f->user);
	add_logons(&l, f->user);
	for (uint32_t i = 0; i < f->n_events && i < LEADS_EVENTS; i++) {
		if (!query_event(app->cf, f->events[i], true, keep, &ev, NULL))
			continue;
		if (i == 0 && f->n_events == 1)
			add_process(&l, &ev);
		add_other_hosts(&l, &ev);
	}
	add_callers(&l, f->host, f->first_ns);
	return l.n;
}

size_t
leads_of_user(struct app *app, struct text user, struct lead *out, size_t cap, struct arena *keep)
{
	struct leading l = begin(app, out, cap, keep);

	add_user(&l, user);
	add_logons(&l, user);
	return l.n;
}
