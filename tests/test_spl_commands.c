/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of pipelines, one behaviour at a time. */
#include "config.h"

#include "tests/array_source.h"
#include "tests/lookup_text.h"

static void
stats_groups_and_adds_up(struct arena keep)
{
	struct array_source *a =
	    with(&keep, "row h=a u=x b=5\nrow h=a u=y b=7\nrow h=b b=1\nrow u=z b=2\n");

	gives(a, "* | stats count sum(b) as s values(u) as u by h",
	      "h=a count=2 s=12 u=[x y] | h=b count=1 s=1");
	gives(a, "* | stats count by h u", "h=a u=x count=1 | h=a u=y count=1");
	gives(a, "* | stats dc(u) count", "dc(u)=3 count=4");
	gives(a, "* | fillnull value=- u h | stats count by h u",
	      "h=- u=z count=1 | h=a u=x count=1 | h=a u=y count=1 | h=b u=- count=1");
	gives(a, "* | stats count(u) c(h) min(b) max(b) avg(b) range(b)",
	      "count(u)=3 c(h)=3 min(b)=1 max(b)=7 avg(b)=3.75 range(b)=6");
	gives(a, "* | stats list(b) first(b) last(b) earliest(b) latest(b)",
	      "list(b)=[2 1 7 5] first(b)=2 last(b)=5 earliest(b)=5 latest(b)=2");
	gives(a, "nothing=1 | stats count sum(b)", "count=0");
	gives(a, "nothing=1 | stats count by h", "");
	gives(a, "* | stats count(eval(b>1)) as big sum(eval(b*2)) as twice", "big=3 twice=30");
	gives(a, "* | stats values(eval(if(h==\"a\",u,null))) as u", "u=[x y]");
	gives(a, "* | stats stdev(b) stdevp(b) var(b) varp(b) sumsq(b)",
	      "stdev(b)=2.75378527364305 stdevp(b)=2.38484800354236 var(b)=7.58333333333333 "
	      "varp(b)=5.6875 sumsq(b)=79");
	gives(a, "* | table b u | stats values(*) as *", "b=[1 2 5 7] u=[x y z]");
	gives(a, "* | table b u h | stats max(*) as most_* by h",
	      "h=a most_b=7 most_u=y | h=b most_b=1");
	gives(a, "* | stats count AS \"how many\" BY h", "h=a how many=2 | h=b how many=1");
	gives(a, "* | stats count as aceFlags(inheritance)", "aceFlags(inheritance)=4");
}

static void
stats_over_several_values(struct arena keep)
{
	struct array_source *a = with(&keep, "row t=p t=q n=1\nrow t=q n=5\n");

	gives(a, "* | stats sum(n) as s by t", "t=p s=1 | t=q s=6");
	gives(a, "* | stats count(t) dc(t) mode(t)", "count(t)=3 dc(t)=2 mode(t)=q");
	a = with(&keep, "row t=p t=p n=1\n");
	gives(a, "* | stats count by t", "t=p count=2");
	gives(a, "* | stats count by t dedup_splitvals=true", "t=p count=1");
}

static void
stats_over_numbers_and_texts(struct arena keep)
{
	struct array_source *a = with(&keep, "row n=10\nrow n=9\nrow n=x\n");

	gives(a, "* | stats min(n) max(n) values(n) sum(n)",
	      "min(n)=9 max(n)=x values(n)=[10 9 x] sum(n)=19");
	gives(a, "* | where isnum(n) | stats min(n) max(n)", "min(n)=9 max(n)=10");
	gives(a,
	      "| makeresults count=10 | streamstats count as n | stats perc50(n) median(n) p95(n) "
	      "perc90(n)",
	      "perc50(n)=5.5 median(n)=5.5 p95(n)=9.55 perc90(n)=9.1");
}

static void
rows_remember_their_events_and_times(struct arena keep)
{
	struct array_source *a = with(&keep, "time=2020-09-21T12:00:00.123456789Z h=a\n"
					     "time=2020-09-21T12:00:05Z h=b\n"
					     "time=2020-09-21T12:00:09.000000001Z h=a\n");
	struct array_result r =
	    array_run_env(a, "* | stats count by h | search h=a | eval x=1 | table h", NULL, 0);
	int64_t             first, last;
	bool                zone;

	when_from_iso(TEXT("2020-09-21T12:00:00.123456789Z"), &first, &zone);
	when_from_iso(TEXT("2020-09-21T12:00:09.000000001Z"), &last, &zone);
	ok(r.n_events == 2, "two events are behind the row");
	ok(r.first_ns == first && r.last_ns == last, "times are exact to the nanosecond");
	gives(a, "* | stats min(_time) as t by h | search h=a", "h=a t=1600689600.123456789");
	gives(a, "* | stats min(_time) as t by h | search h=a | `security_content_ctime(t)`",
	      "h=a t=2020-09-21T12:00:00");
	gives(a, "* | stats min(_time) as a max(_time) as b | eval d=b-a | table d",
	      "d=8.876543212");
	r = array_run_env(a, "* | join h [search h=a | stats count by h]", NULL, 0);
	ok(r.n_events == 2, "joined rows have the events of both sides");
}

