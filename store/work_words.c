/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of verdicts and kinds of entries, and with whom and when an entry is signed. */
#include "config.h"

#include "store/work.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/when.h"

const struct text work_verdicts[WORK_VERDICTS] = { TEXT_INIT("open"), TEXT_INIT("true positive"),
						   TEXT_INIT("benign"),
						   TEXT_INIT("false positive") };

static const char *const kinds[] = { "verdict", "note", "bookmark" };

const char *
work_kind_name(enum work_kind kind)
{
	return kinds[kind];
}

bool
work_kind_named(struct text name, enum work_kind *out)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (text_eq(name, text_of(kinds[i]))) {
			*out = (enum work_kind)i;
			return true;
		}
	}
	return false;
}

bool
work_is_verdict(struct text word)
{
	for (size_t i = 0; i < WORK_VERDICTS; i++)
		if (text_eq(word, work_verdicts[i]))
			return true;
	return false;
}

bool
work_verdict_named(struct text word, struct text *out, struct err *err)
{
	for (size_t i = 0; word.n && i < WORK_VERDICTS; i++) {
		if (text_istarts(work_verdicts[i], word)) {
			*out = work_verdicts[i];
			return true;
		}
	}
	return err_set(err, ERR_USAGE,
		       TEXT_FMT " is no verdict: open, true positive, benign or false positive",
		       TEXT_ARG(text_head(word, 40)));
}

struct text
work_author(struct arena *keep)
{
	const char          *given = getenv("AUGER_AUTHOR");
	const struct passwd *who;
	char                 host[256] = "";

	if (given && *given)
		return arena_copy(keep, text_of(given));
	who = getpwuid(getuid());
	if (gethostname(host, sizeof(host) - 1) != 0 || !host[0])
		memcpy(host, "localhost", sizeof("localhost"));
	if (who && who->pw_name[0])
		return arena_printf(keep, "%s@%s", who->pw_name, host);
	return arena_printf(keep, "%u@%s", (unsigned)getuid(), host);
}

int64_t
work_now_ns(void)
{
	int64_t now;

	when_now(&now);
	return now;
}
