/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * importing.h - imports into the open case, by this program in a process of its own.
 *
 *   screen  --path, stop-->  helper  --starts, signals-->  auger import
 *           <--lines, status--       <------lines---------
 *
 * The helper is forked before the screen gives up the right to start programs, and does nothing
 * but start imports into the one case. The import reads evidence in its own sandbox and is the
 * case's one importer; the screen reads what it has committed and never waits for it. Stopping ends
 * it after its batch: what is read stays, and the same import goes on with the rest.
 */
#ifndef AUGER_TUI_IMPORTING_H
#define AUGER_TUI_IMPORTING_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

struct importer;

/* To be called before there are threads or a sandbox. OPTIONS of `auger import`, ends with NULL.
 * NULL: no process can be made. */
struct importer *importer_open(const char *program, const char *const *options,
			       const char *case_path);
/* Stops what runs and waits for its end. */
void importer_close(struct importer *im);

bool importer_start(struct importer *im, const char *path, struct err *err);
bool importer_running(const struct importer *im);
void importer_cancel(struct importer *im);

/* Readable when there is a line. */
int  importer_descriptor(const struct importer *im);
/* The next line of the import; false: there is none yet. PROGRESS: it only says how far it is. */
bool importer_line(struct importer *im, struct arena *keep, struct text *line, bool *progress);
/* Exit status of the import that has ended, once; false: it runs. */
bool importer_ended(struct importer *im, int *status);

#endif