static void
fillnull_fills_what_is_named_later(struct arena keep)
{
	struct array_source *one = with(&keep, "row d=H1\n"),
			    *two = with(&keep, "row d=H1\nrow d=H2 path=/x\n");
	struct search_env    strict = { .strict_fillnull = true };

	gives(one, "* | fillnull | stats count by d path", "d=H1 path=0 count=1");
	is(array_run_env(one, "* | fillnull | stats count by d path", &strict, 0).text, TEXT(""),
	   "strict: no row has path, so it is not filled");
	gives(two, "* | fillnull | stats count by d path",
	      "d=H1 path=0 count=1 | d=H2 path=/x count=1");
	is(array_run_env(two, "* | fillnull | stats count by d path", &strict, 0).text,
	   TEXT("d=H1 path=0 count=1 | d=H2 path=/x count=1"), "strict: some row has path");
	gives(one, "* | fillnull | stats values(path) by d", "d=H1");
	gives(two, "* | fillnull | stats values(path) by d",
	      "d=H1 values(path)=0 | d=H2 values(path)=/x");
	gives(two, "* | table d path | fillnull value=none", "d=H2 path=/x | d=H1 path=none");
	gives(one, "* | fillnull value=n/a a b | table d a b", "d=H1 a=n/a b=n/a");
}

static void
rename_moves_fields(struct arena keep)
{
	struct array_source *a = with(&keep, "row a=1 b=2\n");

	gives(a, "* | table a b | rename a as x", "x=1 b=2");
	gives(a, "* | table a b | rename missing as b", "a=1");
	gives(a, "* | table a b | rename missing as z", "a=1 b=2");
	gives(a, "* | table a b | rename a as b", "b=1");
	gives(a, "* | stats count(a) as P.x count(b) as P.y values(a) | rename P.* as *",
	      "x=1 y=1 values(a)=1");
	gives(a, "* | table a b | rename a as \"two words\", b AS c", "two words=1 c=2");
	gives(a, "* | rename a as b | table a b", "b=1");
}

static void
table_and_fields_choose_columns(struct arena keep)
{
	struct array_source *a = with(&keep, "row ab=1 aa=2 b=3\n");

	gives(a, "* | table b a* none", "b=3 aa=2 ab=1");
	gives(a, "* | table ab aa b | fields aa b", "aa=2 b=3");
	gives(a, "* | table ab aa b | fields - a*", "b=3");
	gives(a, "* | fields b | stats values(b) values(aa)", "values(b)=3");
	gives(a, "* | fields + b | search 3 | stats count", "count=1");
}

static void
sort_orders_rows(struct arena keep)
{
	struct array_source *a = with(&keep, "row id=1 n=10\nrow id=2 n=9\nrow id=3\nrow id=4 n=x\n"
					     "row id=5 n=10 m=1\n");

	gives(a, "* | sort n | table id", "id=2 | id=5 | id=1 | id=4 | id=3");
	gives(a, "* | sort - n | table id", "id=4 | id=5 | id=1 | id=2 | id=3");
	gives(a, "* | sort 2 -num(n) | table id", "id=4 | id=5");
	gives(a, "* | sort n, -id | table id", "id=2 | id=5 | id=1 | id=4 | id=3");
	gives(a, "* | sort n desc | head 1 | table id", "id=4");
	a = with(&keep, "row ip=10.0.0.2\nrow ip=9.0.0.1\nrow ip=10.0.0.10\n");
	gives(a, "* | sort ip | table ip", "ip=9.0.0.1 | ip=10.0.0.2 | ip=10.0.0.10");
	gives(a, "* | sort str(ip) | table ip", "ip=10.0.0.10 | ip=10.0.0.2 | ip=9.0.0.1");
}

