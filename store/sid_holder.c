/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sid_holder.h"

/* Fields that name the holder of an identifier: the identifier's own, name, domain. */
static const struct sid_fields {
	struct text sid, name, domain;
} sid_fields[SIDS_SAID_MAX] = {
	{ TEXT_INIT("TargetUserSid"), TEXT_INIT("TargetUserName"), TEXT_INIT("TargetDomainName") },
	{ TEXT_INIT("SubjectUserSid"), TEXT_INIT("SubjectUserName"),
	  TEXT_INIT("SubjectDomainName") },
	{ TEXT_INIT("TargetSid"), TEXT_INIT("TargetUserName"), TEXT_INIT("TargetDomainName") },
	{ TEXT_INIT("UserID"), TEXT_INIT("AccountName"), TEXT_INIT("Domain") }, /* NXLog */
};

/* Windows has no longer ones; whoever makes up evidence may write megabytes. */
#define NAME_BYTES 1024 /* of an account or a domain: 256 characters */

static bool
says_nothing(struct text t)
{
	return t.n == 0 || text_eq(t, TEXT("-"));
}

/* NXLog's own: the account that wrote the event, which is none that a service is to run as (7045). */
static bool
is_writer(const struct event *ev, struct text domain)
{
	return !says_nothing(domain) && text_absent(event_get(ev, TEXT("ServiceName")));
}

size_t
sids_said(const struct event *ev, struct sid_said *out)
{
	size_t n = 0;

	for (size_t i = 0; i < SIDS_SAID_MAX; i++) {
		struct text sid = event_get(ev, sid_fields[i].sid);
		struct text name, domain;

		/* S-1-0-0: nobody, beside a name that was tried */
		if (sid.n > SID_BYTES || !text_istarts(sid, TEXT("S-1-")) ||
		    text_ieq(sid, TEXT("S-1-0-0")))
			continue;
		name = event_get(ev, sid_fields[i].name);
		if (says_nothing(name) || name.n > NAME_BYTES ||
		    text_find_byte(name, '@') != TEXT_NOWHERE)
			continue;
		domain = event_get(ev, sid_fields[i].domain);
		if (text_eq(sid_fields[i].sid, TEXT("UserID")) && !is_writer(ev, domain))
			continue;
		if (says_nothing(domain) || domain.n > NAME_BYTES)
			domain = TEXT("");
		out[n++] = (struct sid_said){ sid, name, domain };
	}
	return n;
}

static const char note_said[] =
    "INSERT OR IGNORE INTO sid_name(sid, name, domain) VALUES(?1, ?2, ?3)";

bool
sid_said_note(struct casefile *cf, const struct sid_said *said, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, note_said, err)) {
		ask_text(&q, 1, said->sid);
		ask_text(&q, 2, said->name);
		ask_text(&q, 3, said->domain);
		ask_run(&q);
	}
	return ask_end(&q);
}

static struct text
first_label(struct text domain)
{
	return text_head(domain, text_find_byte(domain, '.'));
}

/* One account, as far as the two names tell? */
static bool
is_same(const struct sid_said *a, const struct sid_said *b)
{
	return text_ieq(a->name, b->name) &&
	       (!a->domain.n || !b->domain.n ||
		text_ieq(first_label(a->domain), first_label(b->domain)));
}

static struct text
whole_name(const struct sid_said *s, struct arena *keep)
{
	if (!s->domain.n)
		return arena_copy(keep, s->name);
	return arena_printf(keep, TEXT_FMT "\\" TEXT_FMT, TEXT_ARG(s->domain), TEXT_ARG(s->name));
}

/* CORP before corp.example; names without a domain say least and come last. */
static const char names_of[] = "SELECT name, domain FROM sid_name WHERE sid = ?1 "
			       "ORDER BY domain = '', length(domain), domain, name";

bool
sid_holder_find(struct casefile *cf, struct text sid, struct arena *keep, struct sid_holder *out,
		struct err *err)
{
	struct sid_said first = { 0 };
	struct ask      q;

	*out = (struct sid_holder){ TEXT_NONE, TEXT_NONE };
	if (ask(&q, cf, names_of, err)) {
		ask_text(&q, 1, sid);
		while (text_absent(out->other) && ask_row(&q)) {
			struct sid_said said = { sid, ask_get_text(&q, 0), ask_get_text(&q, 1) };

			if (text_absent(out->name)) {
				first = (struct sid_said){ sid, arena_copy(keep, said.name),
							   arena_copy(keep, said.domain) };
				out->name = whole_name(&first, keep);
			} else if (!is_same(&first, &said)) {
				out->other = whole_name(&said, keep);
			}
		}
	}
	return ask_end(&q);
}
