/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/theme.h"

#include <stdio.h>
#include <stdlib.h>

enum ansi { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

#define PLAIN(attr)     { .attributes = (attr), .fg = -1, .bg = -1, .fg8 = -1, .bg8 = -1 }
#define IN(attr, f, f8) { .attributes = (attr), .fg = (f), .bg = -1, .fg8 = (f8), .bg8 = -1 }
#define ON(attr, f, b)  { .attributes = (attr), .fg = (f), .bg = (b), .fg8 = (f), .bg8 = (b) }

const struct theme themes[] = {
	{ "dark", "for a dark screen",
	  { [ROLE_TEXT] = PLAIN(0),
	    [ROLE_DIM] = PLAIN(LOOK_DIM),
	    [ROLE_HEAD] = PLAIN(LOOK_BOLD),
	    [ROLE_MARK] = IN(LOOK_BOLD, CYAN, CYAN),
	    [ROLE_FLAG] = IN(LOOK_BOLD, YELLOW, YELLOW),
	    [ROLE_CRIT] = IN(LOOK_BOLD, RED, RED),
	    [ROLE_HIGH] = IN(LOOK_BOLD, YELLOW, YELLOW),
	    [ROLE_MATCH] = IN(LOOK_REVERSE, GREEN, GREEN) } },
	{ "light", "for a light screen: nothing yellow, nothing faint",
	  { [ROLE_TEXT] = PLAIN(0),
	    [ROLE_DIM] = IN(0, 241, -1),
	    [ROLE_HEAD] = PLAIN(LOOK_BOLD),
	    [ROLE_MARK] = IN(LOOK_BOLD, BLUE, BLUE),
	    [ROLE_FLAG] = IN(LOOK_BOLD, 130, MAGENTA),
	    [ROLE_CRIT] = IN(LOOK_BOLD, 124, RED),
	    [ROLE_HIGH] = IN(LOOK_BOLD, 130, MAGENTA),
	    [ROLE_MATCH] = IN(LOOK_REVERSE, 22, GREEN) } },
	{ "high-contrast", "white on black, meaning in blocks of colour",
	  { [ROLE_TEXT] = ON(LOOK_BOLD, WHITE, BLACK),
	    [ROLE_DIM] = ON(0, WHITE, BLACK),
	    [ROLE_HEAD] = ON(LOOK_BOLD | LOOK_UNDERLINE, WHITE, BLACK),
	    [ROLE_MARK] = ON(LOOK_BOLD, CYAN, BLACK),
	    [ROLE_FLAG] = ON(LOOK_BOLD, YELLOW, BLACK),
	    [ROLE_CRIT] = ON(LOOK_BOLD, WHITE, RED),
	    [ROLE_HIGH] = ON(0, BLACK, YELLOW),
	    [ROLE_MATCH] = ON(0, BLACK, WHITE) } },
	{ "mono", "no colour; as NO_COLOR",
	  { [ROLE_TEXT] = PLAIN(0),
	    [ROLE_DIM] = PLAIN(LOOK_DIM),
	    [ROLE_HEAD] = PLAIN(LOOK_BOLD),
	    [ROLE_MARK] = PLAIN(LOOK_BOLD),
	    [ROLE_FLAG] = PLAIN(LOOK_BOLD),
	    [ROLE_CRIT] = PLAIN(LOOK_BOLD),
	    [ROLE_HIGH] = PLAIN(LOOK_BOLD),
	    [ROLE_MATCH] = PLAIN(LOOK_REVERSE) } },
	{ .name = NULL },
};

static const char *const role_names[ROLE_COUNT] = {
	[ROLE_TEXT] = "text", [ROLE_DIM] = "dim",   [ROLE_HEAD] = "head", [ROLE_MARK] = "mark",
	[ROLE_FLAG] = "flag", [ROLE_CRIT] = "crit", [ROLE_HIGH] = "high", [ROLE_MATCH] = "match",
};

const struct theme *
theme_find(struct text name)
{
	for (const struct theme *t = themes; t->name; t++)
		if (name.n && text_istarts(text_of(t->name), name))
			return t;
	return NULL;
}

void
theme_names(char out[THEME_NAMES_MAX])
{
	size_t n = 0;

	out[0] = '\0';
	for (const struct theme *t = themes; t->name && n < THEME_NAMES_MAX; t++)
		n += (size_t)snprintf(out + n, THEME_NAMES_MAX - n, "%s%s", n ? " " : "", t->name);
}

const struct theme *
theme_usual(void)
{
	const char *said = getenv("COLORFGBG"); /* "0;15": the background comes last */
	struct text ground = said ? text_of(said) : TEXT_NONE;
	uint64_t    n;

	if (ground.n && text_rfind_byte(ground, ';') != TEXT_NOWHERE)
		ground = text_from(ground, text_rfind_byte(ground, ';') + 1);
	return ground.n && text_to_u64(ground, &n) && (n == 7 || n == 15) ? &themes[1] : &themes[0];
}

const char *
theme_role_name(enum role role)
{
	return role_names[role];
}

bool
theme_role(struct text name, enum role *out)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		if (text_eq(text_of(role_names[i]), name)) {
			*out = (enum role)i;
			return true;
		}
	}
	return false;
}

