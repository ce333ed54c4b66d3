/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rules test: every chosen rule over the data that its own tests name, each test in a case of its
 * own, which is thrown away.
 *
 * The data is named by the address it was published at. Of that the longest tail that is a file
 * below --data counts: a checkout of the data, or any folder inside of it, will do.
 */
#include "config.h"

#include "cli/rules_test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/counted.h"

/* A name alone says nothing about which of the many files called so is meant. */
#define TAIL_PARTS_LEAST 2
/* A table shows so many tests without their data; the others are only counted. */
#define MISSING_SHOWN 3

enum outcome { OUTCOME_FOUND, OUTCOME_NOTHING, OUTCOME_MISSING, OUTCOME_FAILED, OUTCOME_COUNT };

static const char *const outcome_names[OUTCOME_COUNT] = {
    [OUTCOME_FOUND] = "found",
    [OUTCOME_NOTHING] = "nothing found",
    [OUTCOME_MISSING] = "data missing",
    [OUTCOME_FAILED] = "could not run",
};

static const struct print_column columns[] = {
	{ TEXT_INIT("rule_id"), COLUMN_FILES },   { TEXT_INIT("rule"), COLUMN_ALWAYS },
	{ TEXT_INIT("test"), COLUMN_FILES },      { TEXT_INIT("status"), COLUMN_ALWAYS },
	{ TEXT_INIT("hits"), COLUMN_FILES },      { TEXT_INIT("findings"), COLUMN_ALWAYS },
	{ TEXT_INIT("reason"), COLUMN_ALWAYS },   { TEXT_INIT("data"), COLUMN_WIDE },
	{ TEXT_INIT("source"), COLUMN_FILES },
};

struct bench {
	struct cli        *cli;
	struct print      *print;
	bool               brief;  /* tests without data are counted only, but for the first */
	struct text        data;   /* folder */
	const char        *folder; /* of the case that is thrown away */
	const char        *path, *said; /* the case; what its import says */
	uint32_t           counts[OUTCOME_COUNT];
	bool               stopped; /* interrupted, or no room for the case */
};

struct result {
	enum outcome outcome;
	uint64_t     hits, findings;
	struct text  reason;
};

/* The file of an address below the folder; NULL: none. */
static const char *
data_file(const struct bench *b, struct text address, struct arena *keep)
{
	static const char *const packed[] = { "", ".gz", ".zst", ".lz4", ".xz", ".bz2", ".zip", ".7z" };
	size_t                   scheme = text_find(address, TEXT("://"));
	struct text tail = scheme == TEXT_NOWHERE ? address : text_from(address, scheme + 3);

	for (;;) {
		struct text rest = tail;
		unsigned    parts = 0;

		while (!text_absent(rest))
			parts += text_cut(&rest, '/').n > 0;
		if (parts < TAIL_PARTS_LEAST)
			return NULL;
		for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++) {
			struct text path = arena_printf(keep, TEXT_FMT "/" TEXT_FMT "%s",
							TEXT_ARG(b->data), TEXT_ARG(tail), packed[i]);

			if (access(path.p, R_OK) == 0)
				return path.p;
		}
		text_cut(&tail, '/');
	}
}

static void
throw_away(const struct bench *b)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-journal",
						"-import.lock" };
	char                     path[4096];

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", b->path, tails[i]);
		unlink(path);
	}
	unlink(b->said);
}

static int
import_command(const struct bench *b, const struct detection *d, const char *const *files,
	       uint32_t n, struct arena *keep)
{
	struct options opt = { .command = command_named(TEXT("import")) };
	struct cli     sub = { .opt = &opt, .keep = keep, .quiet = true };
	const char    *rule = arena_cstr(sub.keep, d->source), *yes = "";

	opt.args = arena_new(sub.keep, const char *, n + 1);
	opt.args[0] = b->path;
	for (uint32_t i = 0; i < n; i++)
		opt.args[i + 1] = files[i];
	opt.n_args = n + 1;
	opt.values[OPTION_RULES] = (struct option_values){ &rule, 1 };
	opt.values[OPTION_NO_BUILTIN] = (struct option_values){ &yes, 1 };
	if (option_given(b->cli->opt, OPTION_NO_SANDBOX))
		opt.values[OPTION_NO_SANDBOX] = (struct option_values){ &yes, 1 };
	return command_import(&sub);
}

