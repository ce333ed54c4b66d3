/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/user.h"

#include <stdlib.h>

#include "store/risk.h"
#include "store/sid_holder.h"

static bool
is_one_of(struct text t, const struct text *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_eq(t, list[i]))
			return true;
	return false;
}

static bool
is_sid(struct text fold)
{
	return text_starts(fold, TEXT("s-1-"));
}

/* [MS-DTYP] 2.4.2.4 */
static struct text
well_known(struct text fold)
{
	static const struct {
		struct text sid, name;
	} list[] = {
		{ TEXT_INIT("s-1-5-7"), TEXT_INIT("anonymous logon") },
		{ TEXT_INIT("s-1-5-18"), TEXT_INIT("system") },
		{ TEXT_INIT("s-1-5-19"), TEXT_INIT("local service") },
		{ TEXT_INIT("s-1-5-20"), TEXT_INIT("network service") },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (text_eq(fold, list[i].sid))
			return list[i].name;
	return TEXT_NONE;
}

static void
take_apart(struct user *u)
{
	static const struct text local[] = { TEXT_INIT("system"), TEXT_INIT("local service"),
					     TEXT_INIT("network service"),
					     TEXT_INIT("anonymous logon") };
	static const struct text nobody[] = { TEXT_INIT(""), TEXT_INIT("-"), TEXT_INIT(".") };
	size_t                   slash = text_rfind_byte(u->fold, '\\');
	size_t                   at = text_rfind_byte(u->fold, '@');

	u->name = u->fold;
	u->domain = TEXT_NONE;
	if (slash != TEXT_NOWHERE && slash + 1 < u->fold.n) {
		u->name = text_from(u->fold, slash + 1);
		u->domain = text_head(u->fold, slash);
	} else if (at != TEXT_NOWHERE && at > 0 && at + 1 < u->fold.n) {
		u->name = text_head(u->fold, at);
		u->domain = text_from(u->fold, at + 1);
	}
	if (is_one_of(u->domain, nobody, 3))
		u->domain = TEXT_NONE;
	u->of_host = (u->name.n > 1 && u->name.p[u->name.n - 1] == '$') ||
		     (is_one_of(u->name, local, 4) &&
		      (text_absent(u->domain) || text_eq(u->domain, TEXT("nt authority"))));
	if (u->of_host)
		u->domain = TEXT_NONE;
}

struct user
user_of(struct text value, struct arena *keep)
{
	struct user u = { .value = arena_copy(keep, value) };
	struct text known;

	u.fold = risk_normalize(u.value, keep);
	known = well_known(u.fold);
	u.fold = text_absent(known) ? u.fold : known;
	take_apart(&u);
	u.key = u.of_host ? u.name : u.fold;
	return u;
}

static bool
find_holder(struct casefile *cf, struct user *u, struct arena *keep, struct err *err)
{
	struct sid_holder h;
	bool              good = sid_holder_find(cf, u->fold, keep, &h, err);

	if (good && !text_absent(h.name) && text_absent(h.other)) {
		u->fold = u->key = risk_normalize(h.name, keep);
		take_apart(u);
		u->key = u->of_host ? u->name : u->fold;
	}
	return good;
}

static int
by_value(const void *a, const void *b)
{
	const struct user *x = a, *y = b;

	return text_cmp(x->value, y->value);
}

struct named {
	struct text  name, domain, fold;
	struct user *user; /* NULL: an account that events name */
};

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int                 order = text_cmp(x->name, y->name);

	return order ? order : text_cmp(x->fold, y->fold);
}

static struct text
first_label(struct text domain)
{
	return text_head(domain, text_find_byte(domain, '.'));
}

bool
user_same_domain(struct text a, struct text b)
{
	struct text x = first_label(a), y = first_label(b);

	return text_eq(x, y) && (x.n == a.n || y.n == b.n || text_eq(a, b));
}

/* One domain at most, CORP and corp.example being the same. */
static bool
one_domain(const struct named *list, size_t n)
{
	struct text whole = TEXT_NONE, label = TEXT_NONE;

	for (size_t i = 0; i < n; i++) {
		struct text domain = list[i].domain, first = first_label(domain);

		if (text_absent(domain))
			continue;
		if (!text_absent(label) && !text_eq(label, first))
			return false;
		label = first;
		if (first.n == domain.n)
			continue;
		if (!text_absent(whole) && !text_eq(whole, domain))
			return false;
		whole = domain;
	}
	return true;
}

/* CORP\ann before corp.example\ann before ann. */
static int
rank(const struct named *x)
{
	if (text_absent(x->domain))
		return 3;
	if (text_find_byte(x->fold, '\\') == TEXT_NOWHERE)
		return 2;
	return text_find_byte(x->domain, '.') == TEXT_NOWHERE ? 0 : 1;
}

static void
share_key(struct named *list, size_t n)
{
	const struct named *best = NULL;

	if (!one_domain(list, n))
		return;
	for (size_t i = 0; i < n; i++)
		if (list[i].user && (!best || rank(&list[i]) < rank(best)))
			best = &list[i];
	for (size_t i = 0; best && i < n; i++)
		if (list[i].user)
			list[i].user->key = best->fold;
}

static const char domain_accounts[] =
    "SELECT name FROM account WHERE instr(name, '\\') OR instr(name, '@')";

/* Accounts that events name with a domain may tell that a name is ambiguous. */
static bool
read_accounts(struct casefile *cf, struct named **list, size_t *n, size_t *cap,
	      struct arena *keep, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, domain_accounts, err))
		while (ask_row(&q)) {
			struct user u = user_of(ask_get_text(&q, 0), keep);

			if (u.of_host || text_absent(u.domain))
				continue;
			arena_grow(keep, *list, *n, cap);
			(*list)[(*n)++] = (struct named){ u.name, u.domain, u.fold, NULL };
		}
	return ask_end(&q);
}

bool
users_find(struct casefile *cf, struct user *users, size_t n, struct arena *keep, struct err *err)
{
	struct named *list = NULL;
	size_t        n_list = 0, cap = 0, end;

	if (n == 0)
		return true;
	qsort(users, n, sizeof(*users), by_value);
	for (size_t i = 0; i < n; i++)
		if (is_sid(users[i].fold) && !find_holder(cf, &users[i], keep, err))
			return false;
	if (!read_accounts(cf, &list, &n_list, &cap, keep, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		/* Several values in one stay what they are. */
		if (users[i].of_host || is_sid(users[i].fold) ||
		    text_find_byte(users[i].fold, '\n') != TEXT_NOWHERE)
			continue;
		arena_grow(keep, list, n_list, &cap);
		list[n_list++] = (struct named){ users[i].name, users[i].domain, users[i].fold,
						 &users[i] };
	}
	if (n_list)
		qsort(list, n_list, sizeof(*list), by_name);
	for (size_t at = 0; at < n_list; at = end) {
		for (end = at + 1; end < n_list && text_eq(list[end].name, list[at].name);)
			end++;
		share_key(list + at, end - at);
	}
	return true;
}
