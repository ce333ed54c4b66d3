/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data sets of the Common Information Model: their members, and the values that only they have. */
#include "config.h"

#include "base/names.h"

#include "base/name_entry.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct data_set {
	struct text model, set, prefix;
};

static const struct data_set data_sets[MODEL_COUNT] = {
	[MODEL_PROCESSES] = { TEXT_INIT("Endpoint"), TEXT_INIT("Processes"),
			      TEXT_INIT("Processes") },
	[MODEL_REGISTRY] = { TEXT_INIT("Endpoint"), TEXT_INIT("Registry"), TEXT_INIT("Registry") },
	[MODEL_FILESYSTEM] = { TEXT_INIT("Endpoint"), TEXT_INIT("Filesystem"),
			       TEXT_INIT("Filesystem") },
	[MODEL_SERVICES] = { TEXT_INIT("Endpoint"), TEXT_INIT("Services"), TEXT_INIT("Services") },
	[MODEL_NETWORK_TRAFFIC] = { TEXT_INIT("Network_Traffic"), TEXT_INIT("All_Traffic"),
				    TEXT_INIT("All_Traffic") },
	[MODEL_NETWORK_RESOLUTION] = { TEXT_INIT("Network_Resolution"), TEXT_INIT("DNS"),
				       TEXT_INIT("DNS") },
	[MODEL_AUTHENTICATION] = { TEXT_INIT("Authentication"), TEXT_INIT("Authentication"),
				   TEXT_INIT("Authentication") },
	[MODEL_CHANGE] = { TEXT_INIT("Change"), TEXT_INIT("All_Changes"),
			   TEXT_INIT("All_Changes") },
	[MODEL_PORTS] = { TEXT_INIT("Endpoint"), TEXT_INIT("Ports"), TEXT_INIT("Ports") },
	[MODEL_UPDATES] = { TEXT_INIT("Updates"), TEXT_INIT("Updates"), TEXT_INIT("Updates") },
	[MODEL_RISK] = { TEXT_INIT("Risk"), TEXT_INIT("All_Risk"), TEXT_INIT("All_Risk") },
	[MODEL_FAILED_AUTHENTICATION] = { TEXT_INIT("Authentication"),
					  TEXT_INIT("Failed_Authentication"),
					  TEXT_INIT("Authentication") },
	[MODEL_SUCCESSFUL_AUTHENTICATION] = { TEXT_INIT("Authentication"),
					      TEXT_INIT("Successful_Authentication"),
					      TEXT_INIT("Authentication") },
	[MODEL_PRIVILEGED_AUTHENTICATION] = { TEXT_INIT("Authentication"),
					      TEXT_INIT("Privileged_Authentication"),
					      TEXT_INIT("Authentication") },
	[MODEL_AUDITING_CHANGES] = { TEXT_INIT("Change"), TEXT_INIT("Auditing_Changes"),
				     TEXT_INIT("All_Changes") },
	[MODEL_ACCOUNT_MANAGEMENT] = { TEXT_INIT("Change"), TEXT_INIT("Account_Management"),
				       TEXT_INIT("All_Changes") },
	[MODEL_ACCOUNTS_CREATED] = { TEXT_INIT("Change"), TEXT_INIT("Accounts_Created"),
				     TEXT_INIT("All_Changes") },
	[MODEL_ACCOUNTS_DELETED] = { TEXT_INIT("Change"), TEXT_INIT("Accounts_Deleted"),
				     TEXT_INIT("All_Changes") },
	[MODEL_ACCOUNTS_UPDATED] = { TEXT_INIT("Change"), TEXT_INIT("Accounts_Updated"),
				     TEXT_INIT("All_Changes") },
	[MODEL_ACCOUNT_LOCKOUTS] = { TEXT_INIT("Change"), TEXT_INIT("Account_Lockouts"),
				     TEXT_INIT("All_Changes") },
};

/* Of the sets between the root and the last one nothing depends. What is recorded of connections
 * are those that were allowed. */
enum model
model_find(struct text datamodel_and_dataset)
{
	struct text set = datamodel_and_dataset, model = text_cut(&set, '.');
	size_t      dot = text_absent(set) ? TEXT_NOWHERE : text_rfind_byte(set, '.');

	if (dot != TEXT_NOWHERE)
		set = text_from(set, dot + 1);
	if (text_ieq(model, TEXT("Change_Analysis")))
		model = TEXT("Change");
	if (text_ieq(set, TEXT("Allowed_Traffic")))
		set = TEXT("All_Traffic");
	for (enum model m = MODEL_NONE + 1; m < MODEL_COUNT; m++)
		if ((text_ieq(model, data_sets[m].model) || text_ieq(model, data_sets[m].prefix)) &&
		    (text_absent(set) || text_ieq(set, data_sets[m].set)))
			return m;
	return MODEL_NONE;
}

