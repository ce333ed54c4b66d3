/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program on a real pseudo-terminal: bytes in as a terminal sends them, bytes out as it gets
 * them. Waits for what the screen must say, never for time.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>

#include "tests/screen_cases.h"
#include "tui/tui.h"

#define EVENTS_DRAGGED 100
#define GIVE_UP_MS 30000 /* then the test fails: nothing waits so long for an answer */

struct session {
	int    terminal; /* the master's side */
	pid_t  program;
	char   seen[1 << 18]; /* what came since the last key */
	size_t n;
};

static void
run_program(const struct screen_case *c, int terminal, const char *type)
{
	struct tui_setup setup = { .case_path = c->file.path, .rules = c->rules, .view = "hosts" };
	struct err       err = { 0 };

	setsid();
	ioctl(terminal, TIOCSCTTY, 0);
	dup2(terminal, STDIN_FILENO);
	dup2(terminal, STDOUT_FILENO);
	setenv("TERM", type, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	_exit(tui_run(&setup, &err) ? 0 : 1);
}

static bool
begin(struct session *s, const struct screen_case *c, const char *type)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	int            slave;

	s->terminal = posix_openpt(O_RDWR | O_NOCTTY);
	if (s->terminal < 0 || grantpt(s->terminal) != 0 || unlockpt(s->terminal) != 0)
		return false;
	slave = open(ptsname(s->terminal), O_RDWR | O_NOCTTY);
	if (slave < 0 || ioctl(slave, TIOCSWINSZ, &size) != 0)
		return false;
	s->n = 0;
	s->program = fork();
	if (s->program == 0) {
		close(s->terminal);
		run_program(c, slave, type);
	}
	close(slave);
	return s->program > 0;
}

/* Until WHAT has come since the last key. */
static bool
seen(const struct session *s, const char *what)
{
	return text_find((struct text){ s->seen, s->n }, text_of(what)) != TEXT_NOWHERE;
}

static bool
shows(struct session *s, const char *what)
{
	struct pollfd said = { .fd = s->terminal, .events = POLLIN };

	for (;;) {
		ssize_t n;

		if (seen(s, what))
			return true;
		if (s->n == sizeof(s->seen) || poll(&said, 1, GIVE_UP_MS) <= 0)
			return false;
		n = read(s->terminal, s->seen + s->n, sizeof(s->seen) - s->n);
		if (n <= 0)
			return false;
		s->n += (size_t)n;
	}
}

static void
send(struct session *s, const char *bytes)
{
	s->n = 0;
	if (write(s->terminal, bytes, strlen(bytes)) < 0)
		printf("# the terminal is gone\n");
}

/* The whole screen behind them, not only what they changed. */
static bool
show(struct session *s, const char *bytes, const char *what)
{
	send(s, bytes);
	if (write(s->terminal, "\f", 1) < 0)
		return false;
	return shows(s, what);
}

