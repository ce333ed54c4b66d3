/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data sets of the Common Information Model and their members. */
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
	[MODEL_MALWARE] = { TEXT_INIT("Malware"), TEXT_INIT("Malware_Attacks"),
			    TEXT_INIT("Malware_Attacks") },
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
			 text_eq(event_logon_action(ev), TEXT("success")));
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
		return text_eq(event_logon_action(ev), TEXT("failure"));
	case MODEL_SUCCESSFUL_AUTHENTICATION:
		return text_eq(event_logon_action(ev), TEXT("success"));
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
		{ MODEL_MALWARE, TEXT_INIT("malware") },
		{ MODEL_MALWARE, TEXT_INIT("attack") },
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
