/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * counted.h - "1 file", "2 files", "0 entries": how many of something, in one spelling.
 *
 * The words live until the end of the statement that asks for them:
 *
 *     cli_remark(cli, "%s written", counted(n, "row").words);
 */
#ifndef AUGER_BASE_COUNTED_H
#define AUGER_BASE_COUNTED_H

#include <stdint.h>

struct counted {
	char words[64];
};

/* NOUN: one of them, an English word with a regular plural; further words may stand before it. */
struct counted counted(uint64_t n, const char *noun);
/* "1,077": the number alone. */
struct counted counted_number(uint64_t n);
/* The noun alone, where the number is written in another way. */
struct counted counted_noun(uint64_t n, const char *noun);

#endif
