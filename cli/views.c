/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/views.h"

#include "base/finding.h"
#include "base/when.h"

#define ALWAYS(name) { TEXT_INIT(name), COLUMN_ALWAYS }
#define WHOLE(name)  { TEXT_INIT(name), COLUMN_WHOLE }
#define WIDE(name)   { TEXT_INIT(name), COLUMN_WIDE }
#define FILES(name)  { TEXT_INIT(name), COLUMN_FILES }
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Lists inside one text, parted by SEP, as one item per line. */
static struct print_cell
cell_split(struct text t, char sep, struct arena *keep)
{
	struct print_cell cell = cell_list(TEXT_NONE);
	struct text       item;
	char             *out;
	size_t            n = 0;

	if (text_absent(t) || t.n == 0)
		return cell;
	out = arena_new(keep, char, t.n + 1);
	while (!text_absent(t)) {
		item = text_trim(text_cut(&t, sep));
		if (!item.n)
			continue;
		if (n)
			out[n++] = '\n';
		memcpy(out + n, item.p, item.n);
		n += item.n;
	}
	return cell_list((struct text){ out, n });
}

/* ---- hosts ---- */

static const struct print_column host_columns[] = {
	ALWAYS("host"),       ALWAYS("risk_score"), ALWAYS("findings"), FILES("rules"),
	WIDE("techniques"),   FILES("tactics"),     WIDE("events"),     WIDE("first_time"),
	ALWAYS("last_time"),  FILES("aliases"),
};

static bool
host_row(void *ctx, const struct host_row *h)
{
	struct printing *to = ctx;
	struct arena     scratch = to->scratch;

	print_row(to->print, (struct print_cell[COUNT(host_columns)]){
				 cell_text(h->host),
				 cell_number(h->risk_score),
				 cell_count(h->findings),
				 cell_count(h->rules),
				 cell_split(h->techniques, ' ', &scratch),
				 cell_split(h->tactics, ',', &scratch),
				 cell_count(h->events),
				 cell_time(h->first_ns),
				 cell_time(h->last_ns),
				 cell_split(h->aliases, ',', &scratch),
			     });
	return true;
}

static bool
hosts_rows(struct casefile *cf, const struct case_filter *f, struct printing *to,
	   struct err *err)
{
	return query_hosts(cf, f, host_row, to, err);
}

const struct case_view case_view_hosts = { "hosts", host_columns, COUNT(host_columns), hosts_rows };

/* ---- users ---- */

static const struct print_column user_columns[] = {
	ALWAYS("user"),  ALWAYS("risk_score"), ALWAYS("findings"), FILES("rules"),
	ALWAYS("hosts"), ALWAYS("techniques"), WIDE("first_time"), ALWAYS("last_time"),
	FILES("aliases"),
};

static bool
user_row(void *ctx, const struct user_row *u)
{
	struct printing *to = ctx;
	struct arena     scratch = to->scratch;

	print_row(to->print, (struct print_cell[COUNT(user_columns)]){
				 cell_text(u->user),
				 cell_number(u->risk_score),
				 cell_count(u->findings),
				 cell_count(u->rules),
				 cell_count(u->hosts),
				 cell_split(u->techniques, ' ', &scratch),
				 cell_time(u->first_ns),
				 cell_time(u->last_ns),
				 cell_split(u->aliases, ',', &scratch),
			     });
	return true;
}

static bool
users_rows(struct casefile *cf, const struct case_filter *f, struct printing *to,
	   struct err *err)
{
	return query_users(cf, f, user_row, to, err);
}

const struct case_view case_view_users = { "users", user_columns, COUNT(user_columns), users_rows };

/* ---- findings ---- */

static const struct print_column finding_columns[] = {
	ALWAYS("finding_id"), ALWAYS("first_time"),  FILES("last_time"),
	ALWAYS("host"),       WIDE("user"),          WHOLE("rule"),
	FILES("rule_id"),     FILES("type"),         WIDE("technique"),
	FILES("tactic"),      ALWAYS("risk_score"),  FILES("risk_object"),
	FILES("risk_object_type"), FILES("message"), WIDE("count"),
	WIDE("verdict"),      FILES("note"),         FILES("bookmark"),
	WIDE("what"),          WIDE("since_import"),
};

struct finding_listing {
	struct printing *to;
	int64_t          since; /* an import; 0: nobody asks what is new */
};