static const uint32_t ansi_rgb[16] = {
	0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
	0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

/* What xterm's palette of 256 holds: 16 colours, a cube of 6 x 6 x 6, 24 greys. */
static uint32_t
palette_rgb(int n)
{
	static const uint32_t steps[6] = { 0, 95, 135, 175, 215, 255 };
	uint32_t              grey;

	if (n < 16)
		return ansi_rgb[n];
	if (n >= 232) {
		grey = (uint32_t)(8 + (n - 232) * 10);
		return grey << 16 | grey << 8 | grey;
	}
	n -= 16;
	return steps[n / 36] << 16 | steps[n / 6 % 6] << 8 | steps[n % 6];
}

static int
nearest(uint32_t rgb, int first, int end)
{
	int  best = first;
	long least = -1;

	for (int i = first; i < end; i++) {
		uint32_t other = palette_rgb(i);
		long     distance = 0;

		for (int shift = 0; shift <= 16; shift += 8) {
			long d = (long)(rgb >> shift & 255) - (long)(other >> shift & 255);

			distance += d * d;
		}
		if (least < 0 || distance < least) {
			least = distance;
			best = i;
		}
	}
	return best;
}

int
colour_for(int32_t colour, int8_t in8, int colours)
{
	if (colour < 0)
		return COLOUR_DEFAULT;
	if (colours > 256) /* direct colour: the first 8 are the palette's */
		return colour < 8 ? colour
		       : colour & COLOUR_RGB ? colour & 0xffffff
					     : (int)palette_rgb(colour);
	if (colours == 256)
		return colour & COLOUR_RGB ? nearest((uint32_t)colour & 0xffffff, 16, 256) : colour;
	return colour < colours ? colour : in8;
}

static bool
colour_parse(struct text word, int32_t *out)
{
	static const char *const names[] = { "black", "red",	 "green", "yellow",
					     "blue",  "magenta", "cyan",  "white" };
	bool                     bright = text_starts(word, TEXT("bright-"));
	uint64_t                 n;
	char                     hex[16];

	if (text_eq(word, TEXT("default"))) {
		*out = COLOUR_DEFAULT;
		return true;
	}
	if (word.n == 7 && word.p[0] == '#') {
		snprintf(hex, sizeof(hex), "0x%.6s", word.p + 1);
		if (!text_to_u64(text_of(hex), &n))
			return false;
		*out = (int32_t)(COLOUR_RGB | n);
		return true;
	}
	if (text_to_u64(word, &n) && n < 256) {
		*out = (int32_t)n;
		return true;
	}
	for (int i = 0; i < 8; i++) {
		if (text_eq(text_from(word, bright ? 7 : 0), text_of(names[i]))) {
			*out = i + (bright ? 8 : 0);
			return true;
		}
	}
	return false;
}

static int8_t
in_eight(int32_t colour)
{
	if (colour < 0)
		return COLOUR_DEFAULT;
	if (colour < 16)
		return (int8_t)(colour % 8);
	return (int8_t)nearest(colour & COLOUR_RGB ? (uint32_t)colour & 0xffffff
						   : palette_rgb(colour),
			       0, 8);
}

bool
look_parse(struct text words, struct look *out, struct err *err)
{
	static const struct {
		const char *name;
		unsigned    attribute;
	} attributes[] = { { "plain", 0 },
			   { "bold", LOOK_BOLD },
			   { "dim", LOOK_DIM },
			   { "underline", LOOK_UNDERLINE },
			   { "reverse", LOOK_REVERSE } };
	struct look look = PLAIN(0);
	bool        ground = false;

	while (words.n) {
		struct text word = text_cut(&words, ' ');
		size_t      i = 0, n = sizeof(attributes) / sizeof(attributes[0]);

		if (!word.n)
			continue;
		if (text_eq(word, TEXT("#")))
			break;
		while (i < n && !text_eq(word, text_of(attributes[i].name)))
			i++;
		if (i < n)
			look.attributes |= attributes[i].attribute;
		else if (text_eq(word, TEXT("on")))
			ground = true;
		else if (!colour_parse(word, ground ? &look.bg : &look.fg))
			return err_set(err, ERR_USAGE,
				       "\"" TEXT_FMT "\" is no colour: red, bright-red, 0 to 255, "
				       "#ff8800, bold, dim, underline, reverse, plain",
				       TEXT_ARG(text_head(word, 40)));
	}
	look.fg8 = in_eight(look.fg);
	look.bg8 = in_eight(look.bg);
	*out = look;
	return true;
}
