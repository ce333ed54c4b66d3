/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sample events inside what other tools put around them.
 */
#include "config.h"

#include "tests/form_writers.h"

#include <stdlib.h>

#include "samples/evtx_bytes.h"

const char form_utf16_mark[] = "\xff\xfe";

char *
form_written(form_fn *write, const struct sample_event *ev)
{
	char *text = NULL;
	size_t n = 0;
	FILE *memory = open_memstream(&text, &n);

	if (!memory)
		arena_exhausted(n);
	write(memory, ev);
	fclose(memory);
	while (n > 0 && text[n - 1] == '\n')
		text[--n] = '\0';
	return text;
}

static void
splunk_result(FILE *f, const struct sample_event *ev, const char *kind, form_fn *write)
{
	char *raw = form_written(write, ev);

	fputs("{\"preview\":false,\"result\":{\"_raw\":", f);
	form_quoted(f, raw);
	fprintf(f, ",\"host\":\"%s\",\"source\":\"%s:%s\",\"sourcetype\":\"%s\"}}\n", ev->host, kind,
		sample_channels[ev->log].channel, kind);
	free(raw);
}

void
form_splunk_json(FILE *f, const struct sample_event *ev)
{
	splunk_result(f, ev, "XmlWinEventLog", sample_write_xml);
}

void
form_splunk_json_text(FILE *f, const struct sample_event *ev)
{
	splunk_result(f, ev, "WinEventLog", sample_write_text);
}

void
form_elastic(FILE *f, const struct sample_event *ev)
{
	char *source = form_written(form_winlogbeat, ev);

	fprintf(f, "{\"_index\":\"winlogbeat-7.17\",\"_id\":\"%llu\",\"_source\":%s}\n",
		(unsigned long long)ev->record_id, source);
	free(source);
}

void
form_get_winevent(FILE *f, const struct sample_event *ev)
{
	const struct sample_channel *c = &sample_channels[ev->log];
	char *message = form_written(sample_write_message, ev);

	fputs("{\"Message\":", f);
	form_quoted(f, message);
	fprintf(f,
		",\"Id\":%u,\"Version\":%u,\"Qualifiers\":null,\"Level\":%u,\"Task\":%u,\"Opcode\":%u,"
		"\"Keywords\":%lld,\"RecordId\":%llu,\"ProviderName\":\"%s\",\"ProviderId\":\"%.36s\"",
		(unsigned)ev->event_id, ev->version, ev->level, ev->task, ev->opcode,
		(long long)ev->keywords, (unsigned long long)ev->record_id, c->provider,
		c->guid + 1);
	fprintf(f, ",\"LogName\":\"%s\",\"ProcessId\":%u,\"ThreadId\":%u,\"MachineName\":\"%s\"",
		c->channel, (unsigned)ev->pid, (unsigned)ev->tid, ev->host);
	if (ev->user_sid)
		fprintf(f, ",\"UserId\":{\"BinaryLength\":28,\"Value\":\"%s\"}", ev->user_sid);
	fprintf(f, ",\"TimeCreated\":\"\\/Date(%lld)\\/\",\"Properties\":[",
		(long long)(ev->time_ns / 1000000));
	for (uint32_t i = 0; i < ev->n_data; i++) {
		fputs(i ? ",{\"Value\":" : "{\"Value\":", f);
		form_quoted(f, ev->data[i].value);
		putc('}', f);
	}
	fputs("]}\n", f);
	free(message);
}

void
form_utf16_xml(FILE *f, const struct sample_event *ev)
{
	char *xml = form_written(sample_write_xml, ev);
	size_t size = bytes_utf16(NULL, text_of(xml));
	struct bytes units = { malloc(size), 0, size };

	if (!units.p)
		arena_exhausted(size);
	bytes_utf16(&units, text_of(xml));
	fwrite(units.p, 1, units.n, f);
	fwrite("\n", 1, 2, f);
	free(units.p);
	free(xml);
}
