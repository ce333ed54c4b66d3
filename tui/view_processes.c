/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Processes of a host as a tree, from the starts that Sysmon, Security and CrowdStrike recorded.
 */
#include "config.h"

#include "base/counted.h"
#include "tui/app.h"
#include "tui/filter_pred.h"
#include "tui/process_tree.h"
#include "tui/question.h"
#include "tui/remarks.h"

enum { TIME, PID, PARENT_PID, COMMAND, IMAGE, PARENT, USER, EVENT, RISK, TREE, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
	[TIME] = { "time", TABLE_TIME },
	[PID] = { "process_id", TABLE_TEXT },
	[PARENT_PID] = { "parent_process_id", TABLE_TEXT },
	[COMMAND] = { "process", TABLE_TEXT },
	[IMAGE] = { "process_path", TABLE_TEXT },
	[PARENT] = { "parent_process_path", TABLE_TEXT },
	[USER] = { "user", TABLE_TEXT },
	[EVENT] = { "event", TABLE_NUMBER },
	[RISK] = { "risk_score", TABLE_NUMBER },
	[TREE] = { NULL, TABLE_TEXT },
};

static const struct list_column shown[] = {
	{ TIME, "TIME", 19, .look = LOOK_SECOND },
	{ PID, "PID", 6, .right = true },
	{ TREE, "PROCESS", 30, .flexible = true, .narrow = 11 },
	{ RISK, "RISK", 4, .right = true, .from = 60 },
	{ USER, "USER", 20, .look = LOOK_MIDDLE, .from = 110 },
};

static const enum action hints[] = { ACTION_OPEN,      ACTION_FOLD,   ACTION_UNFOLD,
				     ACTION_FLAG_NEXT, ACTION_TREE,   ACTION_NARROW,
				     ACTION_DRILLDOWN, ACTION_AROUND, ACTION_NONE };

enum { MODE_TREE, MODE_LIST };

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
/* The tree is made of so many starts, and again whenever there are that many times as many. */
#define FIRST_SHOWN 64
#define MORE_SHOWN 4
#define DEPTH_MAX 40

struct start {
	int64_t event, time_ns;
	struct text cells[N_CELLS];
	double risk;
	bool flagged, folded;
};

struct processes_state {
	struct text host;
	const struct pred *pred;
	struct span span;
	struct start *starts;	  /* newest first */
	struct process_tree tree; /* of the same numbers */
	size_t n, cap;
	size_t flagged, next_shown; /* starts that flags are known of; when to show more */
	bool limited, whole;
};

struct telling {
	struct worker *worker;
	struct processes_state *state;
	struct arena scratch;
	struct name_ref refs[N_CELLS];
	size_t n;
};

static bool
tell_start(void *ctx, const struct event *ev)
{
	struct telling *t = ctx;
	struct arena scratch = t->scratch;
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
	struct source src = casefile_source(cf);
	bool good;

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
	struct case_filter f = view_filter(app, v);

	(void)err;
	s->pred =
	    pred_and(&v->arena, pred_model(&v->arena, MODEL_PROCESSES), filter_pred(&f, &v->arena));
	s->span = filter_span(&f);
	s->tree.roots = NO_PROCESS;
	s->next_shown = FIRST_SHOWN;
	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	v->list.remark = remarks_of_event;
	v->list.ctx = app;
	v->list.remarks = true;
	v->data = s;
	v->streamed = true;
	worker_start(app->worker, read_starts, s, v);
	return true;
}

