/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/tui.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "tui/app.h"
#include "tui/import_prompt.h"
#include "tui/late.h"
#include "tui/terminal.h"
#include "tui/trial.h"

/* While results stream in, the screen is drawn this often at most. */
#define STREAM_MS 50
/* How often the case is looked at: others, and an import of our own, may add to it. */
#define WATCH_MS 1000

/* Until the worker has answered and an import has ended. */
static void
wait_for_all(struct app *app)
{
	while (app_results(app))
		worker_wait(app->worker);
	for (trial_step(app, true); trial_results(app); trial_step(app, true))
		trial_wait(app);
	for (import_poll(app); importer_running(app->setup->importer);
	     import_poll(app)) {
		struct pollfd said = { .fd = importer_descriptor(app->setup->importer),
				       .events = POLLIN };

		if (said.fd >= 0)
			poll(&said, 1, -1);
	}
}

/* Who reads the screen afterwards, a program perhaps, hears of it as well. */
static bool
all_was_read(struct app *app, struct err *err)
{
	const struct view *v = app_view(app);

	if (app->damage_said && casefile_whole(app->cf, err))
		return err_set(err, ERR_IO, "not all of the case could be read");
	if (app->damage_said)
		return false;
	if (v->problem.kind == ERR_IO)
		*err = v->problem;
	else if (v->cut.kind == ERR_IO)
		*err = v->cut;
	return err->kind == ERR_NONE;
}

static bool
run_script(struct app *app, const struct tui_setup *setup, struct err *err)
{
	struct text script = text_of(setup->script);
	uint32_t    press;

	if (setup->load_rules)
		app->late = late_start(setup);
	app_take_rules(app);
	if (app->quit)
		return true;
	app_resize(app, setup->rows ? setup->rows : 24, setup->columns ? setup->columns : 80);
	app_draw(app);
	for (;;) {
		wait_for_all(app);
		app_draw(app);
		if (!script.n || app->quit)
			break;
		if (!keys_next(&script, &press, err))
			return false;
		app_press(app, press);
		app_draw(app);
	}
	if (setup->dump)
		screen_dump(&app->screen, setup->dump);
	return app->quit || all_was_read(app, err);
}

static void
click(struct app *app, const struct terminal *term, bool released)
{
	int row, column;

	terminal_click(term, &row, &column);
	(released ? app_release : app_click)(app, row, column);
}

static void
take_keys(struct app *app, struct terminal *term, bool *resized)
{
	uint32_t press;

	/* All that waits, then one drawing: held keys never run behind. */
	while (!app->quit && (press = terminal_key(term)) != PRESS_NONE) {
		if (press == PRESS_RESIZE)
			*resized = true;
		else if (press == PRESS_CLICK || press == PRESS_RELEASE)
			click(app, term, press == PRESS_RELEASE);
		else
			app_press(app, press);
		view_load(app, app_view(app));
	}
}

static void
show(struct app *app, struct terminal *term)
{
	app_draw(app);
	if (app->restyle)
		terminal_wear(term, &app->settings.theme);
	app->restyle = false;
	if (app->redraw)
		terminal_redraw(term);
	app->redraw = false;
	terminal_mouse(term, app->mouse);
	terminal_show(term, &app->screen);
	if (app->clipboard.n)
		terminal_copy(term, app->clipboard);
	app->clipboard = TEXT_NONE;
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
wait_ms(const struct app *app)
{
	int due = trial_due_ms(app);

	return due >= 0 && due < WATCH_MS ? due : WATCH_MS;
}

/* Signals that end the program come as data, so that the terminal is left as it was found, and so
 * does that it goes on after a stop. Blocked before there are threads: each inherits that. */
static int
take_signals(sigset_t *before)
{
	static const int taken[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCONT };
	sigset_t         set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		sigaddset(&set, taken[i]);
	pthread_sigmask(SIG_BLOCK, &set, before);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
leave_signals(int signals, const sigset_t *before)
{
	if (signals >= 0)
		close(signals);
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* True: one came that ends the program, which is the error. */
static bool
is_ended(struct app *app, int signals, struct err *err)
{
	struct signalfd_siginfo came;

	if (signals < 0 || read(signals, &came, sizeof(came)) != sizeof(came))
		return false;
	if (came.ssi_signo == SIGCONT) { /* others have written on the terminal meanwhile */
		app->redraw = true;
		return false;
	}
	err_set(err, ERR_CANCEL, "ended by a signal: %s", strsignal((int)came.ssi_signo));
	return true;
}

static int
wait_set(const struct app *app, int signals, int out[5])
{
	int n = 0;

	if (signals >= 0)
		out[n++] = signals;
	out[n++] = worker_descriptor(app->worker);
	if (importer_running(app->setup->importer))
		out[n++] = importer_descriptor(app->setup->importer);
	if (app->late)
		out[n++] = late_descriptor(app->late);
	if (trial_descriptor(app) >= 0)
		out[n++] = trial_descriptor(app);
	return n;
}

static bool
run_terminal(struct app *app, const struct tui_setup *setup, int signals, struct err *err)
{
	struct terminal *term = terminal_open(setup->no_colour, err);
	bool             resized = true, alive = true, first = true, busy = false, ended = false;
	int              rows, columns, descriptors[5];
	int64_t          watched_ms = now_ms();

	if (!term)
		return false;
	app->screen.ascii = setup->ascii || terminal_is_ascii(term);
	while (alive && !app->quit) {
		if (resized) {
			terminal_size(term, &rows, &columns);
			app_resize(app, setup->rows ? setup->rows : rows,
				   setup->columns ? setup->columns : columns);
			resized = false;
		}
		show(app, term);
		if (setup->load_rules && first)
			app->late = late_start(setup);
		first = false;
		/* Results may wait a moment for each other, a key never waits. */
		if (busy)
			alive = terminal_wait(NULL, 0, STREAM_MS);
		alive = alive && terminal_wait(descriptors, wait_set(app, signals, descriptors),
					       wait_ms(app));
		ended = is_ended(app, signals, err);
		alive = alive && !ended;
		take_keys(app, term, &resized);
		busy = app_results(app);
		busy |= trial_results(app);
		trial_step(app, false);
		if (app->suspend) {
			terminal_suspend(term);
			resized = true;
		}
		app->suspend = false;
		if (app->late && late_ready(app->late))
			app_take_rules(app);
		import_poll(app);
		if (now_ms() - watched_ms >= WATCH_MS) {
			app_watch(app);
			watched_ms = now_ms();
		}
	}
	terminal_close(term);
	return !ended;
}

bool
tui_run(const struct tui_setup *setup, struct err *err)
{
	struct app app;
	bool       good;
	sigset_t   before;
	int        signals = setup->script ? -1 : take_signals(&before);

	good = app_open(&app, setup, err);
	if (good) {
		good = setup->script ? run_script(&app, setup, err)
				     : run_terminal(&app, setup, signals, err);
		app_close(&app);
	}
	if (!setup->script)
		leave_signals(signals, &before);
	if (!good)
		return false;
	if (!app.no_rules.kind)
		return true;
	*err = app.no_rules;
	return false;
}
