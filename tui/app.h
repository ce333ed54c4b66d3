/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * app.h - what all views share: the case, the filter, the stack of places, and how a view looks
 * to the rest.
 *
 * A level is where the user is: the root with its tabs, a host with its tabs, one finding, one
 * event, a search. Levels are stacked; going back shows the one below as it was left. A view is
 * one tab of a level: a list or a document, read from the case under the filter in force.
 */
#ifndef AUGER_TUI_APP_H
#define AUGER_TUI_APP_H

#include "base/when.h"
#include "rules/ruleset.h"
#include "store/marks.h"
#include "store/query.h"
#include "store/work.h"
#include "tui/columns.h"
#include "tui/doc.h"
#include "tui/history.h"
#include "tui/importing.h"
#include "tui/list.h"
#include "tui/prompt.h"
#include "tui/settings.h"
#include "tui/tui.h"
#include "tui/worker.h"

struct app;
struct long_job;
struct view;

/* What verdicts, notes and bookmarks go to: a number of the store's work, or, when that is 0, an
 * event; both 0: neither finding nor event. */
struct work_about {
	int64_t number, event;
};
struct work_rows {
	struct work_about *rows;
	size_t             n, cap;
};

/* What a view is: functions beside its name, one file per member (view_*.c). NULL where a view
 * has nothing to say. */
struct view_kind {
	const char        *name;  /* "hosts": command, --view */
	const char        *title; /* "Hosts": tab, breadcrumb */
	const char        *unit;  /* one of its rows, of a list */
	const char        *opens; /* what Enter does in the hint line; NULL: "open" */
	unsigned           keys;  /* enum keys_where: its contexts beside KEYS_ALWAYS */
	enum mark_kind      marks; /* what its rows are, where marks are kept in the case */
	unsigned           deaf;  /* 1 << enum filter_part: chips that change nothing here */
	const enum action
	    *hints; /* what the hint line names, most useful first; ends with ACTION_NONE */

	/* Reads its data under view_filter; called when first shown and whenever the filter
	 * changes. */
	bool (*load)(struct app *app, struct view *v, struct err *err);
	/* NULL: a list with its preview, or the document. */
	void (*draw)(struct app *app, struct view *v, struct area a);
	/* The keys that are its own; false: not its business. */
	bool (*act)(struct app *app, struct view *v, enum action action);
	/* Fills the document with what the row under the cursor is about; NULL: no preview. */
	void (*preview)(struct app *app, struct view *v, struct doc *d);
	int  preview_rows;    /* lines of it */
	int  preview_columns; /* shown on screens this wide; 0: on any of 24 rows */
	/* Why the list is empty, beyond filters; appended to the document. */
	void (*why_empty)(struct app *app, struct view *v, struct doc *d);
	/* Narrowing as typed, where the table cannot do it itself. */
	void (*narrow)(struct app *app, struct view *v, struct text what);
	/* A result of its job. */
	void (*found)(struct app *app, struct view *v, const struct found *f);
	/* The job ended; OK false: ERR says why. */
	void (*job_done)(struct app *app, struct view *v, bool ok, const struct err *err);
	/* The mouse went down, or up (RELEASED), at a place of the screen. */
	void (*click)(struct app *app, struct view *v, int row, int column, bool released);
	/* The host under the cursor, absent when there is none; NULL: list_host. */
	struct text (*host)(struct app *app, struct view *v);
	/* The same as a condition for + and -; NULL: by the name of the list's column. Texts live
	 * until the view is read anew. */
	bool (*cell)(struct app *app, struct view *v, struct condition *out);
	/* What a row of its list, or its document (whatever ROW), is about; NULL: nothing such. */
	struct work_about (*about)(const struct view *v, int64_t row);
	/* Right end of the status line. */
	struct text (*note)(struct app *app, struct view *v, struct arena *keep);
	/* Rows that would be elsewhere if it were read anew; NULL: not known. */
	size_t (*moved)(struct app *app, struct view *v);
	/* Number in its tab; false: none. */
	bool (*count)(const struct app *app, const struct view *v, uint64_t *n);
	/* Writes what is shown where it is no list of its table; NULL: the table. */
	bool (*export)(struct app *app, struct view *v, const char *path, uint64_t *rows,
		       struct err *err);
};

