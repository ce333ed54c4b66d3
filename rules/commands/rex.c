/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rex: fields out of the named groups of a regular expression, or text changed as sed does. */
#include "config.h"

#include "rules/regex.h"
#include "rules/pipeline.h"
#include "rules/sed.h"

struct rex_args {
	struct column       field;
	const struct regex *re;
	const struct sed   *sed; /* instead of re */
	uint64_t            max; /* 0: all matches */
	struct text         offset_field; /* absent: none */
};

static bool
rex_option(struct scan *s, struct rex_args *args, struct text name, struct text value, bool *sed)
{
	if (text_ieq(name, TEXT("field")))
		args->field = compile_column(s->c, value);
	else if (text_ieq(name, TEXT("max_match")))
		return scan_to_count(s, name, value, 0, &args->max);
	else if (text_ieq(name, TEXT("offset_field")))
		args->offset_field = value;
	else if (text_ieq(name, TEXT("mode")) && text_ieq(value, TEXT("sed")))
		*sed = true;
	else
		return scan_bad_option(s, name);
	return true;
}

static bool
rex_pattern(struct scan *s, struct rex_args *args, const char *at, struct text pattern, bool sed)
{
	const struct text *names;
	const uint32_t    *numbers;
	struct text        what;

	if (sed) {
		args->sed = sed_make(s->c->keep, pattern, &what);
		return args->sed || scan_fail(s, at, TEXT_FMT, TEXT_ARG(what));
	}
	if (!compile_regex(s, at, pattern, &args->re))
		return false;
	return regex_names(args->re, &names, &numbers) > 0 ||
	       scan_fail(s, at, "the regular expression has no named group (?<name>...)");
}

static bool
rex_parse(struct scan *s, struct stage *stage)
{
	struct rex_args *args = arena_new(s->c->keep, struct rex_args, 1);
	struct text      name, value, pattern = TEXT_NONE;
	const char      *at = s->at;
	bool             sed = false;

	stage->args = args;
	args->field = compile_column(s->c, TEXT("_raw"));
	args->max = 1;
	/* Options may stand before and behind the pattern. */
	while (!scan_done(s)) {
		if (scan_at(s, '"') && text_absent(pattern)) {
			at = s->at;
			if (!scan_string(s, &pattern))
				return false;
		} else if (scan_option(s, &name, &value)) {
			if (!rex_option(s, args, name, value, &sed))
				return false;
		} else if (text_absent(pattern)) {
			at = s->at;
			pattern = scan_run(s, "");
		} else {
			return scan_expected(s, "an option such as field= or max_match=");
		}
	}
	if (text_absent(pattern))
		return scan_expected(s, "a regular expression in double quotes");
	return rex_pattern(s, args, at, pattern, sed);
}

static void
rex_uses(const struct stage *stage, struct uses *uses)
{
	const struct rex_args *args = stage->args;

	uses_add(uses, args->field.name, USE_READS);
}

static void
rex_columns(const struct stage *stage, struct columns *columns)
{
	const struct rex_args *args = stage->args;
	const struct text     *names;
	const uint32_t        *numbers;
	size_t                 n = args->re ? regex_names(args->re, &names, &numbers) : 0;

	for (size_t i = 0; i < n; i++)
		columns_add(columns, names[i]);
}

/* Values found for one named group. */
struct found {
	struct value *items;
	size_t        n, cap;
};

static void
found_add(struct found *f, struct arena *scratch, struct text t)
{
	arena_grow(scratch, f->items, f->n, &f->cap);
	f->items[f->n++] = value_of_text(t);
}

static struct found *
found_for(struct found *found, const struct text *names, size_t i)
{
	/* A name may stand for several groups. */
	for (size_t k = 0; k < i; k++)
		if (text_eq(names[k], names[i]))
			return &found[k];
	return &found[i];
}

static struct text
offset_text(struct text old, struct text name, const struct regex_match *m, uint32_t group,
	    struct arena *scratch)
{
	return arena_printf(scratch, TEXT_FMT "%s" TEXT_FMT "=%zu-%zu", TEXT_ARG(old),
			    old.n ? "&" : "", TEXT_ARG(name), m->start[group],
			    m->end[group] ? m->end[group] - 1 : (size_t)0);
}

