/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/serving.h"

#include "cli/evidence_again.h"
#include "cli/filtering.h"
#include "cli/report.h"
#include "cli/weighing.h"

struct serving {
	struct services services;
	struct cli      cli; /* says nothing on standard error: that is where the screen is */
	const char     *path;
};

static bool
filter(void *self, const struct filter_change *change, struct arena *keep,
       struct filter_outcome *out, struct err *err)
{
	struct serving  *s = self;
	struct cli       cli = s->cli;
	struct casefile *cf;
	bool             good;

	cli.keep = keep;
	if (!casefile_open(&cf, s->path, CASEFILE_WORK, 0, err))
		return false;
	good = filtering_change(&cli, cf, change, out, err);
	casefile_close(cf);
	return good;
}

static bool
risk(void *self, const struct risk_wish *wish, struct arena *keep, struct risk_outcome *out,
     struct err *err)
{
	struct serving  *s = self;
	struct cli       cli = s->cli;
	struct casefile *cf;
	struct ruleset  *rs;
	bool             good;

	cli.keep = keep;
	if (!casefile_open(&cf, s->path, CASEFILE_WORK, 0, err))
		return false;
	good = cli_words(&cli, cf, &rs, err);
	if (good) {
		casefile_cancel(cf, wish->cancel);
		good = weighing_change(cf, rs, wish, keep, out, err);
		ruleset_free(rs);
	}
	casefile_close(cf);
	return good;
}

static bool
report(void *self, size_t i, const struct case_filter *f, const char *path,
       const struct report_watch *watch, uint64_t *rows, struct err *err)
{
	struct serving  *s = self;
	struct arena     keep = arena_open((size_t)1 << 24);
	struct casefile *cf;
	struct output    file;
	bool             good = casefile_open(&cf, s->path, CASEFILE_READ, 0, err);

	if (good) {
		casefile_cancel(cf, watch->cancel);
		good = output_open(&file, cf, path, &keep, err);
		if (good) {
			file.keeps = true;
			good = report_forms[i].write(cf, f, file.out, watch, rows, err);
			good = good && !atomic_load(watch->cancel) && casefile_whole(cf, err);
			good = output_close(&file, good, err) && good;
		}
		casefile_close(cf);
	}
	if (!good && atomic_load(watch->cancel)) {
		*err = (struct err){ 0 };
		err_set(err, ERR_CANCEL, "stopped; nothing was written");
	}
	arena_close(&keep);
	return good;
}

/* Asks where it is asked for good: what is written aside is given up. */
static bool
may_replace(void *self, const char *path, struct err *err)
{
	struct serving  *s = self;
	struct arena     keep = arena_open((size_t)1 << 24);
	struct casefile *cf;
	struct output    file;
	bool             good = casefile_open(&cf, s->path, CASEFILE_READ, 0, err);

	if (good) {
		good = output_open(&file, cf, path, &keep, err);
		if (good)
			output_close(&file, false, NULL);
		casefile_close(cf);
	}
	arena_close(&keep);
	return good;
}

/* A key that reads a record must not take seconds. */
#define ARCHIVE_MOST ((uint64_t)32 << 20)

static bool
record(void *self, const struct event_origin *origin, struct arena *keep, struct raw_record *out,
       struct err *err)
{
	const struct serving       *s = self;
	const struct option_values *passwords = &s->cli.opt->values[OPTION_PASSWORD];
	const struct member_how     how = { s->path, ARCHIVE_MOST, passwords->items, passwords->n };

	return evidence_record(origin, &how, keep, out, err);
}

const struct services *
serving_open(const struct cli *cli, const char *path)
{
	struct serving      *s = arena_new(cli->keep, struct serving, 1);
	struct service_form *forms;
	size_t               n = 0;

	while (report_forms[n].name)
		n++;
	forms = arena_new(cli->keep, struct service_form, n + 1);
	for (size_t i = 0; i < n; i++)
		forms[i] = (struct service_form){ report_forms[i].ending, report_forms[i].file,
						  report_forms[i].what };
	s->cli = *cli;
	s->cli.quiet = true;
	s->path = path;
	s->services = (struct services){ s, filter, risk, forms, report, may_replace, record };
	return &s->services;
}