#define ZOOMS_MAX 16

struct view {
	const struct view_kind *kind;
	struct level           *level;
	struct arena            arena; /* its data; emptied by every load */
	struct case_filter      filter; /* in force when it was loaded; in arena */
	bool                    loaded;
	bool                    streamed; /* its rows come from the worker, and are dear */
	struct list             list;
	const struct list_column *built;  /* its columns before the user's choice; NULL: not read */
	struct list_column     *chosen;   /* and after it; in arena; NULL: as built */
	struct long_job        *job;      /* of long_list.h: the last; in arena */
	struct doc              doc;     /* a document, or the preview of a list */
	struct arena            preview_arena;
	const struct text      *without;    /* of each chip, what an empty list has without it; in arena;
					       NULL: not asked yet */
	int64_t                 preview_id; /* row that the preview is about */
	bool                    preview_valid;
	struct err              problem; /* why it could not be read */
	struct err              cut;     /* why what its worker found is not all: stopped, or not read */
	/* Of single kinds: what it is about and how it is shown. */
	int64_t                 id;      /* finding, event */
	int                     mode;
	int64_t                 anchor_ns; /* time of the row under the cursor, in paged lists */
	int64_t                 mark_ns; /* where a range begins, when one is marked */
	bool                    marked;
	struct span             zooms[ZOOMS_MAX]; /* parts of the time, each in the one before */
	int                     n_zooms; /* 0: all of it is looked at */
	void                   *data;    /* in arena */
};

#define LEVEL_VIEWS_MAX 10
#define LEVELS_MAX 32

struct level {
	struct arena       arena;
	uint64_t           serial; /* no other place has had it */
	struct text        crumb; /* "WIN-DC01", "Finding 7" */
	struct text        host;  /* set: everything here is about this host */
	const struct condition *conditions; /* what was followed into here; gone with the place */
	uint32_t           n_conditions;
	struct view        views[LEVEL_VIEWS_MAX];
	int                n_views, current;
	/* a search: kept as long as the place */
	struct text        query;   /* as typed, or the drilldown's */
	struct text        heading; /* a drilldown's name */
	const struct search *search;
	struct span        span;
	int64_t            around_ns; /* the middle of SPAN in a place around something; else 0 */
	const int64_t     *events;  /* event ids behind a finding */
	uint32_t           n_events;
	struct text        detail;  /* rule id; user, whose leads these are */
	/* a filter of a rule that is being looked at */
	struct filter_change change;
	struct hiding     *hiding;
	/* what risk is counted from */
	struct text           whom; /* whose; absent: everybody's */
	enum risk_object_type whom_type;
	struct risk_wish      wish;
	struct weighing      *weighing;
	bool               undone;  /* u or Ctrl-R asked for it */
};

/* One part of the filter that the user set; all chips hold together. */
struct chip {
	struct condition is;
	bool             off;
};
#define CHIPS_MAX 32

/* What an analyst changed of one finding or event. */
struct work_done {
	struct text    key;   /* absent: the event */
	int64_t        event, number; /* of the finding; 0: the event */
	enum work_kind kind;
	struct text    was, is;
};

/* A change that u takes back: of the chips, of the order of a view, of findings, of marks, of columns, of a
 * rule's filter. */
