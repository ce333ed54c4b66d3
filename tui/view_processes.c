/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Processes of a host as a tree, from the starts that Sysmon, Security and CrowdStrike recorded.
 *
 * A child belongs to the start with its parent's guid; without guids to the latest start of the
 * parent's process id before it. Where no start of the parent is known the child is a root.
 */
#include "config.h"

#include "tui/app.h"
#include "tui/filter.h"
#include "tui/question.h"

enum { TIME, PID, PARENT_PID, COMMAND, IMAGE, PARENT, USER, EVENT, TREE, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
	[TIME] = { "time", TABLE_TIME },
	[PID] = { "process_id", TABLE_TEXT },
	[PARENT_PID] = { "parent_process_id", TABLE_TEXT },
	[COMMAND] = { "process", TABLE_TEXT },
	[IMAGE] = { "process_path", TABLE_TEXT },
	[PARENT] = { "parent_process_path", TABLE_TEXT },
	[USER] = { "user", TABLE_TEXT },
	[EVENT] = { "event", TABLE_NUMBER },
	[TREE] = { NULL, TABLE_TEXT },
};

static const struct list_column shown[] = {
	{ TIME, "TIME", 19, .look = LOOK_SECOND },
	{ PID, "PID", 6, .right = true },
	{ TREE, "PROCESS", 30, .flexible = true },
	{ USER, "USER", 20, .from = 110 },
};

static const enum action hints[] = { ACTION_OPEN, ACTION_FLAG_NEXT, ACTION_ITEM_NEXT, ACTION_AROUND,
				     ACTION_NARROW, ACTION_EXPORT, ACTION_NONE };

/* What the worker emits for a start, in this order. */
enum {
	CELL_GUID,
	CELL_PARENT_GUID,
	CELL_PID,
	CELL_PARENT_PID,
	CELL_COMMAND,
	CELL_IMAGE,
	CELL_PARENT,
	CELL_USER,
	N_CELLS
};

static const char *const cell_names[N_CELLS] = {
	[CELL_GUID] = "Processes.process_guid",
	[CELL_PARENT_GUID] = "Processes.parent_process_guid",
	[CELL_PID] = "Processes.process_id",
	[CELL_PARENT_PID] = "Processes.parent_process_id",
	[CELL_COMMAND] = "Processes.process",
	[CELL_IMAGE] = "Processes.process_path",
	[CELL_PARENT] = "Processes.parent_process_path",
	[CELL_USER] = "Processes.user",
};

#define STARTS_MAX 50000
#define DEPTH_MAX  40

struct start {
	int64_t     event, time_ns;
	struct text cells[N_CELLS];
	uint64_t    pid, parent_pid;
	bool        flagged;
	size_t      parent, first_child, next; /* NONE; indexes into starts */
};
#define NONE SIZE_MAX

struct processes_state {
	struct text        host;
	const struct pred *pred;
	struct span        span;
	struct start      *starts;
	size_t             n, cap, roots;
	bool               limited;
};

struct telling {
	struct worker          *worker;
	struct processes_state *state;
	struct arena            scratch;
	struct name_ref         refs[N_CELLS];
	size_t                  n;
};

static bool
tell_start(void *ctx, const struct event *ev)
{
	struct telling   *t = ctx;
	struct arena      scratch = t->scratch;
	struct found_cell cells[N_CELLS];

	if (t->n++ >= STARTS_MAX) {
		t->state->limited = true;
		return false;
	}
	for (int i = 0; i < N_CELLS; i++)
		cells[i] =
		    (struct found_cell){ text_of(cell_names[i]),
					 text_head(event_value(ev, &t->refs[i], &scratch), 2000) };
	return worker_emit(t->worker, &(struct found){ .event = ev->id,
						       .time_ns = ev->time_ns,
						       .cells = cells,
						       .n_cells = N_CELLS });
}

/* A worker_fn. */
static bool
read_starts(struct worker *w, struct casefile *cf, void *ctx, struct err *err)
{
	struct telling t = { .worker = w, .state = ctx, .scratch = arena_open((size_t)64 << 20) };
	struct source  src = casefile_source(cf);
	bool           good;

	for (int i = 0; i < N_CELLS; i++)
		t.refs[i] = name_ref(text_of(cell_names[i]));
	src.cancel = worker_cancelled(w);
	good = src.events(src.self, t.state->pred, t.state->span, ORDER_NEWEST_FIRST, tell_start,
			  &t, err);
	arena_close(&t.scratch);
	return good;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct processes_state *s = arena_new(&v->arena, struct processes_state, 1);
	struct case_filter      f = view_filter(app, v);
	struct pred            *starts = arena_new(&v->arena, struct pred, 1);

	(void)err;
	starts->kind = PRED_MODEL;
	starts->model = MODEL_PROCESSES;
	s->pred = pred_and(&v->arena, starts, filter_pred(&f, &v->arena));
	s->span = filter_span(&f);
	s->roots = NONE;
	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	v->data = s;
	worker_start(app->worker, read_starts, s, v);
	return true;
}