static void
sort_says_when_it_cuts(struct arena keep)
{
	struct array_source *a = with(&keep, "row x=1\n");
	struct array_result r = array_run_env(
	    a, "| makeresults count=10001 | streamstats count as n | sort n | stats count", NULL,
	    0);

	is(r.text, TEXT("count=10000"), "ten thousand rows unless asked for more");
	ok(r.stats.warnings == 1, "and it says so: %s", r.stats.warning);
	r = array_run_env(a, "| makeresults count=10001 | sort 0 _time | stats count", NULL, 0);
	is(r.text, TEXT("count=10001"), "sort 0 keeps all");
}

/* Rows that cannot be among the first are dropped as they come. */
static void
sort_and_tail_keep_no_more_than_they_give(struct arena keep)
{
	static const char rows[] = "| makeresults count=60000 | streamstats count as n | eval k=n%7, "
				   "long=printf(\"%0150d\", n)";
	struct array_source *a = with(&keep, "row x=1\n");
	struct array_result  r;

#define OF(what) arena_cstr(&keep, arena_printf(&keep, "%s | %s | table n", rows, what))
	r = array_run_env(a, OF("sort 3 n"), NULL, 8 << 20);
	is(r.text, TEXT("n=1 | n=2 | n=3"), "the least, which came first");
	r = array_run_env(a, OF("sort 3 -n"), NULL, 8 << 20);
	is(r.text, TEXT("n=60000 | n=59999 | n=59998"), "the greatest, which came last");
	r = array_run_env(a, OF("sort 3 k"), NULL, 8 << 20);
	is(r.text, TEXT("n=7 | n=14 | n=21"), "of those that are alike the first");
	r = array_run_env(a, OF("sort 3 -k, -long"), NULL, 8 << 20);
	is(r.text, TEXT("n=59996 | n=59989 | n=59982"), "by two fields");
	r = array_run_env(a, OF("tail 3"), NULL, 8 << 20);
	is(r.text, TEXT("n=60000 | n=59999 | n=59998"), "the last, last one first");
	r = array_run_env(a, OF("sort 0 n | head 1"), NULL, 8 << 20);
	is(r.text, TEXT("n=1"), "all of them are too many for memory, and lie on the disk");
#undef OF
}

static void
dedup_keeps_the_first(struct arena keep)
{
	struct array_source *a =
	    with(&keep, "row id=1 h=a\nrow id=2 h=b\nrow id=3 h=a\nrow id=4\nrow id=5 h=a\n");

	gives(a, "* | dedup h | table id", "id=5 | id=2");
	gives(a, "* | dedup 2 h | table id", "id=5 | id=3 | id=2");
	gives(a, "* | dedup h keepempty=true | table id", "id=5 | id=4 | id=2");
	gives(a, "* | dedup h consecutive=true keepempty=t | table id",
	      "id=5 | id=4 | id=2 | id=1");
	gives(a, "* | dedup h sortby id | table id", "id=1 | id=2");
	gives(a, "* | dedup h sortby -id | table id", "id=5 | id=2");
	gives(a, "* | dedup h keepevents=t sortby id | table id h", "id=1 h=a | id=2 h=b | id=3 | id=5");
	gives(a, "* | dedup h keepevents=true | table id h", "id=5 h=a | id=3 | id=2 h=b | id=1");
}

static void
head_tail_top_rare(struct arena keep)
{
	struct array_source *a =
	    with(&keep, "row id=1 h=a g=x\nrow id=2 h=b g=x\nrow id=3 h=a g=y\n");

	gives(a, "* | head 2 | table id", "id=3 | id=2");
	gives(a, "* | head limit=1 | table id", "id=3");
	gives(a, "* | head (id>2) | table id", "id=3");
	gives(a, "* | head (id>2) keeplast=true | table id", "id=3 | id=2");
	gives(a, "* | tail 2 | table id", "id=1 | id=2");
	gives(a, "* | reverse | table id", "id=1 | id=2 | id=3");
	gives(a, "* | top h", "h=a count=2 percent=66.666667 | h=b count=1 percent=33.333333");
	gives(a, "* | rare h", "h=b count=1 percent=33.333333 | h=a count=2 percent=66.666667");
	gives(a, "* | top 1 h by g showperc=false", "g=x h=a count=1 | g=y h=a count=1");
	gives(a, "* | top limit=1 h countfield=n", "h=a n=2 percent=66.666667");
}

