/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Definitions of macros and of lookups. */
#include "config.h"

#include "rules/load_parts.h"

bool
load_macro(struct macro *out, const struct yaml_node *root, struct text file, struct text source,
	   struct arena *keep)
{
	static const char *const yes[] = { "1", "true", "yes", NULL };
	const struct yaml_node  *definition = yaml_get(root, "definition");
	struct text              name = yaml_text(root, "name");

	if (text_absent(name) || !definition || definition->kind != YAML_KIND_SCALAR)
		return false;
	*out = (struct macro){
		.name = load_text(keep, name),
		.definition = load_text(keep, definition->value),
		.is_eval = load_one_of(text_trim(yaml_text(root, "iseval")), yes),
		.place = { .file = file },
	};
	yaml_value_place(definition, source, &out->place.line, &out->place.column);
	out->n_args = load_texts(keep, yaml_get(root, "arguments"), &out->args);
	return true;
}

/* match_type: a list, or one text with commas; KIND(column) stands for each column it names. */
static uint32_t
columns_of(const struct yaml_node *root, const char *kind, struct text **out, struct arena *keep)
{
	struct text *items;
	uint32_t     n_items = yaml_texts(yaml_get(root, "match_type"), keep, &items), n = 0;
	size_t       cap = 0;

	*out = NULL;
	for (uint32_t i = 0; i < n_items; i++) {
		struct text rest = items[i];

		while (!text_absent(rest)) {
			struct text one = text_trim(text_cut(&rest, ','));
			struct text column = one;
			struct text word = text_trim(text_cut(&column, '('));

			if (text_absent(column) || !text_ieq(word, text_of(kind)))
				continue;
			arena_grow(keep, *out, n, &cap);
			(*out)[n++] = text_trim(text_cut(&column, ')'));
		}
	}
	return n;
}

static uint64_t
count_of(const struct yaml_node *root, const char *key)
{
	uint64_t n;

	return text_to_u64(text_trim(yaml_text(root, key)), &n) ? n : 0;
}

bool
load_lookup(struct lookups *to, const struct yaml_node *root, struct text file,
	    struct arena scratch)
{
	struct text           name = text_trim(yaml_text(root, "name")), *columns;
	struct text           csv = text_trim(yaml_text(root, "filename"));
	struct text           stem = text_head(file, text_rfind_byte(file, '.'));
	size_t                slash = text_rfind_byte(file, '/');
	struct lookup_options options = {
	    .ignore_case =
		text_ieq(text_trim(yaml_text(root, "case_sensitive_match")), TEXT("false")),
	    .default_match = yaml_text(root, "default_match"),
	    .min_matches = count_of(root, "min_matches"),
	    .max_matches = count_of(root, "max_matches"),
	};

	if (name.n == 0)
		return false;
	if (text_ieq(text_trim(yaml_text(root, "lookup_type")), TEXT("kvstore")) ||
	    (csv.n == 0 && yaml_get(root, "collection"))) {
		uint32_t n = yaml_texts(yaml_get(root, "fields"), &scratch, &columns);

		lookups_add_empty(to, name, columns, n);
		return true;
	}
	options.n_wildcards = columns_of(root, "WILDCARD", &columns, &scratch);
	options.wildcards = columns;
	options.n_networks = columns_of(root, "CIDR", &columns, &scratch);
	options.networks = columns;
	if (csv.n && slash != TEXT_NOWHERE)
		csv = arena_join(&scratch, text_head(file, slash + 1), text_last_part(csv));
	else if (csv.n == 0)
		csv = arena_join(&scratch, stem, TEXT(".csv"));
	lookups_add(to, name, csv, &options);
	return true;
}
