/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "samples/write_evtx.h"

bool
sample_write_evtx(struct evtx_writer *w, const struct sample_event *ev)
{
	const struct sample_channel *c = &sample_channels[ev->log];
	struct evtx_datum            data[SAMPLE_DATA_MAX];

	for (uint32_t i = 0; i < ev->n_data; i++)
		data[i] = (struct evtx_datum){ text_of(ev->data[i].name),
					       text_of(ev->data[i].value) };
	struct evtx_record record = {
		.provider = text_of(c->provider),
		.provider_guid = text_of(c->guid),
		.event_id = ev->event_id,
		.version = ev->version,
		.level = ev->level,
		.opcode = ev->opcode,
		.task = ev->task,
		.keywords = ev->keywords,
		.time_ns = ev->time_ns,
		.record_id = ev->record_id,
		.pid = ev->pid,
		.tid = ev->tid,
		.channel = text_of(c->channel),
		.computer = text_of(ev->host),
		.user_sid = text_of(ev->user_sid),
		.data = data,
		.n_data = ev->n_data,
	};

	return evtx_writer_add(w, &record);
}
