/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report to read: what was found, on what evidence, by which rules, and what was not readable. */
#include "config.h"

#include <stdlib.h>

#include "base/counted.h"
#include "base/scored.h"
#include "base/when.h"
#include "cli/report.h"
#include "cli/views.h"
#include "rules/attack.h"
#include "store/work.h"

#define FIELD_SHOWN   600 /* bytes of a field's value */
#define EVENTS_LISTED 100 /* of one finding */
#define KINDS_LISTED  60

/* A rule as it was when it made the findings. */
struct ran {
	struct text rule_id, version, sha256;
};

struct report {
	struct casefile          *cf;
	const struct case_filter *filter;
	struct paper             *paper;
	struct arena              keep;    /* as long as the report */
	struct arena              scratch; /* of one finding */
	struct case_info          info;
	struct err               *err;
	uint64_t                  findings, by_verdict[WORK_VERDICTS];
	const struct report_watch *watch; /* may be NULL */
	uint64_t                  said; /* findings */
	struct ran               *ran;  /* by rule_id */
	size_t                    n_ran, cap_ran;
};

static struct text
iso(int64_t ns, struct arena *keep)
{
	char when[WHEN_TEXT_MAX];

	return ns == WHEN_NONE ? TEXT_NONE
			       : arena_copy(keep, (struct text){ when, when_to_iso(ns, when) });
}

static struct text
count_text(uint64_t n, struct arena *keep)
{
	return arena_printf(keep, "%s", counted_number(n).words);
}

/* ---- parts that are lists of the case ---- */

static bool
section(struct report *r, const char *title, const char *nothing, const struct case_view *view,
	const char *const *columns)
{
	const struct print_style style = {
		.format = PRINT_PAPER,
		.paper = r->paper,
		.chosen = columns,
		.out = r->paper->out,
	};
	uint64_t rows;

	paper_heading(r->paper, 2, text_of(title));
	if (!case_view_print(view, r->cf, r->filter, &style, &rows, r->err))
		return false;
	if (!rows)
		paper_text(r->paper, text_of(nothing));
	return true;
}

static const char *const host_columns[] = { "host",    "risk_score", "findings",
					    "techniques", "events",  "first_time",
					    "last_time",  "aliases", NULL };
static const char *const user_columns[] = { "user",	  "risk_score", "findings", "hosts",
					    "techniques", "aliases",	NULL };
static const char *const incident_columns[] = { "rule",	      "risk_object", "severity", "risk_score",
						"sources",    "tactics",     "risk_events",
						"first_time", "last_time",   "source_names", NULL };
static const char *const ledger_columns[] = { "rule",	 "status", "hits",   "findings",
					      "filtered", "reason", "rule_id", "version",
					      "source", "sha256", NULL };
static const char *const evidence_columns[] = { "evidence_id", "path",	 "size",       "sha256", "format",
						"events",      "gaps", "duplicates", "status", NULL };
static const char *const noted_columns[] = { "event",  "time",   "host",     "channel",
					     "event_id", "record_id", "summary", "bookmark",
					     "note",   "author", "said",     "evidence",
					     "offset", "sha256", NULL };

/* ---- the case ---- */

static bool
count_verdict(void *ctx, const struct finding_row *row)
{
	struct report *r = ctx;

	r->findings++;
	for (size_t i = 0; i < WORK_VERDICTS; i++)
		r->by_verdict[i] += text_eq(row->verdict, work_verdicts[i]);
	return true;
}

static struct text
restriction(const struct case_filter *f, struct arena *keep)
{
	const struct {
		const char *name;
		struct text value;
	} parts[] = {
		{ "host", f->host },           { "user", f->user },
		{ "rule", f->rule },           { "technique", f->technique },
		{ "verdict", f->verdict },     { "from", iso(f->span.earliest_ns, keep) },
		{ "before", f->span.latest_ns == WHEN_MAX ? TEXT_NONE : iso(f->span.latest_ns, keep) },
	};
	struct text all = TEXT("");

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i].value.n)
			all = arena_printf(keep, TEXT_FMT "%s%s " TEXT_FMT, TEXT_ARG(all),
					   all.n ? ", " : "", parts[i].name,
					   TEXT_ARG(parts[i].value));
	if (f->min_risk > 0)
		all = arena_printf(keep, TEXT_FMT "%srisk at least %g", TEXT_ARG(all),
				   all.n ? ", " : "", f->min_risk);
	if (f->since_import)
		all = arena_printf(keep, TEXT_FMT "%snew since import %lld", TEXT_ARG(all),
				   all.n ? ", " : "", (long long)f->since_import);
	if (f->n_conditions)
		all = arena_printf(keep, TEXT_FMT "%s%s", TEXT_ARG(all), all.n ? ", " : "",
				   counted(f->n_conditions, "more condition").words);
	return all;
}

