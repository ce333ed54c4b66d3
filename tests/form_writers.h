/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * form_writers.h - sample events as other tools write them: forms_csv.c, forms_json.c,
 * forms_wrapped.c. samples/ writes those of the demo.
 */
#ifndef AUGER_TESTS_FORM_WRITERS_H
#define AUGER_TESTS_FORM_WRITERS_H

#include "samples/sample.h"

/* What WRITE writes about the event, without the line end; to be freed. */
typedef void form_fn(FILE *f, const struct sample_event *ev);
char *form_written(form_fn *write, const struct sample_event *ev);

/* A string of JSON. */
void form_quoted(FILE *f, const char *s);

/* A line of JSON. Winlogbeat has milliseconds, NXLog seconds, evtx_dump microseconds. */
void form_winlogbeat(FILE *f, const struct sample_event *ev);
void form_nxlog(FILE *f, const struct sample_event *ev);
void form_evtx_dump(FILE *f, const struct sample_event *ev);

/* Events in other tools' wrapping, a line each: search results of Splunk, around XML and around
 * text; search hits of Elasticsearch; Get-WinEvent | ConvertTo-Json (milliseconds). */
void form_splunk_json(FILE *f, const struct sample_event *ev);
void form_splunk_json_text(FILE *f, const struct sample_event *ev);
void form_elastic(FILE *f, const struct sample_event *ev);
void form_get_winevent(FILE *f, const struct sample_event *ev);
/* As XML in UTF-16LE, to follow a byte order mark. */
extern const char form_utf16_mark[];
void form_utf16_xml(FILE *f, const struct sample_event *ev);

/* A row of CSV below its header; text forms have seconds, times in UTC. */
extern const char form_splunk_header[], form_export_header[];
void form_splunk_xml(FILE *f, const struct sample_event *ev);
void form_splunk_text(FILE *f, const struct sample_event *ev);
void form_export(FILE *f, const struct sample_event *ev);

#endif