/* Quits; true when the program ended well. */
static bool
end(struct session *s)
{
	int  status = -1;
	char rest[4096];

	send(s, "Q");
	while (read(s->terminal, rest, sizeof(rest)) > 0)
		;
	waitpid(s->program, &status, 0);
	close(s->terminal);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static size_t
lines_of(const char *path)
{
	FILE  *in = fopen(path, "r");
	size_t n = 0;

	for (int ch; in && (ch = getc(in)) != EOF;)
		n += ch == '\n';
	if (in)
		fclose(in);
	return n;
}

/* As xterm reports it in its SGR form; columns and rows count from 1. */
static void
a_drag_over_the_timeline_opens_what_it_passed(const struct screen_case *c)
{
	struct session s;

	if (!ok(begin(&s, c, "xterm-256color") && shows(&s, "Hosts"), "the first screen comes"))
		return;
	send(&s, "\033OQ"); /* F2 */
	ok(shows(&s, "mouse on") && shows(&s, "\033[?1002h"), "F2 asks the terminal for its mouse");
	send(&s, "4");
	ok(shows(&s, "scripts"), "the timeline is there");
	ok(show(&s, "\033[<0;11;8M\033[<32;14;8M\033[<0;24;12m", "events 100,"),
	   "a drag says what it passed");
	send(&s, "\r");
	ok(shows(&s, "Range"), "Enter opens it");
	send(&s, "e");
	ok(shows(&s, "export to"), "and it can be exported");
	send(&s, "\025drag.csv\r");
	ok(shows(&s, "written to "), "to a file that is named");
	ok(lines_of("drag.csv") == 1 + EVENTS_DRAGGED,
	   "which holds the events of these bars");
	ok(end(&s), "and the program ends well");
	unlink("drag.csv");
}

static void
clicks_and_the_wheel(const struct screen_case *c)
{
	struct session s;

	if (!ok(begin(&s, c, "xterm-256color") && shows(&s, "Hosts"), "the first screen comes"))
		return;
	send(&s, "\033OQ");
	shows(&s, "mouse on");
	ok(show(&s, "\033[<0;16;2M\033[<0;16;2m", "1 of 5 findings"), "a click on a tab shows it");
	ok(show(&s, "\033[<65;20;8M", "4 of 5"), "the wheel moves three rows");
	ok(show(&s, "\033[<0;20;6M\033[<0;20;6m", "2 of 5"), "a click selects a row");
	ok(show(&s, "\033[<0;20;6M\033[<0;20;6m", "Finding 2"), "a click on the selected row opens it");
	ok(show(&s, "\033[<0;0;0M\033[<123456789;2;1M\033[<0;4X", "Finding 2"),
	   "a report of no place does nothing, and is no keys");
	ok(end(&s), "and the program ends well");
}

/* Arrows of both forms, and Esc alone. */
static void
keys_of_other_terminals(const struct screen_case *c, const char *type)
{
	struct session s;

	if (!ok(begin(&s, c, type) && shows(&s, "Hosts"), "%s: the first screen comes", type))
		return;
	ok(show(&s, "\033[B", "2 of 3"), "%s: an arrow in one form", type);
	ok(show(&s, "\033OB", "3 of 3"), "%s: and in the other", type);
	ok(show(&s, "\r", "PRINT-01"), "%s: Enter", type);
	ok(show(&s, "\033", "3 of 3"), "%s: Esc alone goes back", type);
	ok(end(&s), "%s: it ends well", type);
}

/* As terminals send it that were asked to tell pasted text from keys. */
static void
pasted_text_is_no_keys(const struct screen_case *c)
{
	struct session s;

	if (!ok(begin(&s, c, "xterm-256color") && shows(&s, "\033[?2004h"),
		"pasted text is asked to be marked"))
		return;
	ok(show(&s, "\033[200~qqQ2\rX:quit\r\033[201~", "1 of 3 hosts"),
	   "outside of a prompt it does nothing");
	send(&s, "s\033[200~EventCode=4104\r| stats count\033[201~");
	ok(show(&s, "\r", "EventCode=4104 | stats count"),
	   "in a prompt it is text, also its ends of lines, and Enter runs it");
	send(&s, "q\033[200~lost");
	ok(show(&s, "\003" "2", "1 of 5 findings"), "Ctrl-C ends pasted text whose end got lost");
	ok(end(&s), "the program ends well");
}

/* What the program leaves behind, until it has gone. */
static int
take_leave(struct session *s)
{
	int     status = -1;
	ssize_t n;

	s->n = 0;
	while (s->n < sizeof(s->seen) &&
	       (n = read(s->terminal, s->seen + s->n, sizeof(s->seen) - s->n)) > 0)
		s->n += (size_t)n;
	waitpid(s->program, &status, 0);
	return status;
}

static void
a_signal_leaves_the_terminal_as_it_was(const struct screen_case *c, int number)
{
	struct session s;
	int            status;

	if (!ok(begin(&s, c, "xterm-256color") && shows(&s, "Hosts"), "the first screen comes"))
		return;
	kill(s.program, number);
	status = take_leave(&s);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 1, "signal %d ends the program as an error",
	   number);
	ok(shows(&s, "\033[?1049l") && shows(&s, "\033[?2004l"),
	   "with the terminal as it was before signal %d", number);
	close(s.terminal);
}

/* Whoever stopped it has written on the screen meanwhile. */
static void
a_program_that_goes_on_draws_its_screen_again(const struct screen_case *c)
{
	struct session s;
	int            status;

	if (!ok(begin(&s, c, "xterm-256color") && shows(&s, "Hosts"), "the first screen comes"))
		return;
	kill(s.program, SIGSTOP);
	ok(waitpid(s.program, &status, WUNTRACED) == s.program && WIFSTOPPED(status),
	   "a program can be stopped");
	s.n = 0;
	kill(s.program, SIGCONT);
	ok(shows(&s, "1 of 3 hosts"), "when it goes on it draws all of its screen again");
	ok(end(&s), "and it ends well");
}

/* Where no shell would take it back, as here, the system does not stop it. */
static void
ctrl_z_leaves_the_terminal_and_takes_it_again(const struct screen_case *c)
{
	struct session s;

	if (!ok(begin(&s, c, "xterm-256color") && shows(&s, "Hosts"), "the first screen comes"))
		return;
	send(&s, "\x1a");
	ok(shows(&s, "\x1b[?1049l"), "Ctrl-Z gives the terminal back as it was");
	ok(shows(&s, "\x1b[?1049h") && shows(&s, "1 of 3 hosts"),
	   "and coming back draws all of the screen again");
	ok(end(&s), "and it ends well");
}

