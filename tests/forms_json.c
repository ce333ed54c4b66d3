/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sample events as Winlogbeat 7, NXLog and evtx_dump write them, a line each.
 */
#include "config.h"

#include "tests/form_writers.h"

#include <string.h>

#include "base/when.h"

void
form_quoted(FILE *f, const char *s)
{
	putc('"', f);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", f);
		else if (c < 0x20)
			fprintf(f, "\\u%04x", c);
		else
			putc(c, f);
	}
	putc('"', f);
}

static void
member(FILE *f, const char *name, const char *value)
{
	fputs(",\"", f);
	fputs(name, f);
	fputs("\":", f);
	form_quoted(f, value);
}

/* N: the members written before, which decides about the comma. */
static void
data_members(FILE *f, const struct sample_event *ev, uint32_t n)
{
	for (uint32_t i = 0; i < ev->n_data; i++) {
		if (n + i > 0)
			putc(',', f);
		form_quoted(f, ev->data[i].name);
		putc(':', f);
		form_quoted(f, ev->data[i].value);
	}
}

static void
date(FILE *f, int64_t ns, char between, int digits)
{
	struct when_fields t = when_split(ns);
	char fraction[16];

	snprintf(fraction, sizeof(fraction), ".%09d", t.ns);
	fprintf(f, "\"%04d-%02d-%02d%c%02d:%02d:%02d%.*s%s\"", t.year, t.month, t.day, between,
		t.hour, t.minute, t.second, digits ? digits + 1 : 0, fraction,
		between == 'T' ? "Z" : "");
}

static const char *
level_word(const struct sample_event *ev)
{
	static const char *const words[] = { "information", "critical",    "error",
					     "warning",     "information", "verbose" };

	return words[ev->level % 6];
}

void
form_winlogbeat(FILE *f, const struct sample_event *ev)
{
	const struct sample_channel *c = &sample_channels[ev->log];

	fputs("{\"@timestamp\":", f);
	date(f, ev->time_ns, 'T', 3);
	fprintf(f, ",\"agent\":{\"type\":\"winlogbeat\"},\"event\":{\"code\":%u,\"kind\":\"event\"}",
		(unsigned)ev->event_id);
	fprintf(f, ",\"log\":{\"level\":\"%s\"},\"host\":{\"name\":\"%s\"},\"winlog\":{",
		level_word(ev), ev->host);
	fprintf(f, "\"channel\":\"%s\",\"provider_name\":\"%s\",\"provider_guid\":\"%s\"", c->channel,
		c->provider, c->guid);
	fprintf(f, ",\"event_id\":%u,\"version\":%u,\"record_id\":%llu", (unsigned)ev->event_id,
		ev->version, (unsigned long long)ev->record_id);
	if (ev->log == LOG_SECURITY)
		fprintf(f, ",\"keywords\":[\"Audit %s\"]",
			ev->keywords & UINT64_C(0x10000000000000) ? "Failure" : "Success");
	fprintf(f, ",\"opcode\":\"%s\",\"computer_name\":\"%s\"",
		ev->opcode == 15 ? "On create calls" : "Info", ev->host);
	fprintf(f, ",\"process\":{\"pid\":%u,\"thread\":{\"id\":%u}}", (unsigned)ev->pid,
		(unsigned)ev->tid);
	if (ev->user_sid)
		fprintf(f, ",\"user\":{\"identifier\":\"%s\"}", ev->user_sid);
	fputs(",\"event_data\":{", f);
	data_members(f, ev, 0);
	fputs("}}}\n", f);
}

void
form_nxlog(FILE *f, const struct sample_event *ev)
{
	const struct sample_channel *c = &sample_channels[ev->log];

	fputs("{\"EventTime\":", f);
	date(f, ev->time_ns, ' ', 0);
	fprintf(f, ",\"Hostname\":\"%s\",\"Keywords\":%lld,\"EventType\":\"%s\"", ev->host,
		(long long)ev->keywords,
		ev->log == LOG_SECURITY ? "AUDIT_SUCCESS"
		: ev->level == 5	? "VERBOSE"
		: ev->level == 3	? "WARNING"
		: ev->level == 2	? "ERROR"
					: "INFO");
	fprintf(f, ",\"EventID\":%u,\"SourceName\":\"%s\",\"ProviderGuid\":\"%s\",\"Version\":%u",
		(unsigned)ev->event_id, c->provider, c->guid, ev->version);
	fprintf(f, ",\"Task\":%u,\"OpcodeValue\":%u,\"RecordNumber\":%llu", ev->task, ev->opcode,
		(unsigned long long)ev->record_id);
	fprintf(f, ",\"ExecutionProcessID\":%u,\"ThreadID\":%u", (unsigned)ev->pid,
		(unsigned)ev->tid);
	member(f, "Channel", c->channel);
	if (ev->user_sid)
		member(f, "UserID", ev->user_sid);
	data_members(f, ev, 1);
	fputs(",\"EventReceivedTime\":", f);
	date(f, ev->time_ns, ' ', 0);
	fputs(",\"SourceModuleType\":\"im_msvistalog\",\"@timestamp\":", f);
	date(f, ev->time_ns, 'T', 3);
	fputs("}\n", f);
}

void
form_evtx_dump(FILE *f, const struct sample_event *ev)
{
	const struct sample_channel *c = &sample_channels[ev->log];

	/* GUIDs lose their braces. */
	fprintf(f,
		"{\"Event\":{\"#attributes\":{\"xmlns\":\"x\"},\"System\":{\"Provider\":"
		"{\"#attributes\":{\"Name\":\"%s\",\"Guid\":\"%.*s\"}},\"EventID\":%u,"
		"\"Version\":%u,\"Level\":%u,\"Task\":%u,\"Opcode\":%u,\"Keywords\":\"0x%llx\"",
		c->provider, (int)strlen(c->guid) - 2, c->guid + 1, (unsigned)ev->event_id,
		ev->version, ev->level, ev->task, ev->opcode, (unsigned long long)ev->keywords);
	fputs(",\"TimeCreated\":{\"#attributes\":{\"SystemTime\":", f);
	date(f, ev->time_ns, 'T', 6);
	fprintf(f,
		"}},\"EventRecordID\":%llu,\"Correlation\":null,\"Execution\":{\"#attributes\":"
		"{\"ProcessID\":%u,\"ThreadID\":%u}},\"Channel\":\"%s\",\"Computer\":\"%s\"",
		(unsigned long long)ev->record_id, (unsigned)ev->pid, (unsigned)ev->tid, c->channel,
		ev->host);
	if (ev->user_sid)
		fprintf(f, ",\"Security\":{\"#attributes\":{\"UserID\":\"%s\"}}", ev->user_sid);
	fputs("},\"EventData\":{", f);
	data_members(f, ev, 0);
	fputs("}}}\n", f);
}