static void
rex_makes_fields(struct arena keep)
{
	struct array_source *a = with(&keep, "row id=1 p=\"a$1,b$2\"\n");

	gives(a, "* | rex field=p max_match=0 \"(?<k>[^$,]+)\\$(?<v>[^,]+)\" | table k v",
	      "k=[a b] v=[1 2]");
	gives(a, "* | rex field=p \"(?<k>[^$,]+)\\$(?<v>[^,]+)\" | table k v", "k=a v=1");
	gives(a, "* | eval k=\"old\" | rex field=p \"(?<k>zzz)\" | table k", "k=old");
	gives(a, "* | rex field=p \"(?P<k>b)|(?<other>zzz)\" | table k other", "k=b");
	gives(a, "* | rex \"p='(?<k>[^']*)\" | table k", "");
	gives(a, "* | rex field=p offset_field=o \"(?<k>b)\" | table k o", "k=b o=k=4-4");
	gives(a, "* | rex field=p mode=sed \"s/\\d/N/g\" | table p", "p=a$N,b$N");
	gives(a, "* | rex field=p mode=sed \"s/([a-z])\\$/<\\1>/2\" | table p", "p=a$1,<b>2");
	gives(a, "* | rex mode=sed field=p \"y/ab/xy/\" | table p", "p=x$1,y$2");
	gives(a, "* | regex p=\"^a\" | stats count", "count=1");
	gives(a, "* | regex p!=\"^a\" | stats count", "count=0");
	gives(a, "* | regex nothing!=\"^a\" | stats count", "count=1");
	gives(a, "* | rex field=p \"(no name)\"",
	      "error: test:1:17: the regular expression has no named group (?<name>...)");
}

static void
bin_makes_buckets(struct arena keep)
{
	struct array_source *a =
	    with(&keep, "time=2020-09-21T12:04:59Z n=25 x=1\ntime=2020-09-21T12:05:00Z n=7 x=2\n");

	gives(a, "* | bin _time span=5m | stats count by _time",
	      "_time=1600689600 count=1 | _time=1600689900 count=1");
	gives(a, "* | bucket span=1d _time as day | stats count by day", "day=1600646400 count=2");
	gives(a, "* | bin span=10 n | sort n | table n", "n=0-10 | n=20-30");
	gives(a, "* | bin bins=2 n as b | sort n | table b", "b=0-20 | b=20-40");
	gives(a, "| tstats count where * by _time span=1h", "_time=1600689600 count=2");
}

static void
eventstats_and_streamstats_add_columns(struct arena keep)
{
	struct array_source *a =
	    with(&keep, "row id=1 h=x n=1\nrow id=2 h=y n=5\nrow id=3 h=x n=7\nrow id=4 n=9\n");

	gives(a, "* | eventstats sum(n) as s by h | table id s",
	      "id=4 | id=3 s=8 | id=2 s=5 | id=1 s=8");
	gives(a, "* | eventstats avg(n) as a count | table id a count",
	      "id=4 a=5.5 count=4 | id=3 a=5.5 count=4 | id=2 a=5.5 count=4 | id=1 a=5.5 count=4");
	gives(a, "* | eval c_a=if(id>2,1,null()), c_b=if(id<2,1,null()) "
		 "| eventstats count(c_*) as n_* sum(c_*) as s_* by h | table id n_* s_*",
	      "id=4 | id=3 n_a=1 n_b=1 s_a=1 s_b=1 | id=2 n_a=0 n_b=0 "
	      "| id=1 n_a=1 n_b=1 s_a=1 s_b=1");
	gives(a, "* | eval c_a=if(id==3,1,null()), c_b=if(id==1,1,null()) "
		 "| eventstats count(c_*) as n_* by id | table id n_*",
	      "id=4 n_a=0 n_b=0 | id=3 n_a=1 n_b=0 | id=2 n_a=0 n_b=0 | id=1 n_a=0 n_b=1");
	gives(a, "* | streamstats sum(n) as s | table id s",
	      "id=4 s=9 | id=3 s=16 | id=2 s=21 | id=1 s=22");
	gives(a, "* | streamstats count by h | table id count",
	      "id=4 | id=3 count=1 | id=2 count=1 | id=1 count=2");
	gives(a, "* | streamstats window=2 sum(n) as s | table s", "s=9 | s=16 | s=12 | s=6");
	gives(a, "* | streamstats current=f window=1 last(n) as before | table id before",
	      "id=4 | id=3 before=9 | id=2 before=7 | id=1 before=5");
	gives(a, "* | streamstats reset_after=(n=7) count | table count",
	      "count=1 | count=2 | count=1 | count=2");
	gives(a, "* | streamstats sum(n) as s reset_after=(s>15) | table s", "s=9 | s=16 | s=5 | s=6");
	gives(a, "* | streamstats time_window=2s count | table count",
	      "count=1 | count=2 | count=2 | count=2");
}

