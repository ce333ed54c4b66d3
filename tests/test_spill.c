/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups and rows for which memory has no room give what they give with room for all. */
#include "config.h"

#include <signal.h>
#include <sys/resource.h>

#include "tests/array_source.h"

#define LITTLE ((size_t)1 << 20)

struct told {
	struct arena *keep;
	uint64_t      rows, hash;
	struct text   stop_at; /* a row whose "g" is this is the last one wanted */
};

static bool
tell(void *ctx, const struct row *row)
{
	struct told *t = ctx;
	struct arena scratch = *t->keep;
	struct text *names, g = row_text(row, TEXT("g"), '\n', &scratch);
	size_t       n = row_names(row, &scratch, &names);

	for (size_t i = 0; i < n; i++) {
		t->hash = text_hash(names[i], t->hash);
		t->hash = text_hash(row_text(row, names[i], '\n', &scratch), t->hash);
	}
	for (uint32_t i = 0; i < row->n_events; i++)
		t->hash = t->hash * 31 + (uint64_t)row->events[i];
	t->hash = t->hash * 31 + (uint64_t)row->first_ns + (uint64_t)row->last_ns;
	t->rows++;
	return text_absent(t->stop_at) || !text_eq(g, t->stop_at);
}

static struct told
told_by(struct array_source *a, const char *spl, size_t memory, struct text stop_at, struct err *err)
{
	struct told         t = { .keep = a->keep, .stop_at = stop_at };
	struct place        place = { TEXT("test"), 1, 1 };
	struct search_run   run = { .source = &a->source, .span = { WHEN_NONE, WHEN_MAX },
				    .memory_bytes = memory };
	struct search_stats stats = { 0 };
	struct search      *s;

	if (!search_compile(&s, a->keep, text_of(spl), place, NULL, err) ||
	    !search_execute(s, &run, tell, &t, &stats, err))
		t.rows = 0;
	return t;
}

static void
same(struct array_source *a, const char *spl, uint64_t rows)
{
	struct err  err = { 0 };
	struct told much = told_by(a, spl, (size_t)1 << 30, TEXT_NONE, &err);
	struct told little = told_by(a, spl, LITTLE, TEXT_NONE, &err);

	ok(!err.kind, "%s%s", spl, err.what);
	ok(much.rows == rows || (rows == 0 && much.rows), "it gives %u rows (%u)", (unsigned)rows,
	   (unsigned)much.rows);
	ok(little.rows == much.rows && little.hash == much.hash, "and the same with 1 MiB");
}

#define MANY "| makeresults count=16000 | streamstats count as n | eval g=n%3000, t=\"v\".(n%7), " \
	     "_time=n*3 "

static void
every_aggregate_comes_out_the_same(struct array_source *a)
{
	same(a, MANY "| stats count sum(n) as s avg(n) as a stdev(n) as d var(n) as v range(n) as r "
		     "sumsq(n) as q by g", 3000);
	same(a, MANY "| stats dc(t) as d values(t) as v list(t) as l mode(t) as m by g", 3000);
	same(a, MANY "| stats min(n) as i max(t) as x median(n) as e perc90(n) as p first(t) as f "
		     "last(t) as l by g", 3000);
	same(a, MANY "| stats earliest(t) as e latest(t) as l earliest_time(t) as f "
		     "latest_time(t) as k rate(n) as r by g", 3000);
	same(a, MANY "| eval a_x=n, a_y=if(n>12000,1,null()) | stats values(a_*) as b_* by g t", 16000);
	same(a, "| makeresults count=60000 | streamstats count as n | eval g=n%20000 "
		"| stats count list(n) as l by g n", 60000);
	same(a, MANY "| bin _time span=20 | stats count(eval(n>5)) as c by _time g", 16000);
}

/* Texts, numbers, times, lists and nothing, under the same names; ids of events behind some. */
#define MIXED                                                                                      \
	"| makeresults count=12000 | streamstats count as n "                                      \
	"| eval g=n%2500, h=case(n%5==0,\"t\".(n%300),n%5==1,n%40,n%5==2,null(),n%5==3,"            \
	"split(\"a,b,\".(n%9),\",\"),true(),n/7), w=if(n%3==0,null(),n%1000/3), _time=n*61 "

