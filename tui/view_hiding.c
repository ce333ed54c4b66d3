/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rule's filter before it counts: what it would hide, then, when the user agrees, done. */
#include "config.h"

#include "base/counted.h"
#include "tui/app.h"
#include "tui/hiding.h"
#include "tui/services.h"
#include "tui/undo.h"

static const enum action hints[] = { ACTION_OPEN, ACTION_EDIT, ACTION_ESCAPE, ACTION_NONE };

enum stage { TRYING, TRIED, REFUSED, DOING };

struct hiding {
	struct app           *app;
	struct filter_change  change;
	struct filter_outcome outcome;
	struct arena          keep; /* of the outcome; the job's while it runs */
	enum stage            stage;
	bool                  undone; /* what is done here is itself taken back, not a new step */
};

static bool
job(struct worker *w, struct casefile *cf, void *ctx, struct err *err)
{
	struct hiding *h = ctx;

	(void)cf; /* read only */
	h->change.cancel = worker_cancelled(w);
	arena_reset(&h->keep, 0);
	return h->app->setup->services->filter(h->app->setup->services->self, &h->change, &h->keep,
					       &h->outcome, err);
}

static void
say_outcome(struct doc *d, const struct hiding *h)
{
	const struct filter_outcome *o = &h->outcome;

	doc_field(d, "Rule", o->rule);
	doc_field(d, "Macro", o->macro);
	doc_field(d, "Filter", h->change.definition.n ? h->change.definition : TEXT("none"));
	if (h->change.off)
		doc_field(d, "", TEXT("switched off"));
	doc_fact(d, "Until now", o->before);
	doc_field(d, "Hides", arena_printf(d->keep, "%s, %s of them newly; %s stay",
					   counted(o->hidden, "finding").words,
					   counted_number(o->newly).words,
					   counted_number(o->shown).words));
	if (o->remark.n)
		doc_field(d, "Remark", o->remark)->role = ROLE_FLAG;
}

static void
say(struct view *v, const struct hiding *h)
{
	struct doc *d = &v->doc;

	doc_reset(d, &v->arena);
	d->label_width = 11;
	if (h->stage == TRYING || h->stage == DOING) {
		doc_field(d, "Filter", h->change.definition);
		doc_plain(d, h->stage == DOING ? TEXT("The rule runs with it ...")
					       : TEXT("Counting what it would hide ..."));
		return;
	}
	say_outcome(d, h);
	if (h->outcome.n_lost) {
		doc_rule(d, TEXT("marked true positive, and would be hidden"), TEXT_NONE);
		for (uint32_t i = 0; i < h->outcome.n_lost && i < 200; i++)
			doc_plain(d, h->outcome.lost[i])->role = ROLE_FLAG;
	}
	doc_blank(d);
	if (h->outcome.n_lost)
		doc_plain(d, TEXT("Enter twice hides them all the same; Esc leaves everything as it "
				  "is."));
	else
		doc_plain(d, TEXT("Enter sets the filter; E edits it; Esc leaves everything as it "
				  "is."));
}

static void
start(struct app *app, struct view *v, struct hiding *h, enum stage stage)
{
	h->stage = stage;
	h->change.try_only = stage == TRYING;
	say(v, h);
	worker_start(app->worker, job, h, v);
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct hiding *h;

	(void)err;
	if (v->level->hiding) {
		h = v->level->hiding;
		v->data = h;
		if (h->stage == TRYING || h->stage == DOING)
			start(app, v, h, TRYING); /* what ran was stopped: ask anew */
		else
			say(v, h);
		return true;
	}
	h = arena_new(&v->level->arena, struct hiding, 1);
	*h = (struct hiding){ .app = app, .change = v->level->change };
	h->undone = v->level->undone;
	h->keep = arena_open((size_t)1 << 34);
	v->level->hiding = h;
	v->data = h;
	start(app, v, h, h->undone ? DOING : TRYING);
	return true;
}

void
hiding_close(struct hiding *h)
{
	arena_close(&h->keep);
}

static void
finish(struct app *app, const struct hiding *h)
{
	const struct filter_outcome *o = &h->outcome;
	char                         done[256];

	snprintf(done, sizeof(done), "%s hidden by the filter of " TEXT_FMT "%s",
		 counted(o->hidden, "finding").words, TEXT_ARG(text_head(o->rule, 80)),
		 h->undone ? "" : "; u takes it back");
	if (!h->undone)
		undo_add_hiding(app, &h->change, o);
	app_back(app); /* H is gone */
	app_reload(app);
	app_say(app, "%s", done);
}

static void
job_done(struct app *app, struct view *v, bool ok, const struct err *err)
{
	struct hiding *h = v->data;

	if (ok && h->stage == DOING) {
		finish(app, h);
		return;
	}
	if (ok || h->outcome.n_lost) {
		h->stage = TRIED;
		say(v, h);
		return;
	}
	app_complain(app, err);
	app_back(app);
	if (err->kind == ERR_RULE)
		hiding_ask_again(app);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	struct hiding *h = v->data;

	if (!h || (action != ACTION_OPEN && action != ACTION_EDIT))
		return false;
	if (h->stage == TRYING || h->stage == DOING) {
		app_say(app, "it is still running; Ctrl-C stops it");
	} else if (action == ACTION_EDIT) {
		struct filter_change change = h->change;

		change.definition = arena_copy(&app->frame, change.definition);
		change.rule = arena_copy(&app->frame, change.rule);
		app_back(app);
		hiding_ask(app, &change);
	} else if (h->outcome.n_lost && h->stage == TRIED) {
		h->stage = REFUSED; /* asked for once: once more is meant */
		app_warn(app, "%s marked true positive would be hidden; Enter again hides them",
			 counted(h->outcome.n_lost, "finding").words);
	} else {
		h->change.force = h->stage == REFUSED;
		start(app, v, h, DOING);
	}
	return true;
}

const struct view_kind view_hiding = {
	.name = "hiding",
	.title = "Filter of a rule",
	.opens = "do it",
	.keys = KEYS_MOVES | KEYS_TEXT | KEYS_OPENS | KEYS_HIDING,
	.hints = hints,
	.load = load,
	.act = act,
	.job_done = job_done,
};