static void
subsearches_join_and_append(struct arena keep)
{
	struct array_source *a =
	    with(&keep, "row id=1 h=x n=1\nrow id=2 h=y n=5\nrow id=3 h=x n=7\n");

	gives(a,
	      "n<5 | join h [search n>4 | rename n as m, id as other | fields h m other] | table "
	      "id m other",
	      "id=1 m=7 other=3");
	gives(a, "* | join type=outer h [search n=5 | rename n as m | fields h m] | table id m",
	      "id=3 | id=2 m=5 | id=1");
	gives(a, "* | join h [search id=none | fields h m] | append [search id=1] | table id", "id=1");
	gives(a, "id=1 | join max=0 h [search * | rename n as m | fields h m] | table id m",
	      "id=1 m=7 | id=1 m=1");
	gives(a, "id=1 | join type=inner, h max=0 [search n>5 | fields h n] | table id n",
	      "id=1 n=7");
	gives(a, "id=1 | join overwrite=false h [search n>5 | fields h n] | table id n",
	      "id=1 n=1");
	gives(a, "id=1 | append [search id=2] | table id", "id=1 | id=2");
	gives(a, "* | table n | appendpipe [stats sum(n) as total]", "n=7 | n=5 | n=1 | total=13");
	gives(a, "id<3 | map search=\"search h=$h$ n>1 | table id h\"", "id=2 h=y | id=3 h=x");
	gives(a, "* | stats count by h | map maxsearches=1 search=\"search h=$h$ | table id\"",
	      "id=3 | id=1");
}

static void
map_never_runs_what_evidence_says(struct arena keep)
{
	struct array_source *a = with(&keep, "row id=1 h=\"x\\\" OR id=*\"\nrow id=2 h=y\n");

	gives(a, "id=1 | map search=\"search h=$h$ | table id\"", "id=1");
	gives(a, "id=1 | map search=\"search h=\\\"$h$\\\" | table id\"", "id=1");
}

static void
values_are_split_and_joined(struct arena keep)
{
	struct array_source *a = with(&keep, "row id=1 p=\"a,b,,c\"\nrow id=2\n");

	gives(a, "* | makemv delim=\",\" p | mvexpand p | table id p",
	      "id=2 | id=1 p=a | id=1 p=b | id=1 p=c");
	gives(a, "* | makemv delim=\",\" allowempty=t p | eval n=mvcount(p) | table id n",
	      "id=2 | id=1 n=4");
	gives(a, "* | makemv tokenizer=\"([a-b])\" p | table id p", "id=2 | id=1 p=[a b]");
	gives(a,
	      "* | makemv delim=\",\" p | nomv p | eval p=replace(p, \"\\n\", \"/\") | table id p",
	      "id=2 | id=1 p=a/b/c");
	gives(a, "* | makemv delim=\",\" p | mvexpand p limit=2 | mvexpand id | table p",
	      " | p=a | p=b");
	gives(a, "* | makemv delim=\",\" p | mvexpand p | table id p | mvcombine p",
	      "id=2 | id=1 p=[a b c]");
}

static void
documents_are_read(struct arena keep)
{
	struct array_source *a =
	    with(&keep, "row id=1 "
			"j=\"{\\\"user\\\":{\\\"name\\\":\\\"ann\\\",\\\"ids\\\":[1,2]},\\\"ok\\\":"
			"true,\\\"no\\\":null}\" "
			"x=\"<E a='1'><S><V>one</V><V>two &amp; three</V></S></E>\" bad=\"{\"\n");

	gives(a, "* | spath input=j path=user.name | table user.name", "user.name=ann");
	gives(a, "* | spath input=j user.ids{} output=i | table i", "i=[1 2]");
	gives(a, "* | spath input=j path=user.ids{0} output=i | table i", "i=1");
	gives(a, "* | fields j | spath input=j | table user* ok no",
	      "user.ids{}=[1 2] user.name=ann ok=true");
	gives(a, "* | spath input=x path=E.S.V output=v | table v", "v=[one two & three]");
	gives(a, "* | spath input=x path=E.S.V{2} output=v | table v", "v=two & three");
	gives(a, "* | spath input=x path=E{@a} output=v | table v", "v=1");
	gives(a, "* | spath input=bad | table id", "id=1");
	gives(a, "* | xmlkv x | table V", "V=[one two & three]");
}