static void
kept_rows_come_out_the_same(struct array_source *a)
{
	same(a, MIXED "| reverse", 12000);
	same(a, MIXED "| sort 0 h -w", 12000);
	same(a, MIXED "| sort 0 -str(h) num(w) n", 12000);
	same(a, MIXED "| sort 3000 w h", 3000);
	same(a, MIXED "| appendpipe [stats count sum(w) as w by g | reverse]", 14500);
	same(a, MIXED "| appendpipe [where n>11990]", 12010);
	same(a, MIXED "| sort 0 w | reverse | eventstats count by h | sort 0 n", 12000);
}

static void
stages_that_wait_for_all_rows_give_the_same(struct array_source *a)
{
	same(a, MIXED "| tail 9000", 9000);
	same(a, MIXED "| tail 3", 3);
	same(a, MIXED "| bin n bins=50 as k", 12000);
	same(a, MIXED "| bin _time bins=40 | table _time h", 12000);
	same(a, MIXED "| fillnull value=none", 12000);
	same(a, MIXED "| fillnull | table w g", 12000);
	same(a, MIXED "| concurrency duration=w", 12000);
	same(a, MIXED "| concurrency duration=w start=g output=c | table c n", 12000);
	same(a, MIXED "| makecontinuous _time bins=4000", 0);
	same(a, MIXED "| eval k=n*3 | makecontinuous k span=1 | table k w", 35998);
}

static void
rows_that_become_one_are_the_same(struct array_source *a)
{
	same(a, MIXED "| xyseries g h n", 2000);
	same(a, MIXED "| eval m=n%3 | xyseries n m w h", 12000);
	same(a, MIXED "| eval m=\"_time\" | xyseries g m n", 2500);
	same(a, MIXED "| eval m=\"g\" | xyseries g m n", 2500);
	same(a, MIXED "| fields g h | mvcombine h", 0);
	same(a, MIXED "| fields g n | mvcombine n", 12000);
	same(a, MIXED "| table g n | eval l=substr(\"longlonglong\", 1, g%12) | mvcombine n", 2500);
	same(a, "| makeresults count=3 | eval n=1 | table n | mvcombine n", 1);
}

/* What left the window, and values that others took the place of, make room. */
static void
running_results_are_the_same(struct array_source *a)
{
	same(a, MIXED "| streamstats window=10 sum(w) as s values(h) as v last(n) as l", 12000);
	same(a, MIXED "| eval g=n%7, t=substr(\"a long text that takes room\", 1, n%27).n "
		      "| streamstats window=5 global=f list(t) as s by g", 12000);
	same(a, MIXED "| streamstats current=f window=5 last(n) as l first(h) as f by h", 12000);
	same(a, MIXED "| streamstats time_window=200s count sum(w) as s by h", 12000);
	same(a, MIXED "| eval g=n%70, t=substr(\"a long text that takes room\", 1, n%27).n "
		      "| streamstats last(t) as l max(t) as m earliest(t) as e avg(w) as a "
		      "stdev(w) as d rate(n) as r by g", 12000);
	same(a, MIXED "| eval t=\"a text \".n | streamstats reset_on_change=t last(t) as l by h", 12000);
	same(a, MIXED "| eval t=\"a text \".n "
		      "| streamstats reset_after=(n%300==0) values(t) as v count by g | fields - v", 12000);
}

static void
results_of_groups_are_in_every_row(struct array_source *a)
{
	same(a, MIXED "| eventstats count", 12000);
	same(a, MIXED "| eventstats count sum(w) as s stdev(w) as d by h", 12000);
	same(a, MIXED "| eventstats count avg(w) as s values(h) as v first(n) as f by g", 12000);
	same(a, MIXED "| eventstats sum(n) as s list(h) as l last(w) as e by n", 12000);
	same(a, MIXED "| eventstats max(*) as max_* by g h", 12000);
}

