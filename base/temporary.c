/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *
temporary_folder(unsigned i)
{
	const char *set;

	if (i > 0)
		return i == 1 ? "/var/tmp" : "/tmp";
	set = getenv("TMPDIR");
	return set && set[0] ? set : NULL;
}

int
temporary_unnamed(const char *folder)
{
#ifdef O_TMPFILE
	return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#else
	(void)folder;
	errno = ENOTSUP;
	return -1;
#endif
}

static int
named_for_an_instant(const char *folder)
{
	char path[4096];
	int  n = snprintf(path, sizeof(path), "%s/auger-XXXXXX", folder);
	int  fd;

	if (n < 0 || (size_t)n >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(path);
	if (fd >= 0) {
		fcntl(fd, F_SETFD, FD_CLOEXEC);
		unlink(path);
	}
	return fd;
}

int
temporary_file(void)
{
	int fd = -1;

	for (unsigned i = 0; i < TEMPORARY_FOLDERS && fd < 0; i++) {
		const char *folder = temporary_folder(i);

		if (!folder)
			continue;
		fd = temporary_unnamed(folder);
		if (fd < 0)
			fd = named_for_an_instant(folder);
	}
	return fd;
}

int
temporary_beside(const char *place)
{
	const char *slash = place ? strrchr(place, '/') : NULL;
	char        folder[PATH_MAX] = ".";
	size_t      n = slash ? (size_t)(slash - place) : 0;
	int         fd = -1;

	if (slash && n < sizeof(folder)) {
		memcpy(folder, n ? place : "/", n ? n : 1);
		folder[n ? n : 1] = '\0';
	}
	if (place && n < sizeof(folder))
		fd = temporary_unnamed(folder);
	return fd < 0 ? temporary_file() : fd;
}
