/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * old_file.h - what is at a place gets another name before something new comes there.
 *
 * The name is the first free one of "PATH~", "PATH~2", "PATH~3" ...: nothing is ever lost.
 */
#ifndef AUGER_BASE_OLD_FILE_H
#define AUGER_BASE_OLD_FILE_H

#include <limits.h>
#include <stdbool.h>

/* Where the file system has hard links, PATH itself stays until it is replaced. OUT is the name, empty
 * when nothing is at PATH. False with errno. */
bool old_file_keep(const char *path, char out[PATH_MAX]);

#endif