static void
say_counts(struct report *r)
{
	const struct case_info *info = &r->info;
	struct arena           *keep = &r->keep;

	paper_fact(r->paper, "Findings in this report",
		   arena_printf(keep,
				"%s: %s true positive, %s benign, %s false positive, %s open",
				counted_number(r->findings).words,
				counted_number(r->by_verdict[1]).words,
				counted_number(r->by_verdict[2]).words,
				counted_number(r->by_verdict[3]).words,
				counted_number(r->by_verdict[0]).words));
	if (info->hidden)
		paper_fact(r->paper, "Hidden by filters",
			   arena_printf(keep, "%s: listed below",
					counted(info->hidden, "finding").words));
	paper_fact(r->paper, "Events",
		   arena_printf(keep, "%s, %s not counted", counted_number(info->events).words,
				counted(info->duplicates, "duplicate").words));
	paper_fact(r->paper, "Hosts", count_text(info->hosts, keep));
	paper_fact(r->paper, "Evidence files", count_text(info->evidence_files, keep));
	paper_fact(r->paper, "Not readable",
		   info->gaps ? arena_printf(keep, "%s, %s: see the end",
					     counted(info->gaps, "gap").words,
					     counted(info->gap_bytes, "byte").words)
			      : TEXT("nothing: there are no gaps"));
}

static void
say_case(struct report *r)
{
	const struct case_info *info = &r->info;
	struct arena           *keep = &r->keep;
	struct paper           *p = r->paper;
	int64_t                 now = work_now_ns();

	paper_facts_begin(p);
	paper_fact(p, "Case file", text_of(casefile_path(r->cf)));
	paper_fact(p, "Case made", arena_printf(keep, TEXT_FMT " by " TEXT_FMT, TEXT_ARG(info->made_at),
						TEXT_ARG(info->made_by)));
	paper_fact(p, "Report made",
		   arena_printf(keep, TEXT_FMT " by auger " PACKAGE_VERSION " for " TEXT_FMT,
				TEXT_ARG(iso(now - now % WHEN_SECOND, keep)),
				TEXT_ARG(work_author(keep))));
	paper_fact(p, "Only", restriction(r->filter, keep));
	paper_fact(p, "First event", iso(info->first_ns, keep));
	paper_fact(p, "Last event", iso(info->last_ns, keep));
	paper_fact(p, "Case clock",
		   arena_printf(keep, TEXT_FMT " (%s)", TEXT_ARG(iso(info->clock_ns, keep)),
				info->clock_set ? "set by an analyst" : "the last event"));
	say_counts(r);
	paper_fact(p, "Rules (SHA-256)", info->ruleset_digest);
	paper_fact(p, "Schema", count_text(info->schema_version, keep));
	if (info->unfinished)
		paper_fact(p, "Import", TEXT("interrupted: evidence is missing"));
	paper_facts_end(p);
	paper_text(p, TEXT("All times are UTC."));
}

/* ---- techniques ---- */

struct technique {
	struct text id, hosts; /* hosts: "\nA\nB\n" */
	uint64_t    findings, n_hosts;
};

struct techniques {
	struct report    *report;
	struct technique *items;
	size_t            n, cap;
};

static void
count_technique(struct techniques *t, struct text id, struct text host)
{
	struct arena     *keep = &t->report->keep;
	struct technique *at = NULL;
	struct text       line = arena_printf(keep, "\n" TEXT_FMT "\n", TEXT_ARG(host));

	for (size_t i = 0; i < t->n && !at; i++)
		if (text_eq(t->items[i].id, id))
			at = &t->items[i];
	if (!at) {
		arena_grow(keep, t->items, t->n, &t->cap);
		at = &t->items[t->n++];
		*at = (struct technique){ .id = arena_copy(keep, id), .hosts = TEXT("") };
	}
	at->findings++;
	if (host.n && text_find(at->hosts, line) == TEXT_NOWHERE) {
		at->hosts = arena_join(keep, at->hosts, line);
		at->n_hosts++;
	}
}

static bool
count_techniques(void *ctx, const struct finding_row *row)
{
	struct text rest = row->finding.techniques;

	while (rest.n) {
		struct text id = text_cut(&rest, ' ');

		if (id.n)
			count_technique(ctx, id, row->finding.host);
	}
	return true;
}

