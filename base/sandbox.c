/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/sandbox_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

#include "base/instrumented.h"
#include "base/temporary.h"

/* The first folder that takes temporary files takes them without a name. */
static bool
has_unnamed_files(void)
{
	for (unsigned i = 0; i < TEMPORARY_FOLDERS; i++) {
		const char *folder = temporary_folder(i);
		int         fd;

		if (!folder || access(folder, W_OK | X_OK) != 0)
			continue;
		fd = temporary_unnamed(folder);
		if (fd >= 0)
			close(fd);
		return fd >= 0;
	}
	return true;
}

/* What was gained can be lost by no program that is started: the kernel asks for it. */
static bool
renounce(void)
{
#ifdef HAVE_SYS_PRCTL_H
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
#else
	return false;
#endif
}

struct sandbox_state
sandbox_enter(enum sandbox kind, const char *folder)
{
	struct sandbox_state state = { false, false };
	bool                 unnamed = has_unnamed_files();

	if (instrumented() || !renounce())
		return state;
	if (kind == SANDBOX_READER)
		state.files = files_confine(folder, unnamed);
	state.calls = calls_filter(kind, unnamed);
	return state;
}

struct sandbox_state
sandbox_available(void)
{
	if (instrumented())
		return (struct sandbox_state){ false, false };
	return (struct sandbox_state){ calls_filter_available(), files_confine_available() };
}
