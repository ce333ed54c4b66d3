/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sid_holder.h"

#include "base/pred.h"
#include "base/when.h"
#include "store/scan.h"

#define NAMES_MAX  64    /* events that name the holder, looked at */
#define EVENTS_MAX 20000 /* events that have the identifier, looked at */

/* Fields that name the holder of an identifier: the identifier's own, name, domain. */
static const struct sid_fields {
	struct text sid, name, domain;
} sid_fields[] = {
	{ TEXT_INIT("TargetUserSid"), TEXT_INIT("TargetUserName"), TEXT_INIT("TargetDomainName") },
	{ TEXT_INIT("SubjectUserSid"), TEXT_INIT("SubjectUserName"),
	  TEXT_INIT("SubjectDomainName") },
	{ TEXT_INIT("TargetSid"), TEXT_INIT("TargetUserName"), TEXT_INIT("TargetDomainName") },
	{ TEXT_INIT("UserID"), TEXT_INIT("AccountName"), TEXT_INIT("Domain") }, /* NXLog */
};
#define N_SID_FIELDS (sizeof(sid_fields) / sizeof(*sid_fields))

struct looking {
	struct text        sid;
	struct arena      *keep;
	struct sid_holder *holder;
	unsigned           names, events;
};

static bool
says_nothing(struct text t)
{
	return t.n == 0 || text_eq(t, TEXT("-"));
}

static struct text
first_label(struct text domain)
{
	return text_head(domain, text_find_byte(domain, '.'));
}

/* One account, as far as the two names tell? */
static bool
is_same(const struct sid_holder *h, struct text name, struct text domain)
{
	return text_ieq(h->name, name) &&
	       (says_nothing(h->domain) || says_nothing(domain) ||
		text_ieq(first_label(h->domain), first_label(domain)));
}

static void
take(struct looking *l, struct text name, struct text domain)
{
	struct sid_holder *h = l->holder;

	l->names++;
	if (text_absent(h->name))
		h->name = arena_copy(l->keep, name);
	else if (!is_same(h, name, domain) && text_absent(h->other))
		h->other = arena_copy(l->keep, name);
	/* CORP rather than corp.example */
	if (!says_nothing(domain) && (says_nothing(h->domain) || domain.n < h->domain.n))
		h->domain = arena_copy(l->keep, domain);
}

static bool
look(void *ctx, const struct event *ev)
{
	struct looking *l = ctx;

	for (size_t i = 0; i < N_SID_FIELDS; i++) {
		struct text name = event_get(ev, sid_fields[i].name);

		if (text_ieq(event_get(ev, sid_fields[i].sid), l->sid) && !says_nothing(name) &&
		    text_find_byte(name, '@') == TEXT_NOWHERE)
			take(l, name, event_get(ev, sid_fields[i].domain));
	}
	return ++l->events < EVENTS_MAX && l->names < NAMES_MAX && text_absent(l->holder->other);
}

bool
sid_holder_find(struct casefile *cf, struct text sid, struct arena *keep, struct sid_holder *out,
		struct err *err)
{
	struct arena       scratch = arena_open((size_t)16 << 20);
	struct looking     l = { .sid = sid, .keep = keep, .holder = out };
	struct pred        any = { .kind = PRED_OR, .n_kids = N_SID_FIELDS };
	struct pred        eq[N_SID_FIELDS];
	const struct pred *kids[N_SID_FIELDS];

	*out = (struct sid_holder){ TEXT_NONE, TEXT_NONE, TEXT_NONE };
	for (size_t i = 0; i < N_SID_FIELDS; i++) {
		eq[i] = (struct pred){ .kind = PRED_EQ, .name = name_ref(sid_fields[i].sid) };
		eq[i].pattern = pattern_make(&scratch, sid, true, false);
		kids[i] = &eq[i];
	}
	any.kids = kids;
	bool good = scan_events(cf, &any, (struct span){ WHEN_NONE, WHEN_MAX }, ORDER_ANY, look, &l,
				err);

	arena_close(&scratch);
	return good;
}

struct text
sid_holder_name(const struct sid_holder *h, struct arena *keep)
{
	if (says_nothing(h->domain))
		return h->name;
	return arena_printf(keep, TEXT_FMT "\\" TEXT_FMT, TEXT_ARG(h->domain),
			    TEXT_ARG(h->name));
}