static int
by_findings(const void *a, const void *b)
{
	const struct technique *x = a, *y = b;

	if (x->findings != y->findings)
		return x->findings < y->findings ? 1 : -1;
	return text_cmp(x->id, y->id);
}

static bool
say_techniques(struct report *r)
{
	static const struct text heads[] = { TEXT_INIT("technique"), TEXT_INIT("name"),
					     TEXT_INIT("tactics"), TEXT_INIT("tactic ids"),
					     TEXT_INIT("findings"), TEXT_INIT("hosts") };
	struct techniques        t = { .report = r };

	paper_heading(r->paper, 2, TEXT("ATT&CK techniques"));
	if (!query_findings(r->cf, r->filter, count_techniques, &t, r->err))
		return false;
	if (!t.n) {
		paper_text(r->paper, TEXT("None."));
		return true;
	}
	qsort(t.items, t.n, sizeof(*t.items), by_findings);
	paper_table_begin(r->paper, heads, 6);
	for (size_t i = 0; i < t.n; i++) {
		uint32_t tactics = attack_tactics(t.items[i].id);

		paper_row(r->paper,
			  (struct text[]){ t.items[i].id, attack_name(t.items[i].id),
					   attack_tactic_names(tactics, &r->keep),
					   attack_tactic_ids(tactics, &r->keep),
					   count_text(t.items[i].findings, &r->keep),
					   count_text(t.items[i].n_hosts, &r->keep) },
			  6);
	}
	paper_table_end(r->paper);
	return true;
}

/* ---- findings ---- */

static void
say_fields(struct report *r, const struct finding *f, struct arena *keep)
{
	static const struct text heads[] = { TEXT_INIT("field"), TEXT_INIT("value") };

	if (!f->n_fields)
		return;
	paper_text(r->paper, TEXT("Result of the search:"));
	paper_table_begin(r->paper, heads, 2);
	for (uint32_t i = 0; i < f->n_fields; i++) {
		struct text value = text_head(f->fields[i].value, FIELD_SHOWN);

		if (value.n < f->fields[i].value.n)
			value = arena_printf(keep, TEXT_FMT " ... (%s bytes in all)",
					     TEXT_ARG(value), counted_number(f->fields[i].value.n).words);
		paper_row(r->paper, (struct text[]){ f->fields[i].name, value }, 2);
	}
	paper_table_end(r->paper);
}

struct references {
	struct report *report;
	struct arena   keep;
};

/* Every place where the record lies: a copy is evidence as well. */
static bool
say_reference(void *ctx, const struct event_row *ev)
{
	struct references   *refs = ctx;
	struct arena         keep = refs->keep;
	struct event_origin *origins;
	size_t               n = query_event_origins(refs->report->cf, ev->id, &keep, &origins);

	for (size_t i = 0; i < n; i++)
		paper_row(refs->report->paper,
			  (struct text[]){
			      arena_printf(&keep, "event:%lld", (long long)ev->id),
			      iso(ev->time_ns, &keep), ev->channel,
			      count_text(ev->event_id, &keep),
			      ev->has_record_id ? count_text(ev->record_id, &keep) : TEXT_NONE,
			      origins[i].path, count_text(origins[i].offset, &keep),
			      origins[i].sha256 },
			  8);
	return true;
}

static bool
say_evidence(struct report *r, const struct finding *f, struct arena keep)
{
	static const struct text heads[] = { TEXT_INIT("event"),     TEXT_INIT("time"),
					     TEXT_INIT("channel"),   TEXT_INIT("event id"),
					     TEXT_INIT("record id"), TEXT_INIT("file"),
					     TEXT_INIT("offset"),    TEXT_INIT("sha256 of the file") };
	struct references        refs = { r, keep };
	uint32_t                 n = f->n_events < EVENTS_LISTED ? f->n_events : EVENTS_LISTED;

	if (!n) {
		paper_text(r->paper, TEXT("No single events stand behind it."));
		return true;
	}
	paper_text(r->paper, arena_printf(&keep, "Evidence: %u%s %s%s", f->n_events,
					  f->events_capped ? " or more" : "",
					  counted_noun(f->n_events, "event").words,
					  n < f->n_events ? ", the first 100 of them:" : ":"));
	paper_table_begin(r->paper, heads, 8);
	if (!query_event_rows(r->cf, f->events, n, say_reference, &refs, r->err))
		return false;
	paper_table_end(r->paper);
	return true;
}