static void
repeated_rows_are_dropped_the_same(struct array_source *a)
{
	same(a, MIXED "| dedup n", 12000);
	same(a, MIXED "| eval m=n%9000 | dedup m", 9000);
	same(a, MIXED "| eval m=n%6000 | dedup 2 m keepempty=true", 12000);
	same(a, MIXED "| eval m=if(n%4==0,null(),n%5000) | dedup m keepempty=true", 6750);
	same(a, MIXED "| eval m=n%7000 | dedup m keepevents=true", 12000);
	same(a, MIXED "| eval m=n%7000 | dedup m sortby -w", 7000);
	same(a, MIXED "| eval m=floor(n/3) | dedup m consecutive=true", 4001);
}

static void
ranks_and_tables_come_out_the_same(struct array_source *a)
{
	same(a, MIXED "| top limit=0 g h", 0);
	same(a, MIXED "| top n", 10);
	same(a, MIXED "| rare limit=3 useother=true w by h", 0);
	same(a, MIXED "| top limit=2 useother=true countfield=c n by g", 7500);
	same(a, MIXED "| eval k=n%50 | chart count avg(w) as a over n by k limit=3", 12000);
	same(a, MIXED "| chart dc(n) as d values(w) as v by g", 2500);
	same(a, MIXED "| eval k=n%60 | timechart span=1m count by k limit=4", 0);
	same(a, MIXED "| eval k=n%60 | timechart bins=500 sum(w) by k where max in top7", 0);
}

/* Its values are in each run, and counted once. */
static void
a_group_of_every_run_is_one_row(struct array_source *a)
{
	same(a, "| makeresults count=24000 | streamstats count as n "
		"| eval g=if(n%2==0,\"hot\",n), t=n%700 | stats count dc(t) as d by g",
	     12001);
}

static void
events_stay_behind_their_groups(struct array_source *a)
{
	for (unsigned i = 0; i < 6000; i++)
		array_event(a, arena_printf(a->keep, "channel=Security event_id=4624 "
						     "TargetUserName=u%u IpAddress=10.0.%u.1",
					    i % 3000, i % 200));
	same(a, "EventCode=4624 | stats count values(IpAddress) as ip by TargetUserName", 3000);
	same(a, "| tstats count values(Authentication.src) as s from datamodel=Authentication by "
		"Authentication.user", 3000);
}

static void
a_stage_behind_may_have_enough(struct array_source *a)
{
	struct err  err = { 0 };
	struct told t = told_by(a, MANY "| stats count list(n) as l by g", LITTLE, TEXT("1003"), &err);

	ok(!err.kind && t.rows == 8, "rows of the merge stop when no more are wanted (%u)",
	   (unsigned)t.rows);
}

static void
one_group_must_fit(struct array_source *a)
{
	struct err err = { 0 };

	told_by(a, "| makeresults count=100000 | streamstats count as n | stats dc(n)", LITTLE,
		TEXT_NONE, &err);
	ok(err.kind == ERR_LIMIT && strstr(err.what, "more than its 1 MiB of memory, at stats"),
	   "values of one group that memory has no room for are refused: %s", err.what);
}

/* The disk is full: no file of this process can have more than some bytes. */
static void
a_full_disk_is_told(struct array_source *a)
{
	const struct rlimit little = { 4096, 4096 };
	struct err          err = { 0 };
	struct told         t;

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &little) != 0) {
		printf("# no limit of file sizes to be had\n");
		return;
	}
	t = told_by(a, MANY "| stats count list(n) as l by g", LITTLE, TEXT_NONE, &err);
	ok(t.rows == 0 && err.kind == ERR_LIMIT &&
	       strstr(err.what, "temporary file cannot be written"),
	   "a search whose file cannot grow fails: %s", err.what);
}

int
main(void)
{
	struct arena         keep = arena_open((size_t)1 << 32);
	struct array_source *a = array_source_new(&keep);

	every_aggregate_comes_out_the_same(a);
	a_group_of_every_run_is_one_row(a);
	kept_rows_come_out_the_same(a);
	stages_that_wait_for_all_rows_give_the_same(a);
	rows_that_become_one_are_the_same(a);
	running_results_are_the_same(a);
	results_of_groups_are_in_every_row(a);
	repeated_rows_are_dropped_the_same(a);
	ranks_and_tables_come_out_the_same(a);
	events_stay_behind_their_groups(a);
	a_stage_behind_may_have_enough(a);
	one_group_must_fit(a);
	a_full_disk_is_told(a);
	arena_close(&keep);
	return done_testing();
}