static void
charts_turn_values_into_columns(struct arena keep)
{
	struct array_source *a = with(&keep, "time=2020-09-21T12:00:00Z h=x u=a n=1\n"
					     "time=2020-09-21T12:01:00Z h=y u=b n=2\n"
					     "time=2020-09-21T12:04:00Z h=x u=b n=3\n"
					     "time=2020-09-21T12:04:30Z h=x n=4\n");

	gives(a, "* | chart count by h", "h=x count=3 | h=y count=1");
	gives(a, "* | chart count over h by u", "h=x a=1 b=1 NULL=1 | h=y a=0 b=1 NULL=0");
	gives(a, "* | chart usenull=f sum(n) by h u", "h=x a=1 b=3 | h=y b=2");
	gives(a, "* | chart limit=1 count by h u", "h=x b=1 NULL=1 OTHER=1 | h=y b=1 NULL=0 OTHER=0");
	gives(a, "* | chart count max(n) by h u usenull=f",
	      "h=x count: a=1 count: b=1 max(n): a=1 max(n): b=3 | "
	      "h=y count: a=0 count: b=1 max(n): b=2");
	gives(a, "* | timechart span=2m count",
	      "_time=1600689600 count=2 | _time=1600689720 count=0 | _time=1600689840 count=2");
	gives(a, "* | timechart span=5m count by h", "_time=1600689600 x=3 y=1");
	gives(a, "* | timechart bins=5 sum(n) as s",
	      "_time=1600689600 s=1 | _time=1600689660 s=2 | _time=1600689720 | "
	      "_time=1600689780 | _time=1600689840 s=7");
}

static void
transactions_put_events_together(struct arena keep)
{
	struct array_source *a = with(&keep, "time=2020-09-21T12:00:00Z id=1 t=A e=start\n"
					     "time=2020-09-21T12:00:10Z id=2 t=A e=end\n"
					     "time=2020-09-21T12:00:20Z id=3 t=B e=start\n"
					     "time=2020-09-21T13:00:00Z id=4 t=A e=start\n");

	gives(a,
	      "* | transaction t startswith=(e=start) endswith=(e=end) | table t id duration "
	      "eventcount",
	      "t=A id=[1 2] duration=10 eventcount=2");
	gives(a, "* | transaction t startswith=eval(e=\"start\") endswith=\"e=end\" | table t id",
	      "t=A id=[1 2]");
	gives(a, "* | transaction t maxpause=5m connected=false | table t id eventcount",
	      "t=A id=4 eventcount=1 | t=B id=3 eventcount=1 | t=A id=[1 2] eventcount=2");
	gives(a, "* | transaction t maxspan=5s | stats count", "count=4");
	gives(a, "* | transaction t endswith=(e=end) | table id", "id=[1 2]");
}

static void
foreach_replace_addtotals_addinfo(struct arena keep)
{
	struct array_source *a = with(&keep, "row n_a=1 n_b=2 z=foo\n");

	gives(a,
	      "* | foreach n_* [ eval <<FIELD>>=<<FIELD>>*10, seen_<<MATCHSTR>>=1 ] | table n_* "
	      "seen_*",
	      "n_a=10 n_b=20 seen_a=1 seen_b=1");
	gives(a,
	      "* | table n_a z | foreach * [eval <<FIELD>>=if(<<FIELD>>=\"foo\",null(),<<FIELD>>)]",
	      "n_a=1");
	gives(a, "* | replace \"f*\" with \"b*\" in z | table z", "z=boo");
	gives(a, "* | replace foo with bar, bar with x in z | table z", "z=bar");
	gives(a, "* | addtotals fieldname=T n_a, n_b | table T", "T=3");
	gives(a, "* | table n_a n_b | addtotals row=f col=t", "n_a=1 n_b=2 | n_a=1 n_b=2");
	gives(a, "* | addinfo | table info_min_time info_max_time",
	      "info_min_time=0 info_max_time=+Infinity");
	gives(a, "* | convert ctime(_time) as t timeformat=\"%H\"",
	      "error: test:1:31: unknown conversion \"timeformat\": expected ctime mktime dur2sec "
	      "mstime memk "
	      "rmcomma rmunit num auto none");
	gives(a,
	      "| makeresults | eval t=1700000000.9, d=\"1:02:03\", k=\"10,000 kB\" | "
	      "`security_content_ctime(t)` | "
	      "convert dur2sec(d) rmcomma(k) | convert rmunit(k) as n | table t d k n",
	      "t=2023-11-14T22:13:20 d=3723 k=10000 kB n=10000");
}

