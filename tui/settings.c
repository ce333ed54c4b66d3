/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/app.h"

#define LINE_BYTES 1024

static void
wear(struct settings *s, const struct theme *theme)
{
	s->theme = *theme;
	for (int i = 0; i < ROLE_COUNT; i++)
		if (s->has_own[i])
			s->theme.looks[i] = s->own[i];
}

void
settings_begin(struct settings *s)
{
	*s = (struct settings){ 0 };
	wear(s, theme_usual());
}

bool
settings_theme(struct settings *s, struct text name, struct err *err)
{
	const struct theme *theme = theme_find(name);
	char                names[THEME_NAMES_MAX];

	if (!theme) {
		theme_names(names);
		return err_set(err, ERR_USAGE, "no theme is called " TEXT_FMT " (%s)",
			       TEXT_ARG(text_head(name, 40)), names);
	}
	wear(s, theme);
	return true;
}

static struct text
next_word(struct text *line)
{
	struct text word;

	*line = text_trim(*line);
	if (!line->n)
		return TEXT("");
	word = text_cut(line, ' ');
	*line = text_trim(*line);
	return word;
}

static bool
read_colour(struct settings *s, struct text line, struct err *err)
{
	struct text name = next_word(&line);
	enum role   role;
	struct look look;

	if (!theme_role(name, &role))
		return err_set(err, ERR_USAGE,
			       "nothing is called \"" TEXT_FMT
			       "\" (text dim head mark flag crit high match)",
			       TEXT_ARG(text_head(name, 40)));
	if (!look_parse(line, &look, err))
		return false;
	s->own[role] = look;
	s->has_own[role] = true;
	s->theme.looks[role] = look;
	return true;
}

static bool
read_line(struct settings *s, struct text line, unsigned number, struct err *err)
{
	struct text first, key, command;

	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == '\t')
			return err_set(err, ERR_USAGE, "a tab; use blanks");
	first = next_word(&line);
	if (!first.n || first.p[0] == '#')
		return true;
	if (text_eq(first, TEXT("theme")))
		return settings_theme(s, next_word(&line), err);
	if (text_eq(first, TEXT("colour")) || text_eq(first, TEXT("color")))
		return read_colour(s, line, err);
	key = next_word(&line);
	command = next_word(&line);
	if (!command.n || (line.n && line.p[0] != '#'))
		return err_set(err, ERR_USAGE,
			       "not SCREEN KEY COMMAND such as \"hosts e export\", theme or colour");
	return keymap_bind(&s->keys, first, key, command, number, err);
}

void
settings_read(struct settings *s, const char *path, settings_error_fn *fn, void *ctx)
{
	FILE    *in = fopen(path, "r");
	char     line[LINE_BYTES];
	unsigned number = 0;

	if (!in) {
		struct err err = { 0 };

		if (errno == ENOENT || errno == ENOTDIR)
			return;
		err_set(&err, ERR_IO, "cannot be read: %s", strerror(errno));
		err_where(&err, "%s", path);
		fn(ctx, &err);
		return;
	}
	while (fgets(line, sizeof(line), in)) {
		struct err err = { 0 };

		number++;
		if (read_line(s, text_trim(text_of(line)), number, &err))
			continue;
		err_where(&err, "%s:%u", path, number);
		fn(ctx, &err);
	}
	fclose(in);
}

static void
print_screens(FILE *out)
{
	int at = fprintf(out, "# SCREEN is all, or one of");

	for (size_t i = 0; view_kinds[i]; i++) {
		if (at + (int)strlen(view_kinds[i]->name) > 75)
			at = fprintf(out, "\n#  ") - 1;
		at += fprintf(out, " %s", view_kinds[i]->name);
	}
	fputs(".\n", out);
}

static void
print_keys(FILE *out)
{
	struct arena keep = arena_open(1 << 20);

	for (const struct key_line *l = keys_table(); l->action != ACTION_NONE; l++) {
		struct text names = text_of(l->keys), command = keys_command(l, &keep);

		while (!text_absent(names)) {
			struct text name = text_cut(&names, ' ');

			fprintf(out, "#all %-10.*s %-14.*s # %s\n", TEXT_ARG(name),
				TEXT_ARG(command), l->help);
		}
	}
	arena_close(&keep);
}

void
settings_print(FILE *out)
{
	fputs("# Keys and colours of auger. Lines behind # say how it is without them.\n\n"
	      "# theme NAME:\n",
	      out);
	for (const struct theme *t = themes; t->name; t++)
		fprintf(out, "#theme %-14s # %s\n", t->name, t->help);
	fputs("\n# colour WHAT LOOK: LOOK is of bold dim underline reverse plain, red, bright-red,\n"
	      "# 0 to 255, #ff8800, and \"on\" before a ground. WHAT is of",
	      out);
	for (int i = 0; i < ROLE_COUNT; i++)
		fprintf(out, " %s", theme_role_name((enum role)i));
	fputs(".\n#colour crit bold white on red\n\n# SCREEN KEY COMMAND: none takes a key off.\n",
	      out);
	print_screens(out);
	print_keys(out);
}

/* All folders above the file. */
static bool
make_folders(const char *path, struct err *err)
{
	char folder[1024];

	snprintf(folder, sizeof(folder), "%s", path);
	for (char *p = folder + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(folder, 0700) != 0 && errno != EEXIST)
			return err_set(err, ERR_IO, "cannot make %s: %s", folder, strerror(errno));
		*p = '/';
	}
	return true;
}

bool
settings_write(const char *path, struct err *err)
{
	int   fd;
	FILE *out;

	if (!make_folders(path, err))
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return err_set(err, ERR_USAGE, "%s exists; :keys FILE writes another one", path);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out)
		return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	settings_print(out);
	if (fclose(out) != 0)
		return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	return true;
}
