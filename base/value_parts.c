/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/value_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/when.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct text
part_first_label(struct text host)
{
	size_t dot = text_find_byte(host, '.');
	bool   address =
	    host.n && ascii_digit(host.p[0]) && text_rfind_byte(host, '.') != dot;

	/* 192.0.2.7 has no labels */
	for (size_t i = 0; address && i < host.n; i++)
		address = host.p[i] == '.' || ascii_digit(host.p[i]);
	return dot == TEXT_NOWHERE || address ? host : text_head(host, dot);
}

static struct text
print_number(struct arena *keep, uint64_t number)
{
	char   digits[20], *at = digits + sizeof(digits);
	size_t n;
	char  *copy;

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	n = (size_t)(digits + sizeof(digits) - at);
	copy = arena_new(keep, char, n);
	memcpy(copy, at, n);
	return (struct text){ copy, n };
}

/* Every number of four digits, so that an event id needs no memory. */
#define DIGITS_1(a, b, c) { a, b, c, '0' }, { a, b, c, '1' }, { a, b, c, '2' },                    \
	{ a, b, c, '3' }, { a, b, c, '4' }, { a, b, c, '5' }, { a, b, c, '6' }, { a, b, c, '7' },  \
	{ a, b, c, '8' }, { a, b, c, '9' }
#define DIGITS_2(a, b)    DIGITS_1(a, b, '0'), DIGITS_1(a, b, '1'), DIGITS_1(a, b, '2'),           \
	DIGITS_1(a, b, '3'), DIGITS_1(a, b, '4'), DIGITS_1(a, b, '5'), DIGITS_1(a, b, '6'),        \
	DIGITS_1(a, b, '7'), DIGITS_1(a, b, '8'), DIGITS_1(a, b, '9')
#define DIGITS_3(a)       DIGITS_2(a, '0'), DIGITS_2(a, '1'), DIGITS_2(a, '2'), DIGITS_2(a, '3'),  \
	DIGITS_2(a, '4'), DIGITS_2(a, '5'), DIGITS_2(a, '6'), DIGITS_2(a, '7'), DIGITS_2(a, '8'),  \
	DIGITS_2(a, '9')

static struct text
small_number(uint32_t number)
{
	static const char digits[10000][4] = {
		DIGITS_3('0'), DIGITS_3('1'), DIGITS_3('2'), DIGITS_3('3'), DIGITS_3('4'),
		DIGITS_3('5'), DIGITS_3('6'), DIGITS_3('7'), DIGITS_3('8'), DIGITS_3('9'),
	};
	size_t zeros = (size_t)(number < 10) + (number < 100) + (number < 1000);

	return (struct text){ digits[number] + zeros, 4 - zeros };
}

struct text
part_epoch(int64_t time_ns, struct arena *keep)
{
	int64_t seconds = time_ns / WHEN_SECOND, ns = time_ns % WHEN_SECOND;
	char    buf[48];
	int     n;

	if (time_ns == WHEN_NONE)
		return TEXT_NONE;
	if (ns == 0)
		return arena_printf(keep, "%lld", (long long)seconds);
	n = snprintf(buf, sizeof(buf), "%s%lld.%09lld", time_ns < 0 ? "-" : "",
		     (long long)(seconds < 0 ? -seconds : seconds), (long long)(ns < 0 ? -ns : ns));
	while (buf[n - 1] == '0')
		n--;
	return arena_copy(keep, (struct text){ buf, (size_t)n });
}

struct provider_guid {
	struct text provider, guid;
};

