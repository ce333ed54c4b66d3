/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/command.h"

#include "base/counted.h"
#include "base/when.h"
#include "rules/incidents.h"
#include "rules/suggest.h"
#include "rules/timespec.h"
#include "store/import_log.h"
#include "tui/filter.h"
#include "tui/lookback.h"
#include "tui/values.h"

/* Commands that take words behind them. */
struct worded {
	const char *name, *help;
	bool        optional; /* the words */
	void (*run)(struct app *app, struct text words, struct err *err);
	/* What the words can be, as far as it is known; NULL: anything. */
	void (*choices)(struct app *app, struct text begun, struct popup *out);
};

static void
run_name(struct app *app, struct text name)
{
	struct level *root = app->levels[0];

	for (int i = 0; i < root->n_views; i++) {
		if (text_eq(name, text_of(root->views[i].kind->name))) {
			while (app->n_levels > 1)
				app_back(app);
			app_tab(app, i);
			return;
		}
	}
	for (const struct key_line *l = keys_table(); l->action != ACTION_NONE; l++) {
		if (text_eq(keys_command(l, &app->frame), name) && (l->where & app_keys(app))) {
			app_act(app, l->action);
			return;
		}
	}
}

static void
run_filter(struct app *app, struct text words, struct err *err)
{
	filter_set_word(app, words, err);
}

static void
filter_choices(struct app *app, struct text begun, struct popup *out)
{
	values_in_chip(app, begun, out->from, out);
}

static bool
saw_host(void *ctx, const struct host_row *row)
{
	(void)row;
	*(bool *)ctx = true;
	return false;
}

static void
run_host(struct app *app, struct text words, struct err *err)
{
	struct case_filter only = CASE_FILTER_ALL;
	bool               seen = false;

	only.host = words;
	if (words.n && !query_hosts(app->cf, &only, saw_host, &seen, err))
		return;
	if (seen)
		open_host(app, words);
	else
		err_set(err, ERR_USAGE, "no computer of this case is called " TEXT_FMT " (C lists them)",
			TEXT_ARG(words));
}

/* The hosts that the first screen has read. */
static void
host_choices(struct app *app, struct text begun, struct popup *out)
{
	const struct table *t = &app->levels[0]->views[0].list.table;

	for (size_t i = 0; i < t->n_rows && out->n < 200; i++)
		if (text_istarts(t->rows[i].values[0].text, begun))
			popup_add(out, t->rows[i].values[0].text, TEXT_NONE);
}

static void
run_search(struct app *app, struct text words, struct err *err)
{
	(void)err;
	open_search(app, words);
}

static void
run_messages(struct app *app, struct text words, struct err *err)
{
	(void)words;
	(void)err;
	open_messages(app);
}

static void
run_zone(struct app *app, struct text words, struct err *err)
{
	if (zone_set(&app->screen.zone, words, err))
		app_zone_changed(app);
}

static void
zone_choices(struct app *app, struct text begun, struct popup *out)
{
	static const char *const simple[] = { "UTC", "local" };
	FILE                    *in = fopen("/usr/share/zoneinfo/zone1970.tab", "r");
	char                     line[512];

	(void)app;
	for (size_t i = 0; i < 2; i++)
		if (text_istarts(text_of(simple[i]), begun))
			popup_add(out, text_of(simple[i]), TEXT_NONE);
	while (in && fgets(line, sizeof(line), in)) {
		struct text rest = text_trim(text_of(line)), name;

		if (text_starts(rest, TEXT("#")))
			continue;
		text_cut(&rest, '\t'); /* country, place, name */
		text_cut(&rest, '\t');
		name = text_absent(rest) ? rest : text_cut(&rest, '\t');
		if (name.n && text_istarts(name, begun))
			popup_add(out, arena_copy(out->keep, name), TEXT_NONE);
	}
	if (in)
		fclose(in);
}

static void
run_time(struct app *app, struct text words, struct err *err)
{
	if (words.n)
		filter_set_word(app, arena_printf(&app->frame, "time=" TEXT_FMT, TEXT_ARG(words)), err);
	else
		run_name(app, TEXT("timeline"));
}