/* "powershell.exe -nop": the command without the folder of the image. */
static struct text
command_short(const struct start *start, struct arena *keep)
{
	struct text image = start->cells[CELL_IMAGE],
		    command = text_head(start->cells[CELL_COMMAND], 500);
	size_t quoted = command.n && command.p[0] == '"';
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

/* Logs write process ids in decimal and as 0x1a58: one form for the eye. */
static struct text
pid_text(struct text logged, uint64_t pid, struct arena *keep)
{
	return pid ? arena_printf(keep, "%llu", (unsigned long long)pid) : logged;
}

static struct table_row *
add_row(struct view *v, const struct start *start, const struct process_node *node,
	struct text before)
{
	struct table *t = &v->list.table;
	struct table_row *row = table_add(t, start->event);

	table_time(row, TIME, start->time_ns);
	row->values[PID].text = pid_text(start->cells[CELL_PID], node->pid, t->keep);
	row->values[PARENT_PID].text =
	    pid_text(start->cells[CELL_PARENT_PID], node->parent_pid, t->keep);
	row->values[COMMAND].text = start->cells[CELL_COMMAND];
	row->values[IMAGE].text = start->cells[CELL_IMAGE];
	row->values[PARENT].text = start->cells[CELL_PARENT];
	row->values[USER].text = start->cells[CELL_USER];
	table_number(row, EVENT, (double)start->event);
	if (start->risk > 0)
		table_number(row, RISK, start->risk);
	row->values[TREE].text =
	    arena_join(t->keep, before, text_head(command_short(start, t->keep), 500));
	row->flagged = start->flagged;
	return row;
}

static struct text
branches(const struct screen *screen, int depth, const bool last[DEPTH_MAX], struct arena *keep)
{
	struct text tree = TEXT("");

	for (int i = 1; i < depth; i++)
		tree = arena_join(keep, tree,
				  last[i] ? TEXT("   ") : text_of(screen->ascii ? "|  " : "│  "));
	if (depth > 0)
		tree = arena_join(keep, tree,
				  text_of(screen->ascii ? (last[depth] ? "`- " : "|- ")
							: (last[depth] ? "└─ " : "├─ ")));
	return tree;
}

/* Depth first, without recursion: evidence decides how deep a tree is. */
static void
add_tree(struct view *v, const struct screen *screen, const struct processes_state *s)
{
	struct arena *keep = v->list.table.keep;
	bool last[DEPTH_MAX] = { false };
	size_t at = s->tree.roots;
	int depth = 0;

	while (at != NO_PROCESS) {
		const struct start *start = &s->starts[at];
		int drawn = depth < DEPTH_MAX ? depth : DEPTH_MAX - 1;
		struct text before;

		last[drawn] = s->tree.nodes[at].next == NO_PROCESS;
		before = branches(screen, drawn, last, keep);
		if (start->folded)
			before = arena_printf(keep, TEXT_FMT "(+%zu) ", TEXT_ARG(before),
					      process_tree_below(&s->tree, at));
		add_row(v, start, &s->tree.nodes[at], before);
		at = process_tree_next(&s->tree, at, !start->folded, &depth);
	}
}

static void
add_rows(struct view *v, const struct screen *screen, const struct processes_state *s)
{
	if (v->mode == MODE_TREE)
		add_tree(v, screen, s);
	for (size_t i = s->n; v->mode == MODE_LIST && i-- > 0;)
		add_row(v, &s->starts[i], &s->tree.nodes[i], TEXT(""));
}

/* The same starts, shown another way. */
static void
show_again(struct app *app, struct view *v, const struct processes_state *s)
{
	struct table *t = &v->list.table;

	t->n_rows = t->shown = t->arranged = 0;
	table_reset(t, t->keep, columns, N_COLUMNS);
	add_rows(v, &app->screen, s);
	table_arrange(t);
	list_settle(&v->list);
	v->preview_valid = false;
}

struct flagging {
	struct processes_state *state;
	size_t at;
};

static bool
flag_start(void *ctx, const struct event_row *ev)
{
	struct flagging *f = ctx;

	while (f->at < f->state->n && f->state->starts[f->at].event != ev->id)
		f->at++;
	if (f->at < f->state->n) {
		f->state->starts[f->at].flagged = ev->n_findings > 0;
		f->state->starts[f->at].risk = ev->risk_score;
	}
	return true;
}

static void
flag_starts(struct app *app, struct processes_state *s, struct arena scratch)
{
	size_t n = s->n - s->flagged;
	int64_t *ids = arena_new(&scratch, int64_t, n);
	struct flagging f = { s, s->flagged };
	struct err err = { 0 };

	for (size_t i = 0; i < n; i++)
		ids[i] = s->starts[s->flagged + i].event;
	query_event_rows(app->cf, ids, n, flag_start, &f, &err);
	s->flagged = s->n;
}

/* A cursor that was not moved stays on the first row; another one on its start. */
static void
show_so_far(struct app *app, struct view *v, struct processes_state *s)
{
	flag_starts(app, s, v->arena);
	process_tree_link(&s->tree, v->arena);
	v->list.has_id = v->list.has_id && v->list.place > 0;
	show_again(app, v, s);
}

static void
found(struct app *app, struct view *v, const struct found *f)
{
	struct processes_state *s = v->data;
	struct start *start;
	struct process_node *node;

	arena_grow(&v->arena, s->starts, s->n, &s->cap);
	start = &s->starts[s->n++];
	*start = (struct start){ .event = f->event, .time_ns = f->time_ns, .flagged = f->flagged };
	for (uint32_t i = 0; i < N_CELLS && i < f->n_cells; i++)
		start->cells[i] = arena_copy(&v->arena, f->cells[i].value);
	node = process_tree_add(&s->tree, &v->arena);
	node->guid = start->cells[CELL_GUID];
	node->parent_guid = start->cells[CELL_PARENT_GUID];
	text_to_u64(start->cells[CELL_PID], &node->pid);
	text_to_u64(start->cells[CELL_PARENT_PID], &node->parent_pid);
	if (s->n >= s->next_shown) {
		s->next_shown = s->n * MORE_SHOWN;
		show_so_far(app, v, s);
	}
}

static void
job_done(struct app *app, struct view *v, bool ok, const struct err *err)
{
	struct processes_state *s = v->data;

	if (!ok && err->kind != ERR_CANCEL)
		app_complain(app, err);
	if (s->limited)
		app_say(app, "the newest %d starts; a time filter shows others", STARTS_MAX);
	s->whole = true;
	show_so_far(app, v, s);
}

static size_t
start_of(const struct processes_state *s, int64_t event)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->starts[i].event == event)
			return i;
	return NO_PROCESS;
}

