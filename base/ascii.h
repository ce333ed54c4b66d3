/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ascii.h - classes of ASCII characters, whatever the locale says; other bytes are in none.
 */
#ifndef AUGER_BASE_ASCII_H
#define AUGER_BASE_ASCII_H

#include <stdbool.h>

static inline bool
ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool
ascii_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool
ascii_letter(char c)
{
	return ascii_lower(c) || ascii_upper(c);
}

static inline bool
ascii_alnum(char c)
{
	return ascii_letter(c) || ascii_digit(c);
}

static inline bool
ascii_hex(char c)
{
	return ascii_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

#define ASCII_NO_DIGIT 36

/* 0 to 9, then letters of either case from 10 on; ASCII_NO_DIGIT for everything else. */
static inline unsigned
ascii_value(char c)
{
	if (ascii_digit(c))
		return (unsigned)(c - '0');
	return ascii_letter(c) ? (unsigned)((c | 0x20) - 'a') + 10 : ASCII_NO_DIGIT;
}

/* Between words: not \v and \f. */
static inline bool
ascii_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

#endif
