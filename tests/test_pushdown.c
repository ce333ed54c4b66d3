/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQL and the evaluator agree on random predicates over random events. */
#include "config.h"

#include "store/query.h"
#include "tests/cases.h"

#define EVENTS     1500
#define PREDICATES 200

static uint64_t
random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static size_t
pick(uint64_t *state, size_t n)
{
	return (size_t)(random_next(state) >> 11) % n;
}

static const char *const words[] = {
	"invoke-wmimethod", "Win32_Process", "powershell.exe", "C:\\Windows\\System32\\cmd.exe",
	"New-CimSession -ComputerName", "-EncodedCommand SQBFAFgA", "ab", "x", "\xc3\x84rger",
	"WS-07", "4104", "svchost", "ws-07.corp.example", "10.0.0.1",
};
static const char *const hosts[] = { "WS-07", "ws-07.corp.example", "DC01", "10.0.0.1", "" };
static const char *const channels[] = { "Security", "Microsoft-Windows-PowerShell/Operational",
					"Microsoft-Windows-Sysmon/Operational" };
static const uint32_t    codes[] = { 1, 4104, 4688, 4624 };
static const char *const names[] = { "ScriptBlockText", "CommandLine", "Computer", "EventCode",
				     "Channel", "dest", "process_name", "user", "source", "Message",
				     "Image", "host", "RecordNumber" };

static struct text
sentence(uint64_t *state, struct arena *a)
{
	struct text t = TEXT("");

	for (size_t n = pick(state, 4); n > 0; n--)
		t = arena_printf(a, TEXT_FMT " %s", TEXT_ARG(t),
				 words[pick(state, sizeof(words) / sizeof(*words))]);
	return t;
}

static struct event
random_event(uint64_t *state, struct arena *a, uint64_t record)
{
	size_t       channel = pick(state, 3);
	struct event ev = event_new(a, hosts[pick(state, 5)], channels[channel],
				    codes[pick(state, 4)], record, (int64_t)pick(state, 90000));

	if (pick(state, 20) == 0)
		ev.time_ns = WHEN_NONE;
	if (ev.event_id == 4104 && channel == 1 && pick(state, 2)) {
		event_with(&ev, a, "MessageNumber", arena_printf(a, "%zu", 1 + pick(state, 3)));
		event_with(&ev, a, "MessageTotal", TEXT("3"));
		event_with(&ev, a, "ScriptBlockId", arena_printf(a, "block-%zu", pick(state, 30)));
	}
	if (channel == 1)
		event_with(&ev, a, "ScriptBlockText", sentence(state, a));
	else
		event_with(&ev, a, channel ? "Image" : "NewProcessName", sentence(state, a));
	if (pick(state, 2))
		event_with(&ev, a, "CommandLine", sentence(state, a));
	if (pick(state, 4) == 0)
		ev.message = sentence(state, a);
	event_finish(&ev);
	return ev;
}

/* A pattern that some event may have: a piece of a word, with or without stars. */
static struct pattern
random_pattern(uint64_t *state, struct arena *a)
{
	struct text t;

	switch (pick(state, 5)) {
	case 0:
		t = text_of(hosts[pick(state, 5)]);
		break;
	case 1:
		t = text_of(channels[pick(state, 3)]);
		break;
	case 2:
		t = arena_printf(a, "%u", codes[pick(state, 4)]);
		break;
	default:
		t = text_of(words[pick(state, sizeof(words) / sizeof(*words))]);
		t = text_from(t, pick(state, 3));
		t = text_head(t, t.n - (t.n ? pick(state, t.n) : 0));
		break;
	}
	switch (pick(state, 4)) {
	case 0:
		break;
	case 1:
		t = arena_printf(a, TEXT_FMT "*", TEXT_ARG(t));
		break;
	default:
		t = arena_printf(a, "*" TEXT_FMT "*", TEXT_ARG(t));
		break;
	}
	return pattern_make(a, t, false, pick(state, 8) == 0);
}

