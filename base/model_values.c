/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that only data sets of the Common Information Model have: what they make of an event. */
#include "config.h"

#include "base/ascii.h"
#include "base/name_entry.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool
is_audit_failure(const struct event *ev)
{
	uint64_t    keywords;
	struct text value = event_get(ev, TEXT("Keywords"));

	if (text_to_u64(value, &keywords))
		return (keywords & UINT64_C(0x0010000000000000)) != 0;
	return text_ieq(value, TEXT("Audit Failure"));
}

static bool
is_audit_success(const struct event *ev)
{
	uint64_t    keywords;
	struct text value = event_get(ev, TEXT("Keywords"));

	if (text_to_u64(value, &keywords))
		return (keywords & UINT64_C(0x0020000000000000)) != 0;
	return text_ieq(value, TEXT("Audit Success"));
}

static bool
status_is_zero(struct text status)
{
	uint64_t number;

	return text_to_u64(status, &number) && number == 0;
}

struct text
event_logon_action(const struct event *ev)
{
	switch (ev->event_id) {
	case 4624:
	case 4648:
	case 4672:
	case 4801:
		return TEXT("success");
	case 4625:
	case 4771:
	case 4773:
	case 4775:
	case 4777:
		return TEXT("failure");
	default:
		if (event_field(ev, ev->n_system, TEXT("Status")))
			return status_is_zero(event_body(ev, TEXT("Status"))) ? TEXT("success")
									      : TEXT("failure");
		if (is_audit_failure(ev))
			return TEXT("failure");
		return is_audit_success(ev) ? TEXT("success") : TEXT_NONE;
	}
}

static struct text
skip_blanks(struct text t)
{
	while (t.n && ascii_blank(t.p[0]))
		t = text_from(t, 1);
	return t;
}

/*
 * The add-on for Windows completes command lines that do not name their program with its path:
 * "calc.exe /x" reads "C:\Windows\System32\calc.exe /x". Blanks at the end are part of the command
 * line: detections ask for "* -f *".
 */
static struct text
process_4688(const struct event *ev, struct arena *keep)
{
	struct text path = event_body(ev, TEXT("NewProcessName"));
	struct text command = skip_blanks(event_body(ev, TEXT("CommandLine")));
	struct text rest = command, program, quoted = path;

	if (command.n == 0)
		return path;
	if (rest.p[0] == '"') {
		rest = text_from(rest, 1);
		program = text_cut(&rest, '"');
		rest = skip_blanks(rest);
	} else {
		program = text_cut(&rest, ' ');
		rest = skip_blanks(rest);
	}
	if (path.n == 0 || text_find_byte(program, '\\') != TEXT_NOWHERE)
		return command;
	if (text_find_byte(path, ' ') != TEXT_NOWHERE)
		quoted = arena_printf(keep, "\"" TEXT_FMT "\"", TEXT_ARG(path));
	if (rest.n == 0)
		return quoted;
	return arena_join(keep, arena_join(keep, quoted, TEXT(" ")), rest);
}

struct integrity {
	uint64_t    rid;
	struct text name;
};

/* MandatoryLabel "S-1-16-12288", or the last number of it alone ([MS-DTYP] 2.4.2.4). */
static struct text
integrity(struct text label)
{
	static const struct integrity levels[] = {
		{ 4096, TEXT_INIT("low") },     { 8192, TEXT_INIT("medium") },
		{ 8448, TEXT_INIT("medium") },  { 12288, TEXT_INIT("high") },
		{ 16384, TEXT_INIT("system") },
	};
	size_t   dash = text_rfind_byte(label, '-');
	uint64_t rid;

	if (!text_to_u64(dash == TEXT_NOWHERE ? label : text_from(label, dash + 1), &rid))
		return TEXT_NONE;
	for (size_t i = 0; i < COUNT(levels); i++)
		if (levels[i].rid == rid)
			return levels[i].name;
	return TEXT_NONE;
}

static struct text
registry_action(const struct event *ev)
{
	struct text type = event_body(ev, TEXT("EventType"));

	if (ev->scope == SCOPE_SECURITY || ev->event_id == 13 || ev->event_id == 14)
		return TEXT("modified");
	if (ev->event_id != 12)
		return TEXT_NONE;
	return text_istarts(type, TEXT("Delete")) ? TEXT("deleted") : TEXT("created");
}

static struct text
registry_type(struct text details)
{
	if (text_istarts(details, TEXT("DWORD (")))
		return TEXT("REG_DWORD");
	if (text_istarts(details, TEXT("QWORD (")))
		return TEXT("REG_QWORD");
	if (text_ieq(details, TEXT("Binary Data")))
		return TEXT("REG_BINARY");
	return details.n ? TEXT("REG_SZ") : TEXT_NONE;
}