static bool
finding_row(void *ctx, const struct finding_row *row)
{
	const struct finding_listing *listing = ctx;
	struct printing      *to = listing->to;
	struct arena          scratch = to->scratch;
	const struct finding *f = &row->finding;
	bool                  has_object = !text_absent(row->risk_object);

	print_row(to->print, (struct print_cell[COUNT(finding_columns)]){
				 cell_count((uint64_t)row->id),
				 cell_time(f->first_ns),
				 cell_time(f->last_ns),
				 cell_text(f->host),
				 cell_text(f->user),
				 cell_text(f->rule),
				 cell_text(f->rule_id),
				 cell_text(f->type),
				 cell_split(f->techniques, ' ', &scratch),
				 cell_split(f->tactics, ',', &scratch),
				 cell_number(f->risk_score),
				 cell_text(row->risk_object),
				 cell_text(text_of(has_object ? risk_object_type_name(
								    row->risk_object_type)
							      : NULL)),
				 cell_text(f->message),
				 cell_count(f->count),
				 cell_text(row->verdict),
				 cell_text(row->note),
				 cell_text(row->bookmark ? TEXT("yes") : TEXT_NONE),
				 cell_text(f->what),
				 cell_text(listing->since ? finding_news(row, listing->since)
							  : TEXT_NONE),
			     });
	return true;
}

static bool
findings_rows(struct casefile *cf, const struct case_filter *f, struct printing *to,
	   struct err *err)
{
	return query_findings(cf, f, finding_row, &(struct finding_listing){ to, f->since_import }, err);
}

const struct case_view case_view_findings = { "findings", finding_columns, COUNT(finding_columns),
				    findings_rows };

/* ---- risk events ---- */

static const struct print_column risk_columns[] = {
	ALWAYS("time"),    ALWAYS("risk_object"), WIDE("risk_object_type"), ALWAYS("risk_score"),
	WHOLE("rule"),     FILES("rule_id"),      WIDE("message"),          WIDE("technique"),
	FILES("tactic"),   FILES("stories"),      ALWAYS("finding_id"),     WIDE("calculated_risk_score"),
	WIDE("factors"),
};

void
case_view_print_risk(struct printing *to, const struct risk_event *re)
{
	struct arena scratch = to->scratch;

	print_row(to->print, (struct print_cell[COUNT(risk_columns)]){
				 cell_time(re->time_ns),
				 cell_text(re->object.value),
				 cell_text(text_of(risk_object_type_name(re->object.type))),
				 cell_number(risk_object_base(&re->object)),
				 cell_text(re->rule),
				 cell_text(re->rule_id),
				 cell_text(re->object.message),
				 cell_split(re->technique, ' ', &scratch),
				 cell_split(re->tactic, ',', &scratch),
				 cell_split(re->stories, '\n', &scratch),
				 re->finding_id ? cell_count((uint64_t)re->finding_id)
						: cell_text(TEXT_NONE),
				 cell_number(re->object.score),
				 cell_split(re->object.factors, '\n', &scratch),
			     });
}

static bool
risk_row(void *ctx, const struct risk_event *re)
{
	case_view_print_risk(ctx, re);
	return true;
}

static bool
risk_rows(struct casefile *cf, const struct case_filter *f, struct printing *to,
	   struct err *err)
{
	return query_risk_events(cf, f, risk_row, to, err);
}

const struct case_view case_view_risk_events = { "risk_events", risk_columns, COUNT(risk_columns),
				       risk_rows };

/* ---- ledger ---- */

static const struct print_column ledger_columns[] = {
	FILES("rule_id"), WHOLE("rule"),      FILES("source"), ALWAYS("status"),
	ALWAYS("hits"),   ALWAYS("findings"), WHOLE("reason"), FILES("filtered"),
	FILES("version"), FILES("sha256"),
};

static bool
ledger_row(void *ctx, const struct ledger_entry *e)
{
	const struct printing *to = ctx;

	print_row(to->print, (struct print_cell[COUNT(ledger_columns)]){
			   cell_text(e->rule_id),
			   cell_text(e->rule),
			   cell_text(e->source),
			   cell_text(text_of(ledger_status_name(e->status))),
			   cell_count(e->hits),
			   cell_count(e->findings),
			   cell_text(e->reason),
			   cell_count(e->filtered),
			   cell_text(e->version),
			   cell_text(e->sha256),
		       });
	return true;
}

static bool
ledger_rows(struct casefile *cf, const struct case_filter *f, struct printing *to,
	   struct err *err)
{
	(void)f;
	return query_ledger(cf, ledger_row, to, err);
}

const struct case_view case_view_ledger = { "ledger", ledger_columns, COUNT(ledger_columns),
					    ledger_rows };

/* ---- evidence ---- */

static const struct print_column evidence_columns[] = {
	ALWAYS("evidence_id"), ALWAYS("path"), ALWAYS("size"),   FILES("sha256"),
	ALWAYS("format"),      ALWAYS("events"), ALWAYS("gaps"), ALWAYS("status"),
	FILES("duplicates"),
};

