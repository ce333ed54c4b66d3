/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sample events as rows of Splunk's search export and of Get-WinEvent | Export-Csv.
 */
#include "config.h"

#include "tests/form_writers.h"

#include <stdlib.h>

#include "base/when.h"

const char form_splunk_header[] = "\"_raw\",\"_time\",host,source,sourcetype\n";
const char form_export_header[] =
    "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\n"
    "\"Message\",\"Id\",\"Version\",\"Level\",\"Task\",\"Opcode\",\"Keywords\",\"RecordId\","
    "\"ProviderName\",\"ProviderId\",\"LogName\",\"ProcessId\",\"ThreadId\",\"MachineName\","
    "\"UserId\",\"TimeCreated\",\"Properties\"\n";

/* What WRITE writes, as a cell. */
static void
cell(FILE *f, form_fn *write, const struct sample_event *ev)
{
	char *text = form_written(write, ev);

	putc('"', f);
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			putc('"', f);
		putc(*p, f);
	}
	putc('"', f);
	free(text);
}

static void
row(FILE *f, const struct sample_event *ev, const char *kind,
    form_fn *write)
{
	struct when_fields t = when_split(ev->time_ns);

	cell(f, write, ev);
	fprintf(f, ",\"%04d-%02d-%02dT%02d:%02d:%02d.%03d+0000\",%s,\"%s:%s\",%s\n", t.year, t.month,
		t.day, t.hour, t.minute, t.second, t.ns / 1000000, ev->host, kind,
		sample_channels[ev->log].channel, kind);
}

void
form_splunk_xml(FILE *f, const struct sample_event *ev)
{
	row(f, ev, "XmlWinEventLog", sample_write_xml);
}

void
form_splunk_text(FILE *f, const struct sample_event *ev)
{
	row(f, ev, "WinEventLog", sample_write_text);
}

void
form_export(FILE *f, const struct sample_event *ev)
{
	const struct sample_channel *c = &sample_channels[ev->log];
	struct when_fields t = when_split(ev->time_ns);

	cell(f, sample_write_message, ev);
	fprintf(f, ",\"%u\",\"%u\",\"%u\",\"%u\",\"%u\",\"%lld\",\"%llu\",\"%s\",\"%s\",\"%s\"",
		(unsigned)ev->event_id, ev->version, ev->level, ev->task, ev->opcode,
		(long long)ev->keywords, (unsigned long long)ev->record_id, c->provider, c->guid,
		c->channel);
	fprintf(f, ",\"%u\",\"%u\",\"%s\",\"%s\"", (unsigned)ev->pid, (unsigned)ev->tid, ev->host,
		ev->user_sid ? ev->user_sid : "");
	fprintf(f, ",\"%d/%d/%04d %d:%02d:%02d %s\",\"System.Collections.Generic.List`1[x]\"\n",
		t.month, t.day, t.year, t.hour % 12 ? t.hour % 12 : 12, t.minute, t.second,
		t.hour < 12 ? "AM" : "PM");
}