static const struct pred *
random_pred(uint64_t *state, struct arena *a, int depth)
{
	static const enum pred_kind leaves[] = { PRED_EQ, PRED_EQ, PRED_EQ, PRED_NE, PRED_GE,
						 PRED_WORD, PRED_MODEL, PRED_TIME };
	struct pred *p = arena_new(a, struct pred, 1);

	if (depth > 0 && pick(state, 3)) {
		p->kind = (enum pred_kind[]){PRED_AND, PRED_AND, PRED_OR, PRED_NOT}[pick(state, 4)];
		p->n_kids = p->kind == PRED_NOT ? 1 : 1 + (uint32_t)pick(state, 3);
		p->kids = arena_new(a, const struct pred *, p->n_kids);
		for (uint32_t i = 0; i < p->n_kids; i++)
			p->kids[i] = random_pred(state, a, depth - 1);
		return p;
	}
	p->kind = leaves[pick(state, sizeof(leaves) / sizeof(*leaves))];
	p->name = name_ref(text_of(names[pick(state, sizeof(names) / sizeof(*names))]));
	p->pattern = random_pattern(state, a);
	if (p->kind == PRED_WORD)
		p->pattern = pattern_make(a, text_of(words[pick(state, 12)]), false, false);
	p->model = MODEL_PROCESSES;
	p->earliest_ns = T0 + (int64_t)pick(state, 90000) * WHEN_SECOND;
	p->latest_ns = p->earliest_ns + (int64_t)pick(state, 90000) * WHEN_SECOND;
	return p;
}

struct found {
	int64_t ids[EVENTS], times[EVENTS];
	size_t  n;
};

static bool
note(void *ctx, const struct event *ev)
{
	struct found *f = ctx;

	if (f->n < EVENTS) {
		f->times[f->n] = ev->time_ns;
		f->ids[f->n++] = ev->id;
	}
	return true;
}

static bool
inside(struct span span, int64_t ts)
{
	if (span.earliest_ns == WHEN_NONE && span.latest_ns == WHEN_MAX)
		return true;
	return ts != WHEN_NONE && ts >= span.earliest_ns &&
	       (ts < span.latest_ns || span.latest_ns == WHEN_MAX);
}

