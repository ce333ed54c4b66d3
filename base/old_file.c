/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/old_file.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_MAX 10000

/* False with EEXIST: that name is taken. */
static bool
name_also(const char *path, const char *name)
{
	struct stat st;

	if (link(path, name) == 0)
		return true;
	if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK)
		return false;
	if (lstat(name, &st) == 0) {
		errno = EEXIST;
		return false;
	}
	return rename(path, name) == 0;
}

bool
old_file_keep(const char *path, char out[PATH_MAX])
{
	struct stat st;

	out[0] = '\0';
	if (lstat(path, &st) != 0)
		return errno == ENOENT;
	for (int i = 1; i < NAMES_MAX; i++) {
		int n = i == 1 ? snprintf(out, PATH_MAX, "%s~", path)
			       : snprintf(out, PATH_MAX, "%s~%d", path, i);

		if (n >= PATH_MAX) {
			errno = ENAMETOOLONG;
			return false;
		}
		if (name_also(path, out))
			return true;
		if (errno != EEXIST)
			return false;
	}
	return false;
}
