/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv.h - rows out as CSV: RFC 4180, UTF-8, LF, cells quoted only when they must be.
 *
 * Formula cells are defused, reversibly: a cell that, behind any number of ', begins with one of
 * = + - @ TAB CR LF, or the full-width form of one, and is no plain number gets one more ' in front;
 * taking it off such cells gives the original back. Code points that would drive a terminal become visible stand-ins
 * (visible.h); line ends and tabs stay. JSON lines carry such bytes unchanged.
 *
 * Errors: those of stdio, kept in the FILE; ask ferror and fflush at the end.
 */
#ifndef AUGER_BASE_CSV_H
#define AUGER_BASE_CSV_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"

struct csv {
	FILE *out;
	bool  row_begun;
};

void csv_cell(struct csv *c, struct text cell); /* absent: an empty cell */
void csv_end_row(struct csv *c);

#endif