static void
tables_are_looked_up(struct arena keep)
{
	struct lookups       *l = lookups_new();
	const struct text     wild[] = { TEXT("pattern") }, net[] = { TEXT("net") };
	struct lookup_options wildcard = { .ignore_case = true, .wildcards = wild, .n_wildcards = 1,
					   .default_match = TEXT("false"), .min_matches = 1 };
	struct lookup_options one = {.max_matches = 1}, cidr = {.networks = net, .n_networks = 1};
	struct search_env     env = { .lookups = l };
	struct array_source *a =
	    with(&keep,
		 "row id=1 h=A name=\"EVIL.exe\" ip=10.1.2.3 v=old\nrow id=2 h=b name=good.exe\n");

	lookup_of_text(l, TEXT("plain"),
			 TEXT("\xef\xbb\xbfhost, v,w\r\nA,1,\"x,\"\"y\"\"\"\r\nA,2,z\n"), NULL);
	lookup_of_text(l, TEXT("first"), TEXT("host,v\nA,1\nA,2\n"), &one);
	lookup_of_text(l, TEXT("wild"), TEXT("pattern,is\n*evil*,true\ngood.exe,maybe\n"),
			 &wildcard);
	lookup_of_text(l, TEXT("stars"),
			 TEXT("pattern,is\n*\xc3\x84pfel*b?d*,long\nx*y,short\n*vil*ex*,evil\n"),
			 &wildcard);
	lookup_of_text(l, TEXT("nets"), TEXT("net,zone\n10.0.0.0/8,inside\n"), &cidr);
#define LOOKED_UP(spl, want) is(array_run_env(a, spl, &env, 0).text, TEXT(want), spl)
	LOOKED_UP("* | lookup plain host as h OUTPUT w | table id w", "id=2 | id=1 w=[x,\"y\" z]");
	LOOKED_UP("* | lookup plain host as h | table id v w", "id=2 | id=1 v=[1 2] w=[x,\"y\" z]");
	LOOKED_UP("* | lookup plain host AS h OUTPUTNEW v w as x | table id v x",
		  "id=2 | id=1 v=old x=[x,\"y\" z]");
	LOOKED_UP("* | lookup first host as h output v | table id v", "id=2 | id=1 v=1");
	LOOKED_UP("* | lookup update=true wild pattern as name OUTPUT is | table id is",
		  "id=2 is=maybe | id=1 is=true");
	LOOKED_UP("* | eval name=\"none\" | lookup wild pattern as name OUTPUT is | table id is",
		  "id=2 is=false | id=1 is=false");
	LOOKED_UP("* | lookup stars pattern as name OUTPUT is | table id is",
		  "id=2 is=false | id=1 is=evil");
	LOOKED_UP("* | eval name=\"x\xc3\xa4PFEL b?D y\" | lookup stars pattern as name OUTPUT is | "
		  "head 1 | table is",
		  "is=[long short]");
	LOOKED_UP("* | lookup nets net as ip output zone | table id zone",
		  "id=2 | id=1 zone=inside");
	LOOKED_UP("* | lookup ut_shannon_lookup word as h | table ut_shannon",
		  "ut_shannon=0 | ut_shannon=0");
	LOOKED_UP("| inputlookup plain where v>1", "host=A v=2 w=z");
	LOOKED_UP("* | search [| inputlookup wild where is=true | rename pattern as name | fields "
		  "name] | table id",
		  "id=1");
	LOOKED_UP("* | lookup plain hots as h", "error: test:1:18: the lookup \"plain\" has no "
						"column \"hots\": did you mean \"host\"?");
	LOOKED_UP("| inputlookup nope",
		  "error: test:1:15: lookup \"nope\" is not loaded: its definition belongs in a "
		  "folder lookups beside the rules, which this set of rules does not have");
	struct array_result r =
	    array_run_env(a, "* | lookup nope a as h OUTPUT b | table id b", &env, 0);

	is(r.text, TEXT("id=2 | id=1"), "a lookup that is not there matches nothing");
	ok(text_find(search_reservation(r.search), TEXT("not loaded")) != TEXT_NOWHERE,
	   "and the search says so");
	lookups_free(l);
}

/* All of them behind one row of the result. */
static void
many_rows_become_one_of_a_table(struct arena keep)
{
	struct array_source *a = array_source_new(&keep);
	struct array_result  r;

	for (int i = 1; i <= 3000; i++)
		array_add(a, arena_printf(&keep, "row id=%d x=one n=c%d v=%d\n", i, i % 3, i).p);
	r = array_run_env(a, "* | sort 0 id | xyseries x n v", NULL, 4 << 20);
	is(r.text, TEXT("x=one c0=3000 c1=2998 c2=2999"),
	   "three thousand rows are one of xyseries, in little memory");
}