static struct text
file_action(const struct event *ev)
{
	if (ev->scope != SCOPE_SYSMON)
		return TEXT_NONE;
	switch (ev->event_id) {
	case 2:
		return TEXT("modified");
	case 11:
	case 15:
		return TEXT("created");
	case 23:
	case 26:
		return TEXT("deleted");
	default:
		return TEXT_NONE;
	}
}

static struct text
service_status(const struct event *ev)
{
	if (ev->event_id == 7036 && text_ieq(event_body(ev, TEXT("param2")), TEXT("running")))
		return TEXT("started");
	if (ev->event_id == 7036)
		return event_body(ev, TEXT("param2"));
	if (ev->event_id == 7045 || ev->event_id == 4697)
		return TEXT("installed");
	return TEXT_NONE;
}

struct mapped {
	struct text from, to;
};

/* Without letter case; absent when MAPS does not have the value. */
static struct text
mapped(const struct mapped *maps, size_t n, struct text value)
{
	for (size_t i = 0; i < n; i++)
		if (text_ieq(maps[i].from, value))
			return maps[i].to;
	return TEXT_NONE;
}

/* StartType of the service control manager in words, ServiceStartType of 4697 as a number. */
static struct text
start_mode(struct text type)
{
	static const struct mapped modes[] = {
		{ TEXT_INIT("auto start"), TEXT_INIT("auto") },
		{ TEXT_INIT("demand start"), TEXT_INIT("manual") },
		{ TEXT_INIT("disabled"), TEXT_INIT("disabled") },
		{ TEXT_INIT("boot start"), TEXT_INIT("boot") },
		{ TEXT_INIT("system start"), TEXT_INIT("system") },
		{ TEXT_INIT("0"), TEXT_INIT("boot") },
		{ TEXT_INIT("1"), TEXT_INIT("system") },
		{ TEXT_INIT("2"), TEXT_INIT("auto") },
		{ TEXT_INIT("3"), TEXT_INIT("manual") },
		{ TEXT_INIT("4"), TEXT_INIT("disabled") },
	};

	return mapped(modes, COUNT(modes), type);
}

/* Sysmon says who began, the filtering platform which way, by number or in its words. */
static struct text
direction(const struct event *ev)
{
	static const struct mapped ways[] = {
		{ TEXT_INIT("%%14592"), TEXT_INIT("inbound") },
		{ TEXT_INIT("%%14593"), TEXT_INIT("outbound") },
		{ TEXT_INIT("Inbound"), TEXT_INIT("inbound") },
		{ TEXT_INIT("Outbound"), TEXT_INIT("outbound") },
	};

	if (ev->scope == SCOPE_SECURITY)
		return mapped(ways, COUNT(ways), event_body(ev, TEXT("Direction")));
	return text_ieq(event_body(ev, TEXT("Initiated")), TEXT("true")) ? TEXT("outbound")
									 : TEXT("inbound");
}

static struct text
ip_version(struct text is_ipv6)
{
	if (is_ipv6.n == 0)
		return TEXT_NONE;
	return text_ieq(is_ipv6, TEXT("true")) ? TEXT("ipv6") : TEXT("ipv4");
}

/* Number of the protocol, as IANA assigned it. */
static struct text
transport(struct text protocol)
{
	static const struct mapped protocols[] = {
		{ TEXT_INIT("1"), TEXT_INIT("icmp") },    { TEXT_INIT("2"), TEXT_INIT("igmp") },
		{ TEXT_INIT("6"), TEXT_INIT("tcp") },     { TEXT_INIT("17"), TEXT_INIT("udp") },
		{ TEXT_INIT("58"), TEXT_INIT("icmpv6") },
	};

	return mapped(protocols, COUNT(protocols), protocol);
}

/* QueryStatus is an error code of Windows: those of DNS are 9000 and the reply's own code. */
static struct text
dns_reply(struct text status)
{
	static const struct mapped replies[] = {
		{ TEXT_INIT("0"), TEXT_INIT("NoError") },
		{ TEXT_INIT("9001"), TEXT_INIT("FormErr") },
		{ TEXT_INIT("9002"), TEXT_INIT("ServFail") },
		{ TEXT_INIT("9003"), TEXT_INIT("NXDomain") },
		{ TEXT_INIT("9004"), TEXT_INIT("NotImp") },
		{ TEXT_INIT("9005"), TEXT_INIT("Refused") },
	};

	return mapped(replies, COUNT(replies), status);
}

static struct text
update_status(const struct event *ev)
{
	switch (ev->event_id) {
	case 17:
	case 18:
		return TEXT("available");
	case 19:
		return TEXT("installed");
	case 20:
		return TEXT("failure");
	case 21:
	case 22:
		return TEXT("restart required");
	}
	return TEXT_NONE;
}

