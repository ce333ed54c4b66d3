/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/long_list.h"

#define LOOK_AT_ONCE  256  /* rows looked at before the worker is asked: in about a millisecond */
#define SORT_AT_ONCE  2000 /* rows that are not worth the worker */
#define SCRATCH_BYTES ((size_t)1 << 30)

/* What the worker is about. Ids and order of the table stay as they are until it is stopped. */
struct long_job {
	struct table_reader reader; /* with the worker's case */
	struct table        like;   /* as the table was when it began; of an order: as it is to be */
	bool                sorts;
	struct arena       *keep;   /* of the ids in their new order */
	int64_t            *ids;
	size_t              n, cap;
};

static bool
look_through(struct worker *w, const struct long_job *job, struct arena scratch, struct err *err)
{
	const struct table *t = &job->like;

	for (size_t i = t->examined; i < t->asked; i++) {
		int64_t id = t->ids[t->order[i]];

		if (atomic_load(worker_cancelled(w)) ||
		    (table_passes(t, &job->reader, id, scratch) &&
		     !worker_emit(w, &(struct found){ .event = id })))
			return err_set(err, ERR_CANCEL, "stopped");
	}
	return true;
}

static bool
add_sorted(void *ctx, int64_t id)
{
	struct long_job *job = ctx;

	arena_grow(job->keep, job->ids, job->n, &job->cap);
	job->ids[job->n++] = id;
	return true;
}

static bool
run(struct worker *w, struct casefile *cf, void *ctx, struct err *err)
{
	struct long_job *job = ctx;
	struct arena     scratch = arena_open(SCRATCH_BYTES);
	bool             good;

	job->reader.cf = cf;
	casefile_read_begin(cf);
	good = job->sorts ? job->reader.order(&job->reader, &job->like, add_sorted, job, err)
			  : look_through(w, job, scratch, err);
	casefile_read_end(cf);
	arena_close(&scratch);
	return good;
}

static void
start(struct app *app, struct view *v, bool sorts)
{
	struct long_job *job = arena_new(&v->arena, struct long_job, 1);

	*job = (struct long_job){ .reader = *v->list.table.reader,
				  .like = v->list.table,
				  .sorts = sorts,
				  .keep = table_spare(&v->list.table) };
	v->job = job;
	worker_start(app->worker, run, job, v);
}

static bool
runs(const struct app *app, const struct view *v)
{
	return worker_owner(app->worker) == v;
}

static bool
is_sorting_so(const struct app *app, const struct view *v)
{
	return runs(app, v) && v->job->sorts &&
	       v->job->like.sort_column == v->list.table.sort_column &&
	       v->job->like.descending == v->list.table.descending;
}

static void
sort(struct app *app, struct view *v)
{
	if (is_sorting_so(app, v))
		return;
	if (runs(app, v))
		worker_stop(app->worker);
	if (v->list.table.n_rows > SORT_AT_ONCE) {
		start(app, v, true);
		return;
	}
	table_reorder(&v->list.table, NULL); /* what cannot be read, the case keeps in mind */
	list_settle(&v->list);
}

void
long_list_go_on(struct app *app, struct view *v)
{
	struct table *t = &v->list.table;

	if (table_is_stale(t))
		sort(app, v);
	if (!table_rest(t) || v->cut.kind || runs(app, v))
		return;
	table_examine(t, LOOK_AT_ONCE);
	list_settle(&v->list);
	if (table_rest(t))
		start(app, v, false);
}

static void
stop(struct app *app, struct view *v)
{
	if (runs(app, v))
		worker_stop(app->worker);
	v->cut = (struct err){ 0 };
}

void
long_list_again(struct app *app, struct view *v)
{
	stop(app, v);
	table_narrow_read(&v->list.table, false);
}

void
long_list_finish(struct app *app, struct view *v)
{
	if (!table_rest(&v->list.table))
		return;
	stop(app, v);
	table_examine(&v->list.table, SIZE_MAX);
	list_settle(&v->list);
}

void
long_list_narrow(struct app *app, struct view *v, struct text what)
{
	stop(app, v);
	table_narrow(&v->list.table, what);
	long_list_go_on(app, v);
}

void
long_list_found(struct app *app, struct view *v, const struct found *f)
{
	(void)app;
	table_found(&v->list.table, f->event);
}

static void
sorted(struct app *app, struct view *v, bool ok, const struct err *err)
{
	v->cut = (struct err){ 0 }; /* all rows are there, in this order or that */
	if (ok)
		table_take_order(&v->list.table, v->job->ids, v->job->n);
	else
		table_keep_order(&v->list.table);
	if (!ok && err->kind == ERR_CANCEL)
		app_say(app, "stopped; the order is as it was");
	else if (!ok)
		app_complain(app, err);
	list_settle(&v->list);
}

void
long_list_done(struct app *app, struct view *v, bool ok, const struct err *err)
{
	if (v->job->sorts)
		sorted(app, v, ok, err);
	else if (ok)
		table_examined(&v->list.table);
	else if (err->kind == ERR_CANCEL)
		app_say(app, "stopped; what was found so far is shown");
	else
		app_complain(app, err);
	long_list_go_on(app, v);
}
