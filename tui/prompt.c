/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/prompt.h"

#include "base/visible.h"
#include "tui/keys.h"

void
prompt_open(struct prompt *p, const char *label, const char *help, struct text start)
{
	*p = (struct prompt){ .open = true, .label = label, .help = help };
	prompt_set(p, start);
	p->n_begun = p->n < sizeof(p->begun) ? p->n : sizeof(p->begun);
	memcpy(p->begun, p->text, p->n_begun);
}

void
prompt_set(struct prompt *p, struct text text)
{
	p->n = text.n < sizeof(p->text) ? text.n : sizeof(p->text);
	if (p->n)
		memcpy(p->text, text.p, p->n);
	p->at = p->n;
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

static void
insert(struct prompt *p, uint32_t code)
{
	char   utf8[4];
	size_t n = utf8_encode(code, utf8);

	if (p->n + n > sizeof(p->text))
		return;
	memmove(p->text + p->at + n, p->text + p->at, p->n - p->at);
	memcpy(p->text + p->at, utf8, n);
	p->n += n;
	p->at += n;
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
recall(struct app *app, struct prompt *p, int step)
{
	size_t             n = 0;
	const struct text *past = p->past ? p->past(app, &n) : NULL;

	if (step > 0 && p->history < n)
		p->history++;
	else if (step < 0 && p->history > 0)
		p->history--;
	else
		return;
	prompt_set(p, p->history ? past[n - p->history]
				 : (struct text){ p->begun, p->n_begun });
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
		recall(app, p, 1);
		return true;
	case PRESS_DOWN:
		recall(app, p, -1);
		return true;
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
		if (p->complete)
			p->complete(app, (struct text){ p->text, p->n });
		return true;
	}
	if (press < ' ' || press >= PRESS_NONE)
		return false;
	insert(p, press);
	return true;
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
	} else if (edit(app, p, press) && p->open && p->changed) {
		p->changed(app, (struct text){ p->text, p->n });
	}
}

void
prompt_draw(const struct prompt *p, struct screen *s, int row)
{
	struct text label = text_of(p->label);
	int         at = screen_put(s, row, 1, s->columns - 1, label, ROLE_HEAD) + 1;
	int         room = s->columns - at - 1;
	size_t      from = 0;
	struct text head;

	at += screen_put(s, row, at, room, TEXT("> "), ROLE_HEAD);
	room = s->columns - at - 1;
	head = (struct text){ p->text, p->at };
	/* the end of a long line is what is being typed */
	while (from < p->at && screen_width(s, text_from(head, from)) > room - 1)
		from = behind(p, from);
	screen_put(s, row, at, room, text_from((struct text){ p->text, p->n }, from), ROLE_TEXT);
	s->cursor_row = row;
	s->cursor_column = at + screen_width(s, text_from(head, from));
	if (s->cursor_column >= s->columns)
		s->cursor_column = s->columns - 1;
}
