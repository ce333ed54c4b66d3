/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * forms.h - the made-up intrusion of samples/, written in every form that can tell it.
 */
#ifndef AUGER_TESTS_FORMS_H
#define AUGER_TESTS_FORMS_H

#include <stdlib.h>

#include "samples/write_evtx.h"
#include "tests/form_writers.h"

struct form {
	const char *name;
	const char *header; /* NULL: none */
	void (*write)(FILE *f, const struct sample_event *ev); /* NULL: binary log */
	int  digits;        /* of a second that it has */
	bool message;       /* fields come out of a rendered message: 4104, 4688 and Sysmon 1 only */
	const char *lacks;  /* names of fields that it cannot say, a blank around each */
};

static const struct form forms[] = {
	{ "evtx", NULL, NULL, 7, false, " " },
	{ "xml", NULL, sample_write_xml, 7, false, " " },
	{ "xml-utf16", form_utf16_mark, form_utf16_xml, 7, false, " " },
	{ "winlogbeat", NULL, form_winlogbeat, 3, false, " " },
	{ "nxlog", NULL, form_nxlog, 0, false, " " },
	{ "evtx_dump", NULL, form_evtx_dump, 6, false, " " },
	{ "splunk-json", NULL, form_splunk_json, 7, false, " " },
	{ "elastic", NULL, form_elastic, 3, false, " " },
	{ "splunk-csv", form_splunk_header, form_splunk_xml, 7, false, " " },
	{ "text", NULL, sample_write_text, 0, true, " ProcessID " },
	{ "splunk-json-text", NULL, form_splunk_json_text, 0, true, " ProcessID " },
	{ "splunk-csv-text", form_splunk_header, form_splunk_text, 0, true,
	  " ProcessID " },
	{ "export-csv", form_export_header, form_export, 0, true, " " },
	{ "get-winevent", NULL, form_get_winevent, 3, true, " " },
};

/* Whether the form tells the event with all its fields. */
static inline bool
form_tells(const struct form *form, const struct sample_event *ev)
{
	return !form->message || (ev->log == LOG_POWERSHELL && ev->event_id == 4104) ||
	       (ev->log == LOG_SECURITY && ev->event_id == 4688) ||
	       (ev->log == LOG_SYSMON && ev->event_id == 1);
}

/* Writes to F, which must be able to seek for a binary log. */
static inline void
form_write(const struct form *form, const struct sample_event *events, size_t n, struct arena *keep,
	   FILE *f)
{
	struct evtx_writer *w = form->write ? NULL : evtx_writer_open(keep, f);

	if (form->header)
		fputs(form->header, f);
	for (size_t i = 0; i < n; i++) {
		if (!form_tells(form, &events[i]))
			continue;
		if (form->write)
			form->write(f, &events[i]);
		else if (!sample_write_evtx(w, &events[i]))
			abort();
	}
	if (w && !evtx_writer_finish(w))
		abort();
}

/* The same as bytes. */
static inline struct text
form_text(const struct form *form, const struct sample_event *events, size_t n, struct arena *keep)
{
	FILE  *f = tmpfile();
	char  *p;
	size_t size;

	if (!f)
		abort();
	form_write(form, events, n, keep, f);
	fseek(f, 0, SEEK_END);
	size = (size_t)ftell(f);
	rewind(f);
	p = arena_new(keep, char, size);
	size = fread(p, 1, size, f);
	fclose(f);
	return (struct text){ p, size };
}

#endif
