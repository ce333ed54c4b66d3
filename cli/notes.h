/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * notes.h - what analysts said, from one copy of a case to another.
 */
#ifndef AUGER_CLI_NOTES_H
#define AUGER_CLI_NOTES_H

#include "cli/cli.h"

/* A hash of the records that a finding is about, the same in every copy of the case; LIST: the first
 * of them, one to a line. Absent for a finding without events. */
struct text notes_records(struct casefile *cf, const struct finding *f, struct text *list,
			  struct arena *keep, struct err *err);

/* Merges a file of "auger notes export" into the case; the exit status. */
int notes_import(struct cli *cli, struct casefile *cf, const char *path, struct err *err);

#endif
