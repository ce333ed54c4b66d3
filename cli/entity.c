/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of hosts and users: listed, set, read from a list of assets or identities. */
#include "config.h"

#include "base/counted.h"
#include "cli/cli.h"
#include "cli/factoring.h"
#include "cli/kind.h"
#include "cli/risk_words.h"
#include "cli/views.h"
#include "rules/lookups.h"

#define ALWAYS(name) { TEXT_INIT(name), COLUMN_ALWAYS }
#define WIDE(name)   { TEXT_INIT(name), COLUMN_WIDE }

static const struct print_column columns[] = {
	ALWAYS("entity"), ALWAYS("kind"), ALWAYS("attribute"),
	ALWAYS("value"),  WIDE("author"), WIDE("time"),
};
#define COLUMNS (sizeof(columns) / sizeof(*columns))

struct listing {
	const struct printing *to;
	struct text            only; /* absent: all */
};

static void
print_entities(struct casefile *cf, const struct listing *l)
{
	struct arena             keep = arena_open((size_t)1 << 34);
	struct entity_attribute *all;
	size_t                   n = entities(cf, &keep, &all);

	for (size_t i = 0; i < n; i++) {
		if (!text_absent(l->only) && !text_ieq(all[i].name, l->only))
			continue;
		print_row(l->to->print, (struct print_cell[COLUMNS]){
					    cell_text(all[i].name),
					    cell_text(text_of(risk_object_type_name(all[i].kind))),
					    cell_text(all[i].attribute),
					    cell_list(all[i].value),
					    cell_text(all[i].author),
					    cell_time(all[i].time_ns),
					});
	}
	arena_close(&keep);
}

static bool
entity_rows(struct casefile *cf, const struct case_filter *f, struct printing *to, struct err *err)
{
	(void)f, (void)err;
	print_entities(cf, &(struct listing){ to, TEXT_NONE });
	return true;
}

const struct case_view case_view_entities = { "entities", columns, COLUMNS, entity_rows };

static int
list(struct cli *cli, struct casefile *cf, struct err *err)
{
	const struct options *opt = cli->opt;
	struct print_style    style;
	uint64_t              rows;

	if (!cli_style(cli, cf, &style, err))
		return cli_fail(err);
	struct printing to = { print_begin(&style, columns, COLUMNS), arena_open((size_t)64 << 20) };

	print_entities(cf, &(struct listing){ &to, opt->n_args > 1 ? text_of(opt->args[1]) : TEXT_NONE });
	rows = print_rows(to.print);
	print_end(to.print);
	arena_close(&to.scratch);
	if (rows == 0)
		cli_remark(cli, "nothing is known of %s; auger entity CASE NAME priority=high "
				"category=admin tells it",
			   opt->n_args > 1 ? opt->args[1] : "hosts and users");
	return cli_style_end(&style, EXIT_DONE);
}

/* ---- changes ---- */

static bool
set_all(struct casefile *cf, const void *what, struct err *err)
{
	const struct telling *t = what;

	return entities_set(cf, t->all, t->n, err);
}

/* NAME ATTRIBUTE=VALUE..., or NAME --clear. */
static bool
read_words(struct cli *cli, struct casefile *cf, struct telling *t, struct err *err)
{
	const struct options    *opt = cli->opt;
	struct text              name = text_trim(text_of(opt->args[1]));
	struct entity_attribute *all;
	size_t                   n = entities(cf, t->keep, &all);
	enum risk_object_type    kind;

	if (option_given(opt, OPTION_CLEAR) && opt->n_args > 2)
		return err_set(err, ERR_USAGE, "ATTRIBUTE=VALUE, or --clear; ATTRIBUTE= forgets one");
	if (option_given(opt, OPTION_CLEAR)) {
		for (size_t i = 0; i < n; i++)
			if (text_ieq(all[i].name, name))
				telling_add(t, all[i].kind, name, all[i].attribute, TEXT(""));
		return t->n || (casefile_whole(cf, err) &&
				err_set(err, ERR_USAGE, "nothing is known of " TEXT_FMT, TEXT_ARG(name)));
	}
	if (!kind_of_name(cf, option_text(opt, OPTION_KIND), name, t->keep, &kind, err))
		return false;
	for (uint32_t i = 2; i < opt->n_args; i++) {
		if (!telling_word(t, kind, name, text_of(opt->args[i]), err))
			return false;
	}
	return true;
}

/* ---- a list as a file ---- */

/* Columns that name whom a row is about, and what they are the name of; of lists of Enterprise
 * Security, whose other columns are mostly contact details, only what factors ask for is taken. */