static bool
evidence_row(void *ctx, const struct evidence_row *e)
{
	const struct printing *to = ctx;

	print_row(to->print, (struct print_cell[COUNT(evidence_columns)]){
			   cell_count((uint64_t)e->id),
			   cell_text(e->path),
			   cell_count(e->size),
			   cell_text(e->sha256),
			   cell_text(e->format),
			   cell_count(e->events),
			   cell_count(e->gaps),
			   cell_text(e->status),
			   cell_count(e->duplicates),
		       });
	return true;
}

static bool
evidence_rows(struct casefile *cf, const struct case_filter *f, struct printing *to,
	   struct err *err)
{
	(void)f;
	return query_evidence(cf, evidence_row, to, err);
}

const struct case_view case_view_evidence = { "evidence", evidence_columns, COUNT(evidence_columns),
				    evidence_rows };

/* ---- gaps ---- */

static const struct print_column gap_columns[] = {
	ALWAYS("evidence"),     ALWAYS("offset"), ALWAYS("length"),
	ALWAYS("records_lost"), ALWAYS("reason"),
};

static bool
gap_row(void *ctx, const struct gap_row *g)
{
	const struct printing *to = ctx;

	print_row(to->print, (struct print_cell[COUNT(gap_columns)]){
			   cell_text(g->path),
			   cell_count(g->offset),
			   cell_count(g->length),
			   cell_count(g->records_lost),
			   cell_text(g->reason),
		       });
	return true;
}

static bool
gaps_rows(struct casefile *cf, const struct case_filter *f, struct printing *to,
	   struct err *err)
{
	(void)f;
	return query_gaps(cf, gap_row, to, err);
}

const struct case_view case_view_gaps = { "gaps", gap_columns, COUNT(gap_columns), gaps_rows };

/* ---- events, oldest first, the narrow part of each ---- */

static const struct print_column list_event_columns[] = {
	FILES("event"),   ALWAYS("time"), ALWAYS("host"),     ALWAYS("channel"), ALWAYS("provider"),
	ALWAYS("event_id"), FILES("record_id"), ALWAYS("user"), FILES("hits"), FILES("risk_score"),
	FILES("technique"), FILES("bookmark"), FILES("note"),
};

struct event_page {
	struct printing *to;
	struct event_key last;
	uint32_t         n;
};

static bool
list_event_row(void *ctx, const struct event_row *ev)
{
	struct event_page *page = ctx;
	struct arena       scratch = page->to->scratch;

	page->n++;
	page->last = (struct event_key){ ev->time_ns, ev->id };
	print_row(page->to->print, (struct print_cell[COUNT(list_event_columns)]){
				      cell_count((uint64_t)ev->id),
				      cell_time(ev->time_ns),
				      cell_text(ev->host),
				      cell_text(ev->channel),
				      cell_text(ev->provider),
				      cell_count(ev->event_id),
				      ev->has_record_id ? cell_count(ev->record_id)
							: cell_text(TEXT_NONE),
				      cell_text(ev->user),
				      cell_count(ev->n_hits),
				      cell_number(ev->risk_score),
				      cell_split(ev->techniques, ' ', &scratch),
				      cell_text(ev->bookmark ? TEXT("yes") : TEXT_NONE),
				      cell_text(ev->note),
				  });
	return true;
}

static bool
events_rows(struct casefile *cf, const struct case_filter *f, struct printing *to,
	   struct err *err)
{
	const uint32_t    page_rows = 4096;
	struct event_page page = { to, event_key_before(OLDEST_ONWARD), page_rows };
	bool              good = true;

	while (good && page.n == page_rows) {
		page.n = 0;
		good = query_events(cf, f, page.last, OLDEST_ONWARD, page_rows, list_event_row, &page, err);
	}
	return good;
}

static const struct case_view case_view_events = { "events", list_event_columns,
						   COUNT(list_event_columns), events_rows };

const struct case_view *const case_views[] = {
	&case_view_hosts,       &case_view_users,     &case_view_findings,
	&case_view_risk_events, &case_view_incidents, &case_view_ledger,
	&case_view_evidence,    &case_view_gaps,      &case_view_events,
	&case_view_filters,     &case_view_hidden,    &case_view_noted,
	&case_view_factors,     &case_view_entities,  &case_view_given,
	&case_view_risk_changes,
	NULL,
};

bool
case_view_print(const struct case_view *v, struct casefile *cf, const struct case_filter *f,
		const struct print_style *style, uint64_t *rows, struct err *err)
{
	struct printing to = { print_begin(style, v->columns, v->n_columns),
			       arena_open((size_t)64 << 20) };
	bool            good = v->rows(cf, f, &to, err);

	if (rows)
		*rows = print_rows(to.print);
	print_end(to.print);
	arena_close(&to.scratch);
	return good;
}
