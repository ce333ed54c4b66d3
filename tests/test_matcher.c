/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass of the matcher over an event finds what asking every rule finds. */
#include "config.h"

#include "tests/rule_case.h"
#include "tests/tap.h"

struct random {
	uint64_t state;
};

static uint32_t
pick(struct random *r, size_t n)
{
	r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((r->state >> 33) % (n ? n : 1));
}

struct vocabulary {
	struct arena keep;
	struct text *names, *values;
	size_t       n, cap_names, cap_values, n_values;
};

static void
learn(struct vocabulary *v, const struct pred *p)
{
	for (uint32_t i = 0; i < p->n_kids; i++)
		learn(v, p->kids[i]);
	if (p->kind != PRED_EQ && p->kind != PRED_NE && p->kind != PRED_WORD)
		return;
	arena_grow(&v->keep, v->values, v->n_values, &v->cap_values);
	v->values[v->n_values++] = p->pattern.source;
	if (p->name.name.n) {
		arena_grow(&v->keep, v->names, v->n, &v->cap_names);
		v->names[v->n++] = p->name.name;
	}
}

static struct text
random_value(struct vocabulary *v, struct random *r, struct arena *keep)
{
	struct text out = TEXT("");

	for (uint32_t parts = 1 + pick(r, 6); parts; parts--) {
		struct text piece = v->values[pick(r, v->n_values)];
		char       *copy = arena_new(keep, char, piece.n + 1);

		for (size_t i = 0; i < piece.n; i++) {
			char c = piece.p[i] == '*' ? (pick(r, 2) ? ' ' : '/') : piece.p[i];

			copy[i] = c >= 'a' && c <= 'z' && pick(r, 3) == 0 ? (char)(c - 32) : c;
		}
		out = arena_join(keep, out, (struct text){ copy, piece.n });
		if (pick(r, 3))
			out = arena_join(keep, out, pick(r, 9) ? TEXT(" ") : TEXT("\xc3\x84 "));
	}
	return out;
}

static void
random_event(struct memory_case *c, struct vocabulary *v, struct random *r)
{
	static const struct {
		const char *channel, *provider;
		uint32_t    ids[12];
	} kinds[] = {
	    {"Microsoft-Windows-Sysmon/Operational",
	     "Microsoft-Windows-Sysmon",
	     {1, 1, 1, 1, 13, 12, 11, 7, 3, 22, 10, 8}},
	    {"Security",
	     "Microsoft-Windows-Security-Auditing",
	     {4688, 4688, 4688, 5136, 4624, 4662, 4698, 4769, 5145, 4720, 4768, 4742}},
	    {"Microsoft-Windows-PowerShell/Operational",
	     "Microsoft-Windows-PowerShell",
	     {4104, 4104, 4104, 4104, 4104, 4104, 4104, 4104, 4104, 4104, 4103, 53504}},
	    {"System",
	     "Service Control Manager",
	     {7045, 7045, 7045, 7040, 7036, 7036, 7045, 7045, 7045, 104, 7040, 7034}},
	    {"Application", "Other", {1000, 2282, 3000, 4104, 1, 13, 7, 1033, 5, 6, 9, 4688}},
	};
	static const char *const fields[] = {
		"Image",	  "CommandLine",    "ParentImage",     "ParentCommandLine",
		"OriginalFileName", "TargetObject", "Details",	       "ScriptBlockText",
		"NewProcessName", "ParentProcessName", "TargetFilename", "ImageLoaded",
		"QueryName",	  "ServiceName",    "ImagePath",       "ObjectName",
		"AccessMask",	  "TargetUserName", "EventType",       "Hashes",
		"PipeName",	  "ShareName",	    "TaskContent",     "ObjectDN",
	};
	struct event *ev;
	uint32_t      kind = pick(r, 5);
	size_t        cap = 0;

	arena_grow(&c->keep, c->events, c->n, &c->cap);
	ev = &c->events[c->n++];
	*ev = (struct event){ .id = (int64_t)c->n, .time_ns = (int64_t)c->n };
	ev->channel = text_of(kinds[kind].channel);
	ev->provider = text_of(kinds[kind].provider);
	/* more kinds of events than are remembered */
	ev->event_id = pick(r, 3) ? kinds[kind].ids[pick(r, 12)] : pick(r, 600);
	ev->host = TEXT("H1");
	for (uint32_t n = 2 + pick(r, 10); n; n--) {
		struct text name =
		    pick(r, 3) ? text_of(fields[pick(r, 24)]) : v->names[pick(r, v->n)];
		struct text value = pick(r, 4) ? random_value(v, r, &c->keep)
					       : v->values[pick(r, v->n_values)];

		if (!case_is_system(name))
			case_add_field(c, ev, &cap, name, value);
	}
	event_finish(ev);
}

