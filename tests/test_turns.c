/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that run jobs in any order write what one alone would have written. */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>

#include "cli/turns.h"
#include "tests/tap.h"

#define JOBS     60
#define LONG     4
#define FINDINGS 20 /* of a job, and of a long one five times as many */
#define WRITTEN  ((JOBS + 4 * LONG) * FINDINGS)

struct trial {
	struct turns *turns;
	uint64_t      written[WRITTEN + 1]; /* count of the finding; then the note of the job */
	size_t        n, notes;
	uint64_t      fails_at; /* that many are written; 0: all */
	uint32_t      alone;    /* 1 + the job that wants to be */
	atomic_uint   inside;   /* threads that write */
	atomic_uint   begun;    /* jobs */
	atomic_bool   overlap, disturbed, is_alone;
	unsigned      spared;  /* times that spare time was used */
	bool          misplaced; /* a note before the last finding of its job */
	bool          changed;   /* a finding that is not what was put */
};

static uint32_t
findings_of(uint32_t job)
{
	return job >= JOBS - LONG ? FINDINGS * 5 : FINDINGS;
}

static uint64_t
number_of(uint32_t job, uint32_t i)
{
	return ((uint64_t)job + 1) * 1000 + i;
}

#define EVENTS 300

/* All that a finding can have, made of its number. */
struct made {
	struct finding       finding;
	char                 words[64];
	struct finding_field fields[2];
	struct risk_object   object;
	struct threat_object threat;
	int64_t              events[EVENTS];
	struct finding_twin  twin;
};

static const struct finding_rule other_rule = { .rule = TEXT_INIT("a rule that is alike") };

static void
make(struct made *m, uint64_t number)
{
	struct text words;

	words = (struct text){ m->words, (size_t)snprintf(m->words, sizeof(m->words), "finding %llu",
							  (unsigned long long)number) };
	m->fields[0] = (struct finding_field){ TEXT("dest"), words };
	m->fields[1] = (struct finding_field){ words, TEXT_NONE };
	m->object = (struct risk_object){ words, RISK_USER, 4.5, .message = words };
	m->threat = (struct threat_object){ words, TEXT("ip") };
	for (uint32_t i = 0; i < EVENTS; i++)
		m->events[i] = (int64_t)(number + i);
	m->twin = (struct finding_twin){ words, TEXT_NONE, &other_rule };
	m->finding = (struct finding){ .key = words,
				       .rule = TEXT("a rule"),
				       .message = words,
				       .fields = m->fields,
				       .n_fields = 2,
				       .objects = &m->object,
				       .n_objects = 1,
				       .threats = &m->threat,
				       .n_threats = 1,
				       .events = m->events,
				       .n_events = (uint32_t)(number % EVENTS),
				       .count = number,
				       .twins = &m->twin,
				       .n_twins = 1 };
}

static bool
is_made(const struct finding *f)
{
	struct made           m;
	const struct finding *own = &m.finding;

	make(&m, f->count);
	return text_eq(f->key, own->key) && text_eq(f->rule, own->rule) &&
	       text_eq(f->message, own->message) && text_absent(f->host) && f->n_fields == 2 &&
	       text_eq(f->fields[0].name, TEXT("dest")) &&
	       text_eq(f->fields[0].value, own->key) && text_eq(f->fields[1].name, own->key) &&
	       text_absent(f->fields[1].value) && f->n_objects == 1 &&
	       text_eq(f->objects[0].value, own->key) && f->objects[0].type == RISK_USER &&
	       text_eq(f->objects[0].message, own->key) && !f->object_keys && f->n_threats == 1 &&
	       text_eq(f->threats[0].value, own->key) &&
	       text_eq(f->threats[0].type, TEXT("ip")) && f->n_events == own->n_events &&
	       f->n_twins == 1 && text_eq(f->twins[0].key, own->key) &&
	       text_absent(f->twins[0].message) && f->twins[0].rule == &other_rule &&
	       (!f->n_events ||
		memcmp(f->events, own->events, f->n_events * sizeof(*f->events)) == 0);
}

static bool
put(void *ctx, const struct finding *f, bool hidden, struct err *err)
{
	struct trial *t = ctx;

	if (atomic_fetch_add(&t->inside, 1))
		t->overlap = true;
	if (t->is_alone && f->count / 1000 != t->alone)
		t->disturbed = true;
	t->misplaced |= hidden != (f->count % 2 == 1) || t->n == WRITTEN;
	if (t->n < WRITTEN)
		t->written[t->n++] = f->count;
	t->changed |= !is_made(f);
	atomic_fetch_sub(&t->inside, 1);
	return !t->fails_at || t->n < t->fails_at || err_set(err, ERR_IO, "disk full");
}

static bool
note(void *ctx, uint32_t rule, bool of_part, struct ledger_entry *entry, struct err *err)
{
	struct trial *t = ctx;

	(void)of_part;
	(void)err;
	if (atomic_fetch_add(&t->inside, 1))
		t->overlap = true;
	t->misplaced |= rule != t->notes || !text_eq(entry->rule, TEXT("a rule")) ||
			t->n == 0 || t->written[t->n - 1] != number_of(rule, findings_of(rule) - 1);
	t->notes++;
	atomic_fetch_sub(&t->inside, 1);
	return true;
}

