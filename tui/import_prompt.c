/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/import_prompt.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/counted.h"

/* "~/logs" is below the home folder; "-" is a file, not standard input. */
static const char *
real_path(struct text typed, struct arena *keep)
{
	const char *home = getenv("HOME");

	if (home && text_starts(typed, TEXT("~/")))
		return arena_cstr(keep, arena_printf(keep, "%s" TEXT_FMT, home,
						     TEXT_ARG(text_from(typed, 1))));
	if (text_eq(typed, TEXT("-")))
		return "./-";
	return arena_cstr(keep, typed);
}

static void ask_path(struct app *app, struct text start);

static void
import_done(struct app *app, struct text text)
{
	struct err  err = { 0 };
	const char *path;

	text = text_trim(text);
	if (!text.n)
		return;
	path = real_path(text, &app->frame);
	if (access(path, R_OK) != 0) {
		err_set(&err, ERR_INPUT, "cannot be read; nothing is imported");
		err_where(&err, "%s", path);
		app_complain(app, &err);
		ask_path(app, text); /* to be put right */
		return;
	}
	if (!importer_start(app->setup->importer, path, &err)) {
		app_complain(app, &err);
		return;
	}
	app->import_line[0] = '\0';
	app->before_import = app->info;
	app_say(app, "importing; go on working, Ctrl-C stops it");
}

static int
by_name(const void *a, const void *b)
{
	const struct popup_line *x = a, *y = b;

	return text_cmp(x->insert, y->insert);
}

#define NAMES_MAX 2000

static void
suggest_files(struct app *app, struct text text, size_t at, struct popup *out)
{
	struct text    typed = text_head(text, at), folder, begun;
	size_t         slash = text_rfind_byte(typed, '/');
	DIR           *dir;
	struct dirent *entry;
	struct stat    st;

	out->title = TEXT("files");
	out->to = text.n;
	out->from = slash == TEXT_NOWHERE ? 0 : slash + 1;
	begun = text_from(typed, out->from);
	folder = out->from ? text_head(typed, out->from) : TEXT("./");
	dir = opendir(real_path(folder, out->keep));
	while (dir && (entry = readdir(dir)) && out->n < NAMES_MAX) {
		struct text name = text_of(entry->d_name);
		bool        is_folder;

		if (!text_starts(name, begun) ||
		    (name.p[0] == '.' && (!begun.n || name.n <= 2)) ||
		    text_starts(name, text_last_part(text_of(app->setup->case_path))))
			continue;
		is_folder = fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 && S_ISDIR(st.st_mode);
		popup_add(out, arena_printf(out->keep, TEXT_FMT "%s", TEXT_ARG(name),
					    is_folder ? "/" : ""),
			  TEXT_NONE);
	}
	if (dir)
		closedir(dir);
	if (out->n)
		qsort(out->lines, out->n, sizeof(out->lines[0]), by_name);
	popup_advise(out, TEXT("A file, folder or archive; the whole folder is read."));
}

static void
ask_path(struct app *app, struct text start)
{
	prompt_open(&app->prompt, "import", "Enter imports", start);
	app->prompt.done = import_done;
	app->prompt.suggest = suggest_files;
}

void
import_prompt_open(struct app *app)
{
	struct err err = { 0 };

	if (importer_running(app->setup->importer))
		err_set(&err, ERR_USAGE, "an import is running; Ctrl-C stops it");
	else if (app->setup->read_only)
		err_set(&err, ERR_USAGE, "the case was opened read-only");
	else if (!app->setup->importer)
		err_set(&err, ERR_USAGE, "nothing can be imported from here: auger import %s PATH",
			app->setup->case_path);
	if (err.kind) {
		app_complain(app, &err);
		return;
	}
	ask_path(app, TEXT(""));
}

/* What has come since, and where to look when not all of it could be read. */
static void
say_end(struct app *app, int status)
{
	const struct case_info *was = &app->before_import, *now = &app->info;
	const char             *rest = "";

	if (status == 1)
		rest = "; some could not be read: I shows it";
	else if (status > 1)
		rest = "; it was stopped: the same import goes on with the rest";
	if (status > 1 && now->events == was->events) {
		app_warn(app, "%s", app->import_line);
		return;
	}
	if (!status && now->events == was->events) {
		app_say(app, "nothing new: the case has it already, or it holds no events; I shows "
			     "the files");
		return;
	}
	(status ? app_warn : app_say)(
	    app, "imported " TEXT_FMT " %s, %lld %s more%s",
	    TEXT_ARG(table_amount((double)(now->events - was->events), &app->frame)),
	    counted_noun(now->events - was->events, "event").words,
	    (long long)(now->findings - was->findings),
	    counted_noun(now->findings - was->findings, "finding").words, rest);
}

void
import_poll(struct app *app)
{
	struct arena scratch = app->frame;
	struct text  line;
	bool         progress;
	int          status;

	if (!importer_running(app->setup->importer))
		return;
	while (importer_line(app->setup->importer, &scratch, &line, &progress)) {
		snprintf(app->import_line, sizeof(app->import_line), TEXT_FMT, TEXT_ARG(line));
		if (!progress)
			app_say(app, "%s", app->import_line);
	}
	if (!importer_ended(app->setup->importer, &status))
		return;
	app_watch(app);
	say_end(app, status);
}

bool
import_stop(struct app *app)
{
	if (!importer_running(app->setup->importer))
		return false;
	importer_cancel(app->setup->importer);
	app_say(app, "the import stops after the batch it is at");
	return true;
}

struct text
import_words(const struct app *app, struct arena *keep)
{
	if (!importer_running(app->setup->importer))
		return TEXT_NONE;
	return arena_printf(keep, "importing%s%s", app->import_line[0] ? ": " : "",
			    app->import_line);
}
