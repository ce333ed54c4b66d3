/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * temporary.h - files without a name, gone when their descriptor is closed.
 */
#ifndef AUGER_BASE_TEMPORARY_H
#define AUGER_BASE_TEMPORARY_H

#define TEMPORARY_FOLDERS 3

/* The folders to try in turn: $TMPDIR (NULL when not set), /var/tmp, /tmp, which often is memory. */
const char *temporary_folder(unsigned i);

/* An empty file in the first folder that takes one; -1 and errno when none does. */
int temporary_file(void);

/* The same, but first beside PLACE, where that takes one without a name; NULL: no such place. */
int temporary_beside(const char *place);

/* One that never had a name, not for an instant; -1: FOLDER's file system cannot (O_TMPFILE). */
int temporary_unnamed(const char *folder);

#endif
