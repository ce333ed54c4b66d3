/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The attributes of an account that an audit event lists, in the words of its message. */
#include "config.h"

#include "base/ascii.h"
#include "base/meaning.h"
#include "base/name_entry.h"

/* As the messages of 4720, 4738, 4741 and 4742 list them. */
static const struct attribute {
	struct text field, label;
} attributes[] = {
	{ TEXT_INIT("SamAccountName"), TEXT_INIT("SAM Account Name") },
	{ TEXT_INIT("DisplayName"), TEXT_INIT("Display Name") },
	{ TEXT_INIT("UserPrincipalName"), TEXT_INIT("User Principal Name") },
	{ TEXT_INIT("HomeDirectory"), TEXT_INIT("Home Directory") },
	{ TEXT_INIT("HomePath"), TEXT_INIT("Home Drive") },
	{ TEXT_INIT("ScriptPath"), TEXT_INIT("Script Path") },
	{ TEXT_INIT("ProfilePath"), TEXT_INIT("Profile Path") },
	{ TEXT_INIT("UserWorkstations"), TEXT_INIT("User Workstations") },
	{ TEXT_INIT("PasswordLastSet"), TEXT_INIT("Password Last Set") },
	{ TEXT_INIT("AccountExpires"), TEXT_INIT("Account Expires") },
	{ TEXT_INIT("PrimaryGroupId"), TEXT_INIT("Primary Group ID") },
	{ TEXT_INIT("AllowedToDelegateTo"), TEXT_INIT("AllowedToDelegateTo") },
	{ TEXT_INIT("OldUacValue"), TEXT_INIT("Old UAC Value") },
	{ TEXT_INIT("NewUacValue"), TEXT_INIT("New UAC Value") },
	{ TEXT_INIT("UserAccountControl"), TEXT_INIT("User Account Control") },
	{ TEXT_INIT("UserParameters"), TEXT_INIT("User Parameters") },
	{ TEXT_INIT("SidHistory"), TEXT_INIT("SID History") },
	{ TEXT_INIT("LogonHours"), TEXT_INIT("Logon Hours") },
	{ TEXT_INIT("DnsHostName"), TEXT_INIT("DNS Host Name") },
	{ TEXT_INIT("ServicePrincipalNames"), TEXT_INIT("Service Principal Names") },
};

/* VALUE with the words that its codes ("%%2096") stand for. */
static void
put_worded(struct sink *sink, const struct event *ev, struct text name, struct text value)
{
	for (size_t at; (at = text_find(value, TEXT("%%"))) != TEXT_NOWHERE;) {
		size_t      n = at + 2;
		struct text code, words;

		while (n < value.n && ascii_digit(value.p[n]))
			n++;
		code = text_from(text_head(value, n), at);
		words = code_meaning(ev, name, code);
		sink_put(sink, text_head(value, at));
		sink_put(sink, words.n ? words : code);
		value = text_from(value, n);
	}
	sink_put(sink, value);
}

static void
write_attributes(struct sink *sink, const struct event *ev)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		struct text value = event_body(ev, attributes[i].field);

		if (!value.n)
			continue;
		if (sink->n)
			sink_put(sink, TEXT("\n\t"));
		sink_put(sink, attributes[i].label);
		sink_put(sink, TEXT(":\t"));
		put_worded(sink, ev, attributes[i].field, value);
	}
}

static void
write_account_control(struct sink *sink, const struct event *ev)
{
	const struct text field = TEXT("UserAccountControl");
	const struct text value = event_body(ev, field);

	if (!text_absent(value))
		put_worded(sink, ev, field, text_trim(value));
}

struct text
event_attributes(const struct event *ev, struct arena *keep)
{
	const struct text heading = TEXT("Attributes:");
	struct text       part = text_or_empty(ev->message);
	size_t            at = text_find(part, heading);

	if (at == TEXT_NOWHERE)
		return event_written(write_attributes, ev, keep);
	part = text_from(part, at + heading.n);
	at = text_find(part, TEXT("Additional Information:"));
	return text_trim(text_head(part, at == TEXT_NOWHERE ? part.n : at));
}

struct text
event_account_control(const struct event *ev, struct arena *keep)
{
	return event_written(write_account_control, ev, keep);
}
