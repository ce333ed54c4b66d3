/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "tui/keys.h"
#include "tui/paint.h"

struct terminal {
	SCREEN       *screen;
	WINDOW       *keys; /* a pad: reading from it draws nothing */
	struct paint *paint;
	bool          ascii, mouse;
	int           click_row, click_column;
};

void
terminal_wear(struct terminal *t, const struct theme *theme)
{
	paint_wear(t->paint, theme);
}

/* How reports of the mouse begin. The curses library would make clicks of a press and a release
 * that come together, wherever the one and the other was, so they are read here. */
#define KEY_MOUSE_SGR (KEY_MAX + 1)
#define KEY_MOUSE_X10 (KEY_MAX + 2)
#define KEY_PASTE     (KEY_MAX + 3)
#define KEY_PASTE_END (KEY_MAX + 4)
/* In the number of the button. */
#define MOUSE_MOVED 32
#define MOUSE_WHEEL 64

/* Terminals send arrows in two forms, whatever their entry in terminfo says; the other one would be
 * Esc and two letters. */
static void
know_arrows(void)
{
	static const struct {
		const char *sent;
		int         key;
	} arrows[] = {
		{ "\033[A", KEY_UP },    { "\033OA", KEY_UP },   { "\033[B", KEY_DOWN },
		{ "\033OB", KEY_DOWN },  { "\033[C", KEY_RIGHT }, { "\033OC", KEY_RIGHT },
		{ "\033[D", KEY_LEFT },  { "\033OD", KEY_LEFT }, { "\033[H", KEY_HOME },
		{ "\033OH", KEY_HOME },  { "\033[1~", KEY_HOME }, { "\033[F", KEY_END },
		{ "\033OF", KEY_END },   { "\033[4~", KEY_END },  { "\033[5~", KEY_PPAGE },
		{ "\033[6~", KEY_NPAGE }, { "\033[3~", KEY_DC },   { "\033[Z", KEY_BTAB },
	};

	for (size_t i = 0; i < sizeof(arrows) / sizeof(arrows[0]); i++)
		define_key(arrows[i].sent, arrows[i].key);
	define_key("\033[200~", KEY_PASTE);
	define_key("\033[201~", KEY_PASTE_END);
	define_key("\033[<", KEY_MOUSE_SGR);
	define_key("\033[M", KEY_MOUSE_X10);
}

static void
write_all(const char *p, size_t n)
{
	struct pollfd ready = { .fd = STDOUT_FILENO, .events = POLLOUT };

	while (n > 0) {
		ssize_t k = write(STDOUT_FILENO, p, n);

		if (k < 0 && errno == EAGAIN) /* left so by the program before */
			poll(&ready, 1, -1);
		else if (k < 0 && errno != EINTR)
			return;
		p += k > 0 ? k : 0;
		n -= k > 0 ? (size_t)k : 0;
	}
}

/* Pasted text comes between marks, so that it is never taken for keys. */
static const char tell_pastes[] = "\033[?2004h", keys_again[] = "\033[?2004l";

struct terminal *
terminal_open(bool no_colour, struct err *err)
{
	const char      *name = getenv("TERM");
	const char      *plain = getenv("NO_COLOR");
	struct terminal *t;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		err_set(err, ERR_USAGE, "there is no terminal to draw on");
		return NULL;
	}
	t = calloc(1, sizeof(*t));
	if (!t)
		arena_exhausted(sizeof(*t));
	setlocale(LC_CTYPE, "");
	t->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	t->screen = newterm(name && *name ? name : "vt100", stdout, stdin);
	if (!t->screen) {
		err_set(err, ERR_USAGE, "the terminal type %s is not known; try TERM=vt100",
			name ? name : "(none)");
		free(t);
		return NULL;
	}
	set_term(t->screen);
	if (!tigetstr("cup") || tigetstr("cup") == (char *)-1) {
		endwin();
		delscreen(t->screen);
		free(t);
		err_set(err, ERR_USAGE, "a terminal of type %s cannot place text on the screen; try TERM=vt100, or auger hosts CASE",
			name);
		return NULL;
	}
	set_escdelay(25);
	raw(); /* Ctrl-C is a key */
	noecho();
	nonl();
	t->keys = newpad(1, 1);
	keypad(t->keys, TRUE);
	nodelay(t->keys, TRUE);
	know_arrows();
	refresh(); /* what turns the terminal over to a screen */
	write_all(tell_pastes, sizeof(tell_pastes) - 1);
	t->paint = paint_new(t->ascii, !no_colour && !(plain && *plain));
	return t;
}

