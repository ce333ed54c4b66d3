/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sandbox.h - gives up rights that a reader of hostile bytes never needs; they do not come back.
 *
 * Linux: seccomp(2) filters system calls, landlock(7) confines what is written and removed to
 * folders. A kernel may have both, one or none: what it has not is left out. A call that is
 * denied fails with EPERM, EACCES or ENOSYS.
 *
 * Not entered under valgrind and the sanitizers, which need what is denied here.
 */
#ifndef AUGER_BASE_SANDBOX_H
#define AUGER_BASE_SANDBOX_H

#include <stdbool.h>

enum sandbox {
	/* No network, no other program, no reach into other processes, no typing into the
	 * terminal (TIOCSTI). */
	SANDBOX_PROGRAM,
	/* Also: no file is made, opened for writing, renamed, linked or changed in its rights,
	 * but temporary files without a name; files are removed in one folder alone. What is open
	 * already stays as it is: the case is opened before. */
	SANDBOX_READER,
};

struct sandbox_state {
	bool calls; /* seccomp */
	bool files; /* landlock; of SANDBOX_READER only */
};

/* To be called before there are threads. FOLDER, of SANDBOX_READER: where the case lies. */
struct sandbox_state sandbox_enter(enum sandbox kind, const char *folder);

/* What entering would come to. */
struct sandbox_state sandbox_available(void);

#endif
