/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger export: every view, report and timeline into a folder, with a manifest of hashes. */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/report.h"
#include "cli/views.h"

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

static bool
export_view(const struct case_view *v, struct casefile *cf, const char *folder,
	    struct print *manifest, struct arena keep, struct err *err)
{
	struct text        name = arena_printf(&keep, "%s.csv", v->name);
	const char        *path = arena_printf(&keep, "%s/%s.csv", folder, v->name).p;
	struct print_style style = { .format = PRINT_CSV };
	struct case_filter all = CASE_FILTER_ALL;
	char               hex[DIGEST_HEX + 1];
	uint64_t           rows, size;
	bool               good;

	if (!output_open(&style.file, cf, path, &keep, err))
		return false;
	style.out = style.file.out;
	good = case_view_print(v, cf, &all, &style, &rows, err);
	if (!output_close(&style.file, good, err) || !good ||
	    !output_digest(path, hex, &size, err))
		return false;
	print_row(manifest, (struct print_cell[]){ cell_text(name), cell_count(rows),
						   cell_count(size), cell_text(text_of(hex)) });
	return true;
}

static bool
export_report(const struct report_form *form, struct casefile *cf, const char *folder,
	      struct print *manifest, struct arena keep, struct err *err)
{
	const char        *path = arena_printf(&keep, "%s/%s", folder, form->file).p;
	struct case_filter all = CASE_FILTER_ALL;
	struct output      file;
	char               hex[DIGEST_HEX + 1];
	uint64_t           rows, size;
	bool               good;

	if (!output_open(&file, cf, path, &keep, err))
		return false;
	good = form->write(cf, &all, file.out, NULL, &rows, err);
	if (!output_close(&file, good, err) || !good || !output_digest(path, hex, &size, err))
		return false;
	print_row(manifest, (struct print_cell[]){ cell_text(text_of(form->file)), cell_count(rows),
						   cell_count(size), cell_text(text_of(hex)) });
	return true;
}

static const struct print_column manifest_columns[] = {
	{ TEXT_INIT("file"), COLUMN_ALWAYS },
	{ TEXT_INIT("rows"), COLUMN_ALWAYS },
	{ TEXT_INIT("size"), COLUMN_ALWAYS },
	{ TEXT_INIT("sha256"), COLUMN_ALWAYS },
};

/* Whether the files of the folder were written by an export, and may be replaced by one. */
static bool
is_ours(const char *manifest)
{
	static const char head[] = "file,rows,size,sha256";
	char              line[sizeof(head)] = "";
	FILE             *in = fopen(manifest, "r");
	bool              ours = in && fgets(line, sizeof(line), in) && strcmp(line, head) == 0;

	if (in)
		fclose(in);
	return ours;
}

static bool
is_free(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return true;
	err_set(err, ERR_INPUT, "is there already, and not from an export; nothing was written");
	return err_where(err, "%s", path);
}

static bool
folder_is_free(const char *folder, const char *manifest, struct arena keep, struct err *err)
{
	bool good = is_ours(manifest) || is_free(manifest, err);

	for (size_t i = 0; good && !is_ours(manifest) && case_views[i]; i++)
		good = is_free(arena_printf(&keep, "%s/%s.csv", folder, case_views[i]->name).p,
			       err);
	for (size_t i = 0; good && !is_ours(manifest) && report_forms[i].name; i++)
		good = is_free(arena_printf(&keep, "%s/%s", folder, report_forms[i].file).p, err);
	return good;
}

/* A manifest of nothing, as long as the files are not all there: an export that was stopped is known
 * as one, and files are never held to the hashes of others. */
static bool
begin_manifest(struct casefile *cf, const char *path, struct arena *keep, struct err *err)
{
	struct print_style style = { .format = PRINT_CSV };

	if (!output_open(&style.file, cf, path, keep, err))
		return false;
	style.out = style.file.out;
	print_end(print_begin(&style, manifest_columns, 4));
	return output_close(&style.file, true, err);
}

static bool
export_all(struct cli *cli, struct casefile *cf, const char *folder, struct err *err)
{
	const char        *path = arena_printf(cli->keep, "%s/manifest.csv", folder).p;
	struct print_style style = { .format = PRINT_CSV };
	struct print      *manifest;
	bool               good = true;

	if (!make_folder(folder, err) || !output_folder_is_free(cf, folder, err) ||
	    !folder_is_free(folder, path, *cli->keep, err) ||
	    !begin_manifest(cf, path, cli->keep, err) ||
	    !output_open(&style.file, cf, path, cli->keep, err))
		return false;
	style.out = style.file.out;
	manifest = print_begin(&style, manifest_columns, 4);
	for (size_t i = 0; good && case_views[i]; i++)
		good = export_view(case_views[i], cf, folder, manifest, *cli->keep, err);
	for (size_t i = 0; good && report_forms[i].name; i++)
		good = export_report(&report_forms[i], cf, folder, manifest, *cli->keep, err);
	print_end(manifest);
	return output_close(&style.file, good, err) && good;
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
	cli_remark(cli, "%s: every view as CSV, report, layer and timeline; manifest.csv has their hashes", folder);
	return EXIT_DONE;
}

int
command_export(struct cli *cli)
{
	return cli_with_case(cli, export_case);
}
