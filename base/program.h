/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program.h - which build of the program this is.
 *
 * Two builds may find other things with the same rule, though both call themselves by one version
 * while that is in the making.
 */
#ifndef AUGER_BASE_PROGRAM_H
#define AUGER_BASE_PROGRAM_H

#include "base/digest.h"

/* Adds the version, and the build id that the linker gave the program, if it gave one. */
void program_digest(struct digest *d);

#endif