static void
memory_is_a_budget(struct arena keep)
{
	struct array_source *a = with(&keep, "row x=1\n");
	struct array_result r =
	    array_run_env(a,
			  "| makeresults count=100000 | streamstats count as n | stats values(n)",
			  NULL, 4 << 20);

	ok(text_find(r.text, TEXT("needs more than its 4 MiB of memory")) != TEXT_NOWHERE,
	   "too many values that have to be kept for one row: an error");
	r = array_run_env(
	    a, "| makeresults count=100000 | streamstats count as n | reverse | head 1 | table n",
	    NULL, 4 << 20);
	is(r.text, TEXT("n=100000"), "rows that have to be kept go to the disk");
	r = array_run_env(a, "| makeresults count=100000 | eval n=1 | stats count by n", NULL,
			  4 << 20);
	is(r.text, TEXT("n=1 count=100000"), "streaming needs none of it");
}

/* SPL with "#" where groups are made: what follows filters them, at once or only when all are there. */
static void
same_early_and_late(struct array_source *a, const char *spl)
{
	struct text early = text_of(spl), behind = text_of(spl), before = text_cut(&behind, '#');
	struct text late = arena_printf(a->keep, TEXT_FMT "| sort 0 h u t " TEXT_FMT,
					TEXT_ARG(before), TEXT_ARG(behind));

	early = arena_printf(a->keep, TEXT_FMT TEXT_FMT, TEXT_ARG(before), TEXT_ARG(behind));
	is(array_run(a, early.p), array_run(a, late.p), spl);
	ok(array_run(a, late.p).n > 0, "and some are left");
}

static void
groups_that_a_filter_will_drop_are_not_made(struct arena keep)
{
	struct array_source *a =
	    with(&keep, "row h=a u=x t=p t=q b=5\nrow h=a u=y b=7 t=p\nrow h=b b=1 u=x t=q\n"
			"row u=z b=2 t=r\nrow h=A u=\"x y\" t=p t=r b=9\n");
	struct array_result r;

	same_early_and_late(a, "* | stats count sum(b) as s by h u t # | search u=x");
	same_early_and_late(a, "* | stats count sum(b) as s by h u t # | where s>5 AND h=\"a\"");
	same_early_and_late(a, "* | stats count by h u t # | regex u=\"^x\" | where t=\"q\"");
	same_early_and_late(a, "* | stats count by h u t # | rename u as v, h as u | search u=a");
	same_early_and_late(a, "* | stats values(b) as u by h t # | search u=5");
	same_early_and_late(a, "* | stats values(u) as w count by h u t # | rename u as w | "
			       "search w=x");
	same_early_and_late(a, "* | stats sum(b) as s by h u t # | eval k=h.u, n=s | where k=\"ax\" "
			       "| search n>0");
	same_early_and_late(a, "* | stats sum(b) as x.h by h u t # | rename x.* as * | search h=5");
	same_early_and_late(a, "* | stats count by h u t # | rename h as g | rename g as u | "
			       "where u=\"a\"");
	same_early_and_late(a, "* | stats count by h u t # | fields - h | where isnull(h)");
	same_early_and_late(a, "* | stats count by h u t # | head 3 | search h=a");
	same_early_and_late(a, "* | stats count by h u t # | search x OR h=b");
	r = array_run_env(a, "| makeresults count=100000 | streamstats count as n | stats count by n | "
			  "eval m=n*2 | where m<6", NULL, 4 << 20);
	is(r.text, TEXT("n=1 count=1 m=2 | n=2 count=1 m=4"), "and they take no memory");
}

int
main(void)
{
	struct arena keep = arena_open((size_t)2 << 30);

	stats_groups_and_adds_up(keep);
	stats_over_several_values(keep);
	stats_over_numbers_and_texts(keep);
	rows_remember_their_events_and_times(keep);
	fillnull_fills_what_is_named_later(keep);
	rename_moves_fields(keep);
	table_and_fields_choose_columns(keep);
	sort_orders_rows(keep);
	sort_says_when_it_cuts(keep);
	sort_and_tail_keep_no_more_than_they_give(keep);
	dedup_keeps_the_first(keep);
	head_tail_top_rare(keep);
	rex_makes_fields(keep);
	bin_makes_buckets(keep);
	eventstats_and_streamstats_add_columns(keep);
	subsearches_join_and_append(keep);
	map_never_runs_what_evidence_says(keep);
	values_are_split_and_joined(keep);
	documents_are_read(keep);
	charts_turn_values_into_columns(keep);
	transactions_put_events_together(keep);
	foreach_replace_addtotals_addinfo(keep);
	tables_are_looked_up(keep);
	many_rows_become_one_of_a_table(keep);
	memory_is_a_budget(keep);
	groups_that_a_filter_will_drop_are_not_made(keep);
	arena_close(&keep);
	return done_testing();
}