static bool
add_ran(void *ctx, const struct ledger_entry *e)
{
	struct report *r = ctx;

	arena_grow(&r->keep, r->ran, r->n_ran, &r->cap_ran);
	r->ran[r->n_ran++] = (struct ran){ arena_copy(&r->keep, e->rule_id),
					   arena_copy(&r->keep, e->version),
					   arena_copy(&r->keep, e->sha256) };
	return true;
}

static int
by_rule(const void *a, const void *b)
{
	return text_cmp(((const struct ran *)a)->rule_id, ((const struct ran *)b)->rule_id);
}

static void
say_rule(struct report *r, const struct finding *f, struct arena *keep)
{
	const struct ran  key = { .rule_id = f->rule_id };
	const struct ran *ran =
	    r->n_ran ? bsearch(&key, r->ran, r->n_ran, sizeof(key), by_rule) : NULL;

	paper_fact(r->paper, "Rule",
		   arena_printf(keep, TEXT_FMT " (" TEXT_FMT ", " TEXT_FMT "%s" TEXT_FMT ")",
				TEXT_ARG(f->rule), TEXT_ARG(f->type), TEXT_ARG(f->rule_id),
				ran && ran->version.n ? ", version " : "",
				TEXT_ARG(ran ? ran->version : TEXT(""))));
	if (ran)
		paper_fact(r->paper, "Rule file (SHA-256)", ran->sha256);
}

struct log_lines {
	struct report *report;
	struct arena   keep;
	bool           begun;
};

static bool
say_log(void *ctx, const struct work_entry *e)
{
	static const struct text heads[] = { TEXT_INIT("what"), TEXT_INIT("value"),
					     TEXT_INIT("author"), TEXT_INIT("time"),
					     TEXT_INIT("in force") };
	struct log_lines        *l = ctx;
	struct arena             keep = l->keep;

	if (!l->begun)
		paper_table_begin(l->report->paper, heads, 5);
	l->begun = true;
	paper_row(l->report->paper,
		  (struct text[]){
		      text_of(work_kind_name(e->kind)), e->value.n ? e->value : TEXT("taken back"),
		      e->author.n ? e->author : TEXT("not known"),
		      e->time_ns ? iso(e->time_ns, &keep) : TEXT("not known"),
		      e->current ? TEXT("yes") : TEXT("no, replaced") },
		  5);
	return true;
}

static bool
say_finding(void *ctx, const struct finding_row *brief)
{
	struct report     *r = ctx;
	struct arena       keep = r->scratch;
	struct finding_row row;
	struct log_lines   log = { .report = r };

	if (r->watch && r->watch->tell)
		r->watch->tell(r->watch->ctx, r->said++, r->findings);
	if (!query_finding(r->cf, brief->id, &keep, &row, r->err))
		return false;
	const struct finding *f = &row.finding;
	struct paper         *p = r->paper;

	paper_heading(p, 3, arena_printf(&keep, "Finding %lld: " TEXT_FMT, (long long)row.id,
					 TEXT_ARG(f->message)));
	paper_facts_begin(p);
	paper_fact(p, "Verdict", row.verdict);
	paper_fact(p, "Note", row.note);
	paper_fact(p, "Host", f->host);
	paper_fact(p, "User", f->user);
	paper_fact(p, "First", iso(f->first_ns, &keep));
	paper_fact(p, "Last", iso(f->last_ns, &keep));
	paper_fact(p, "Count", count_text(f->count, &keep));
	say_rule(r, f, &keep);
	for (uint32_t i = 0; i < f->n_objects; i++)
		paper_fact(p, "Risk",
			   arena_printf(&keep, TEXT_FMT " to " TEXT_FMT " (%s)",
					TEXT_ARG(scored(&f->objects[i], &keep)),
					TEXT_ARG(f->objects[i].value),
					risk_object_type_name(f->objects[i].type)));
	for (uint32_t i = 0; i < f->n_threats; i++)
		paper_fact(p, "Threat object", f->threats[i].value);
	paper_fact(p, "Technique", arena_printf(&keep, TEXT_FMT " " TEXT_FMT " (" TEXT_FMT ")",
						    TEXT_ARG(f->techniques),
						    TEXT_ARG(attack_name(f->techniques)),
						    TEXT_ARG(f->tactics)));
	paper_fact(p, "Remark", f->remarks);
	paper_facts_end(p);
	log.keep = keep;
	if (!work_log(r->cf, row.id, say_log, &log, r->err))
		return false;
	if (log.begun)
		paper_table_end(p);
	say_fields(r, f, &keep);
	return say_evidence(r, f, keep);
}

