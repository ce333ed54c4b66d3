/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * utf16.h - UTF-16LE and Windows-1252 bytes to UTF-8.
 *
 * CR LF becomes LF, a surrogate without its partner U+FFFD; everything else is kept, NUL and
 * other control characters too. Sources may stand at any address.
 *
 * For speed both read and write in blocks: UTF16_SLACK bytes behind the source must be readable
 * (their content does not matter), and the result needs room for three bytes a unit or byte plus
 * UTF16_SLACK. Both return the end of the result.
 */
#ifndef AUGER_IMPORTERS_UTF16_H
#define AUGER_IMPORTERS_UTF16_H

#include <stddef.h>
#include <stdint.h>

#define UTF16_SLACK 32

char *utf16_to_utf8(char *out, const uint8_t *src, size_t units);
char *cp1252_to_utf8(char *out, const uint8_t *src, size_t bytes);

#endif
