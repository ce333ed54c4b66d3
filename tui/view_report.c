/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report while it is written: how far it is, then back to where it was asked for. */
#include "config.h"

#include "base/counted.h"
#include "tui/app.h"
#include "tui/export.h"

#define TELL_EVERY 64 /* findings */

static const enum action hints[] = { ACTION_CANCEL, ACTION_NONE };

struct reporting {
	struct app         *app;
	struct case_filter  filter;
	struct worker      *worker;
	const char         *path; /* as typed */
	const char         *place;
	size_t              form;
	uint64_t            rows; /* the job's */
	struct report_watch watch;
};

/* On the worker's thread. */
static void
tell(void *ctx, uint64_t done, uint64_t all)
{
	struct reporting *r = ctx;
	struct found_cell cell;
	struct found      f = { .time_ns = WHEN_NONE, .cells = &cell, .n_cells = 1 };
	char              words[64];
	int               n;

	if (done % TELL_EVERY)
		return;
	n = all ? snprintf(words, sizeof(words), "%.20s of %.40s", counted_number(done).words,
			   counted(all, "finding").words)
		: snprintf(words, sizeof(words), "%.60s", counted(done, "finding").words);
	cell = (struct found_cell){ TEXT("written"), { words, (size_t)n } };
	worker_emit(r->worker, &f);
}

static bool
job(struct worker *w, struct casefile *cf, void *ctx, struct err *err)
{
	struct reporting      *r = ctx;
	const struct services *services = r->app->setup->services;

	(void)cf; /* the service opens its own */
	r->worker = w;
	r->watch = (struct report_watch){ worker_cancelled(w), tell, r };
	return services->report(services->self, r->form, &r->filter, r->place, &r->watch, &r->rows,
				err);
}

static void
say(struct view *v, const struct reporting *r, struct text written)
{
	struct doc *d = &v->doc;

	doc_reset(d, &v->arena);
	d->label_width = 11;
	doc_field(d, "Writing", text_of(r->app->setup->services->forms[r->form].what));
	doc_field(d, "To", text_of(r->path));
	doc_fact(d, "So far", written);
	doc_blank(d);
	doc_plain(d, TEXT("Esc or Ctrl-C stops it; then nothing is written."));
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct reporting *r = arena_new(&v->arena, struct reporting, 1);

	(void)err;
	*r = (struct reporting){ .app = app, .filter = view_filter(app, v) };
	r->form = (size_t)v->mode;
	r->path = v->level->query.p;
	r->place = export_place(r->path, &v->arena);
	v->data = r;
	say(v, r, TEXT_NONE);
	worker_start(app->worker, job, r, v);
	return true;
}

static void
found(struct app *app, struct view *v, const struct found *f)
{
	(void)app;
	say(v, v->data, arena_copy(&v->arena, f->cells[0].value));
}

static void
job_done(struct app *app, struct view *v, bool ok, const struct err *err)
{
	const struct reporting *r = v->data;
	char                    words[400];

	snprintf(words, sizeof(words), "%s: %s%s", r->path,
		 app->setup->services->forms[r->form].what,
		 app_filtered(app) ? ", under the filter in force" : "");
	app_back(app); /* R is gone */
	if (ok)
		app_say(app, "%s", words);
	else
		app_complain(app, err);
}

const struct view_kind view_report = {
	.name = "report",
	.title = "Report",
	.keys = KEYS_MOVES,
	.hints = hints,
	.load = load,
	.found = found,
	.job_done = job_done,
};