static bool
say_findings(struct report *r)
{
	paper_heading(r->paper, 2, TEXT("Findings"));
	if (!r->findings)
		paper_text(r->paper, TEXT("None; the ledger below says why."));
	if (!query_ledger(r->cf, add_ran, r, r->err))
		return false;
	if (r->n_ran)
		qsort(r->ran, r->n_ran, sizeof(*r->ran), by_rule);
	return query_findings(r->cf, r->filter, say_finding, r, r->err) && !r->err->kind;
}

/* ---- logs ---- */

static void
say_kinds(struct report *r)
{
	static const struct text heads[] = { TEXT_INIT("channel"), TEXT_INIT("event id"),
					     TEXT_INIT("provider"), TEXT_INIT("events") };
	struct kind_count       *kinds;
	size_t                   n = query_kinds(r->cf, r->filter->host, &r->keep, &kinds);

	paper_heading(r->paper, 2, TEXT("Events by log"));
	if (n > KINDS_LISTED)
		paper_text(r->paper, arena_printf(&r->keep, "The %d most frequent of %zu kinds.",
						  KINDS_LISTED, n));
	paper_table_begin(r->paper, heads, 4);
	for (size_t i = 0; i < n && i < KINDS_LISTED; i++)
		paper_row(r->paper,
			  (struct text[]){ kinds[i].channel, count_text(kinds[i].event_id, &r->keep),
					   kinds[i].provider, count_text(kinds[i].events, &r->keep) },
			  4);
	paper_table_end(r->paper);
}

/* ---- all of it ---- */

static bool
say_last(struct report *r)
{
	say_kinds(r);
	return section(r, "Evidence", "None.", &case_view_evidence, evidence_columns) &&
	       section(r, "Not readable", "There are no gaps: all evidence was read.",
		       &case_view_gaps, NULL);
}

static bool
say_all(struct report *r)
{
	say_case(r);
	return section(r, "Hosts", "None.", &case_view_hosts, host_columns) &&
	       section(r, "Users", "None with risk.", &case_view_users, user_columns) &&
	       section(r, "Incidents", "No object crossed a threshold.", &case_view_incidents,
		       incident_columns) &&
	       say_techniques(r) && say_findings(r) &&
	       section(r, "Events that analysts marked", "None.", &case_view_noted, noted_columns) &&
	       section(r, "Filters", "No filter is set.", &case_view_filters, NULL) &&
	       section(r, "Hidden by filters", "Nothing is hidden.", &case_view_hidden, NULL) &&
	       section(r, "Risk factors", "No factor is set: scores are those of the rules.",
		       &case_view_factors, NULL) &&
	       section(r, "What is known of hosts and users", "Nothing that factors could ask for.",
		       &case_view_entities, NULL) &&
	       section(r, "Risk given by hand", "None.", &case_view_given, NULL) &&
	       section(r, "Ledger: what became of every rule", "No rules have run.",
		       &case_view_ledger, ledger_columns) &&
	       say_last(r);
}

static bool
write_report(struct casefile *cf, const struct case_filter *f, FILE *out, enum paper_form form,
	     const struct report_watch *watch, uint64_t *rows, struct err *err)
{
	struct paper  paper;
	struct report r = {
		.cf = cf,
		.filter = f,
		.paper = &paper,
		.keep = arena_open((size_t)1 << 34),
		.scratch = arena_open((size_t)1 << 34),
		.err = err,
		.watch = watch,
	};
	bool good = casefile_info(cf, &r.keep, &r.info, err) &&
		    query_findings(cf, f, count_verdict, &r, err);

	if (good) {
		paper_begin(&paper, out, form,
			    arena_printf(&r.keep, "Case " TEXT_FMT,
					 TEXT_ARG(text_last_part(text_of(casefile_path(cf))))));
		good = say_all(&r);
		paper_end(&paper);
	}
	*rows = r.findings;
	arena_close(&r.scratch);
	arena_close(&r.keep);
	return good;
}

bool
report_markdown(struct casefile *cf, const struct case_filter *f, FILE *out,
		const struct report_watch *watch, uint64_t *rows, struct err *err)
{
	return write_report(cf, f, out, PAPER_MARKDOWN, watch, rows, err);
}

bool
report_html(struct casefile *cf, const struct case_filter *f, FILE *out,
	    const struct report_watch *watch, uint64_t *rows, struct err *err)
{
	return write_report(cf, f, out, PAPER_HTML, watch, rows, err);
}