/* Whether a search before that one asks for the same. */
static bool
is_again(const struct ruleset *rs, uint32_t rule, uint32_t leaf, struct text key)
{
	for (uint32_t i = 0; i <= rule; i++) {
		const struct text *keys;
		uint32_t           n = ruleset_keys(rs, i, &keys);

		for (uint32_t k = 0; k < (i == rule ? leaf : n); k++)
			if (!text_absent(keys[k]) && text_eq(keys[k], key))
				return true;
	}
	return false;
}

/* The same hits, in the same order, from the matcher and from asking every search. */
static bool
agrees(const struct ruleset *rs, struct matcher *m, const struct event *ev, struct arena scratch,
       uint64_t *hits)
{
	const struct rule_hit *found;
	size_t                 n = matcher_match(m, ev, &found), at = 0;
	const struct subject   s = event_subject(ev);

	for (uint32_t rule = 0; rule < ruleset_count(rs); rule++) {
		const struct search *search = ruleset_get(rs, rule)->search;

		for (uint32_t leaf = 0; search && leaf < search_leaves(search); leaf++) {
			const struct pred *pred = search_leaf_pred(search, leaf);
			bool holds = pred && search_leaf_kept(search, leaf, scratch) &&
				     pred_eval(pred, &s, scratch) &&
				     !is_again(rs, rule, leaf, pred_key(pred, &scratch));
			bool said = at < n && found[at].rule == rule && found[at].leaf == leaf;

			if (holds != said) {
				printf("# " TEXT_FMT " leaf %u: asked %d, matcher %d\n",
				       TEXT_ARG(ruleset_get(rs, rule)->name), leaf, holds, said);
				return false;
			}
			at += said;
		}
	}
	*hits += n;
	return at == n;
}

static void
one_pass_finds_what_asking_every_rule_finds(void)
{
	const char        *shared = getenv("SHARED");
	struct ruleset    *rs = ruleset_new();
	struct memory_case c = { .keep = arena_open((size_t)1 << 30) };
	struct vocabulary  v = { .keep = arena_open((size_t)1 << 28) };
	struct arena       scratch = arena_open((size_t)1 << 28);
	struct random      r = { 20260513 };
	struct matcher    *m;
	unsigned           compiled = 0, wrong = 0;
	uint64_t           hits = 0;

	if (!shared ||
	    !ruleset_load(rs, arena_printf(&scratch, "%s/security_content/detections", shared),
			  NULL)) {
		skip("SHARED has no security_content");
		ruleset_free(rs);
		return;
	}
	ruleset_compile(rs);
	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		const struct search *search = ruleset_get(rs, i)->search;

		compiled += search != NULL;
		for (uint32_t leaf = 0; search && leaf < search_leaves(search); leaf++) {
			if (search_leaf_pred(search, leaf))
				learn(&v, search_leaf_pred(search, leaf));
		}
	}
	printf("# %u of %u detections compile\n", compiled, ruleset_count(rs));
	m = matcher_new(rs);
	for (unsigned i = 0; i < 3000 && wrong < 5; i++) {
		c.n = 0;
		arena_reset(&c.keep, (size_t)1 << 20);
		c.events = NULL;
		c.cap = 0;
		random_event(&c, &v, &r);
		wrong += !agrees(rs, m, &c.events[0], scratch, &hits);
	}
	printf("# %llu hits of 3,000 events\n", (unsigned long long)hits);
	ok(wrong == 0, "3,000 random events: the matcher finds what asking every rule finds");
	ok(hits > 500, "and there was something to find");
	matcher_free(m);
	ruleset_free(rs);
	arena_close(&c.keep);
	arena_close(&v.keep);
	arena_close(&scratch);
}

int
main(void)
{
	one_pass_finds_what_asking_every_rule_finds();
	return done_testing();
}
