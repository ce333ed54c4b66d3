/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sample events as XmlWinEventLog text. */
#include "config.h"

#include "samples/sample.h"

#include "base/when.h"

static void
escaped(FILE *f, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '&': fputs("&amp;", f); break;
		case '<': fputs("&lt;", f); break;
		case '>': fputs("&gt;", f); break;
		case '\'': fputs("&apos;", f); break;
		case '"': fputs("&quot;", f); break;
		default: putc(*s, f);
		}
	}
}

static void
system_time(FILE *f, int64_t ns)
{
	struct when_fields t = when_split(ns);

	fprintf(f, "%04d-%02d-%02dT%02d:%02d:%02d.%09dZ", t.year, t.month, t.day, t.hour, t.minute,
		t.second, t.ns);
}

void
sample_write_xml(FILE *f, const struct sample_event *ev)
{
	const struct sample_channel *c = &sample_channels[ev->log];

	fprintf(f, "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
		   "<Provider Name='%s' Guid='%s'/><EventID>%u</EventID><Version>%u</Version>"
		   "<Level>%u</Level><Task>%u</Task><Opcode>%u</Opcode><Keywords>0x%llx</Keywords>"
		   "<TimeCreated SystemTime='",
		c->provider, c->guid, (unsigned)ev->event_id, ev->version, ev->level, ev->task,
		ev->opcode, (unsigned long long)ev->keywords);
	system_time(f, ev->time_ns);
	fprintf(f, "'/><EventRecordID>%llu</EventRecordID><Correlation/>"
		   "<Execution ProcessID='%u' ThreadID='%u'/><Channel>%s</Channel>"
		   "<Computer>%s</Computer>",
		(unsigned long long)ev->record_id, (unsigned)ev->pid, (unsigned)ev->tid, c->channel,
		ev->host);
	if (ev->user_sid)
		fprintf(f, "<Security UserID='%s'/>", ev->user_sid);
	else
		fputs("<Security/>", f);
	fputs("</System><EventData>", f);
	for (uint32_t i = 0; i < ev->n_data; i++) {
		fprintf(f, "<Data Name='%s'>", ev->data[i].name);
		escaped(f, ev->data[i].value);
		fputs("</Data>", f);
	}
	fputs("</EventData></Event>\n", f);
}
