/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/called.h"

#include "base/numbers.h"
#include "store/risk.h"
#include "store/user.h"

/* One of those who have their name without the domain in common. */
struct namesake {
	struct text      user, domain; /* DOMAIN absent: the case knows none */
	struct namesake *next;
};

struct called_book {
	struct numbers    users; /* as user_risk has them */
	struct numbers    bare;  /* these without their domain */
	struct namesake **of;    /* by number of bare */
	size_t            n, cap;
};

static const char risk_users[] = "SELECT user FROM user_risk ORDER BY user DESC";

static void
add_user(struct called_book *book, struct text name, struct arena *keep)
{
	struct user      u = user_of(name, keep);
	uint32_t         bare = numbers_of(&book->bare, u.name);
	struct namesake *one = arena_new(keep, struct namesake, 1);

	numbers_of(&book->users, u.value);
	while (book->n <= bare) {
		arena_grow(keep, book->of, book->n, &book->cap);
		book->of[book->n++] = NULL;
	}
	*one = (struct namesake){ u.value, u.domain, book->of[bare] };
	book->of[bare] = one;
}

struct called_book *
called_open(struct casefile *cf, struct arena *keep)
{
	struct called_book *book = arena_new(keep, struct called_book, 1);
	struct ask          q;

	book->users.keep = book->bare.keep = keep;
	if (ask(&q, cf, risk_users, NULL))
		while (ask_row(&q))
			add_user(book, ask_get_text(&q, 0), keep);
	ask_end(&q);
	return book;
}

/* Of a name with a domain, those of that domain; whose domain is not known only when nobody else has
 * the name. */
static struct called
find_namesakes(const struct called_book *book, struct text name, struct arena *keep)
{
	struct user            u = user_of(name, keep);
	uint32_t               bare = numbers_find(&book->bare, u.name);
	const struct namesake *first = bare ? book->of[bare] : NULL;
	bool                   alone = first && !first->next;
	struct called          found = { .user = TEXT_NONE };

	for (const struct namesake *s = first; s; s = s->next) {
		if (!text_absent(u.domain) &&
		    (text_absent(s->domain) ? !alone : !user_same_domain(u.domain, s->domain)))
			continue;
		if (!found.n++)
			found.user = s->user;
	}
	return found;
}

static const char users_aliased[] =
    "SELECT min(user), count(DISTINCT user) FROM user_name WHERE name = ?1";

struct called
called_find(const struct called_book *book, struct casefile *cf, struct text name,
	    struct arena *keep)
{
	struct text   fold = risk_normalize(name, keep);
	struct called found = { .user = TEXT_NONE };
	struct ask    q;

	if (numbers_find(&book->users, fold))
		return (struct called){ fold, 1, true };
	if (ask(&q, cf, users_aliased, NULL)) {
		ask_text(&q, 1, name);
		if (ask_row(&q) && ask_get_int(&q, 1) == 1)
			found = (struct called){ arena_copy(keep, ask_get_text(&q, 0)), 1, false };
	}
	ask_end(&q);
	return found.n ? found : find_namesakes(book, name, keep);
}