static void
found(struct app *app, struct view *v, const struct found *f)
{
	struct processes_state *s = v->data;
	struct start           *start;

	(void)app;
	arena_grow(&v->arena, s->starts, s->n, &s->cap);
	start = &s->starts[s->n++];
	*start = (struct start){ .event = f->event, .time_ns = f->time_ns, .flagged = f->flagged };
	start->parent = start->first_child = start->next = NONE;
	for (uint32_t i = 0; i < N_CELLS && i < f->n_cells; i++)
		start->cells[i] = arena_copy(&v->arena, f->cells[i].value);
	text_to_u64(start->cells[CELL_PID], &start->pid);
	text_to_u64(start->cells[CELL_PARENT_PID], &start->parent_pid);
}

/* An open hash table from guid or process id to the starts that have it, newest first. */
struct index {
	size_t *slots;
	size_t  mask;
};

static uint64_t
key_of(struct text guid, uint64_t pid)
{
	return guid.n ? text_hash(guid, 1)
		      : text_hash((struct text){ (const char *)&pid, sizeof(pid) }, 2);
}

static void
link_parents(struct processes_state *s, struct arena scratch)
{
	struct index by = { .mask = 1 };

	while (by.mask < s->n * 2)
		by.mask *= 2;
	by.slots = arena_new(&scratch, size_t, by.mask);
	by.mask--;
	/* oldest first, so that a slot holds the latest start before the child */
	for (size_t i = s->n; i-- > 0;) {
		struct start *child = &s->starts[i];
		struct text   want = child->cells[CELL_PARENT_GUID];
		size_t        at = key_of(want, child->parent_pid) & by.mask;

		for (; by.slots[at] && child->parent == NONE; at = (at + 1) & by.mask) {
			const struct start *p = &s->starts[by.slots[at] - 1];

			if (want.n ? text_ieq(p->cells[CELL_GUID], want)
				   : (!p->cells[CELL_GUID].n && p->pid == child->parent_pid &&
				      child->parent_pid != 0))
				child->parent = by.slots[at] - 1;
		}
		at = key_of(child->cells[CELL_GUID], child->pid) & by.mask;
		while (by.slots[at] && (child->cells[CELL_GUID].n ||
					s->starts[by.slots[at] - 1].pid != child->pid))
			at = (at + 1) & by.mask;
		by.slots[at] = i + 1;
	}
	/* newest first is the order of starts, so pushing in front leaves children oldest first */
	for (size_t i = 0; i < s->n; i++) {
		size_t *head = s->starts[i].parent == NONE
				   ? &s->roots
				   : &s->starts[s->starts[i].parent].first_child;

		s->starts[i].next = *head;
		*head = i;
	}
}

/* "powershell.exe -nop": the command without the folder of the image. */
static struct text
command_short(const struct start *start, struct arena *keep)
{
	struct text image = start->cells[CELL_IMAGE],
		    command = text_head(start->cells[CELL_COMMAND], 500);
	size_t      quoted = command.n && command.p[0] == '"';
	struct text rest = text_from(command, quoted);

	if (!command.n)
		return text_last_part(image);
	if (!image.n || !text_istarts(rest, image))
		return command;
	rest = text_from(rest, image.n);
	if (quoted && rest.n && rest.p[0] == '"')
		rest = text_from(rest, 1);
	return arena_join(keep, text_last_part(image), rest);
}

static void
add_row(struct view *v, const struct screen *screen, const struct start *start, int depth,
	const bool last[DEPTH_MAX])
{
	struct table     *t = &v->list.table;
	struct table_row *row = table_add(t, start->event);
	const char       *bar = screen->ascii ? "|  " : "│  ";
	struct text       tree = TEXT("");
	struct text       what = command_short(start, t->keep);

	for (int i = 1; i < depth; i++)
		tree = arena_join(t->keep, tree, last[i] ? TEXT("   ") : text_of(bar));
	if (depth > 0)
		tree = arena_join(t->keep, tree,
				  text_of(screen->ascii ? (last[depth] ? "`- " : "|- ")
							: (last[depth] ? "└─ " : "├─ ")));
	table_time(row, TIME, start->time_ns);
	row->values[PID].text = start->cells[CELL_PID];
	row->values[PARENT_PID].text = start->cells[CELL_PARENT_PID];
	row->values[COMMAND].text = start->cells[CELL_COMMAND];
	row->values[IMAGE].text = start->cells[CELL_IMAGE];
	row->values[PARENT].text = start->cells[CELL_PARENT];
	row->values[USER].text = start->cells[CELL_USER];
	table_number(row, EVENT, (double)start->event);
	row->values[TREE].text = arena_join(t->keep, tree, text_head(what, 500));
	row->flagged = start->flagged;
}