/* In a process of its own, which gives up its rights for good. Returns the exit status. */
static int
import(struct bench *b, const struct detection *d, const char *const *files, uint32_t n,
       struct arena *keep)
{
	pid_t child;
	void (*before)(int);
	int   status = 0;

	fflush(NULL);
	child = fork();
	if (child < 0)
		return EXIT_FAILED;
	if (child == 0) {
		int said = open(b->said, O_WRONLY | O_CREAT | O_TRUNC, 0600);

		if (said >= 0)
			dup2(said, STDERR_FILENO);
		_exit(import_command(b, d, files, n, keep));
	}
	before = signal(SIGINT, SIG_IGN); /* it is the import's to stop */
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			break;
	signal(SIGINT, before);
	b->stopped = WIFEXITED(status) ? WEXITSTATUS(status) == EXIT_FAILED
				       : WTERMSIG(status) == SIGINT;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
}

static struct text
last_words(const struct bench *b, struct arena *keep)
{
	char        line[400] = "";
	FILE       *f = fopen(b->said, "r");
	struct text t;

	if (f && !fgets(line, sizeof(line), f))
		line[0] = '\0';
	if (f)
		fclose(f);
	t = text_trim(text_of(line));
	if (text_starts(t, TEXT("auger: ")))
		t = text_from(t, 7);
	return t.n ? arena_copy(keep, t) : TEXT("the import was ended by the system");
}

struct reading {
	struct text    rule_id;
	struct result *result;
	struct arena  *keep;
};

static bool
take_entry(void *ctx, const struct ledger_entry *e)
{
	struct reading *r = ctx;

	if (!text_eq(e->rule_id, r->rule_id))
		return true;
	r->result->hits = e->hits;
	r->result->findings = e->findings;
	r->result->reason = arena_copy(r->keep, e->reason);
	switch (e->status) {
	case LEDGER_FOUND:
		r->result->outcome = OUTCOME_FOUND;
		break;
	case LEDGER_NOTHING:
	case LEDGER_NO_DATA:
		r->result->outcome = OUTCOME_NOTHING;
		break;
	case LEDGER_UNSUPPORTED:
	case LEDGER_FAILED:
		r->result->outcome = OUTCOME_FAILED;
		break;
	}
	return false;
}

static void
read_ledger(const struct bench *b, const struct detection *d, struct result *out,
	    struct arena *keep)
{
	struct reading   reading = { d->id, out, keep };
	struct casefile *cf;
	struct err       err = { 0 };

	if (!casefile_open(&cf, b->path, CASEFILE_READ, 0, &err)) {
		out->reason = arena_printf(keep, "%s", err.what);
		return;
	}
	query_ledger(cf, take_entry, &reading, &err);
	casefile_close(cf);
}

/* Missing files are named; what is there is tried all the same. */
static struct result
try_test(struct bench *b, const struct detection *d, const struct detection_test *t,
	 struct text *used, struct arena *keep)
{
	const char  **files = arena_new(keep, const char *, t->n_data);
	struct result out = { .outcome = OUTCOME_FAILED };
	struct text   missing = TEXT_NONE;
	uint32_t      n = 0;
	int           status;

	for (uint32_t i = 0; i < t->n_data; i++) {
		const char *file = data_file(b, t->data[i], keep);

		if (file)
			files[n++] = file;
		else if (text_absent(missing))
			missing = arena_printf(keep, TEXT_FMT " is not below " TEXT_FMT,
					       TEXT_ARG(t->data[i]), TEXT_ARG(b->data));
	}
	if (!d->search) {
		out.reason = arena_printf(keep, "%s", d->problem.what);
		return out;
	}
	for (uint32_t i = 0; i < n; i++)
		*used = arena_printf(keep, TEXT_FMT "%s%s", TEXT_ARG(*used), i ? "\n" : "",
				     files[i]);
	if (n) {
		status = import(b, d, files, n, keep);
		if (status == EXIT_DONE || status == EXIT_PARTLY)
			read_ledger(b, d, &out, keep);
		else
			out.reason = last_words(b, keep);
		throw_away(b);
	}
	if (missing.n && out.outcome != OUTCOME_FOUND && (n == 0 || out.outcome == OUTCOME_NOTHING)) {
		out.outcome = OUTCOME_MISSING;
		out.reason = missing;
	}
	return out;
}