struct change {
	const struct work_done      *work; /* set: of findings; in app.keep */
	uint32_t                     n_work;
	const struct filter_change  *hid; /* set: the filter as it was, and as it is */
	const struct column_choice *columns; /* set: as they were, and as they are; in app.keep */
	const struct view_kind *marked; /* set: marks that were let go of */
	const int64_t          *marks;  /* ids of rows, in app.keep */
	size_t                  n_marks;
	const struct view_kind *sorted; /* NULL: the chips */
	uint64_t                place;  /* serial of the level of the list */
	struct filter_state {
		const struct chip *chips; /* in app.keep, never changed */
		uint32_t           n;
		uint32_t           column; /* an order */
		bool               descending;
	} was, is;
};
#define UNDO_MAX 64
#define MESSAGES_KEPT 100

struct message {
	char text[512];
	bool bad;
};

/* Values of one part of the filter, for completion. */
struct known_values {
	struct value_count *of;
	size_t              n;
	bool                read;
};

struct app {
	const struct tui_setup *setup;
	char                    import_line[256]; /* the last it said */
	struct case_info        before_import;
	bool                    grown; /* the case has more than this screen shows */
	size_t                  moved; /* rows of it that would be elsewhere */
	struct casefile        *cf;
	struct case_info        info;
	int64_t                 version; /* of the case when it was looked at last */
	struct worker          *worker;
	struct ruleset         *rules; /* NULL: none, or not yet */
	struct late            *late;  /* brings them; NULL: there are no more to come */
	struct err              no_rules; /* why they did not come: the screen ends */
	struct settings         settings;
	bool                    restyle; /* the theme has changed */
	bool                    suspend; /* the user wants his shell */
	struct screen           screen;
	struct arena            keep;  /* as long as the case is open */
	struct arena            frame; /* emptied before every drawing */
	const struct chip      *chips;
	uint32_t                n_chips;
	bool                    filter_off; /* all chips, for now */
	struct change           undo[UNDO_MAX];
	int                     n_undo, at_undo; /* changes known, and how many are in force */
	bool                    bar_open; /* the filter bar is edited */
	uint32_t                bar_at;   /* the chip chosen in it */
	struct text             bar_note; /* what that chip hides */
	uint32_t                cap;      /* incidents count a rule so often at most; 0: no cap */
	int64_t                 around_half_ns; /* how far around was last; 0: as at the start */
	struct picker          *picker;   /* computers to tick; NULL: not open */
	struct column_choice   *columns;  /* what the user chose of lists */
	struct column_picker   *choosing; /* is about to choose; NULL: not open */
	struct level           *levels[LEVELS_MAX];
	int                     n_levels;
	uint64_t                n_entered; /* places since the start */
	struct filter_change    hiding; /* that the prompt asks about */
	bool                    hiding_had; /* its rule has a filter: an empty one takes it away */
	struct risk_wish        wish; /* that the prompt asks about */
	struct prompt           prompt;
	struct work_rows        noting; /* what the note in the prompt is about */
	char                    export_help[128];  /* what Enter would write */
	char                    export_path[1024]; /* that the user may want replaced */
	struct history          history;
	struct trial           *trial;    /* of the search that is being typed; NULL: none yet */
	struct arena            field_arena;
	struct text            *fields; /* of the case, for completion; read when a prompt opens */
	size_t                  n_fields;
	struct known_values     values[FILTER_FIELD + 1]; /* in field_arena */
	size_t                  wrong_column; /* of the search that did not compile; 0: not known */
	char                    message[512]; /* in the status line */
	struct message          messages[MESSAGES_KEPT]; /* a ring of all that were said */
	size_t                  n_messages;
	bool                    message_bad;
	bool                    quit, quit_asked, preview_off, redraw, mouse;
	bool                    pasting; /* what comes is no keys */
	size_t                  n_pasted; /* of it, what nobody took */
	bool                    damage_said; /* that the case is not whole */
	int tabs_row, tab_end[LEVEL_VIEWS_MAX]; /* as drawn, for clicks; row -1: not drawn */
	struct text             clipboard; /* to be sent to the terminal */
};