struct text
model_root(enum model m)
{
	return data_sets[m].model;
}

struct text
model_name(enum model m)
{
	return data_sets[m].set;
}

/* The data set that a part is of. */
static enum model
whole_of(enum model m)
{
	enum model whole = MODEL_NONE;

	while (m > MODEL_RISK && !text_eq(data_sets[++whole].prefix, data_sets[m].prefix))
		;
	return m > MODEL_RISK ? whole : m;
}

struct text
model_prefix(enum model m)
{
	return data_sets[m].prefix;
}

struct member {
	enum model       model;
	enum event_scope scope;
	uint32_t         event_id; /* CrowdStrike events have 0 */
	struct text      event_name;
};

static const struct member members[] = {
#define MEMBER(set, where, id, name) \
	{ .model = MODEL_##set,      \
	  .scope = SCOPE_##where,    \
	  .event_id = (id),          \
	  .event_name = TEXT_INIT(name) },
#include "base/members.def"
#undef MEMBER
};

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

static struct text
logon_action(const struct event *ev)
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

/* Conditions beyond scope and id: 4670 only of registry keys, 4663 only of files, updates of their
 * own provider, and of log-ons the model leaves out successful ones of computer accounts. */
static bool
is_member_by_content(const struct member *m, const struct event *ev)
{
	if (m->event_id == 4670 && m->model == MODEL_REGISTRY)
		return text_ieq(event_body(ev, TEXT("ObjectType")), TEXT("Key")) ||
		       text_ieq(event_body(ev, TEXT("ObjectType")), TEXT("Registry"));
	if (m->event_id == 4663)
		return text_ieq(event_body(ev, TEXT("ObjectType")), TEXT("File"));
	if (m->model == MODEL_UPDATES)
		return ev->provider.n == 0 ||
		       text_ieq(ev->provider, TEXT("Microsoft-Windows-WindowsUpdateClient"));
	if (m->model == MODEL_AUTHENTICATION)
		return !(text_iends(event_body(ev, TEXT("TargetUserName")), TEXT("$")) &&
			 text_eq(logon_action(ev), TEXT("success")));
	return true;
}

static bool
is_part_member(enum model part, const struct event *ev)
{
	const struct name_entry did = { .how = HOW_CHANGE_ACTION };
	struct text             action = change_value(ev, &did);
	enum change_part        what = event_change_part(ev);
	bool                    account = what == CHANGE_ACCOUNT || what == CHANGE_GROUP;

	switch ((int)part) {
	case MODEL_FAILED_AUTHENTICATION:
		return text_eq(logon_action(ev), TEXT("failure"));
	case MODEL_SUCCESSFUL_AUTHENTICATION:
		return text_eq(logon_action(ev), TEXT("success"));
	case MODEL_PRIVILEGED_AUTHENTICATION:
		return ev->event_id == 4648 || ev->event_id == 4672;
	case MODEL_AUDITING_CHANGES:
		return what == CHANGE_AUDIT;
	case MODEL_ACCOUNT_MANAGEMENT:
		return account;
	case MODEL_ACCOUNTS_CREATED:
		return account && text_eq(action, TEXT("created"));
	case MODEL_ACCOUNTS_DELETED:
		return account && text_eq(action, TEXT("deleted"));
	case MODEL_ACCOUNTS_UPDATED:
		return account && text_eq(action, TEXT("modified"));
	case MODEL_ACCOUNT_LOCKOUTS:
		return text_eq(action, TEXT("lockout"));
	}
	return true;
}

/* The line that makes an event of that kind a member; NULL: none does. */
static const struct member *
member_line(enum model model, const struct event *ev)
{
	size_t low = 0, high = COUNT(members);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (members[mid].model < model)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t i = low; i < COUNT(members) && members[i].model == model; i++) {
		const struct member *m = &members[i];

		if (m->event_id == ev->event_id && m->scope == ev->scope &&
		    (m->event_name.n == 0 || text_eq(m->event_name, ev->event_name)))
			return m;
	}
	return NULL;
}