/* Why it stands where it stands. */
static const char *
link_of(const struct processes_state *s, const struct process_node *node)
{
	if (node->parent == NO_PROCESS && !s->whole)
		return "no start of its parent so far: shown as a root";
	if (node->parent == NO_PROCESS && !node->parent_pid && !node->parent_guid.n)
		return "the record names no parent: shown as a root";
	if (node->parent == NO_PROCESS)
		return "the start of its parent is not in this case: shown as a root";
	return node->parent_guid.n ? "to its parent by guid"
				   : "to its parent by process id and time";
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);
	const struct processes_state *s = v->data;
	size_t at = s ? start_of(s, row->id) : NO_PROCESS;

	(void)app;
	doc_rule(d, TEXT("selected"), TEXT_NONE);
	doc_fact(d, "Image", row->values[IMAGE].text);
	doc_fact(d, "Parent",
		 arena_printf(d->keep, TEXT_FMT "   pid " TEXT_FMT,
			      TEXT_ARG(row->values[PARENT].text),
			      TEXT_ARG(row->values[PARENT_PID].text)));
	doc_fact(d, "User", row->values[USER].text);
	doc_fact(d, "Command", row->values[COMMAND].text);
	if (at != NO_PROCESS)
		doc_field(d, "Link", text_of(link_of(s, &s->tree.nodes[at])));
}

/* Folds what is under the cursor; what has nothing to fold leads to its parent. */
static void
fold(struct app *app, struct view *v, struct processes_state *s, size_t at)
{
	struct start *start = &s->starts[at];
	const struct process_node *node = &s->tree.nodes[at];
	size_t place;

	if (node->first_child != NO_PROCESS && !start->folded) {
		start->folded = true;
		show_again(app, v, s);
		return;
	}
	place = node->parent == NO_PROCESS
		    ? TEXT_NOWHERE
		    : table_place(&v->list.table, s->starts[node->parent].event);
	if (place == TEXT_NOWHERE)
		app_say(app, "%s", link_of(s, node));
	else
		list_move_to(&v->list, place);
}

static void
unfold(struct app *app, struct view *v, struct processes_state *s, size_t at)
{
	struct start *start = &s->starts[at];

	if (s->tree.nodes[at].first_child == NO_PROCESS) {
		app_say(app, "no start of a child of it is in this case");
	} else if (!start->folded) {
		list_move_to(&v->list, v->list.place + 1);
	} else {
		start->folded = false;
		show_again(app, v, s);
	}
}

/* Its own keys, where a tree is shown. */
static bool
act_on_tree(struct app *app, struct view *v, enum action action)
{
	struct processes_state *s = v->data;
	const struct table_row *row = list_row(&v->list);
	size_t at = s && row ? start_of(s, row->id) : NO_PROCESS;

	if (action == ACTION_TREE && s) {
		v->mode = v->mode == MODE_TREE ? MODE_LIST : MODE_TREE;
		show_again(app, v, s);
		return true;
	}
	if (action != ACTION_FOLD && action != ACTION_UNFOLD)
		return false;
	if (v->mode == MODE_LIST)
		app_say(app, "a list has nothing to fold; t shows the tree");
	else if (at != NO_PROCESS && action == ACTION_FOLD)
		fold(app, v, s, at);
	else if (at != NO_PROCESS)
		unfold(app, v, s, at);
	return true;
}

static bool
step_flag(struct app *app, struct view *v, int step)
{
	if (!list_step_flag(&v->list, step))
		app_say(app, "no flagged process %s", step > 0 ? "below" : "above");
	return true;
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);

	if (act_on_tree(app, v, action))
		return true;
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

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	const struct processes_state *s = v->data;
	size_t roots = 0;

	(void)app;
	for (size_t i = 0; s && i < s->n; i++)
		roots += s->tree.nodes[i].parent == NO_PROCESS;
	if (!roots || v->mode == MODE_LIST)
		return TEXT_NONE;
	return arena_printf(keep, "%s: no start of a parent", counted(roots, "root").words);
}

static struct work_about
about(const struct view *v, int64_t row)
{
	(void)v;
	return (struct work_about){ .event = row };
}

const struct view_kind view_processes = {
	.name = "processes",
	.unit = "process",
	.title = "Processes",
	.deaf =
	    ~(1u << FILTER_HOST | 1u << FILTER_TIME | 1u << FILTER_FIELD | 1u << FILTER_CHANNEL |
	      1u << FILTER_PROVIDER | 1u << FILTER_EVENT_ID | 1u << FILTER_RECORD_ID),
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_TREE | KEYS_OPENS | KEYS_EVENTS | KEYS_INSIDE |
		KEYS_AROUND | KEYS_DRILLS | KEYS_NOTED | KEYS_MARKS,
	.hints = hints,
	.load = load,
	.act = act,
	.about = about,
	.found = found,
	.job_done = job_done,
	.preview = preview,
	.preview_rows = 8,
	.note = note,
	.why_empty = why_empty,
};