static int
ascending(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* What the evaluator says of every event, without any help. */
static void
ask_everyone(const struct event *events, size_t n, const struct pred *p, struct span span,
	     struct arena scratch, struct found *out)
{
	out->n = 0;
	for (size_t i = 0; i < n; i++) {
		struct subject s = event_subject(&events[i]);

		if (inside(span, events[i].time_ns) && pred_eval(p, &s, scratch))
			note(out, &events[i]);
	}
}

static bool
newest_first(const struct found *f)
{
	for (size_t i = 1; i < f->n; i++)
		if (f->times[i - 1] < f->times[i] ||
		    (f->times[i - 1] == f->times[i] && f->ids[i - 1] < f->ids[i]))
			return false;
	return true;
}

static bool
same(struct found *got, const struct found *want)
{
	qsort(got->ids, got->n, sizeof(*got->ids), ascending);
	return got->n == want->n && memcmp(got->ids, want->ids, got->n * sizeof(*got->ids)) == 0;
}

static size_t
no_hits(void *ctx, const struct event *ev, const struct batch_hit **hits)
{
	(void)ctx;
	(void)ev;
	(void)hits;
	return 0;
}

static int64_t
fill(struct test_case *t, uint64_t *state, bool finished)
{
	case_new(t);
	case_open(t, CASEFILE_IMPORT);
	case_file(t, "a", NULL);
	for (uint64_t r = 1; r <= EVENTS; r++) {
		struct event ev = random_event(state, &t->arena, r);

		batch_add(t->batch, &ev, NULL, 0);
		if (r % 500 == 0)
			case_commit(t);
	}
	if (finished)
		import_finish(t->cf, no_hits, NULL, &t->err);
	return EVENTS;
}

static void
search_and_evaluator_agree(bool finished)
{
	static struct found want, got;
	static const struct span all = { WHEN_NONE, WHEN_MAX };
	struct test_case t;
	uint64_t         state = 88172645463325252u;
	int64_t          n = fill(&t, &state, finished);
	struct source    src = casefile_source(t.cf);
	struct event    *events = arena_new(&t.arena, struct event, (size_t)n);
	size_t           wrong = 0, disorder = 0, failed = 0, by_facts = 0, answers = 0, narrowed = 0;
	struct arena     base;

	for (int64_t id = 1; id <= n; id++)
		if (!query_event(t.cf, id, true, &t.arena, &events[id - 1], &t.err))
			failed++;
	base = t.arena;
	for (int i = 0; i < PREDICATES; i++) {
		t.arena = base;
		const struct pred *p = random_pred(&state, &t.arena, 3);
		struct span        span = all;

		if (pick(&state, 3) == 0)
			span = (struct span){ T0 + 20000 * WHEN_SECOND, T0 + 70000 * WHEN_SECOND };
		ask_everyone(events, (size_t)n, p, span, t.arena, &want);
		answers += want.n;
		narrowed += pred_narrow(p, &t.arena).n_groups > 0;
		for (int order = ORDER_ANY; order <= ORDER_NEWEST_FIRST; order++) {
			bool told = false;

			got.n = 0;
			failed += !src.facts(src.self, p, span, (enum order)order, note, &got,
					     &told, &t.err);
			disorder += order == ORDER_NEWEST_FIRST && !newest_first(&got);
			by_facts += told;
			wrong += told && !same(&got, &want);
			got.n = 0;
			failed +=
			    !src.events(src.self, p, span, (enum order)order, note, &got, &t.err);
			disorder += order == ORDER_NEWEST_FIRST && !newest_first(&got);
			if (same(&got, &want))
				continue;
			wrong++;
			printf("# %zu instead of %zu: " TEXT_FMT "\n", got.n, want.n,
			       TEXT_ARG(pred_print(p, &t.arena)));
		}
	}
	t.arena = base;
	ok(failed == 0, "no search fails%s", finished ? "" : " before the import is finished");
	ok(wrong == 0, "searches find what the evaluator finds, %d predicates", PREDICATES);
	ok(disorder == 0, "newest first where asked");
	ok(by_facts > PREDICATES / 50, "some were answered without reading fields");
	ok(answers > PREDICATES && narrowed > PREDICATES / 10, "the predicates were worth asking");
	case_done(&t);
}

struct stop_after {
	int n;
};

static bool
stop(void *ctx, const struct event *ev)
{
	struct stop_after *s = ctx;

	(void)ev;
	return --s->n > 0;
}

static void
a_search_can_be_stopped(void)
{
	struct test_case  t;
	uint64_t          state = 7;
	struct stop_after three = { 3 };
	atomic_bool       flag = false;

	fill(&t, &state, true);
	struct source src = casefile_source(t.cf);

	ok(src.events(src.self, pred_true(), CASE_FILTER_ALL.span, ORDER_ANY, stop, &three,
		      &t.err) &&
	       three.n == 0,
	   "a callback that has enough ends the search without error");
	casefile_cancel(t.cf, &flag);
	flag = true;
	three.n = 1000;
	ok(!src.events(src.self, pred_true(), CASE_FILTER_ALL.span, ORDER_ANY, stop, &three,
		       &t.err) &&
	       t.err.kind == ERR_CANCEL,
	   "a cancelled search says so");
	casefile_cancel(t.cf, NULL);
	case_done(&t);
}

int
main(void)
{
	search_and_evaluator_agree(true);
	search_and_evaluator_agree(false);
	a_search_can_be_stopped();
	return done_testing();
}