/* Where there is no other screen to go back to, the prompt of the shell comes to stand in the last
 * line: what is left in it goes. */
static void
clear_last_line(void)
{
	const char *back = tigetstr("rmcup"), *clear = tigetstr("el");

	if ((!back || back == (const char *)-1) && clear && clear != (const char *)-1)
		write_all(clear, strcspn(clear, "$"));
}

void
terminal_close(struct terminal *t)
{
	if (!t)
		return;
	terminal_mouse(t, false);
	write_all(keys_again, sizeof(keys_again) - 1);
	paint_free(t->paint);
	delwin(t->keys);
	endwin();
	clear_last_line();
	delscreen(t->screen);
	free(t);
}

void
terminal_suspend(struct terminal *t)
{
	terminal_mouse(t, false);
	write_all(keys_again, sizeof(keys_again) - 1);
	endwin();
	clear_last_line();
	raise(SIGTSTP);
	refresh();
	write_all(tell_pastes, sizeof(tell_pastes) - 1);
	terminal_redraw(t);
}

bool
terminal_is_ascii(const struct terminal *t)
{
	return t->ascii;
}

void
terminal_size(const struct terminal *t, int *rows, int *columns)
{
	(void)t;
	getmaxyx(stdscr, *rows, *columns);
}

void
terminal_redraw(struct terminal *t)
{
	paint_forget(t->paint);
}

void
terminal_show(struct terminal *t, const struct screen *s)
{
	struct text bytes = paint_screen(t->paint, s);

	write_all(bytes.p, bytes.n);
}

static uint32_t
special(wint_t key)
{
	switch (key) {
	case KEY_UP:
		return PRESS_UP;
	case KEY_DOWN:
		return PRESS_DOWN;
	case KEY_LEFT:
		return PRESS_LEFT;
	case KEY_RIGHT:
		return PRESS_RIGHT;
	case KEY_HOME:
		return PRESS_HOME;
	case KEY_END:
		return PRESS_END;
	case KEY_PPAGE:
		return PRESS_PAGE_UP;
	case KEY_NPAGE:
		return PRESS_PAGE_DOWN;
	case KEY_BTAB:
		return PRESS_SHIFT_TAB;
	case KEY_DC:
		return PRESS_DELETE;
	case KEY_BACKSPACE:
		return PRESS_BACKSPACE;
	case KEY_ENTER:
		return PRESS_ENTER;
	case KEY_F(1):
		return PRESS_F1;
	case KEY_F(2):
		return PRESS_F2;
	case KEY_F(5):
		return PRESS_F5;
	case KEY_PASTE:
		return PRESS_PASTE;
	case KEY_PASTE_END:
		return PRESS_PASTE_END;
	case KEY_RESIZE:
		return PRESS_RESIZE;
	}
	return PRESS_NONE + 100; /* a key without a meaning */
}

/* Buttons, motion while one is down, and that in a form with room for any column. */
void
terminal_mouse(struct terminal *t, bool on)
{
	static const char take[] = "\033[?1002h\033[?1006h", leave[] = "\033[?1006l\033[?1002l";

	if (on == t->mouse)
		return;
	t->mouse = on;
	write_all(on ? take : leave, sizeof(take) - 1);
}

void
terminal_click(const struct terminal *t, int *row, int *column)
{
	*row = t->click_row;
	*column = t->click_column;
}

#define REST_MS   50 /* of a report that has begun */
#define PLACE_MAX 100000

/* A number of a report in SGR form and what stands behind it; false: there is none. */
static bool
read_number(struct terminal *t, int *number, wint_t *behind)
{
	bool any = false;

	*number = 0;
	for (; wget_wch(t->keys, behind) == OK && *behind >= '0' && *behind <= '9'; any = true)
		if (*number < PLACE_MAX)
			*number = *number * 10 + (int)(*behind - '0');
	return any;
}