bool
model_has(enum model part, const struct event *ev)
{
	const struct member *m = member_line(whole_of(part), ev);

	return m && is_member_by_content(m, ev) && is_part_member(part, ev);
}

/* Parts of log-ons depend on more than the kind of event, as the whole does. */
bool
model_is_fixed(enum model part, const struct event *kind)
{
	const struct member *m = member_line(whole_of(part), kind);

	if (kind->scope == SCOPE_CROWDSTRIKE)
		return false;
	return !m || (m->model != MODEL_AUTHENTICATION && m->model != MODEL_UPDATES &&
		      m->event_id != 4663 && m->event_id != 4670);
}

struct model_tag {
	enum model  model;
	struct text tag;
};

size_t
model_tags(const struct event *ev, struct text *out, size_t cap)
{
	static const struct model_tag tags[] = {
		{ MODEL_PROCESSES, TEXT_INIT("process") },
		{ MODEL_PROCESSES, TEXT_INIT("report") },
		{ MODEL_REGISTRY, TEXT_INIT("endpoint") },
		{ MODEL_REGISTRY, TEXT_INIT("registry") },
		{ MODEL_FILESYSTEM, TEXT_INIT("endpoint") },
		{ MODEL_FILESYSTEM, TEXT_INIT("filesystem") },
		{ MODEL_SERVICES, TEXT_INIT("service") },
		{ MODEL_SERVICES, TEXT_INIT("report") },
		{ MODEL_NETWORK_TRAFFIC, TEXT_INIT("network") },
		{ MODEL_NETWORK_TRAFFIC, TEXT_INIT("communicate") },
		{ MODEL_NETWORK_RESOLUTION, TEXT_INIT("network") },
		{ MODEL_NETWORK_RESOLUTION, TEXT_INIT("resolution") },
		{ MODEL_NETWORK_RESOLUTION, TEXT_INIT("dns") },
		{ MODEL_AUTHENTICATION, TEXT_INIT("authentication") },
		{ MODEL_PRIVILEGED_AUTHENTICATION, TEXT_INIT("privileged") },
		{ MODEL_CHANGE, TEXT_INIT("change") },
		{ MODEL_AUDITING_CHANGES, TEXT_INIT("audit") },
		{ MODEL_ACCOUNT_MANAGEMENT, TEXT_INIT("account") },
		{ MODEL_PORTS, TEXT_INIT("listening") },
		{ MODEL_PORTS, TEXT_INIT("port") },
		{ MODEL_UPDATES, TEXT_INIT("update") },
		{ MODEL_UPDATES, TEXT_INIT("status") },
	};
	size_t n = 0;

	for (size_t i = 0; i < COUNT(tags) && n < cap; i++)
		if (model_has(tags[i].model, ev))
			out[n++] = tags[i].tag;
	return n;
}

size_t
model_event_ids(enum model part, uint32_t *out, size_t cap)
{
	enum model model = whole_of(part);
	size_t     n = 0;

	for (size_t i = 0; i < COUNT(members); i++) {
		size_t k = 0;

		if (members[i].model != model)
			continue;
		while (k < n && out[k] != members[i].event_id)
			k++;
		if (k == n && n < cap)
			out[n++] = members[i].event_id;
	}
	return n;
}

/*
 * The add-on for Windows completes command lines that do not name their program with its path:
 * "calc.exe /x" reads "C:\Windows\System32\calc.exe /x".
 */
static struct text
process_4688(const struct event *ev, struct arena *keep)
{
	struct text path = event_body(ev, TEXT("NewProcessName"));
	struct text command = text_trim(event_body(ev, TEXT("CommandLine")));
	struct text rest = command, program, quoted = path;

	if (command.n == 0)
		return path;
	if (rest.p[0] == '"') {
		rest = text_from(rest, 1);
		program = text_cut(&rest, '"');
		rest = text_trim(rest);
	} else {
		program = text_cut(&rest, ' ');
		rest = text_trim(rest);
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
		return text_ieq(event_body(ev, TEXT("Initiated")), TEXT("true")) ? TEXT("outbound")
										 : TEXT("inbound");
	case HOW_LOGON_ACTION:
		return logon_action(ev);
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
	case HOW_DNS_REPLY:
		return dns_reply(event_body(ev, e->argument));
	case HOW_RECORD_TYPE:
		return record_type(event_body(ev, TEXT("QueryResults")));
	}
	return TEXT_NONE;
}