static void
time_choices(struct app *app, struct text begun, struct popup *out)
{
	(void)app;
	(void)begun;
	popup_advise(out, TEXT("2023-03-20 is that day; A..B, either end may be left out; -24h, 7d"));
}

static void
run_window(struct app *app, struct text words, struct err *err)
{
	struct condition c = { .part = FILTER_TIME };

	if (!words.n)
		lookback_next(app);
	else if (lookback_read(words, &c))
		filter_set_word(app, arena_printf(&app->frame, "time=" TEXT_FMT, TEXT_ARG(words)), err);
	else if (text_ieq(words, TEXT("all")))
		lookback_drop(app, err);
	else
		err_set(err, ERR_USAGE, TEXT_FMT " is no length of time: 90m, 24h, 7d, 2w, all", TEXT_ARG(words));
}

static void
window_choices(struct app *app, struct text begun, struct popup *out)
{
	static const char *const some[] = { "24h", "7d", "30d", "all" };

	(void)app;
	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++)
		if (text_istarts(text_of(some[i]), begun))
			popup_add(out, text_of(some[i]), TEXT_NONE);
}

/* The chip; app->n_chips: there is none. */
static uint32_t
since_at(const struct app *app)
{
	uint32_t i = 0;

	while (i < app->n_chips && (app->chips[i].is.part != FILTER_SINCE || app->chips[i].is.excludes))
		i++;
	return i;
}

/* Only what came with the last import; again: all. */
static void
run_new(struct app *app, struct text words, struct err *err)
{
	uint32_t at = since_at(app);
	int64_t  number;

	if (text_ieq(words, TEXT("all")) || (!words.n && at < app->n_chips)) {
		if (at < app->n_chips && filter_replace(app, at, NULL, err))
			app_say(app, "all of the case again");
		return;
	}
	if (!import_log_number(app->cf, words.n ? words : TEXT("last"), &number, err) ||
	    !filter_set_word(app, arena_printf(&app->frame, "since-import=%lld", (long long)number), err))
		return;
	app_say(app, "only what is new since import %lld began; :new all shows all", (long long)number);
}

static void
new_choices(struct app *app, struct text begun, struct popup *out)
{
	struct import_entry *all;
	size_t               n = import_log(app->cf, out->keep, &all);

	for (size_t i = n; i > 0 && n - i < 50; i--) {
		const struct import_entry *e = &all[i - 1];
		char                       human[WHEN_TEXT_MAX];
		struct text number = arena_printf(out->keep, "%lld", (long long)e->number);

		human[zone_human(&app->screen.zone, e->time_ns, human)] = '\0';
		if (text_istarts(number, begun))
			popup_add(out, number,
				  arena_printf(out->keep, "%.16s: %s, %s", human,
					       counted(e->events, "event").words,
					       counted(e->findings, "finding").words));
	}
	if (text_istarts(TEXT("all"), begun))
		popup_add(out, TEXT("all"), TEXT("all of the case"));
}

static void
run_cap(struct app *app, struct text words, struct err *err)
{
	uint64_t n = 0;

	if (!text_ieq(words, TEXT("off")) &&
	    (!text_to_u64(words, &n) || n == 0 || n > INCIDENT_CAP_MOST)) {
		err_set(err, ERR_USAGE, TEXT_FMT " is no cap: a number such as 3, or off", TEXT_ARG(words));
		return;
	}
	app->cap = (uint32_t)n;
	app_reload(app);
	if (n)
		app_say(app, "for incidents a rule counts at most %s with its highest score; :cap off "
			     "counts all", counted(n, "time").words);
	else
		app_say(app, "incidents count all that rules give");
}

static void
cap_choices(struct app *app, struct text begun, struct popup *out)
{
	static const char *const some[] = { "1", "3", "10", "off" };

	(void)app;
	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++)
		if (text_istarts(text_of(some[i]), begun))
			popup_add(out, text_of(some[i]), TEXT_NONE);
}

