/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a rule file: its tree, what the loader makes of it, its search, its places. */
#include "config.h"

#include <stdlib.h>

#include "rules/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
visit(const struct yaml_node *node, struct text source)
{
	for (; node; node = node->next) {
		uint32_t line, column;

		if (node->line < 1 || node->column < 1)
			abort();
		if (node->kind == YAML_KIND_SCALAR) {
			yaml_value_place(node, source, &line, &column);
			line = column = 1;
			yaml_locate(node, source, &line, &column);
		}
		visit(node->first, source);
	}
}

static void
load(const struct yaml_node *root, struct text source, struct arena *keep)
{
	struct lookups   *lookups = lookups_new();
	struct search_env env = { .lookups = lookups };
	struct search    *s;
	struct detection  d;
	struct macro      m;
	struct err        err = { 0 };
	struct text       reason;

	load_is_detection(root);
	load_macro(&m, root, TEXT("fuzz.yml"), source, keep);
	if (load_detection(&d, root, TEXT("fuzz.yml"), source, keep, &err)) {
		if (search_compile(&s, keep, d.search_text, d.search_place, &env, &d.problem))
			d.search = s;
		detection_status(&d, keep, &reason);
	}
	lookups_free(lookups);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena      keep = arena_open((size_t)1 << 30);
	struct text       source = { (const char *)p, n };
	struct yaml_node *root;
	struct err        err = { 0 };

	if (yaml_read(&root, NULL, &keep, source, &err)) {
		visit(root, source);
		for (; root; root = root->next)
			load(root, source, &keep);
	} else if (err.what[0] == '\0') {
		abort();
	}
	arena_close(&keep);
	return 0;
}
