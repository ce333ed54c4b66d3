/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/event.h"

#include "base/name_entry.h"

const struct field *
event_field(const struct event *ev, uint32_t from, struct text name)
{
	for (uint32_t i = from; i < ev->n_fields; i++)
		if (text_eq(ev->fields[i].name, name))
			return &ev->fields[i];
	return NULL;
}

struct text
event_nth_data(const struct event *ev, uint32_t nth)
{
	for (uint32_t i = ev->n_system; i < ev->n_fields; i++)
		if (text_eq(ev->fields[i].name, TEXT("Data")) && --nth == 0)
			return ev->fields[i].value;
	return TEXT_NONE;
}

struct text
event_get(const struct event *ev, struct text name)
{
	const struct field *f = event_field(ev, 0, name);

	return f ? f->value : TEXT_NONE;
}

struct text
event_body(const struct event *ev, struct text name)
{
	const struct field *f = event_field(ev, ev->n_system, name);

	return f ? f->value : TEXT_NONE;
}

struct scope_name {
	struct text      name;
	enum event_scope scope;
};

static const struct scope_name channel_scopes[] = {
	{ TEXT_INIT("Security"), SCOPE_SECURITY },
	{ TEXT_INIT("System"), SCOPE_SYSTEM },
	{ TEXT_INIT("Application"), SCOPE_APPLICATION },
	{ TEXT_INIT("Microsoft-Windows-Sysmon/Operational"), SCOPE_SYSMON },
	{ TEXT_INIT("Linux-Sysmon/Operational"), SCOPE_SYSMON },
	{ TEXT_INIT("Microsoft-Windows-PowerShell/Operational"), SCOPE_POWERSHELL },
	{ TEXT_INIT("PowerShellCore/Operational"), SCOPE_POWERSHELL },
	{ TEXT_INIT("Windows PowerShell"), SCOPE_POWERSHELL },
	{ TEXT_INIT("Microsoft-Windows-WMI-Activity/Operational"), SCOPE_WMI },
	{ TEXT_INIT("Microsoft-Windows-WMI-Activity/Trace"), SCOPE_WMI },
	{ TEXT_INIT("Microsoft-Windows-WinRM/Operational"), SCOPE_WINRM },
	{ TEXT_INIT("Microsoft-Windows-TaskScheduler/Operational"), SCOPE_TASK },
	{ TEXT_INIT("Microsoft-Windows-Windows Defender/Operational"), SCOPE_DEFENDER },
};

/* For events whose channel says nothing. */
static const struct scope_name provider_scopes[] = {
	{ TEXT_INIT("Microsoft-Windows-Security-Auditing"), SCOPE_SECURITY },
	{ TEXT_INIT("Microsoft-Windows-Sysmon"), SCOPE_SYSMON },
	{ TEXT_INIT("Linux-Sysmon"), SCOPE_SYSMON },
	{ TEXT_INIT("Microsoft-Windows-WMI-Activity"), SCOPE_WMI },
	{ TEXT_INIT("Microsoft-Windows-WinRM"), SCOPE_WINRM },
	{ TEXT_INIT("Microsoft-Windows-TaskScheduler"), SCOPE_TASK },
	{ TEXT_INIT("Microsoft-Windows-Windows Defender"), SCOPE_DEFENDER },
	{ TEXT_INIT("Service Control Manager"), SCOPE_SYSTEM },
};

static enum event_scope
scope_find(const struct scope_name *table, size_t n, struct text name)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].name.n == name.n && text_ieq(table[i].name, name))
			return table[i].scope;
	return SCOPE_OTHER;
}

static enum event_scope
scope_of(const struct event *ev)
{
	enum event_scope scope;

	if (ev->channel.n == 0 && (ev->format == FORMAT_CROWDSTRIKE || ev->event_name.n))
		return SCOPE_CROWDSTRIKE;
	scope = scope_find(channel_scopes, sizeof(channel_scopes) / sizeof(channel_scopes[0]),
			   ev->channel);
	if (scope == SCOPE_OTHER)
		scope =
		    scope_find(provider_scopes,
			       sizeof(provider_scopes) / sizeof(provider_scopes[0]), ev->provider);
	return scope;
}

static bool
is_script_part(const struct event *ev)
{
	uint64_t total;

	return ev->scope == SCOPE_POWERSHELL && ev->event_id == 4104 &&
	       text_to_u64(event_body(ev, TEXT("MessageTotal")), &total) && total > 1;
}

/* The first of the fields that names somebody. */
static struct text
first_account(const struct event *ev, const struct text *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct text value = event_body(ev, names[i]);

		if (value.n && !text_eq(value, TEXT("-")))
			return value;
	}
	return TEXT_NONE;
}

static struct text
user_of(const struct event *ev)
{
	static const struct text security[] = { TEXT_INIT("TargetUserName"),
						TEXT_INIT("SubjectUserName") };
	static const struct text crowdstrike[] = { TEXT_INIT("UserName"), TEXT_INIT("UserSid") };
	static const struct text other[] = { TEXT_INIT("User"), TEXT_INIT("AccountName") };
	struct text              user = TEXT_NONE, sid;

	if (ev->scope == SCOPE_SECURITY)
		user = first_account(ev, security, 2);
	else if (ev->scope == SCOPE_CROWDSTRIKE)
		user = first_account(ev, crowdstrike, 2);
	if (user.n == 0)
		user = first_account(ev, other, 2);
	if (user.n)
		return user;
	sid = event_get(ev, TEXT("UserID"));
	user = sid_name(sid);
	return user.n ? user : sid;
}

void
event_finish(struct event *ev)
{
	ev->scope = scope_of(ev);
	ev->user = user_of(ev);
	if (is_script_part(ev))
		ev->flags |= EVENT_SCRIPT_PART;
}