static void
run_theme(struct app *app, struct text words, struct err *err)
{
	app->restyle = settings_theme(&app->settings, words, err);
	if (app->restyle && app->setup->settings)
		app_say(app, "\"theme %s\" in %s keeps it", app->settings.theme.name,
			app->setup->settings);
}

static void
theme_choices(struct app *app, struct text begun, struct popup *out)
{
	(void)app;
	for (const struct theme *t = themes; t->name; t++)
		if (text_istarts(text_of(t->name), begun))
			popup_add(out, text_of(t->name), text_of(t->help));
}

static void
run_keys(struct app *app, struct text words, struct err *err)
{
	const char *path = words.n ? arena_cstr(&app->frame, words) : app->setup->settings;

	if (!path)
		err_set(err, ERR_USAGE, "say which file: keys FILE");
	else if (settings_write(path, err))
		app_say(app, "%s holds all keys and colours now; what you change counts from the "
			     "next start", path);
}

static void
run_anchor(struct app *app, struct text words, struct err *err)
{
	int64_t ns = WHEN_NONE;
	char    when[WHEN_TEXT_MAX];

	if (app->setup->read_only) {
		err_set(err, ERR_USAGE, "the case was opened read-only");
		return;
	}
	if (!text_ieq(words, TEXT("last-event")) &&
	    !timespec_resolve(words, app->info.last_ns, &ns)) {
		err_set(err, ERR_USAGE, TEXT_FMT " is no time: 2024-03-01T09:00:00Z, -2d, last-event",
			TEXT_ARG(words));
		return;
	}
	if (!casefile_set_clock(app->cf, ns, err))
		return;
	app_reload(app);
	when[when_to_iso(app->info.clock_ns, when)] = '\0';
	app_say(app, "the case clock is %s, %s", when,
		app->info.clock_set ? "as set here" : "the last event");
}

static void
anchor_choices(struct app *app, struct text begun, struct popup *out)
{
	(void)app;
	if (text_istarts(TEXT("last-event"), begun))
		popup_add(out, TEXT("last-event"), TEXT("let it go"));
	popup_advise(out, TEXT("2024-03-01T09:00:00Z, or -2d before the last event"));
}

static const struct worded with_words[] = {
	{ "anchor", "set the case clock, where the last 7 days end", false, run_anchor,
	  anchor_choices },
	{ "cap", "incidents: count a rule so often at most for each object: 3, off", false, run_cap,
	  cap_choices },
	{ "filter", "set a part of the filter: filter host=WS-07", false, run_filter,
	  filter_choices },
	{ "host", "go to this host", false, run_host, host_choices },
	{ "messages", "what the status line has said", true, run_messages, NULL },
	{ "new", "only what is new since an import: new, new 2, new all", true, run_new, new_choices },
	{ "theme", "colours: dark, light, high-contrast, mono", false, run_theme, theme_choices },
	{ "keys", "write a file of all keys and colours, to be changed", true, run_keys, NULL },
	{ "time", "keep a time, a DAY or FROM..TO, in all views; without one, the tab Time", true, run_time,
	  time_choices },
	{ "tz", "show times in this zone: UTC, local, +02:00, Europe/Berlin", false, run_zone,
	  zone_choices },
	{ "window", "only the last days before the case clock: 24h, 7d, all", true, run_window,
	  window_choices },
	{ "search", "search the case in SPL", false, run_search, NULL },
};
#define N_WITH_WORDS (sizeof(with_words) / sizeof(with_words[0]))

static const struct worded *
worded_find(struct text name)
{
	for (size_t i = 0; i < N_WITH_WORDS; i++)
		if (text_ieq(text_of(with_words[i].name), name))
			return &with_words[i];
	return NULL;
}

struct known {
	struct text name, help;
};
#define NAMES_MAX 160

static size_t
all_names(struct app *app, struct known out[NAMES_MAX])
{
	const struct level *root = app->levels[0];
	size_t              n = 0;

	for (size_t i = 0; i < N_WITH_WORDS; i++)
		out[n++] = (struct known){ text_of(with_words[i].name),
					   text_of(with_words[i].help) };
	for (int i = 0; i < root->n_views && n < NAMES_MAX; i++)
		out[n++] = (struct known){ text_of(root->views[i].kind->name),
					   arena_printf(&app->frame, "the tab %s",
							root->views[i].kind->title) };
	for (const struct key_line *l = keys_table(); l->action != ACTION_NONE && n < NAMES_MAX; l++)
		if ((l->where & app_keys(app)) && l->action != ACTION_SEARCH)
			out[n++] = (struct known){ keys_command(l, &app->frame), text_of(l->help) };
	return n;
}