static uint32_t
mouse_event(struct terminal *t, int button, int column, int row, bool released)
{
	t->click_row = row - 1;
	t->click_column = column - 1;
	if (button == MOUSE_WHEEL)
		return PRESS_WHEEL_UP;
	if (button == MOUSE_WHEEL + 1)
		return PRESS_WHEEL_DOWN;
	if (button & MOUSE_WHEEL || (button & 3) > 0)
		return PRESS_NONE + 100; /* another button */
	return released || button & MOUSE_MOVED ? PRESS_RELEASE : PRESS_CLICK;
}

static uint32_t
read_sgr(struct terminal *t)
{
	int    button, column, row;
	wint_t behind = 0;
	bool   good;

	wtimeout(t->keys, REST_MS);
	good = read_number(t, &button, &behind) && behind == ';' && read_number(t, &column, &behind) &&
	       behind == ';' && read_number(t, &row, &behind) && column > 0 && row > 0;
	while (behind >= ' ' && behind < '@' && wget_wch(t->keys, &behind) == OK)
		; /* what is no report is no keys either */
	nodelay(t->keys, TRUE);
	if (!good || (behind != 'M' && behind != 'm'))
		return PRESS_NONE + 100;
	return mouse_event(t, button, column, row, behind == 'm');
}

/* Three bytes, 32 more than they say; button 3 is a release. */
static uint32_t
read_x10(struct terminal *t)
{
	wint_t bytes[3] = { 0 };
	bool   good = true;

	wtimeout(t->keys, REST_MS);
	for (int i = 0; i < 3 && good; i++)
		good = wget_wch(t->keys, &bytes[i]) == OK && bytes[i] >= (i ? 33 : 32);
	nodelay(t->keys, TRUE);
	if (!good)
		return PRESS_NONE + 100;
	if (((bytes[0] - 32) & 3) == 3 && !((bytes[0] - 32) & MOUSE_WHEEL))
		return mouse_event(t, 0, (int)bytes[1] - 32, (int)bytes[2] - 32, true);
	return mouse_event(t, (int)bytes[0] - 32, (int)bytes[1] - 32, (int)bytes[2] - 32, false);
}

uint32_t
terminal_key(struct terminal *t)
{
	wint_t key = 0;
	int    kind = wget_wch(t->keys, &key);

	if (kind == ERR)
		return PRESS_NONE;
	if (kind == KEY_CODE_YES && key == KEY_MOUSE_SGR)
		return read_sgr(t);
	if (kind == KEY_CODE_YES && key == KEY_MOUSE_X10)
		return read_x10(t);
	if (kind == KEY_CODE_YES)
		return special(key);
	if (key == '\r')
		return PRESS_ENTER;
	if (key == 8)
		return PRESS_BACKSPACE;
	return (uint32_t)key;
}

static size_t
base64(struct text t, char *out)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t            at = 0;

	for (size_t i = 0; i < t.n; i += 3) {
		uint32_t three = 0;

		for (size_t k = 0; k < 3; k++)
			three = three << 8 | (i + k < t.n ? (unsigned char)t.p[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			out[at++] = i + k > t.n ? '=' : digits[three >> (18 - 6 * k) & 63];
	}
	return at;
}

void
terminal_copy(struct terminal *t, struct text text)
{
	const char *inside = getenv("TMUX");
	const char *name = getenv("TERM");
	bool        screen = !inside && name && strncmp(name, "screen", 6) == 0;
	const char *open = inside   ? "\033Ptmux;\033\033]52;c;"
			   : screen ? "\033P\033]52;c;"
				    : "\033]52;c;";
	const char *close = inside ? "\a\033\\" : screen ? "\a\033\\" : "\a";
	char       *encoded = malloc(text.n / 3 * 4 + 8);

	(void)t;
	if (!encoded)
		return;
	write_all(open, strlen(open));
	write_all(encoded, base64(text, encoded));
	write_all(close, strlen(close));
	free(encoded);
}

bool
terminal_wait(const int *descriptors, int n, int timeout_ms)
{
	struct pollfd fds[6] = { { .fd = STDIN_FILENO, .events = POLLIN } };

	for (int i = 0; i < n; i++)
		fds[i + 1] = (struct pollfd){ .fd = descriptors[i], .events = POLLIN };
	if (poll(fds, (nfds_t)n + 1, timeout_ms) < 0)
		return errno == EINTR; /* a change of size */
	return !(fds[0].revents & (POLLHUP | POLLERR | POLLNVAL));
}