struct text
part_provider_guid(struct text provider)
{
	static const struct provider_guid known[] = {
		{ TEXT_INIT("Microsoft-Windows-PowerShell"),
		  TEXT_INIT("{A0C1853B-5C40-4B15-8766-3CF1C58F985A}") },
		{ TEXT_INIT("PowerShellCore"),
		  TEXT_INIT("{F90714A8-5509-434A-BF6D-B1624C8A19A2}") },
		{ TEXT_INIT("Microsoft-Windows-Security-Auditing"),
		  TEXT_INIT("{54849625-5478-4994-A5BA-3E3B0328C30D}") },
		{ TEXT_INIT("Microsoft-Windows-Sysmon"),
		  TEXT_INIT("{5770385F-C22A-43E0-BF4C-06F5698FFBD9}") },
		{ TEXT_INIT("Microsoft-Windows-WMI-Activity"),
		  TEXT_INIT("{1418EF04-B0B4-4623-BF7E-D74AB47BBDAA}") },
		{ TEXT_INIT("Microsoft-Windows-WinRM"),
		  TEXT_INIT("{A7975C8F-AC13-49F1-87DA-5A984A4AB417}") },
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (text_ieq(known[i].provider, provider))
			return known[i].guid;
	return TEXT_NONE;
}

struct text
part_hash(struct text hashes, struct text algorithm)
{
	while (hashes.n) {
		struct text part = text_cut(&hashes, ',');

		if (part.n > algorithm.n && part.p[algorithm.n] == '=' &&
		    text_istarts(part, algorithm))
			return text_from(part, algorithm.n + 1);
	}
	return TEXT_NONE;
}

struct text
part_line(struct text lines, struct text key)
{
	while (lines.n) {
		struct text line = text_trim(text_cut(&lines, '\n'));

		if (line.n > key.n && line.p[key.n] == '=' && text_starts(line, key))
			return text_from(line, key.n + 1);
	}
	return TEXT_NONE;
}

struct text
part_unless(struct text value, struct text nobody)
{
	return text_eq(value, TEXT("-")) || text_eq(value, nobody) ? TEXT_NONE : value;
}

struct text
part_unless_zero(struct text value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != '0')
			return value;
	return TEXT_NONE;
}

struct text
part_registry_data(struct text details)
{
	static const struct text kinds[] = { TEXT_INIT("DWORD ("), TEXT_INIT("QWORD (") };

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (text_istarts(details, kinds[i]) && details.p[details.n - 1] == ')')
			return text_head(text_from(details, kinds[i].n),
					 details.n - kinds[i].n - 1);
	return details;
}

struct text
part_program(struct text *command)
{
	*command = text_trim(*command);
	if (command->n && command->p[0] == '"') {
		*command = text_from(*command, 1);
		return text_cut(command, '"');
	}
	return text_cut(command, ' ');
}

struct text
part_command_rest(struct text command)
{
	part_program(&command);
	return text_trim(command);
}

struct text
part_unquoted(struct text value)
{
	if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		return text_from(text_head(value, value.n - 1), 1);
	return value;
}

struct text
part_first_number(struct text value)
{
	size_t from = 0, to;

	while (from < value.n && !ascii_digit(value.p[from]))
		from++;
	for (to = from; to < value.n && ascii_digit(value.p[to]);)
		to++;
	return from < to ? text_from(text_head(value, to), from) : TEXT_NONE;
}

struct text
part_kb(struct text title)
{
	size_t at = text_find(title, TEXT("KB"));
	size_t to = at + 2;

	if (at == TEXT_NOWHERE)
		return TEXT_NONE;
	while (to < title.n && ascii_digit(title.p[to]))
		to++;
	return to > at + 2 ? text_from(text_head(title, to), at) : TEXT_NONE;
}

struct text
part_date(int64_t ns, struct text part, struct arena *keep)
{
	static const struct text days[] = {
		TEXT_INIT("sunday"),   TEXT_INIT("monday"), TEXT_INIT("tuesday"),  TEXT_INIT("wednesday"),
		TEXT_INIT("thursday"), TEXT_INIT("friday"), TEXT_INIT("saturday"),
	};
	static const struct text months[] = {
		TEXT_INIT("january"), TEXT_INIT("february"), TEXT_INIT("march"),
		TEXT_INIT("april"),   TEXT_INIT("may"),      TEXT_INIT("june"),
		TEXT_INIT("july"),    TEXT_INIT("august"),   TEXT_INIT("september"),
		TEXT_INIT("october"), TEXT_INIT("november"), TEXT_INIT("december"),
	};
	struct when_fields f;
	int                n;

	if (ns == WHEN_NONE)
		return TEXT_NONE;
	f = when_split(ns);
	if (text_eq(part, TEXT("wday")))
		return days[f.weekday];
	if (text_eq(part, TEXT("month")))
		return months[f.month - 1];
	n = text_eq(part, TEXT("hour"))	    ? f.hour
	    : text_eq(part, TEXT("mday"))   ? f.day
	    : text_eq(part, TEXT("minute")) ? f.minute
	    : text_eq(part, TEXT("second")) ? f.second
					    : f.year;
	return arena_printf(keep, "%d", n);
}

struct text
part_number(uint64_t number, struct arena *keep)
{
	return number < 10000 ? small_number((uint32_t)number) : print_number(keep, number);
}