static const struct {
	struct text           column;
	enum risk_object_type kind;
	bool                  any_attribute;
} names[] = {
	{ TEXT_INIT("entity"), RISK_OTHER, true },     { TEXT_INIT("nt_host"), RISK_SYSTEM, false },
	{ TEXT_INIT("dns"), RISK_SYSTEM, false },      { TEXT_INIT("ip"), RISK_SYSTEM, false },
	{ TEXT_INIT("identity"), RISK_USER, false },
};
#define NAMES (sizeof(names) / sizeof(*names))

static const struct text attributes[] = {
	TEXT_INIT("priority"), TEXT_INIT("category"), TEXT_INIT("watchlist"),
	TEXT_INIT("bunit"),    TEXT_INIT("pci_domain"),
};
#define ATTRIBUTES (sizeof(attributes) / sizeof(*attributes))

/* Lists write their columns as they like: Priority, NT_HOST. */
static size_t
column_called(const struct lookup *table, struct text name)
{
	for (uint32_t i = 0; i < table->n_columns; i++)
		if (text_ieq(table->columns[i], name))
			return i;
	return TEXT_NOWHERE;
}

static bool
is_attribute(struct text column, bool any)
{
	for (size_t i = 0; i < NAMES; i++)
		if (text_eq(column, names[i].column))
			return false;
	for (size_t i = 0; i < ATTRIBUTES; i++)
		if (text_eq(column, attributes[i]))
			return true;
	return any && telling_is_attribute(column) && !text_eq(column, TEXT("kind"));
}

static bool
read_row(struct cli *cli, struct casefile *cf, const struct lookup *table, const struct text *cells,
	 size_t name, struct telling *t, struct err *err)
{
	size_t                kind_at = column_called(table, TEXT("kind"));
	size_t                at = column_called(table, names[name].column);
	struct text           who = at == TEXT_NOWHERE ? TEXT_NONE : cells[at];
	enum risk_object_type kind = names[name].kind;

	while (!text_absent(who)) {
		struct text one = text_trim(text_cut(&who, '|'));

		if (!one.n)
			continue;
		if (names[name].any_attribute &&
		    (kind_at == TEXT_NOWHERE || !kind_named(text_trim(cells[kind_at]), &kind)) &&
		    !kind_of_name(cf, option_text(cli->opt, OPTION_KIND), one, t->keep, &kind, err))
			return false;
		for (uint32_t i = 0; i < table->n_columns; i++) {
			struct text column = arena_fold(t->keep, text_trim(table->columns[i]));

			if (cells[i].n && is_attribute(column, names[name].any_attribute))
				telling_add(t, kind, one, column, cells[i]);
		}
	}
	return true;
}

static bool
read_file(struct cli *cli, struct casefile *cf, const char *path, struct telling *t, struct err *err)
{
	static const struct lookup_options exact = { .max_matches = 1 };
	struct lookups      *tables = lookups_new();
	const struct lookup *table;
	bool                 good;

	lookups_add(tables, TEXT("list"), text_of(path), &exact);
	table = lookups_find(tables, TEXT("list"), err);
	good = table || (err && err->kind) || err_set(err, ERR_INPUT, "no such file, or no CSV");
	good = good && table;
	for (size_t row = 0; good && row < table->n_rows; row++)
		for (size_t i = 0; i < NAMES && good; i++)
			good = read_row(cli, cf, table, table->cells + row * table->n_columns, i, t, err);
	for (size_t i = 0; i < t->n; i++) {
		t->all[i].name = arena_copy(t->keep, t->all[i].name);
		t->all[i].value = arena_copy(t->keep, t->all[i].value);
	}
	if (good && !t->n)
		good = err_set(err, ERR_INPUT, "nothing in it: it needs a column entity (with kind), nt_host, "
					       "dns, ip or identity, and one such as priority");
	lookups_free(tables);
	return good || err_where(err, "%s", path);
}

static int
change(struct cli *cli, struct casefile *cf, const struct ruleset *rs, struct err *err)
{
	const char    *path = option_cstr(cli->opt, OPTION_FROM);
	struct telling t = { .keep = cli->keep };

	if (path && cli->opt->n_args > 1) {
		err_set(err, ERR_USAGE, "a NAME, or --from FILE");
		err_where(err, "entity");
		return cli_fail(err);
	}
	if (!(path ? read_file(cli, cf, path, &t, err) : read_words(cli, cf, &t, err))) {
		err_where(err, "entity");
		return cli_fail(err);
	}
	if (!factoring_change(cf, rs, &(struct factoring){ .change = set_all, .what = &t }, err))
		return cli_fail(err);
	cli_remark(cli, "%s; auger factor says what they change", counted(t.n, "attribute").words);
	return EXIT_DONE;
}

int
command_entity(struct cli *cli)
{
	const struct options *opt = cli->opt;

	if (opt->n_args > 2 || option_given(opt, OPTION_FROM) || option_given(opt, OPTION_CLEAR))
		return cli_change_with_words(cli, change);
	return cli_with_case(cli, list);
}