static void
rex_match(struct stage_run *sr, struct row *row, const struct value *v)
{
	const struct rex_args *args = sr->stage->args;
	struct arena          *scratch = sr->run->scratch;
	const struct text     *names;
	const uint32_t        *numbers;
	const struct value    *items;
	size_t                 n_names = regex_names(args->re, &names, &numbers);
	size_t                 n = value_items(v, &items);
	struct found          *found = arena_new(scratch, struct found, n_names);
	struct text            offsets = TEXT("");
	struct regex_match     m;

	for (size_t i = 0; i < n; i++) {
		struct text       t = value_text(&items[i], ' ', scratch);
		enum regex_result r = REGEX_YES;
		size_t            from = 0;

		for (uint64_t count = 0; args->max == 0 || count < args->max; count++) {
			r = regex_find(args->re, t, from, sr->run->stats->gave_up, &m);
			if (r != REGEX_YES || !pipe_check(sr->run))
				break;
			for (size_t k = 0; k < n_names; k++) {
				uint32_t group = numbers[k];

				if (group >= m.n || m.start[group] == TEXT_NOWHERE)
					continue;
				found_add(found_for(found, names, k), scratch,
					  (struct text){t.p + m.start[group],
							m.end[group] - m.start[group]});
				if (!text_absent(args->offset_field))
					offsets =
					    offset_text(offsets, names[k], &m, group, scratch);
			}
			from = regex_next(t, &m);
		}
		if (r == REGEX_GAVE_UP)
			pipe_gave_up(sr->run, "rex");
	}
	for (size_t k = 0; k < n_names; k++)
		if (found[k].n)
			row_set(row, names[k], value_of_list(found[k].items, found[k].n), scratch);
	if (offsets.n)
		row_set(row, args->offset_field, value_of_text(offsets), scratch);
}

static bool
rex_row(struct stage_run *sr, struct row *row)
{
	const struct rex_args *args = sr->stage->args;
	struct arena          *scratch = sr->run->scratch;
	struct value           v = row_value(row, &args->field, scratch), *out;
	const struct value    *items;
	size_t                 n = value_items(&v, &items);
	uint64_t               gave_up = sr->run->stats->gave_up;

	if (n && args->sed) {
		out = arena_new(scratch, struct value, n);
		for (size_t i = 0; i < n; i++) {
			struct text changed, t = value_text(&items[i], ' ', scratch);
			size_t      most = pipe_value_most(sr->run);

			if (!sed_apply(args->sed, t, most, scratch, &gave_up, &changed))
				return pipe_fail(sr->run, ERR_LIMIT,
						 "rex mode=sed made a value of more than %zu MiB",
						 most >> 20);
			out[i] = value_of_text(changed);
		}
		if (gave_up > sr->run->stats->gave_up)
			pipe_gave_up(sr->run, "rex mode=sed");
		row_set(row, args->field.name, value_of_list(out, n), scratch);
	} else if (n) {
		rex_match(sr, row, &v);
	}
	return pipe_emit(sr, row);
}

static enum keeps
rex_keeps(const struct search_env *env, const struct stage *stage, struct text field,
	  struct arena *scratch)
{
	const struct rex_args *args = stage->args;

	if (args->sed ? text_eq(args->field.name, field) : text_eq(args->offset_field, field))
		return KEEPS_ROWS;
	return keeps_others(env, stage, field, scratch);
}

const struct pipe_command pipe_rex = {
    .name = "rex",
    .synopsis =
	"rex [field=<field>] [max_match=<n>] \"<regex with (?<name>...)>\" | mode=sed \"s/a/b/g\"",
    .help = "fields out of named groups; or change a field as sed does",
    .order = ROWS_EACH,
    .parse = rex_parse,
    .uses = rex_uses,
    .columns = rex_columns,
    .keeps = rex_keeps,
    .row = rex_row,
};
