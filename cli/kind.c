/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/kind.h"

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

static bool
seen_host(void *ctx, const struct host_row *row)
{
	(void)row;
	*(bool *)ctx = true;
	return false;
}

struct user_sought {
	struct text name;
	bool        seen;
};

/* As a user of the case is called with or without the domain. */
static bool
seen_user(void *ctx, const struct user_row *row)
{
	struct user_sought *s = ctx;

	s->seen = text_ieq(row->user, s->name) || text_ieq(text_last_part(row->user), s->name);
	return !s->seen;
}

bool
kind_of_name(const struct cli *cli, struct casefile *cf, struct text name,
	     enum risk_object_type *out, struct err *err)
{
	struct case_filter one = CASE_FILTER_ALL;
	struct user_sought user = { .name = name };
	bool               host = false;

	if (option_given(cli->opt, OPTION_KIND))
		return kind_named(option_text(cli->opt, OPTION_KIND), out) ||
		       err_set(err, ERR_USAGE, "--kind: system, user or other");
	one.host = name;
	if (!query_hosts(cf, &one, seen_host, &host, err) ||
	    !query_users(cf, &CASE_FILTER_ALL, seen_user, &user, err))
		return false;
	if (!user.seen && !text_absent(query_user_called(cf, name, cli->keep)))
		user.seen = true;
	if (host != user.seen) {
		*out = host ? RISK_SYSTEM : RISK_USER;
		return true;
	}
	err_set(err, ERR_USAGE, host ? "a host and a user of this case are called so: --kind system or "
				       "--kind user"
				     : "neither a host nor a user with findings is called so: --kind "
				       "system or --kind user, if it is one all the same");
	return err_where(err, TEXT_FMT, TEXT_ARG(name));
}
