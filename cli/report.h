/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.h - the case as one file for others: a report to read, a layer of ATT&CK Navigator, a
 * timeline of Timesketch.
 *
 * Facts only, as the case has them, with their evidence: file, SHA-256, record id, offset.
 */
#ifndef AUGER_CLI_REPORT_H
#define AUGER_CLI_REPORT_H

#include <stdio.h>

#include "base/err.h"
#include "store/query.h"
#include "tui/services.h"

/* ROWS: findings (timesketch: lines, layer: techniques) in it. WATCH may be NULL; it is told, a wish
 * to stop comes through the case (casefile_cancel). */
typedef bool report_fn(struct casefile *cf, const struct case_filter *f, FILE *out,
		       const struct report_watch *watch, uint64_t *rows, struct err *err);

struct report_form {
	const char *name;   /* "html": --format, and the choice in the UI */
	const char *ending; /* ".html": of files that are meant so */
	const char *file;   /* "report.html": what export calls it */
	const char *what;   /* "report as one HTML file" */
	report_fn *write;
};
/* Ended by an entry without name. */
extern const struct report_form report_forms[];

report_fn report_markdown, report_html, layer_write, timesketch_write;

#endif
