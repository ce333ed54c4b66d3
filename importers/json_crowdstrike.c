/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CrowdStrike Falcon Data Replicator, and LogScale exports of it ("#event_simpleName"): flat
 * records of the sensor, all values text.
 */
#include "config.h"
#include "importers/json_form.h"

#include "base/when.h"

static bool
matches(struct json_object *top)
{
	return json_has(top, "event_simpleName") || json_has(top, "#event_simpleName");
}

static bool
time_of(struct json_run *run, struct json_object *top, const char *key)
{
	struct text t = json_get_text(top, key, run->keep);
	bool has_zone;

	return t.n > 0 && json_time(t, &run->ev->time_ns, &has_zone);
}

/* When it happened on the machine; the time of arrival in the cloud only if nothing else is there.
 */
static void
set_time(struct json_run *run, struct json_object *top)
{
	static const char *const keys[] = { "ProcessStartTime", "ContextTimeStamp", "timestamp",
					    "@timestamp" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (time_of(run, top, keys[i]))
			return;
	run->ev->time_ns = WHEN_NONE;
}

static enum json_outcome
read_record(struct json_run *run, struct json_object *top)
{
	struct text name = json_get_text(top, "event_simpleName", run->keep);
	struct text host = json_get_text(top, "ComputerName", run->keep);

	if (text_absent(name))
		name = json_get_text(top, "#event_simpleName", run->keep);
	if (name.n == 0)
		return json_lost(run, "CrowdStrike record without event_simpleName");
	if (host.n == 0)
		host = json_get_text(top, "aid", run->keep);
	run->ev->format = FORMAT_CROWDSTRIKE;
	run->ev->event_name = name;
	builder_fact(run->b, ROLE_HOST, text_or_empty(host));
	for (struct json_member m = json_first(top); !text_absent(m.key); m = json_next(m)) {
		struct text key = m.key;

		if (text_eq(key, TEXT("@rawstring")))
			continue;
		if (key.n > 1 && key.p[0] == '#')
			key = text_from(key, 1);
		json_body(run, key, m.value, false);
	}
	set_time(run, top);
	return JSON_EVENT;
}

const struct json_form json_crowdstrike = {
	.name = "CrowdStrike FDR",
	.matches = matches,
	.read = read_record,
};