/* Depth first, without recursion: evidence decides how deep a tree is. */
static void
add_rows(struct view *v, const struct screen *screen, const struct processes_state *s)
{
	bool   last[DEPTH_MAX] = { false };
	size_t at = s->roots;
	int    depth = 0;

	while (at != NONE) {
		const struct start *start = &s->starts[at];
		int                 drawn = depth < DEPTH_MAX ? depth : DEPTH_MAX - 1;

		last[drawn] = start->next == NONE;
		add_row(v, screen, start, drawn, last);
		if (start->first_child != NONE) {
			depth++;
			at = start->first_child;
			continue;
		}
		while (at != NONE && s->starts[at].next == NONE) {
			at = s->starts[at].parent;
			depth--;
		}
		at = at == NONE ? NONE : s->starts[at].next;
	}
}

struct flagging {
	struct processes_state *state;
	size_t                  at;
};

static bool
flag_start(void *ctx, const struct event_row *ev)
{
	struct flagging *f = ctx;

	while (f->at < f->state->n && f->state->starts[f->at].event != ev->id)
		f->at++;
	if (f->at < f->state->n)
		f->state->starts[f->at].flagged = ev->n_hits > 0;
	return true;
}

static void
flag_starts(struct app *app, struct processes_state *s, struct arena scratch)
{
	int64_t        *ids = arena_new(&scratch, int64_t, s->n);
	struct flagging f = { s, 0 };
	struct err      err = { 0 };

	for (size_t i = 0; i < s->n; i++)
		ids[i] = s->starts[i].event;
	query_event_rows(app->cf, ids, s->n, flag_start, &f, &err);
}

static void
job_done(struct app *app, struct view *v, bool ok, const struct err *err)
{
	struct processes_state *s = v->data;

	if (!ok && err->kind != ERR_CANCEL)
		app_complain(app, err);
	if (s->limited)
		app_say(app, "the newest %d starts; a time filter shows others", STARTS_MAX);
	flag_starts(app, s, v->arena);
	link_parents(s, v->arena);
	add_rows(v, &app->screen, s);
	table_arrange(&v->list.table);
	list_settle(&v->list);
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);

	(void)app;
	doc_rule(d, TEXT("selected"), TEXT_NONE);
	doc_fact(d, "Image", row->values[IMAGE].text);
	doc_fact(d, "Parent",
		 arena_printf(d->keep, TEXT_FMT "   pid " TEXT_FMT,
			      TEXT_ARG(row->values[PARENT].text),
			      TEXT_ARG(row->values[PARENT_PID].text)));
	doc_fact(d, "User", row->values[USER].text);
	doc_fact(d, "Command", row->values[COMMAND].text);
}

static bool
step_flag(struct app *app, struct view *v, int step)
{
	for (size_t at = v->list.place + (size_t)step; at < v->list.table.shown;
	     at += (size_t)step) {
		if (table_shown(&v->list.table, at)->flagged) {
			list_move_to(&v->list, at);
			return true;
		}
	}
	app_say(app, "no flagged process %s", step > 0 ? "below" : "above");
	return true;
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);

	switch ((int)action) {
	case ACTION_OPEN:
		if (row)
			open_event(app, row->id);
		return true;
	case ACTION_AROUND:
		if (row)
			open_around(app, v->level->host, row->values[TIME].time_ns);
		return true;
	case ACTION_DRILLDOWN:
		if (row)
			open_leads(app, row->id);
		return true;
	case ACTION_FLAG_NEXT:
		return step_flag(app, v, 1);
	case ACTION_FLAG_PREV:
		return step_flag(app, v, -1);
	}
	return false;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)app;
	(void)v;
	doc_plain(d, TEXT("No process starts of this computer are in the case."));
	doc_plain(d, TEXT("They come from Sysmon 1, Security 4688 or CrowdStrike ProcessRollup2."));
}

const struct view_kind view_processes = {
	.name = "processes",
	.title = "Processes",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_EVENTS | KEYS_INSIDE |
		KEYS_AROUND | KEYS_DRILLS,
	.hints = hints,
	.load = load,
	.act = act,
	.found = found,
	.job_done = job_done,
	.preview = preview,
	.preview_rows = 7,
	.why_empty = why_empty,
};