static struct text
logon_app(const struct event *ev)
{
	struct text type = event_body(ev, TEXT("LogonType"));

	if (ev->event_id >= 4768 && ev->event_id <= 4777)
		return TEXT("win:remote");
	if (type.n == 0)
		return ev->event_id == 4648 || ev->event_id == 4672 ? TEXT("win:local") : TEXT_NONE;
	if (text_eq(type, TEXT("3")) || text_eq(type, TEXT("8")) || text_eq(type, TEXT("10")) ||
	    text_eq(type, TEXT("12")))
		return TEXT("win:remote");
	return TEXT("win:local");
}

/* QueryResults starts "type:  5 name;" for everything but addresses. */
static struct text
record_type(struct text results)
{
	static const struct mapped types[] = {
		{ TEXT_INIT("1"), TEXT_INIT("A") },      { TEXT_INIT("2"), TEXT_INIT("NS") },
		{ TEXT_INIT("5"), TEXT_INIT("CNAME") },  { TEXT_INIT("6"), TEXT_INIT("SOA") },
		{ TEXT_INIT("12"), TEXT_INIT("PTR") },   { TEXT_INIT("15"), TEXT_INIT("MX") },
		{ TEXT_INIT("16"), TEXT_INIT("TXT") },   { TEXT_INIT("28"), TEXT_INIT("AAAA") },
		{ TEXT_INIT("33"), TEXT_INIT("SRV") },   { TEXT_INIT("65"), TEXT_INIT("HTTPS") },
		{ TEXT_INIT("255"), TEXT_INIT("ANY") },
	};
	struct text type;
	struct text first = text_trim(text_cut(&results, ';'));

	if (!text_istarts(first, TEXT("type:")))
		return TEXT_NONE;
	first = text_trim(text_from(first, sizeof("type:") - 1));
	first = text_cut(&first, ' ');
	type = mapped(types, COUNT(types), first);
	return type.n ? type : first;
}

/* What Defender did about a finding: a detection alone, and what failed, is still to be dealt with.
 * Source: Microsoft's description of the events 1116 to 1119 (Action Name). */
static struct text
malware_action(const struct event *ev)
{
	static const struct mapped actions[] = {
		{ TEXT_INIT("Allow"), TEXT_INIT("allowed") },
		{ TEXT_INIT("Block"), TEXT_INIT("blocked") },
		{ TEXT_INIT("Clean"), TEXT_INIT("blocked") },
		{ TEXT_INIT("Quarantine"), TEXT_INIT("blocked") },
		{ TEXT_INIT("Remove"), TEXT_INIT("blocked") },
	};
	bool        acted = ev->event_id == 1007 || ev->event_id == 1117;
	struct text action = mapped(actions, COUNT(actions), event_body(ev, TEXT("Action Name")));

	return acted && action.n ? action : TEXT("deferred");
}

struct text
model_value(const struct event *ev, const struct name_entry *e, struct arena *keep)
{
	switch ((int)e->how) {
	case HOW_PROCESS_4688:
		return process_4688(ev, keep);
	case HOW_AUDIT_ALLOWED:
		if (is_audit_failure(ev))
			return TEXT("blocked");
		return is_audit_success(ev) ? TEXT("allowed") : TEXT_NONE;
	case HOW_AUDIT_RESULT:
		if (is_audit_failure(ev))
			return TEXT("failure");
		return is_audit_success(ev) ? TEXT("success") : TEXT_NONE;
	case HOW_INTEGRITY:
		return integrity(event_body(ev, e->argument));
	case HOW_REGISTRY_ACTION:
		return registry_action(ev);
	case HOW_REGISTRY_TYPE:
		return registry_type(event_body(ev, TEXT("Details")));
	case HOW_FILE_ACTION:
		return file_action(ev);
	case HOW_SERVICE_STATUS:
		return service_status(ev);
	case HOW_DIRECTION:
		return direction(ev);
	case HOW_LOGON_ACTION:
		return event_logon_action(ev);
	case HOW_LOGON_APP:
		return logon_app(ev);
	case HOW_START_MODE:
		return start_mode(event_body(ev, e->argument));
	case HOW_IP_VERSION:
		return ip_version(event_body(ev, e->argument));
	case HOW_TRANSPORT:
		return transport(event_body(ev, e->argument));
	case HOW_UPDATE_STATUS:
		return update_status(ev);
	case HOW_MALWARE_ACTION:
		return malware_action(ev);
	case HOW_DNS_REPLY:
		return dns_reply(event_body(ev, e->argument));
	case HOW_RECORD_TYPE:
		return record_type(event_body(ev, TEXT("QueryResults")));
	}
	return TEXT_NONE;
}
