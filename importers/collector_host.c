/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/collector_host.h"

#include "base/ascii.h"

#define PARTS_MAX 64 /* of a path; deeper ones are not looked at */
#define HOST_MAX  63 /* a label of DNS */

/* Folders that collectors put between the host's and the drive's. */
static bool
is_between(struct text part)
{
	static const struct text names[] = {
		TEXT_INIT("uploads"), TEXT_INIT("auto"), TEXT_INIT("ntfs"), TEXT_INIT("file"),
		TEXT_INIT("kape"), TEXT_INIT("out"), TEXT_INIT("output"), TEXT_INIT("tout"),
		TEXT_INIT("targets"), TEXT_INIT("collection"), TEXT_INIT("evidence"),
		TEXT_INIT("data"), TEXT_INIT("files"), TEXT_INIT("fs"), TEXT_INIT("root"),
		TEXT_INIT("."), TEXT_INIT(".."), TEXT_INIT(""),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (text_ieq(part, names[i]))
			return true;
	return false;
}

/* "C", "C:", "C%3A". */
static bool
is_drive(struct text part)
{
	struct text rest = text_from(part, 1);

	return part.n > 0 && ascii_letter(part.p[0]) &&
	       (rest.n == 0 || text_eq(rest, TEXT(":")) || text_ieq(rest, TEXT("%3a")));
}

static struct text
without_suffix(struct text name)
{
	static const struct text suffixes[] = {
		TEXT_INIT(".zip"), TEXT_INIT(".7z"), TEXT_INIT(".gz"), TEXT_INIT(".xz"),
		TEXT_INIT(".zst"), TEXT_INIT(".lz4"), TEXT_INIT(".bz2"), TEXT_INIT(".tgz"), TEXT_INIT(".tar"),
	};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (text_iends(name, suffixes[i]))
			name.n -= suffixes[i].n;
	return name;
}

/* "2024-03-05T" */
static bool
begins_with_date(struct text t)
{
	static const char shape[] = "0000-00-00T";

	if (t.n < sizeof(shape) - 1)
		return false;
	for (size_t i = 0; i < sizeof(shape) - 1; i++)
		if (shape[i] == '0' ? !ascii_digit(t.p[i]) : t.p[i] != shape[i])
			return false;
	return true;
}

/* T if it could be the name of a machine. */
static struct text
if_host(struct text t)
{
	bool letter = false;

	if (t.n == 0 || t.n > HOST_MAX || is_between(t) || is_drive(t))
		return TEXT_NONE;
	for (size_t i = 0; i < t.n; i++) {
		bool mark = t.p[i] == '-' || t.p[i] == '_' || t.p[i] == '.';

		if (!ascii_letter(t.p[i]) && !ascii_digit(t.p[i]) && (!mark || i == 0))
			return TEXT_NONE;
		letter |= ascii_letter(t.p[i]);
	}
	return letter && !begins_with_date(t) ? t : TEXT_NONE;
}

/* Velociraptor: "Collection-HOST-2024-03-05T..." or "HOST-C.0123456789abcdef-F.ABC". */
static struct text
velociraptor_host(struct text part)
{
	size_t flow;

	if (text_istarts(part, TEXT("Collection-"))) {
		part = text_from(part, sizeof("Collection-") - 1);
		for (size_t i = 1; i < part.n; i++)
			if (part.p[i] == '-' && begins_with_date(text_from(part, i + 1)))
				return if_host(text_head(part, i));
		return TEXT_NONE;
	}
	flow = text_find(part, TEXT("-F."));
	for (size_t i = 1; flow != TEXT_NOWHERE && i < flow; i++)
		if (text_starts(text_from(part, i), TEXT("-C.")) && flow - i >= 11)
			return if_host(text_head(part, i));
	return TEXT_NONE;
}

/* KAPE: "2024-03-05T091527_HOST". */
static struct text
without_time(struct text part)
{
	size_t mark = begins_with_date(part) ? text_find_byte(part, '_') : TEXT_NOWHERE;

	return mark == TEXT_NOWHERE ? part : text_from(part, mark + 1);
}

/* Cuts the path at slashes, and at colons other than those of drives. */
static size_t
cut_path(struct text path, struct text *parts)
{
	size_t n = 0, from = 0;

	for (size_t i = 0; i <= path.n; i++) {
		if (i < path.n && path.p[i] != '/' && (path.p[i] != ':' || i - from == 1))
			continue;
		if (n == PARTS_MAX)
			return 0;
		parts[n++] = text_head(text_from(path, from), i - from);
		from = i + 1;
	}
	return n;
}

struct text
collector_host(struct text path)
{
	struct text parts[PARTS_MAX], host;
	size_t      n = cut_path(path, parts), windows = 0;

	for (size_t i = 0; i < n; i++) {
		host = velociraptor_host(without_suffix(parts[i]));
		if (!text_absent(host))
			return host;
		if (!windows && i + 1 < n && text_ieq(parts[i], TEXT("Windows")) &&
		    text_ieq(parts[i + 1], TEXT("System32")))
			windows = i;
	}
	while (windows > 0) {
		struct text part = without_time(without_suffix(parts[--windows]));

		if (!is_drive(part) && !is_between(part))
			return if_host(part);
	}
	return TEXT_NONE;
}
