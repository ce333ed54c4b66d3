/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wazuh alerts and archives: "data.win.system" and "data.win.eventdata", whose names begin with a
 * small letter.
 */
#include "config.h"
#include "importers/json_form.h"

static struct json_object *
win_of(struct json_object *top)
{
	struct json_object *win = json_get(json_get(top, "data"), "win");

	return win ? win : json_get(top, "win");
}

static bool
matches(struct json_object *top)
{
	return json_is_object(json_get(win_of(top), "system"));
}

static struct text
capital(struct json_run *run, struct text name)
{
	char *p;

	if (name.n == 0 || name.p[0] < 'a' || name.p[0] > 'z')
		return name;
	p = arena_new(run->keep, char, name.n);
	memcpy(p, name.p, name.n);
	p[0] = (char)(p[0] - 'a' + 'A');
	return (struct text){ p, name.n };
}

static enum json_outcome
read_wazuh(struct json_run *run, struct json_object *top)
{
	static const struct json_key keys[] = {
		JSON_FACT("providerName", ROLE_PROVIDER),
		JSON_FACT("providerGuid", ROLE_GUID),
		JSON_FACT("eventID", ROLE_EVENT_ID),
		JSON_FACT("version", ROLE_VERSION),
		JSON_FACT("level", ROLE_LEVEL),
		JSON_FACT("task", ROLE_TASK),
		JSON_FACT("opcode", ROLE_OPCODE),
		JSON_FACT("keywords", ROLE_KEYWORDS),
		JSON_FACT("eventRecordID", ROLE_RECORD_ID),
		JSON_FACT("processID", ROLE_PROCESS),
		JSON_FACT("threadID", ROLE_THREAD),
		JSON_FACT("channel", ROLE_CHANNEL),
		JSON_FACT("computer", ROLE_HOST),
		JSON_FACT("message", ROLE_MESSAGE),
		JSON_DROP("systemTime"),
		JSON_DROP("severityValue"),
	};
	struct json_object *win = win_of(top), *system = json_get(win, "system");

	json_flat(run, system, keys, sizeof(keys) / sizeof(*keys));
	for (struct json_member part = json_first(win); !text_absent(part.key);
	     part = json_next(part)) {
		if (part.value == system)
			continue;
		for (struct json_member m = json_first(part.value); !text_absent(m.key);
		     m = json_next(m))
			json_body(run, capital(run, m.key), m.value, true);
	}
	json_set_time(run, json_get_text(system, "systemTime", run->keep), true);
	return JSON_EVENT;
}

const struct json_form json_wazuh = {
	.name = "Wazuh",
	.matches = matches,
	.read = read_wazuh,
};