static bool
spare(void *ctx, struct err *err)
{
	struct trial *t = ctx;

	(void)err;
	if (atomic_fetch_add(&t->inside, 1))
		t->overlap = true;
	t->spared++;
	atomic_fetch_sub(&t->inside, 1);
	return true;
}

static void *
work(void *arg)
{
	struct trial *t = arg;
	uint32_t      job;

	while (turns_take(t->turns, &job)) {
		bool more = true;

		atomic_fetch_add(&t->begun, 1);
		if (t->alone == job + 1) {
			turns_alone(t->turns, job);
			t->is_alone = true;
		}
		for (uint32_t i = 0; more && i < findings_of(job); i++) {
			struct made m;

			make(&m, number_of(job, i));
			more = turns_put(t->turns, job, &m.finding, i % 2 == 1);
		}
		if (t->alone == job + 1) {
			t->is_alone = false;
			turns_share(t->turns);
		}
		turns_note(t->turns, job, job, false, &(struct ledger_entry){ .rule = TEXT("a rule") });
		turns_end(t->turns, job);
	}
	return NULL;
}

/* THREADS of SAID come; ROOM for findings that wait. */
static bool
run(struct trial *t, uint32_t said, uint32_t threads, size_t room, struct err *err)
{
	const uint32_t          early[] = { JOBS / 3, 5, JOBS - 3, JOBS - 2, JOBS - 1 };
	const struct turns_jobs jobs = { JOBS, early, sizeof(early) / sizeof(*early) };
	const struct turns_sink sink = { t, put, note, spare };
	pthread_t               crew[8];
	bool                    good;

	t->turns = turns_new(&sink, &jobs, said, room, "./case");
	for (uint32_t i = 0; i < threads; i++)
		if (pthread_create(&crew[i], NULL, work, t) != 0)
			abort();
	for (uint32_t i = threads; i < said; i++)
		turns_lack(t->turns);
	for (uint32_t i = 0; i < threads; i++)
		pthread_join(crew[i], NULL);
	good = turns_good(t->turns, err);
	turns_free(t->turns);
	return good;
}

static bool
in_order(const struct trial *t)
{
	size_t at = 0;

	for (uint32_t job = 0; job < JOBS; job++)
		for (uint32_t i = 0; i < findings_of(job); i++, at++)
			if (at >= t->n || t->written[at] != number_of(job, i))
				return false;
	return at == t->n && t->notes == JOBS && !t->overlap && !t->misplaced &&
	       !t->changed && t->spared <= 1;
}

static bool
keeps_order(uint32_t said, uint32_t threads, size_t room)
{
	static struct trial t;
	struct err          err = { 0 };

	t = (struct trial){ 0 };
	return run(&t, said, threads, room, &err) && in_order(&t);
}

static void
check_order(uint32_t said, uint32_t threads, size_t room, const char *what)
{
	ok(keeps_order(said, threads, room),
	   "%s: findings and notes come in the order of the jobs", what);
}

/* What has no room in memory has none on the disk. */
static void
check_full(void)
{
	struct rlimit before, none;
	bool          two, six;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	none = before;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_FSIZE, &none);
	two = keeps_order(2, 2, 0);
	six = keeps_order(6, 6, 20000);
	setrlimit(RLIMIT_FSIZE, &before);
	ok(two, "two threads, and no room on the disk: they wait, and come in the order of the jobs");
	ok(six, "six threads, some memory, and no room on the disk: the same");
}

static void
check_alone(void)
{
	static struct trial t;
	struct err          err = { 0 };

	t = (struct trial){ .alone = JOBS / 2 };
	ok(run(&t, 3, 3, 100, &err) && in_order(&t), "one that works alone comes in its place");
	ok(!t.disturbed, "nothing of the others is written meanwhile");
}

static void
check_failure(void)
{
	static struct trial t;
	struct err          err = { 0 };

	t = (struct trial){ .fails_at = FINDINGS * 7 + 3 };
	ok(!run(&t, 3, 3, 1000, &err), "a case that takes no more ends all jobs");
	ok(t.n == t.fails_at && t.begun < JOBS, "nothing is written behind the failure");
	ok(err.kind == ERR_IO && strcmp(err.what, "disk full") == 0, "and its error is told");
}

int
main(void)
{
	check_order(1, 1, 0, "one thread");
	check_order(2, 2, (size_t)1 << 20, "two threads");
	check_order(2, 2, 0, "two threads, of which one may hold nothing");
	check_order(2, 1, 0, "one of two threads that was to be had");
	check_order(6, 6, 0, "six threads, which may hold nothing");
	check_order(6, 6, (size_t)1 << 20, "six threads");
	check_order(6, 2, 0, "two of six threads");
	check_order(6, 6, 20000, "six threads, which hold the more in a file");
	check_full();
	check_alone();
	check_failure();
	return done_testing();
}