void
rules_test_rule(struct bench *b, const struct detection *d)
{
	for (uint32_t i = 0; i < d->n_tests && !b->stopped; i++) {
		struct arena  scratch = *b->cli->keep;
		struct text   used = TEXT("");
		struct result r = try_test(b, d, &d->tests[i], &used, &scratch);

		b->counts[r.outcome]++;
		if (b->brief && r.outcome == OUTCOME_MISSING &&
		    b->counts[OUTCOME_MISSING] > MISSING_SHOWN)
			continue;
		print_row(b->print, (struct print_cell[]){
					cell_text(d->id), cell_text(d->name),
					cell_text(d->tests[i].name),
					cell_text(text_of(outcome_names[r.outcome])),
					cell_count(r.hits), cell_count(r.findings),
					cell_text(r.reason), cell_list(used),
					cell_text(d->source) });
	}
}

struct bench *
rules_test_begin(struct cli *cli, const struct print_style *style, struct err *err)
{
	struct bench *b = arena_new(cli->keep, struct bench, 1);
	const char   *tmp = getenv("TMPDIR");
	char         *folder;

	b->cli = cli;
	b->data = option_text(cli->opt, OPTION_DATA);
	if (text_absent(b->data)) {
		err_set(err, ERR_USAGE, "rules test: say where the test data lies with --data DIR");
		return NULL;
	}
	if (access(option_cstr(cli->opt, OPTION_DATA), R_OK | X_OK) != 0) {
		err_set(err, ERR_INPUT, "%s", strerror(errno));
		err_where(err, "%s", option_cstr(cli->opt, OPTION_DATA));
		return NULL;
	}
	while (b->data.n > 1 && b->data.p[b->data.n - 1] == '/')
		b->data.n--;
	folder = arena_new(cli->keep, char, 4096);
	snprintf(folder, 4096, "%s/auger-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(folder)) {
		err_set(err, ERR_IO, "no folder for the cases of tests: %s", strerror(errno));
		err_where(err, "%s", folder);
		return NULL;
	}
	b->folder = folder;
	b->path = arena_printf(cli->keep, "%s/case.auger", folder).p;
	b->said = arena_printf(cli->keep, "%s/said", folder).p;
	b->brief = style->format == PRINT_TABLE;
	b->print = print_begin(style, columns, sizeof(columns) / sizeof(columns[0]));
	return b;
}

int
rules_test_end(struct bench *b)
{
	uint32_t all = 0;

	print_end(b->print);
	rmdir(b->folder);
	for (int i = 0; i < OUTCOME_COUNT; i++)
		all += b->counts[i];
	cli_remark(b->cli, "%s: %s found, %s nothing found, %s data missing, %s could not run",
		   counted(all, "test").words, counted_number(b->counts[OUTCOME_FOUND]).words,
		   counted_number(b->counts[OUTCOME_NOTHING]).words,
		   counted_number(b->counts[OUTCOME_MISSING]).words,
		   counted_number(b->counts[OUTCOME_FAILED]).words);
	if (b->brief && b->counts[OUTCOME_MISSING] > MISSING_SHOWN)
		cli_remark(b->cli, "%s left out, whose data is missing: --format csv lists them",
			   counted(b->counts[OUTCOME_MISSING] - MISSING_SHOWN, "more test").words);
	if (b->stopped)
		return EXIT_FAILED;
	if (!all)
		cli_warn("none of these rules names test data");
	return !all ? EXIT_NOTHING : b->counts[OUTCOME_FOUND] == all ? EXIT_DONE : EXIT_PARTLY;
}
