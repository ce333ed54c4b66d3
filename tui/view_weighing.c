/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A change of what risk is counted from, before it counts: whose risk it changes. */
#include "config.h"

#include "base/counted.h"
#include "tui/app.h"
#include "tui/services.h"
#include "tui/weighing.h"

static const enum action hints[] = { ACTION_OPEN, ACTION_EDIT, ACTION_ESCAPE, ACTION_NONE };

#define EFFECTS_SHOWN 500

enum stage { TRYING, TRIED, DOING };

struct weighing {
	struct app         *app;
	struct risk_wish    wish;
	struct risk_outcome outcome;
	struct arena        keep; /* of the outcome; the job's while it runs */
	enum stage          stage;
};

static bool
job(struct worker *w, struct casefile *cf, void *ctx, struct err *err)
{
	struct weighing       *h = ctx;
	const struct services *services = h->app->setup->services;

	(void)cf; /* read only */
	h->wish.cancel = worker_cancelled(w);
	h->wish.try_only = h->stage == TRYING;
	arena_reset(&h->keep, 0);
	return services->risk(services->self, &h->wish, &h->keep, &h->outcome, err);
}

/* "WS-07: 40 seen at the door" */
static struct text
in_words(const struct risk_wish *wish, struct arena *keep)
{
	static const char *const before[] = {
		[RISK_GIVE] = "risk for ",	       [RISK_TAKE_BACK] = "take back number ",
		[RISK_TELL] = "known of ",	       [RISK_FACTOR] = "factor ",
		[RISK_FACTOR_ON] = "switch on factor ", [RISK_FACTOR_OFF] = "switch off factor ",
		[RISK_FACTOR_CLEAR] = "forget factor ",
	};

	return arena_printf(keep, "%s" TEXT_FMT "%s" TEXT_FMT, before[wish->kind],
			    TEXT_ARG(wish->object), wish->object.n ? ": " : "",
			    TEXT_ARG(wish->words));
}

static void
say_effects(struct doc *d, const struct risk_outcome *o)
{
	doc_rule(d, TEXT("whose risk over the case it changes"),
		 arena_printf(d->keep, "%zu", o->n));
	if (!o->n)
		doc_plain(d, TEXT("Nobody's, as risk stands."));
	for (size_t i = 0; i < o->n && i < EFFECTS_SHOWN; i++) {
		const struct risk_effect *e = &o->effects[i];

		doc_field(d, risk_object_type_name(e->type),
			  arena_printf(d->keep, TEXT_FMT "   " TEXT_FMT " -> " TEXT_FMT "   (%+g)",
				       TEXT_ARG(e->name), TEXT_ARG(table_amount(e->before, d->keep)),
				       TEXT_ARG(table_amount(e->after, d->keep)), e->after - e->before));
	}
	if (o->n > EFFECTS_SHOWN)
		doc_plain(d, arena_printf(d->keep, "and of %zu more", o->n - EFFECTS_SHOWN));
}

static bool
is_typed(const struct risk_wish *wish)
{
	return wish->kind == RISK_GIVE || wish->kind == RISK_TELL || wish->kind == RISK_FACTOR;
}

static void
say(struct view *v, const struct weighing *h)
{
	struct doc *d = &v->doc;

	doc_reset(d, &v->arena);
	d->label_width = 11;
	doc_field(d, "Change", in_words(&h->wish, d->keep))->role = ROLE_HEAD;
	if (h->stage != TRIED) {
		doc_plain(d, h->stage == DOING ? TEXT("Risk is summed up with it ...")
					       : TEXT("Counting whose risk it would change ..."));
		return;
	}
	if (h->outcome.factor)
		doc_field(d, "Applies to", arena_copy(d->keep, text_of(counted(h->outcome.risk_events, "risk event").words)));
	say_effects(d, &h->outcome);
	doc_blank(d);
	doc_plain(d, is_typed(&h->wish)
			 ? TEXT("Enter keeps it; E edits it; Esc leaves everything as it is.")
			 : TEXT("Enter does it; Esc leaves everything as it is."));
}

static void
start(struct app *app, struct view *v, struct weighing *h, enum stage stage)
{
	h->stage = stage;
	say(v, h);
	worker_start(app->worker, job, h, v);
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct weighing *h = v->level->weighing;

	(void)err;
	if (!h) {
		h = v->level->weighing = arena_new(&v->level->arena, struct weighing, 1);
		*h = (struct weighing){ .app = app, .wish = v->level->wish };
		h->keep = arena_open((size_t)1 << 34);
	}
	v->data = h;
	if (h->stage == TRIED)
		say(v, h);
	else
		start(app, v, h, TRYING); /* what ran was stopped: ask anew */
	return true;
}

void
weighing_close(struct weighing *h)
{
	arena_close(&h->keep);
}

static void
edit(struct app *app, const struct risk_wish *wish)
{
	struct risk_wish again = *wish;

	again.object = arena_copy(&app->frame, wish->object);
	again.words = arena_copy(&app->frame, wish->words);
	app_back(app); /* WISH is gone */
	weighing_ask(app, &again, again.words);
}

static void
finish(struct app *app, const struct weighing *h)
{
	char done[512];

	snprintf(done, sizeof(done), "done: " TEXT_FMT "; K lists it%s",
		 TEXT_ARG(text_head(in_words(&h->wish, &app->frame), 300)),
		 is_typed(&h->wish) ? ", D there takes it away" : "");
	app_back(app); /* H is gone */
	app_reload(app);
	app_say(app, "%s", done);
}

static void
job_done(struct app *app, struct view *v, bool ok, const struct err *err)
{
	struct weighing *h = v->data;

	if (ok && h->stage == DOING) {
		finish(app, h);
	} else if (ok) {
		h->stage = TRIED;
		say(v, h);
	} else {
		bool typed = is_typed(&h->wish) && (err->kind == ERR_RULE || err->kind == ERR_USAGE);

		if (typed)
			edit(app, &h->wish);
		else
			app_back(app);
		app_complain(app, err);
	}
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	struct weighing *h = v->data;

	if (!h || (action != ACTION_OPEN && action != ACTION_EDIT))
		return false;
	if (h->stage != TRIED)
		app_say(app, "it is still running; Ctrl-C stops it");
	else if (action == ACTION_OPEN)
		start(app, v, h, DOING);
	else if (is_typed(&h->wish))
		edit(app, &h->wish);
	else
		app_say(app, "there is nothing to edit; Esc leaves everything as it is");
	return true;
}

const struct view_kind view_weighing = {
	.name = "weighing",
	.title = "What it changes",
	.opens = "do it",
	.keys = KEYS_MOVES | KEYS_TEXT | KEYS_OPENS | KEYS_HIDING,
	.hints = hints,
	.load = load,
	.act = act,
	.job_done = job_done,
};