bool app_open(struct app *app, const struct tui_setup *setup, struct err *err);
void app_close(struct app *app);
void app_press(struct app *app, uint32_t press);
void app_act(struct app *app, enum action action);
void app_click(struct app *app, int row, int column);
void app_release(struct app *app, int row, int column); /* the end of a drag */
void app_draw(struct app *app);
/* Looks whether the case has grown. A list whose cursor was not moved is read again; others stay as
 * they are until the user asks, so that nothing jumps under the cursor. What others said of its rows
 * is shown at once. */
void app_watch(struct app *app);
/* Takes the worker's results; returns whether it is still busy. */
bool app_results(struct app *app);

struct level *app_level(const struct app *app); /* where the user is */
struct view  *app_view(const struct app *app);
unsigned      app_keys(const struct app *app);  /* contexts in force */
/* Keys of an action on this screen, as the user has them. */
struct text app_keys_of(const struct app *app, const struct view *v, enum action action,
			struct arena *keep);

/* Goes into a new place with these views; the caller sets what it is about before it is drawn. */
struct level *app_enter(struct app *app, const struct view_kind *const *kinds, int n);
void          app_back(struct app *app);
void          app_tab(struct app *app, int tab);

void app_say(struct app *app, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void app_warn(struct app *app, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void app_complain(struct app *app, const struct err *err);
/* May what rules find, or risk, be changed from here? False: the reason was said. */
bool app_may_change(struct app *app);

/* The size of the screen; what was cut to another width is written anew. */
void app_resize(struct app *app, int rows, int columns);
/* After the zone has changed: what shows times is drawn anew. */
void app_zone_changed(struct app *app);

bool app_filtered(const struct app *app); /* is some chip in force? */
void app_reload(struct app *app);
/* Waits for rules that are still to come. What shows rules is drawn anew. */
void app_take_rules(struct app *app);

/* The filter that a view was loaded under: the chips, and what its place is about. */
struct case_filter view_filter(const struct app *app, const struct view *v);
bool view_load(struct app *app, struct view *v); /* if it must be; false: problem is set */
struct text        view_host(struct app *app, struct view *v);

/* Shared steps into something (open.c). */
void open_host(struct app *app, struct text host);
void open_finding(struct app *app, int64_t id);
void open_event(struct app *app, int64_t id);
void open_events_of(struct app *app, struct text heading, const int64_t *ids, uint32_t n);
void open_around(struct app *app, struct text host, int64_t time_ns);
void open_around_span(struct app *app, struct level *level, int64_t half_ns);
/* Findings and events with this; the filter of the place, gone when the user goes back. */
void open_with(struct app *app, struct text crumb, const struct condition *c, uint32_t n,
	       const char *first);
/* The findings with VALUE in PART, and what else there is of it. */
void open_findings_with(struct app *app, enum filter_part part, struct text value,
			struct text crumb);
/* The events of a file, what was found in them, and the risk. */
void open_evidence(struct app *app, struct text path);
void open_rule(struct app *app, struct text rule_id);
void open_help(struct app *app);
void open_messages(struct app *app);
void open_hidden(struct app *app);
/* Writes form FORM of setup.services to PATH, of what is here; back when it is done. */
void open_report(struct app *app, size_t form, const char *path);
/* Macros and lookups that searches may use. */
struct search_env open_search_env(const struct app *app);
/* Compiles with the macros and lookups in force. *COLUMN: where it went wrong, from 1; 0: not known. */
bool open_compile(struct app *app, struct search **out, struct arena *keep, struct text query,
		  size_t *column, struct err *err);
void open_search(struct app *app, struct text query);
void open_drilldowns(struct app *app, int64_t finding_id);
void open_leads(struct app *app, int64_t event_id);
void open_user_leads(struct app *app, struct text user);
void open_drilldown(struct app *app, const struct drilldown_search *drill);

/* Every kind there is; ends with NULL. */
extern const struct view_kind *const view_kinds[];
#define VIEW(name) extern const struct view_kind view_##name;
#include "tui/views.def"
#undef VIEW

#endif
