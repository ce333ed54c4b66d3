/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * instrumented.h - does the program run under valgrind or a sanitizer, which need calls and memory
 * of their own?
 */
#ifndef AUGER_BASE_INSTRUMENTED_H
#define AUGER_BASE_INSTRUMENTED_H

#include <stdbool.h>

bool instrumented(void);

#endif
