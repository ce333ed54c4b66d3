/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * export.h - what a view shows, as a CSV file, or as JSON lines where PATH ends in ".jsonl".
 *
 * The file must not exist: nothing is overwritten (ERR_USAGE). It is complete or not there.
 */
#ifndef AUGER_TUI_EXPORT_H
#define AUGER_TUI_EXPORT_H

#include "tui/app.h"

#define EXPORT_RUNNING UINT64_MAX /* a job of the worker writes it */

bool export_view(struct app *app, struct view *v, const char *path, uint64_t *rows,
		 struct err *err);

/* Which rows a name asks for: those shown; of them those marked where it ends in "-marked", before
 * ".csv" or ".jsonl"; those of verdict true positive where it ends in "-confirmed". */
enum export_rows { EXPORT_SHOWN, EXPORT_MARKED, EXPORT_CONFIRMED };
enum export_rows export_rows_of(const struct view *v, struct text path);
uint64_t         export_count(const struct view *v, enum export_rows which);

/* The rows of the view's table that the name asks for. */
bool export_table(struct view *v, const char *path, uint64_t *rows, struct err *err);

/* Whether there is a file at PATH. */
bool export_is_there(const char *path);
/* PATH with "~/" understood. */
const char *export_place(const char *path, struct arena *keep);
/* "x.csv in /home/ann/case": so that it is found again. */
struct text export_where(const char *path, struct arena *keep);
/* Gives what is at PATH another name (old_file.h), if it may be replaced. */
bool export_put_aside(struct app *app, const char *path, struct err *err);

/* Opens PATH for writing, "~/" understood; fails when it is there already. */
FILE *export_open(const char *path, struct err *err);
/* Flushes to the disk and closes; GOOD false, or an error: the file is removed. */
bool  export_close(FILE *out, const char *path, bool good, struct err *err);

#endif
