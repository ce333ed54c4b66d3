/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Event Viewer, "Save as CSV" and "Save as text": what the list shows, and the message. Neither
 * host nor log nor record id; the log follows from providers that write to one only.
 */
#include "config.h"
#include "importers/csv_form.h"

#include "importers/message_fields.h"
#include "importers/provider_names.h"

static enum json_outcome
read_row(struct json_run *run, struct json_object *top)
{
	static const struct json_key keys[] = {
		JSON_FACT("Level", ROLE_LEVEL),
		JSON_FACT("Source", ROLE_PROVIDER),
		JSON_FACT("Id", ROLE_EVENT_ID),
		JSON_FACT("Message", ROLE_MESSAGE),
		JSON_DROP("TimeCreated"),
	};

	json_flat(run, top, keys, sizeof(keys) / sizeof(*keys));
	json_fact(run, ROLE_CHANNEL, only_log_of(builder_get(run->b, ROLE_PROVIDER)));
	if (!text_absent(run->b->message))
		message_fields(run->b, run->b->message, LABELS_ALL, run->keep);
	run->ev->remark = TEXT("Event Viewer's table names neither host nor log");
	json_set_time(run, json_get_text(top, "TimeCreated", run->keep), false);
	return JSON_EVENT;
}

const struct json_form csv_event_viewer = {
	.name = "Event Viewer",
	.read = read_row,
};
