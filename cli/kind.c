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

struct sought {
	struct text   name;
	struct arena *keep;
	struct text   exact, other; /* so called; so called without the domain, or otherwise */
	uint32_t      n_other;
};

static void
note_other(struct sought *s, struct text name)
{
	if (text_absent(s->other))
		s->other = arena_copy(s->keep, name);
	s->n_other++;
}

static bool
seen_host(void *ctx, const struct host_row *row)
{
	note_other(ctx, row->host);
	return true;
}

static struct text
without_domain(struct text user)
{
	size_t at = text_rfind_byte(user, '@');

	return text_rfind_byte(user, '\\') == TEXT_NOWHERE && at != TEXT_NOWHERE ? text_head(user, at)
									     : text_last_part(user);
}

static bool
is_alias(struct text aliases, struct text name)
{
	while (!text_absent(aliases))
		if (text_ieq(text_trim(text_cut(&aliases, ',')), name))
			return true;
	return false;
}

static bool
seen_user(void *ctx, const struct user_row *row)
{
	struct sought *s = ctx;

	if (text_ieq(row->user, s->name))
		s->exact = arena_copy(s->keep, row->user);
	else if (text_ieq(without_domain(row->user), s->name) || is_alias(row->aliases, s->name))
		note_other(s, row->user);
	return text_absent(s->exact);
}

static bool
seek_host(struct casefile *cf, struct sought *s, struct err *err)
{
	struct case_filter one = CASE_FILTER_ALL;

	one.host = s->name;
	return query_hosts(cf, &one, seen_host, s, err);
}

bool
kind_whole_name(const struct cli *cli, struct casefile *cf, enum risk_object_type kind,
		struct text name, struct text *out, struct err *err)
{
	struct sought s = { .name = name, .keep = cli->keep };

	*out = name;
	if ((kind == RISK_SYSTEM && !seek_host(cf, &s, err)) ||
	    (kind == RISK_USER && !query_users(cf, &CASE_FILTER_ALL, seen_user, &s, err)))
		return false;
	if (!text_absent(s.exact))
		*out = s.exact;
	else if (s.n_other == 1)
		*out = s.other;
	return true;
}

static bool
ask_kind(const struct sought *host, const struct sought *user, enum risk_object_type *out,
	 struct err *err)
{
	bool user_seen = !text_absent(user->exact) || user->n_other;

	if ((host->n_other > 0) == user_seen)
		return err_set(err, ERR_USAGE,
			       user_seen ? "a host and a user of this case are called so: --kind system or "
					   "--kind user"
					 : "neither a host nor a user with findings is called so: --kind "
					   "system or --kind user, if it is one all the same");
	if (text_absent(user->exact) && user->n_other > 1)
		return err_set(err, ERR_USAGE,
			       "%u users of this case are called so, such as " TEXT_FMT
			       ": say which, or --kind user, if it is another",
			       (unsigned)user->n_other, TEXT_ARG(user->other));
	*out = user_seen ? RISK_USER : RISK_SYSTEM;
	return true;
}

bool
kind_of_name(const struct cli *cli, struct casefile *cf, struct text name,
	     enum risk_object_type *out, struct err *err)
{
	struct sought host = { .name = name, .keep = cli->keep }, user = host;

	if (!name.n)
		return err_set(err, ERR_USAGE, "the name is empty");
	if (option_given(cli->opt, OPTION_KIND))
		return kind_named(option_text(cli->opt, OPTION_KIND), out) ||
		       err_set(err, ERR_USAGE, "--kind: system, user or other");
	if (!seek_host(cf, &host, err) || !query_users(cf, &CASE_FILTER_ALL, seen_user, &user, err))
		return false;
	return (casefile_whole(cf, err) && ask_kind(&host, &user, out, err)) ||
	       err_where(err, TEXT_FMT, TEXT_ARG(name));
}