static void
say_unknown(struct text word, const struct known *known, size_t n, struct err *err)
{
	struct text names[NAMES_MAX], near;

	for (size_t i = 0; i < n; i++)
		names[i] = known[i].name;
	near = suggest(word, names, n);
	if (text_absent(near))
		err_set(err, ERR_USAGE, "no command is called " TEXT_FMT " (Tab lists, ? helps)",
			TEXT_ARG(word));
	else
		err_set(err, ERR_USAGE, "no command is called " TEXT_FMT ": did you mean " TEXT_FMT "?",
			TEXT_ARG(word), TEXT_ARG(near));
}

/* The one name that WORD is or begins; absent: none or several, which ERR tells. */
static struct text
resolve(struct app *app, struct text word, struct err *err)
{
	struct known known[NAMES_MAX];
	struct text  found = TEXT_NONE;
	size_t       n = all_names(app, known);

	for (size_t i = 0; i < n; i++)
		if (text_ieq(known[i].name, word))
			return known[i].name;
	for (size_t i = 0; i < n; i++) {
		if (!text_istarts(known[i].name, word))
			continue;
		if (!text_absent(found)) {
			err_set(err, ERR_USAGE, "\"" TEXT_FMT "\" may be " TEXT_FMT " or " TEXT_FMT,
				TEXT_ARG(word), TEXT_ARG(found), TEXT_ARG(known[i].name));
			return TEXT_NONE;
		}
		found = known[i].name;
	}
	if (text_absent(found))
		say_unknown(word, known, n, err);
	return found;
}

void
command_run(struct app *app, struct text line)
{
	struct text          words = text_trim(line), word, name;
	const struct worded *command;
	struct err           err = { 0 };
	uint64_t             row;

	if (!words.n)
		return;
	word = text_cut(&words, ' ');
	words = text_trim(words);
	if (text_to_u64(word, &row) && app_view(app)->list.n_columns) {
		list_move_to(&app_view(app)->list, row ? (size_t)row - 1 : 0);
		return;
	}
	name = resolve(app, word, &err);
	if (!text_absent(name)) {
		command = worded_find(name);
		if (!command && words.n)
			err_set(&err, ERR_USAGE, TEXT_FMT " takes nothing behind it: " TEXT_FMT,
				TEXT_ARG(name), TEXT_ARG(words));
		else if (!command)
			run_name(app, name);
		else if (words.n || command->optional)
			command->run(app, words, &err);
		else
			err_set(&err, ERR_USAGE, TEXT_FMT " needs a word behind it",
				TEXT_ARG(name));
	}
	if (err.kind)
		app_complain(app, &err);
}

void
command_suggest(struct app *app, struct text text, size_t at, struct popup *out)
{
	struct known known[NAMES_MAX];
	struct text  words = text_head(text, at), word = text_cut(&words, ' ');
	size_t       n = all_names(app, known);
	struct err   err = { 0 };

	if (!text_absent(words)) {
		const struct worded *command = worded_find(resolve(app, word, &err));
		struct text          begun = text_from(words, words.n - text_trim(words).n);

		if (!command)
			return;
		out->title = text_of(command->name);
		out->from = at - begun.n;
		if (command->choices)
			command->choices(app, begun, out);
		popup_advise(out, text_of(command->help));
		return;
	}
	out->from = 0;
	out->title = TEXT("commands");
	for (size_t i = 0; i < n; i++)
		if (text_istarts(known[i].name, word))
			popup_add(out, known[i].name, known[i].help);
	if (!out->n && word.n) {
		out->wrong_at = 0;
		resolve(app, word, &err);
		out->verdict = arena_copy(out->keep, text_of(err.what));
	}
}
