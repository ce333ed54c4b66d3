/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the sandbox that confines files: landlock. */
#include "config.h"

#include "base/sandbox_parts.h"

#include <sys/syscall.h>

#if defined(HAVE_LINUX_LANDLOCK_H) && defined(SYS_landlock_create_ruleset)

#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "base/temporary.h"

/* Kernels know more rights than the headers that are installed. */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

static long
landlock_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static uint64_t
rights_handled(long version)
{
	uint64_t all = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
		       LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
		       LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
		       LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
		       LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
		       LANDLOCK_ACCESS_FS_MAKE_SYM;

	if (version >= 2)
		all |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		all |= LANDLOCK_ACCESS_FS_TRUNCATE;
	return all;
}

static void
allow_below(int rules, const char *folder, uint64_t rights)
{
	struct landlock_path_beneath_attr place = {
		.allowed_access = rights,
		.parent_fd = open(folder, O_PATH | O_CLOEXEC),
	};

	if (place.parent_fd < 0)
		return;
	syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &place, 0);
	close(place.parent_fd);
}

bool
files_confine(const char *folder, bool unnamed_files)
{
	const long     version = landlock_version();
	const uint64_t all = version > 0 ? rights_handled(version) : 0;
	const uint64_t work = all & (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
				     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE);
	const uint64_t unnamed = work & ~(LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE);
	struct landlock_ruleset_attr what = { .handled_access_fs = all };
	bool                         good;
	int                          rules;

	if (version <= 0)
		return false;
	rules = (int)syscall(SYS_landlock_create_ruleset, &what, sizeof(what), 0);
	if (rules < 0)
		return false;
	allow_below(rules, folder, work);
	for (unsigned i = 0; i < TEMPORARY_FOLDERS; i++)
		if (temporary_folder(i))
			allow_below(rules, temporary_folder(i), unnamed_files ? unnamed : work);
	good = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return good;
}

bool
files_confine_available(void)
{
	return landlock_version() > 0;
}

#else

bool
files_confine(const char *folder, bool unnamed_files)
{
	(void)folder;
	(void)unnamed_files;
	return false;
}

bool
files_confine_available(void)
{
	return false;
}

#endif
