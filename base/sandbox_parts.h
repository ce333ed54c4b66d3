/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sandbox_parts.h - inside the sandbox: the two things that a kernel may have.
 *
 * Each returns whether it holds now; never half.
 */
#ifndef AUGER_BASE_SANDBOX_PARTS_H
#define AUGER_BASE_SANDBOX_PARTS_H

#include "base/sandbox.h"

/* seccomp(2). UNNAMED_FILES: temporary files never have a name, so that none has to be made. */
bool calls_filter(enum sandbox kind, bool unnamed_files);
bool calls_filter_available(void);

/* landlock(7): files are written, made and removed in FOLDER, and as far as temporary files need
 * it in their folders. */
bool files_confine(const char *folder, bool unnamed_files);
bool files_confine_available(void);

#endif
