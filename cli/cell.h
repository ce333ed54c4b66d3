/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cell.h - what rows that leave the program are made of: columns, cells, and the style of the whole.
 */
#ifndef AUGER_CLI_CELL_H
#define AUGER_CLI_CELL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/paper.h"

enum print_format { PRINT_TABLE, PRINT_CSV, PRINT_JSONL, PRINT_PAPER };

struct print_style {
	FILE             *out;
	struct output     file; /* -o FILE; without path: standard output */
	enum print_format format;
	bool              ascii;     /* the terminal does not speak UTF-8 */
	unsigned          width;     /* columns of a table; 0: no terminal, no limit */
	int32_t           zone_s;    /* seconds east of UTC, when no named zone is set */
	const char       *zone_name; /* for the heads of time columns: "UTC", "Europe/Berlin" */
	bool              zone_named; /* offsets from the system's zone table, through TZ */
	struct paper     *paper;      /* PRINT_PAPER: what the table is part of */
	const char *const *chosen;    /* PRINT_PAPER: the columns, ended by NULL; NULL: all */
};

enum column_use {
	COLUMN_ALWAYS,
	COLUMN_WHOLE, /* likewise; in a narrow terminal its text goes on below, where others are cut */
	COLUMN_WIDE,  /* in tables that have room for it */
	COLUMN_FILES, /* not in tables */
};

struct print_column {
	struct text     name;
	enum column_use use;
};

enum cell_kind {
	CELL_NONE,
	CELL_TEXT,
	CELL_LIST, /* texts joined by '\n' */
	CELL_NUMBER,
	CELL_COUNT,
	CELL_TIME,
};

struct print_cell {
	enum cell_kind kind;
	struct text    text;
	double         number;
	int64_t        count; /* or time in ns */
};

static inline struct print_cell
cell_text(struct text t)
{
	return (struct print_cell){ .kind = text_absent(t) ? CELL_NONE : CELL_TEXT, .text = t };
}

static inline struct print_cell
cell_list(struct text t)
{
	return (struct print_cell){ .kind = text_absent(t) ? CELL_NONE : CELL_LIST, .text = t };
}

static inline struct print_cell
cell_number(double n)
{
	return (struct print_cell){ .kind = CELL_NUMBER, .number = n };
}

static inline struct print_cell
cell_count(uint64_t n)
{
	return (struct print_cell){ .kind = CELL_COUNT, .count = (int64_t)n };
}

/* WHEN_NONE: an empty cell. */
struct print_cell cell_time(int64_t ns);

/* A cell as files have it. */
struct text cell_plain(const struct print_cell *cell, struct arena *keep);

/* A time as tables show it, at most WHEN_TEXT_MAX bytes; returns the length. */
size_t cell_shown_time(const struct print_style *style, int64_t ns, char *out);

#endif
