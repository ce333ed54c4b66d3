/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger verify: integrity of the case, and the hashes of evidence that is still there. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/counted.h"
#include "base/digest.h"
#include "cli/cli.h"
#include "cli/evidence_again.h"
#include "cli/member_again.h"
#include "importers/importer.h"

static const struct print_column verify_columns[] = {
	{ TEXT_INIT("what"), COLUMN_ALWAYS },
	{ TEXT_INIT("result"), COLUMN_ALWAYS },
	{ TEXT_INIT("detail"), COLUMN_ALWAYS },
};

struct verifying {
	struct print *print;
	const char   *case_path;
	uint64_t      damaged, files; /* places in the case; evidence that changed or cannot be read */
};

static void
say(struct verifying *v, struct text what, struct text result, struct text detail)
{
	const struct print_cell cells[] = { cell_text(what), cell_text(result), cell_text(detail) };

	print_row(v->print, cells);
}

static void
problem(void *ctx, struct text what)
{
	struct verifying *v = ctx;

	v->damaged++;
	say(v, TEXT("case"), TEXT("damaged"), what);
}

static bool
is_gone(const char *path)
{
	return access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

static bool
evidence_check(void *ctx, const struct evidence_row *e)
{
	struct verifying *v = ctx;
	char              hex[DIGEST_HEX + 1];
	struct err        err = { 0 };
	struct arena      memory = arena_open((size_t)1 << 20);
	struct text       place = evidence_place(e->path, v->case_path, &memory);
	const char       *path = arena_cstr(&memory, place);

	if (e->sha256.n == 0 || text_eq(e->path, TEXT("-"))) {
		say(v, e->path, TEXT("not checked"), TEXT("has no file, or was never read whole"));
	} else if (is_gone(path) && !text_absent(member_archive(place, memory))) {
		say(v, e->path, TEXT("not checked"), TEXT("lies in an archive, which is checked"));
	} else if (is_gone(path)) {
		say(v, e->path, TEXT("gone"), text_of(evidence_gone(e->path)));
	} else if (!evidence_hash(place, hex, &err)) {
		v->files++;
		say(v, e->path, TEXT("unreadable"), text_of(err.what));
	} else if (!text_eq(text_of(hex), e->sha256)) {
		v->files++;
		say(v, e->path, TEXT("changed"), TEXT("is not what was imported"));
	} else {
		say(v, e->path, TEXT("ok"), e->sha256);
	}
	arena_close(&memory);
	return true;
}

static int
verify(struct cli *cli, struct casefile *cf, struct err *err)
{
	struct verifying   v = { .case_path = cli->opt->args[0] };
	struct print_style style;
	const char        *unsummed;
	bool               good;

	if (!cli_style(cli, cf, &style, err))
		return cli_fail(err);
	v.print = print_begin(&style, verify_columns, 3);
	good = casefile_verify(cf, problem, &v, err);
	if (good && v.damaged == 0)
		say(&v, TEXT("case"), TEXT("ok"), TEXT("pages, indexes and counts agree"));
	if (good && (unsummed = casefile_unsummed(cf)))
		say(&v, TEXT("case"), TEXT("not checked"), text_of(unsummed));
	good = good && query_evidence(cf, evidence_check, &v, err);
	print_end(v.print);
	if (v.damaged)
		cli_warn("%s: damaged, see the result (%s)", v.case_path,
			 counted(v.damaged, "place").words);
	if (v.files)
		cli_warn("%s: %s of its evidence changed or cannot be read, see the result", v.case_path,
			 counted(v.files, "file").words);
	return cli_style_end(&style, !good                   ? cli_fail(err)
				     : v.damaged || v.files ? EXIT_PARTLY
							    : EXIT_DONE);
}

int
command_verify(struct cli *cli)
{
	return cli_with_case(cli, verify);
}
