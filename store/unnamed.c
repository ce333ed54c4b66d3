/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of SQLite's own without a name, for programs that may make none. */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "base/temporary.h"
#include "store/db.h"

/* SQLite makes its temporary files, and nothing else, with O_EXCL, and removes the name at once. */
static int
open_unnamed(const char *path, int flags, int mode)
{
	const char *slash = strrchr(path, '/');
	char        folder[PATH_MAX];
	int         fd = -1;

	if ((flags & O_EXCL) && slash && slash > path && (size_t)(slash - path) < sizeof(folder)) {
		memcpy(folder, path, (size_t)(slash - path));
		folder[slash - path] = '\0';
		fd = temporary_unnamed(folder);
	}
	return fd >= 0 ? fd : open(path, flags, mode);
}

void
casefile_unnamed_files(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find("unix");

	if (vfs && vfs->iVersion >= 3)
		vfs->xSetSystemCall(vfs, "open", (sqlite3_syscall_ptr)open_unnamed);
}
