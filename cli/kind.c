/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/kind.h"

#include "store/called.h"
#include "store/query.h"

bool
kind_named(struct text word, enum risk_object_type *out)
{
	static const enum risk_object_type kinds[] = { RISK_SYSTEM, RISK_USER, RISK_OTHER };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (text_ieq(word, text_of(risk_object_type_name(kinds[i])))) {
			*out = kinds[i];
			return true;
		}
	return false;
}

struct named_host {
	struct text   name;
	uint32_t      n;
	struct arena *keep;
};

static bool
note_host(void *ctx, const struct host_row *row)
{
	struct named_host *h = ctx;

	if (!h->n++)
		h->name = arena_copy(h->keep, row->host);
	return true;
}

/* The hosts of the case that are called so. */
static bool
seek_host(struct casefile *cf, struct text name, struct arena *keep, struct named_host *out,
	  struct err *err)
{
	struct case_filter one = CASE_FILTER_ALL;

	*out = (struct named_host){ .keep = keep };
	one.host = name;
	return query_hosts(cf, &one, note_host, out, err);
}

static bool
decide(bool host, const struct called *user, enum risk_object_type *out, struct err *err)
{
	if (host == (user->n > 0))
		return err_set(err, ERR_USAGE,
			       host ? "a host and a user of this case are called so: --kind system or "
				      "--kind user"
				    : "neither a host nor a user with findings is called so: --kind "
				      "system or --kind user, if it is one all the same");
	if (user->n > 1)
		return err_set(err, ERR_USAGE,
			       "%u users of this case are called so, such as " TEXT_FMT
			       ": say which, or --kind user, if it is another",
			       (unsigned)user->n, TEXT_ARG(user->user));
	*out = host ? RISK_SYSTEM : RISK_USER;
	return true;
}

bool
kind_of_name(struct casefile *cf, struct text word, struct text name, struct arena *keep,
	     enum risk_object_type *out, struct err *err)
{
	struct named_host host;
	struct called     user;

	if (!name.n)
		return err_set(err, ERR_USAGE, "the name is empty");
	if (!text_absent(word))
		return kind_named(word, out) || err_set(err, ERR_USAGE, "--kind: system, user or other");
	if (!seek_host(cf, name, keep, &host, err))
		return false;
	user = called_find(called_open(cf, keep), cf, name, keep);
	return (casefile_whole(cf, err) && decide(host.n > 0, &user, out, err)) ||
	       err_where(err, TEXT_FMT, TEXT_ARG(name));
}

bool
kind_whole_name(struct casefile *cf, enum risk_object_type kind, struct text name,
		struct arena *keep, struct text *out, struct err *err)
{
	struct named_host host = { .n = 0 };
	struct called     user = { .n = 0 };

	*out = name;
	if (kind == RISK_SYSTEM && !seek_host(cf, name, keep, &host, err))
		return false;
	if (kind == RISK_USER)
		user = called_find(called_open(cf, keep), cf, name, keep);
	if (host.n == 1)
		*out = host.name;
	else if (user.n == 1)
		*out = user.user;
	return true;
}
