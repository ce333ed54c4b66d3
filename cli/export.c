/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "cli/cli.h"
#include "cli/views.h"

static bool
cannot_write(const char *path, struct err *err)
{
	err_set(err, ERR_IO, "cannot write: %s", strerror(errno));
	return err_where(err, "%s", path);
}

static bool
make_folder(const char *path, struct err *err)
{
	struct stat st;

	if (mkdir(path, 0777) == 0)
		return true;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	err_set(err, ERR_INPUT, "cannot make this folder: %s", strerror(errno));
	return err_where(err, "%s", path);
}

/* GOOD: nothing has failed so far. A full disk is found here. */
static bool
close_file(FILE *out, const char *path, bool good, struct err *err)
{
	bool written = !ferror(out) && fflush(out) == 0;

	written = fclose(out) == 0 && written;
	if (good && !written)
		return cannot_write(path, err);
	return good;
}

/* Of a file that was just written: read back, so that the digest is of what is on the disk. */
static bool
file_digest(const char *path, char hex[DIGEST_HEX + 1], uint64_t *size, struct err *err)
{
	struct digest *digest = digest_new();
	FILE          *in = fopen(path, "r");
	char           buf[1 << 16];
	size_t         n;
	bool           good = in != NULL;

	*size = 0;
	while (good && (n = fread(buf, 1, sizeof(buf), in)) > 0) {
		digest_add(digest, buf, n);
		*size += n;
	}
	good = good && !ferror(in);
	if (in)
		fclose(in);
	digest_finish(digest, hex);
	return good || cannot_write(path, err);
}

static bool
export_view(const struct case_view *v, struct casefile *cf, const char *folder,
	    struct print *manifest, struct arena keep, struct err *err)
{
	struct text        name = arena_printf(&keep, "%s.csv", v->name);
	const char        *path = arena_printf(&keep, "%s/%s.csv", folder, v->name).p;
	struct print_style style = { .out = fopen(path, "w"), .format = PRINT_CSV };
	struct case_filter all = CASE_FILTER_ALL;
	char               hex[DIGEST_HEX + 1];
	uint64_t           rows, size;
	bool               good;

	if (!style.out)
		return cannot_write(path, err);
	good = case_view_print(v, cf, &all, &style, &rows, err);
	if (!close_file(style.out, path, good, err) || !file_digest(path, hex, &size, err))
		return false;
	print_row(manifest, (struct print_cell[]){ cell_text(name), cell_count(rows),
						   cell_count(size), cell_text(text_of(hex)) });
	return true;
}

static const struct print_column manifest_columns[] = {
	{ TEXT_INIT("file"), COLUMN_ALWAYS },
	{ TEXT_INIT("rows"), COLUMN_ALWAYS },
	{ TEXT_INIT("size"), COLUMN_ALWAYS },
	{ TEXT_INIT("sha256"), COLUMN_ALWAYS },
};

static bool
export_all(struct cli *cli, struct casefile *cf, const char *folder, struct err *err)
{
	const char        *path = arena_printf(cli->keep, "%s/manifest.csv", folder).p;
	struct print_style style = { .format = PRINT_CSV };
	struct print      *manifest;
	bool               good = make_folder(folder, err);

	if (!good)
		return false;
	style.out = fopen(path, "w");
	if (!style.out)
		return cannot_write(path, err);
	manifest = print_begin(&style, manifest_columns, 4);
	for (size_t i = 0; good && case_views[i]; i++)
		good = export_view(case_views[i], cf, folder, manifest, *cli->keep, err);
	print_end(manifest);
	return close_file(style.out, path, good, err);
}

static int
export_case(struct cli *cli, struct casefile *cf, struct err *err)
{
	const char *folder = option_cstr(cli->opt, OPTION_FOLDER);

	if (!folder) {
		err_set(err, ERR_USAGE, "where to? auger export %s -o DIR", cli->opt->args[0]);
		err_where(err, "export");
		return cli_fail(err);
	}
	if (!export_all(cli, cf, folder, err))
		return cli_fail(err);
	cli_remark(cli, "%s: every view as CSV; manifest.csv has their hashes", folder);
	return EXIT_DONE;
}

int
command_export(struct cli *cli)
{
	return cli_with_case(cli, export_case);
}
