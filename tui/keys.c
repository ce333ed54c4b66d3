/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/keys.h"

#include "base/visible.h"

static const struct key_line table[] = {
#define KEY(a, k, w, g, short_word, long_help)                                                     \
	{ .action = ACTION_##a, .name = #a, .keys = (k), .where = KEYS_##w, .group = KEYS_##g,     \
	  .word = (short_word), .help = (long_help) },
#include "tui/keys.def"
#undef KEY
	{ .action = ACTION_NONE, .name = "", .keys = "", .word = "", .help = "" },
};

static const struct {
	struct text   name;
	uint32_t      press;
} named[] = {
	{ TEXT_INIT("Enter"), PRESS_ENTER },	 { TEXT_INIT("Esc"), PRESS_ESCAPE },
	{ TEXT_INIT("Space"), ' ' },		 { TEXT_INIT("Tab"), PRESS_TAB },
	{ TEXT_INIT("Shift-Tab"), PRESS_SHIFT_TAB }, { TEXT_INIT("Backspace"), PRESS_BACKSPACE },
	{ TEXT_INIT("Del"), PRESS_DELETE },	 { TEXT_INIT("Up"), PRESS_UP },
	{ TEXT_INIT("Down"), PRESS_DOWN },	 { TEXT_INIT("Left"), PRESS_LEFT },
	{ TEXT_INIT("Right"), PRESS_RIGHT },	 { TEXT_INIT("Home"), PRESS_HOME },
	{ TEXT_INIT("End"), PRESS_END },	 { TEXT_INIT("PgUp"), PRESS_PAGE_UP },
	{ TEXT_INIT("PgDn"), PRESS_PAGE_DOWN },	 { TEXT_INIT("F1"), PRESS_F1 },
	{ TEXT_INIT("F2"), PRESS_F2 },		 { TEXT_INIT("F5"), PRESS_F5 },
	{ TEXT_INIT("lt"), '<' },
};

const struct key_line *
keys_table(void)
{
	return table;
}

const struct key_line *
keys_line(enum action a)
{
	for (const struct key_line *line = table; line->action != ACTION_NONE; line++)
		if (line->action == a)
			return line;
	return &table[sizeof(table) / sizeof(table[0]) - 1];
}

struct text
keys_command(const struct key_line *line, struct arena *keep)
{
	struct text name = arena_copy(keep, text_of(line->name));
	char       *p = arena_new(keep, char, name.n + 1);

	text_fold(p, name);
	for (size_t i = 0; i < name.n; i++)
		if (p[i] == '_')
			p[i] = '-';
	return (struct text){ p, name.n };
}

bool
keys_parse(struct text name, uint32_t *press)
{
	uint32_t code;

	if (name.n == 6 && text_starts(name, TEXT("Ctrl-")) && name.p[5] >= 'A' &&
	    name.p[5] <= 'Z') {
		*press = PRESS_CTRL((uint32_t)name.p[5]);
		return true;
	}
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (text_eq(name, named[i].name)) {
			*press = named[i].press;
			return true;
		}
	}
	if (!name.n || utf8_decode(name.p, name.p + name.n, &code) != name.n)
		return false;
	*press = code;
	return true;
}

enum action
keys_find(uint32_t press, unsigned where)
{
	for (const struct key_line *line = table; line->action != ACTION_NONE; line++) {
		struct text names = text_of(line->keys);

		if (!(line->where & where))
			continue;
		while (!text_absent(names)) {
			uint32_t one;

			if (keys_parse(text_cut(&names, ' '), &one) && one == press)
				return line->action;
		}
	}
	return ACTION_NONE;
}

bool
keys_next(struct text *script, uint32_t *press, struct err *err)
{
	size_t end;

	if (script->p[0] != '<') {
		size_t n = utf8_decode(script->p, script->p + script->n, press);

		*script = text_from(*script, n);
		return true;
	}
	end = text_find_byte(*script, '>');
	if (end == TEXT_NOWHERE ||
	    !keys_parse((struct text){ script->p + 1, end - 1 }, press))
		return err_set(err, ERR_USAGE, "no key is called " TEXT_FMT " (write < as <lt>)",
			       TEXT_ARG(text_head(*script, 20)));
	*script = text_from(*script, end + 1);
	return true;
}
