/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * resident.h - how much memory the program holds right now, code and tables included.
 */
#ifndef AUGER_BASE_RESIDENT_H
#define AUGER_BASE_RESIDENT_H

#include <stddef.h>

/* Without /proc: the most it ever held. Under the sanitizers, whose own memory is not meant: 0. */
size_t resident_bytes(void);

/* What was freed, wherever it lies, goes back to the system. */
void resident_trim(void);

/* What is left of a promise for sorting and grouping, when N_READERS threads read a case. */
size_t resident_left(size_t promised_bytes, unsigned n_readers);

#endif
