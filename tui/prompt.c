/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/prompt.h"

#include "base/visible.h"
#include "tui/app.h"
#include "tui/keys.h"

static void
prompt_set(struct prompt *p, struct text text)
{
	p->n = text.n < sizeof(p->text) ? text.n : sizeof(p->text);
	if (p->n)
		memcpy(p->text, text.p, p->n);
	p->at = p->n;
}

void
prompt_open(struct prompt *p, const char *label, const char *help, struct text start)
{
	*p = (struct prompt){ .open = true, .label = label, .help = help };
	prompt_set(p, start);
	p->n_begun = p->n < sizeof(p->begun) ? p->n : sizeof(p->begun);
	memcpy(p->begun, p->text, p->n_begun);
}

static size_t
before(const struct prompt *p, size_t at)
{
	while (at > 0 && ((unsigned char)p->text[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t
behind(const struct prompt *p, size_t at)
{
	if (at < p->n)
		at++;
	while (at < p->n && ((unsigned char)p->text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static void
cut(struct prompt *p, size_t from, size_t to)
{
	memmove(p->text + from, p->text + to, p->n - to);
	p->n -= to - from;
	p->at = from;
}

static bool
insert(struct prompt *p, uint32_t code)
{
	char   utf8[4];
	size_t n = utf8_encode(code, utf8);

	if (p->proposed)
		cut(p, 0, p->n);
	if (p->n + n > sizeof(p->text))
		return false;
	memmove(p->text + p->at + n, p->text + p->at, p->n - p->at);
	memcpy(p->text + p->at, utf8, n);
	p->n += n;
	p->at += n;
	return true;
}

static size_t
word_start(const struct prompt *p)
{
	size_t at = p->at;

	while (at > 0 && p->text[at - 1] == ' ')
		at--;
	while (at > 0 && p->text[at - 1] != ' ')
		at--;
	return at;
}

static void
keep_typed(struct prompt *p)
{
	memcpy(p->typed, p->text, p->n);
	p->n_typed = p->n;
	p->at_typed = p->at;
}

/* What the prompt began with is not what anybody typed. */
struct text
prompt_needle(const struct prompt *p, struct arena *keep)
{
	struct text typed = p->recalled ? (struct text){ p->typed, p->n_typed }
					: (struct text){ p->text, p->n };
	char       *folded;

	if (text_eq(typed, (struct text){ p->begun, p->n_begun }))
		return TEXT("");
	typed = text_trim(typed);
	folded = arena_new(keep, char, typed.n + 1);
	text_fold(folded, typed);
	return (struct text){ folded, typed.n };
}

/* Earlier inputs that have what was typed in them, and are not what stands there. */
static bool
recall(struct app *app, struct prompt *p, bool older)
{
	struct text needle = prompt_needle(p, &app->frame), past;
	size_t      at = p->history;

	if (!p->past || (!older && !at))
		return false;
	while (older ? ++at : --at) {
		past = p->past(app, at);
		if (!past.n) {
			if (p->history || !needle.n)
				app_say(app, p->history ? "that was the oldest" : "there is no earlier one");
			else
				app_say(app, "no earlier one has \"" TEXT_FMT "\" in it", TEXT_ARG(needle));
			return false;
		}
		if (text_ifind(past, needle) != TEXT_NOWHERE &&
		    !text_eq(past, (struct text){ p->text, p->n }))
			break;
	}
	if (!p->recalled)
		keep_typed(p);
	p->history = at;
	p->recalled = at > 0;
	prompt_set(p, at ? past : (struct text){ p->typed, p->n_typed });
	return true;
}

static void
forget(struct app *app, struct prompt *p)
{
	if (!p->history || !p->forget)
		return;
	p->forget(app, p->history--);
}

bool
prompt_suggest(struct app *app, const struct prompt *p, struct arena *keep, struct popup *out)
{
	struct text text = { p->text, p->n };
	size_t      at = p->at;

	if (!p->suggest)
		return false;
	if (p->taken) {
		text = (struct text){ p->typed, p->n_typed };
		at = p->at_typed;
	}
	popup_begin(out, keep, at, at);
	p->suggest(app, text, at, out);
	return true;
}

/* Puts the suggestion in its place of what was typed. */
static bool
take_suggestion(struct app *app, struct prompt *p)
{
	struct popup popup;
	struct text  typed, insert;
	size_t       head;

	if (!prompt_suggest(app, p, &app->frame, &popup) || !popup.n)
		return false;
	if (!p->taken)
		keep_typed(p);
	typed = (struct text){ p->typed, p->n_typed };
	insert = popup.lines[p->taken++ % popup.n].insert;
	if (popup.n == 1) /* there is no other: the next Tab is about what follows it */
		p->taken = 0;
	head = popup.from + insert.n;
	if (head + (typed.n - popup.to) > sizeof(p->text))
		return false;
	memcpy(p->text, typed.p, popup.from);
	memcpy(p->text + popup.from, insert.p, insert.n);
	memcpy(p->text + head, typed.p + popup.to, typed.n - popup.to);
	p->n = head + typed.n - popup.to;
	p->at = head;
	return true;
}

/* Editing keys; false: the key changed nothing. */
static bool
edit(struct app *app, struct prompt *p, uint32_t press)
{
	switch (press) {
	case PRESS_LEFT:
		p->at = before(p, p->at);
		return false;
	case PRESS_RIGHT:
		p->at = behind(p, p->at);
		return false;
	case PRESS_HOME:
	case PRESS_CTRL('A'):
		p->at = 0;
		return false;
	case PRESS_END:
	case PRESS_CTRL('E'):
		p->at = p->n;
		return false;
	case PRESS_UP:
	case PRESS_CTRL('R'):
		return recall(app, p, true);
	case PRESS_DOWN:
		return recall(app, p, false);
	case PRESS_CTRL('X'):
		forget(app, p);
		return false;
	case PRESS_BACKSPACE:
		cut(p, before(p, p->at), p->at);
		return true;
	case PRESS_DELETE: {
		size_t at = p->at;

		cut(p, at, behind(p, at));
		return true;
	}
	case PRESS_CTRL('U'):
		cut(p, 0, p->at);
		return true;
	case PRESS_CTRL('W'):
		cut(p, word_start(p), p->at);
		return true;
	case PRESS_TAB:
		return take_suggestion(app, p);
	}
	if (press < ' ' || press >= PRESS_NONE)
		return false;
	return insert(p, press);
}

void
prompt_press(struct app *app, struct prompt *p, uint32_t press)
{
	struct prompt was = *p; /* the functions may open another prompt */

	if (press == PRESS_ENTER) {
		p->open = false;
		was.done(app, (struct text){ was.text, was.n });
	} else if (press == PRESS_ESCAPE || press == PRESS_CTRL('C')) {
		p->open = false;
		if (was.given_up)
			was.given_up(app, (struct text){ was.begun, was.n_begun });
	} else {
		size_t history = p->history;
		bool   changed = edit(app, p, press);

		p->proposed = false;
		if (press != PRESS_TAB)
			p->taken = 0;
		if (changed && p->history == history) { /* it is another text now */
			p->history = 0;
			p->recalled = false;
		}
		if (changed && p->open && p->changed)
			p->changed(app, (struct text){ p->text, p->n });
	}
}

static int
label_width(const struct prompt *p, const struct screen *s)
{
	return 1 + screen_width(s, text_of(p->label)) + 2; /* "> " */
}

/* The end of a long line is what is being typed: the first byte that is to be seen. */
static size_t
first_shown(const struct prompt *p, const struct screen *s)
{
	int    room = s->columns - label_width(p, s) - 1;
	size_t from = 0;

	while (from < p->at &&
	       screen_width(s, text_from((struct text){ p->text, p->at }, from)) > room - 1)
		from = behind(p, from);
	return from;
}

int
prompt_column(const struct prompt *p, const struct screen *s, size_t at)
{
	size_t from = first_shown(p, s);

	if (at < from || at > p->n)
		return -1;
	return label_width(p, s) + screen_width(s, text_from((struct text){ p->text, at }, from));
}

void
prompt_draw(const struct prompt *p, struct screen *s, int row, size_t wrong_at)
{
	struct text text = { p->text, p->n };
	int         at = screen_put(s, row, 1, s->columns - 1, text_of(p->label), ROLE_HEAD) + 1;
	int         room = s->columns - label_width(p, s) - 1, right;
	size_t      from = first_shown(p, s);

	screen_put(s, row, at, s->columns - at, TEXT("> "), ROLE_HEAD);
	at = label_width(p, s);
	if (wrong_at > p->n)
		wrong_at = p->n;
	if (wrong_at < from)
		wrong_at = from;
	right = screen_put_part(s, row, at, room, text_from(text_head(text, wrong_at), from),
				p->proposed ? ROLE_MARK : ROLE_TEXT);
	screen_put(s, row, at + right, room - right, text_from(text, wrong_at), ROLE_FLAG);
	s->cursor_row = row;
	s->cursor_column = prompt_column(p, s, p->at);
	if (s->cursor_column >= s->columns)
		s->cursor_column = s->columns - 1;
}
