/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A layer of ATT&CK Navigator, format 4.5: one entry per technique; its score is the number of
 * findings. Source: the layer format of mitre-attack/attack-navigator.
 */
#include "config.h"

#include <stdlib.h>

#include "base/counted.h"
#include "base/json_write.h"
#include "cli/report.h"
#include "rules/attack.h"

struct entry {
	struct text id, hosts, rules; /* names, each once, "\n" around each */
	uint64_t    findings;
	double      risk;
};

struct layer {
	struct arena  keep;
	struct entry *items;
	size_t        n, cap;
	uint64_t      most;
};

static struct text
add_name(struct arena *keep, struct text all, struct text name)
{
	struct text line = arena_printf(keep, "\n" TEXT_FMT "\n", TEXT_ARG(name));

	return !name.n || text_find(all, line) != TEXT_NOWHERE ? all : arena_join(keep, all, line);
}

static void
add_technique(struct layer *l, struct text id, const struct finding *f)
{
	struct entry *at = NULL;

	for (size_t i = 0; i < l->n && !at; i++)
		if (text_eq(l->items[i].id, id))
			at = &l->items[i];
	if (!at) {
		arena_grow(&l->keep, l->items, l->n, &l->cap);
		at = &l->items[l->n++];
		*at = (struct entry){ arena_copy(&l->keep, id), TEXT(""), TEXT(""), 0, 0 };
	}
	at->findings++;
	at->risk += f->risk_score;
	at->hosts = add_name(&l->keep, at->hosts, f->host);
	at->rules = add_name(&l->keep, at->rules, f->rule);
	if (at->findings > l->most)
		l->most = at->findings;
}

/* Ids as ATT&CK has them: T1047, T1021.006. Anything else would make the file useless. */
static bool
is_technique(struct text id)
{
	if (id.n != 5 && id.n != 9)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (i == 0 ? c != 'T' : i == 5 ? c != '.' : c < '0' || c > '9')
			return false;
	}
	return true;
}

static bool
take_finding(void *ctx, const struct finding_row *row)
{
	struct text rest = row->finding.techniques;

	while (rest.n) {
		struct text id = text_cut(&rest, ' ');

		if (is_technique(id))
			add_technique(ctx, id, &row->finding);
	}
	return true;
}

static int
by_id(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return text_cmp(x->id, y->id);
}

static struct text
comma_names(struct text lines, struct arena *keep)
{
	struct text all = TEXT("");

	while (lines.n) {
		struct text name = text_cut(&lines, '\n');

		if (name.n)
			all = arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(all),
					   all.n ? ", " : "", TEXT_ARG(name));
	}
	return all;
}

static void
write_entry(FILE *out, const struct entry *e, struct arena scratch)
{
	fputs("    { \"techniqueID\": ", out);
	json_write(out, e->id);
	fprintf(out, ", \"score\": %llu, \"enabled\": true, \"comment\": ",
		(unsigned long long)e->findings);
	json_write(out, arena_printf(&scratch,
				     TEXT_FMT ": %s, risk %g, on " TEXT_FMT " by " TEXT_FMT,
				     TEXT_ARG(attack_name(e->id)), counted(e->findings, "finding").words, e->risk,
				     TEXT_ARG(comma_names(e->hosts, &scratch)),
				     TEXT_ARG(comma_names(e->rules, &scratch))));
	fputs(" }", out);
}

static void
write_layer(FILE *out, struct layer *l, struct text name, struct arena scratch)
{
	fputs("{\n  \"name\": ", out);
	json_write(out, name);
	fputs(",\n  \"versions\": { \"attack\": \"" ATTACK_VERSION
	      "\", \"navigator\": \"5.1.0\", \"layer\": \"4.5\" },\n"
	      "  \"domain\": \"enterprise-attack\",\n  \"description\": "
	      "\"Findings of auger " PACKAGE_VERSION "; the score is the number of findings\",\n",
	      out);
	fprintf(out,
		"  \"gradient\": { \"colors\": [ \"#ffe0b0\", \"#d03030\" ], \"minValue\": 0, "
		"\"maxValue\": %llu },\n  \"techniques\": [",
		(unsigned long long)(l->most ? l->most : 1));
	for (size_t i = 0; i < l->n; i++) {
		fputs(i ? ",\n" : "\n", out);
		write_entry(out, &l->items[i], scratch);
	}
	fputs(l->n ? "\n  ]\n}\n" : "]\n}\n", out);
}

bool
layer_write(struct casefile *cf, const struct case_filter *f, FILE *out,
	    const struct report_watch *watch, uint64_t *rows, struct err *err)
{
	struct layer l = { .keep = arena_open((size_t)1 << 32) };
	struct arena scratch = arena_open((size_t)1 << 30);
	bool         good = query_findings(cf, f, take_finding, &l, err);

	if (good) {
		if (l.n)
			qsort(l.items, l.n, sizeof(*l.items), by_id);
		write_layer(out, &l, text_last_part(text_of(casefile_path(cf))), scratch);
	}
	(void)watch; /* one reading */
	*rows = l.n;
	arena_close(&scratch);
	arena_close(&l.keep);
	return good;
}