/* As under nohup: nothing but the terminal itself says that it is gone. */
static void
a_terminal_that_goes_away_ends_the_program(const struct screen_case *c)
{
	struct session s;
	bool           began;
	int            status = -1;

	signal(SIGHUP, SIG_IGN);
	began = begin(&s, c, "xterm-256color") && shows(&s, "Hosts");
	signal(SIGHUP, SIG_DFL);
	if (!ok(began, "the first screen comes where hangups are ignored"))
		return;
	close(s.terminal);
	waitpid(s.program, &status, 0);
	ok(WIFEXITED(status), "a terminal that goes away ends the program");
}

/* The finding is the first of the first host, as the view shows it. */
static bool
begin_note(struct session *s, const struct screen_case *c)
{
	return begin(s, c, "xterm-256color") && shows(s, "Hosts") && show(s, "\r", "Findings") &&
	       show(s, "a", "Enter keeps it");
}

static void
a_note_that_a_lost_terminal_cut_off_is_kept(const struct screen_case *c)
{
	struct session s;
	int            status = -1;

	if (!ok(begin_note(&s, c) && show(&s, "half of a thought", "half of a thought"),
		"a note is being written"))
		return;
	close(s.terminal);
	waitpid(s.program, &status, 0);
	ok(begin(&s, c, "xterm-256color") && shows(&s, "a note on finding:"),
	   "when its terminal is gone, the next screen names what it is on");
	ok(show(&s, "\r", "Findings") && show(&s, "a", "half of a thought"), "a goes on with it");
	send(&s, ", whole\r");
	ok(shows(&s, "note kept"), "and Enter keeps it");
	ok(show(&s, "a", "half of a thought, whole"), "as the note");
	send(&s, "\033");
	ok(end(&s), "the program ends well");
	ok(begin(&s, c, "xterm-256color") && shows(&s, "Hosts") && show(&s, "2", "of 5 findings") &&
	       !seen(&s, "a note on finding:"),
	   "then nothing is left of that");
	ok(end(&s), "the program ends well");
}

static void
a_note_that_could_not_be_written_can_be_tried_again(const struct screen_case *c)
{
	struct session s;
	char           away[4096];

	if (!ok(begin_note(&s, c), "a note is being written"))
		return;
	snprintf(away, sizeof(away), "%s.away", c->file.path);
	rename(c->file.path, away);
	send(&s, "\025dear thought\r");
	ok(shows(&s, "was moved"), "what cannot be written is said");
	rename(away, c->file.path);
	send(&s, "!\r");
	ok(shows(&s, "note kept"), "and Enter tries it again, with what was typed");
	ok(show(&s, "a", "dear thought!"), "of which nothing is lost");
	send(&s, "\033");
	ok(end(&s), "the program ends well");
}

/* Runs last: the case has more hosts afterwards. */
static void
what_others_add_is_shown_without_a_key(struct screen_case *c)
{
	struct session s;
	struct event   ev;

	if (!ok(begin(&s, c, "xterm-256color") && shows(&s, "Hosts"), "the first screen comes"))
		return;
	s.n = 0;
	case_open(&c->file, CASEFILE_IMPORT);
	case_file(&c->file, "later.evtx", NULL);
	ev = screen_new(c, "NEW-01.corp.example", "Security", 4624, 100, NULL);
	screen_event(c, &ev);
	screen_case_end(c);
	ok(shows(&s, "NEW-01"), "a computer that another import brings comes by itself");
	ok(end(&s), "and the program ends well");
}

int
main(void)
{
	static const int         endings[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	static const char *const types[] = { "xterm", "screen", "linux", "vt100" };
	struct screen_case       c;

	screen_case_begin(&c, "small");
	make_small(&c);
	screen_case_end(&c);
	if (chdir(c.file.folder) != 0)
		return 1;
	a_drag_over_the_timeline_opens_what_it_passed(&c);
	clicks_and_the_wheel(&c);
	pasted_text_is_no_keys(&c);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		keys_of_other_terminals(&c, types[i]);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		a_signal_leaves_the_terminal_as_it_was(&c, endings[i]);
	a_program_that_goes_on_draws_its_screen_again(&c);
	ctrl_z_leaves_the_terminal_and_takes_it_again(&c);
	a_terminal_that_goes_away_ends_the_program(&c);
	a_note_that_a_lost_terminal_cut_off_is_kept(&c);
	a_note_that_could_not_be_written_can_be_tried_again(&c);
	what_others_add_is_shown_without_a_key(&c);
	screen_case_done(&c);
	return done_testing();
}
