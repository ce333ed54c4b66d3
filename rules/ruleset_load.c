/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and folders into a ruleset: detections, and the macros and lookups that lie beside them. */
#include "config.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rules/folder.h"
#include "rules/load.h"
#include "rules/rule_files.h"
#include "rules/ruleset_parts.h"

#define LOOKUP_MAX ((size_t)256 << 20) /* bytes of one table */

static const char *const yaml_suffixes[] = { ".yml", ".yaml", NULL };

/* Every file that can change what is found counts, with its length, in the order of loading. */
static void
count_in(struct ruleset *rs, struct text content)
{
	uint64_t n = content.n;

	digest_add(rs->running, &n, sizeof(n));
	digest_add(rs->running, content.p, content.n);
}

static struct detection *
add_detection(struct ruleset *rs)
{
	arena_grow(&rs->keep, rs->items, rs->n, &rs->cap);
	rs->items[rs->n] = arena_new(&rs->keep, struct detection, 1);
	return rs->items[rs->n++];
}

/* A file that cannot be read as a detection stays visible: named after itself, with its problem. */
static void
add_broken(struct ruleset *rs, struct text file, const struct err *err)
{
	struct detection *d = add_detection(rs);
	struct text       name = text_last_part(file);

	d->id = file;
	d->name = name;
	d->source = file;
	d->type = TEXT("TTP");
	d->search_place = (struct place){ file, 1, 1 };
	err_set(&d->problem, ERR_RULE, "%s", err->what);
	err_where(&d->problem, TEXT_FMT ":%s", TEXT_ARG(file),
		  err->where[0] && !text_eq(text_of(err->where), file) ? err->where : "1:1");
}

static void
add_unread(struct ruleset *rs, struct text path, const struct err *err)
{
	add_broken(rs, path, err);
	rs->items[rs->n - 1]->unread = true;
}

/* Macros, lookups and stories lie among detections, and have no search. What has one and lacks a
 * name, an id or a text in it was meant as a detection, and so was what has the type of one. */
static bool
was_meant(const struct yaml_node *root)
{
	static const char *const types[] = { "TTP", "Anomaly", "Hunting", "Correlation" };

	if (root->kind != YAML_KIND_MAP)
		return true;
	if (yaml_get(root, "search") != NULL)
		return !load_is_other(root);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (text_ieq(yaml_text(root, "type"), text_of(types[i])))
			return true;
	return false;
}

/* Says what was read otherwise than a reader of the file would think. */
static void
remark_on_file(struct detection *d, const struct yaml_node *root, bool guessed, struct arena *keep)
{
	const struct yaml_node *again = yaml_repeated(root);

	if (again)
		load_remark(d, keep,
			    arena_printf(keep,
					 "key \"" TEXT_FMT "\" stands there twice: the value in line %u "
					 "counts",
					 TEXT_ARG(again->key), again->line));
	if (guessed)
		load_remark(d, keep, TEXT("not UTF-8: read as Windows-1252"));
}

/* The detections among the documents of a file, and what was meant as one; false: there is none.
 * NAMED: the user asked for this very file: what was meant as one does not count. */
static bool
load_documents(struct ruleset *rs, const struct rule_file *file, struct text path, bool named)
{
	struct text sha256 = TEXT_NONE;

	for (const struct yaml_node *root = file->root; root; root = root->next) {
		struct err problem = { 0 };

		if (load_is_detection(root)) {
			struct detection *d = add_detection(rs);

			if (text_absent(sha256)) {
				count_in(rs, file->content);
				sha256 = arena_copy(&rs->keep, text_of(file->sha256));
			}
			load_detection(d, root, path, file->content, &rs->keep, &problem);
			remark_on_file(d, root, file->guessed, &rs->keep);
			d->load = rs->n_loads;
			d->sha256 = sha256;
		} else if (!named && was_meant(root)) {
			struct arena scratch = rs->walk;

			err_set(&problem, ERR_INPUT, "not a detection: " TEXT_FMT,
				TEXT_ARG(load_lacks(root, &scratch)));
			err_where(&problem, "%u:%u", root->line, root->column);
			add_broken(rs, path, &problem);
			if (root != file->root)
				rs->items[rs->n - 1]->id =
				    arena_printf(&rs->keep, TEXT_FMT ":%s", TEXT_ARG(path), problem.where);
		}
	}
	return !text_absent(sha256);
}

/* The file that the user asked for. False when it is no detection at all. */
static bool
load_file(struct ruleset *rs, struct text path, struct err *err)
{
	struct arena     scratch = rs->scratch;
	struct rule_file file = { .path = path };
	struct text      kept = arena_copy(&rs->keep, path);

	rule_file_read(&file, &scratch);
	if (text_absent(file.content)) {
		err_set(err, ERR_INPUT, "%s", file.problem.what);
		return err_where(err, "%s", file.problem.where);
	}
	if (!file.root) {
		add_broken(rs, kept, &file.problem);
		return true;
	}
	if (load_documents(rs, &file, kept, true))
		return true;
	err_set(err, ERR_INPUT, "not a detection: " TEXT_FMT,
		TEXT_ARG(load_lacks(file.root, &scratch)));
	return err_where(err, TEXT_FMT, TEXT_ARG(path));
}

static void
on_detection_file(void *ctx, const struct rule_file *file)
{
	struct ruleset *rs = ctx;

	if (file->root)
		load_documents(rs, file, file->path, false);
	else if (text_absent(file->content))
		add_unread(rs, file->path, &file->problem);
	else
		add_broken(rs, file->path, &file->problem);
}

struct paths {
	struct arena *keep;
	struct text  *items;
	size_t        n, cap;
};

static void
on_path(void *ctx, struct text path)
{
	struct paths *p = ctx;

	arena_grow(p->keep, p->items, p->n, &p->cap);
	p->items[p->n++] = arena_copy(p->keep, path);
}

static void
on_macro_file(void *ctx, struct text path)
{
	struct ruleset   *rs = ctx;
	struct arena      scratch = rs->scratch;
	struct yaml_node *root;
	struct text       content;
	struct macro     *macro = arena_new(&rs->keep, struct macro, 1);
	struct err        problem = { 0 };

	if (!folder_read_text(path, YAML_FILE_MAX, &scratch, &content, NULL, &problem)) {
		add_unread(rs, arena_copy(&rs->keep, path), &problem);
		return;
	}
	if (!yaml_read(&root, NULL, &scratch, content, &problem)) {
		add_broken(rs, arena_copy(&rs->keep, path), &problem);
		return;
	}
	for (; root; root = root->next) {
		if (!load_macro(macro, root, arena_copy(&rs->keep, path), content, &rs->keep))
			continue;
		macros_add(rs->macros, macro);
		count_in(rs, content);
		macro = arena_new(&rs->keep, struct macro, 1);
	}
}

/* A table without a definition goes by its file name; a definition comes later, and replaces it. */
static void
on_lookup_file(void *ctx, struct text path)
{
	struct ruleset             *rs = ctx;
	struct arena                scratch = rs->scratch;
	struct yaml_node           *root;
	struct text                 content, name = text_last_part(path);
	const struct lookup_options plain = { 0 };
	struct err                  problem = { 0 };

	if (!folder_read_text(path, LOOKUP_MAX, &scratch, &content, NULL, &problem)) {
		add_unread(rs, arena_copy(&rs->keep, path), &problem);
		return;
	}
	count_in(rs, content);
	if (text_iends(path, TEXT(".csv"))) {
		lookups_add(rs->lookups, text_head(name, name.n - 4), path, &plain);
		lookups_add(rs->lookups, name, path, &plain);
		return;
	}
	if (!yaml_read(&root, NULL, &scratch, content, &problem)) {
		add_broken(rs, arena_copy(&rs->keep, path), &problem);
		return;
	}
	for (; root; root = root->next)
		load_lookup(rs->lookups, root, path, scratch);
}

/* True the first time it is asked about a folder, however it is spelled. */
static bool
first_visit(struct ruleset *rs, struct text folder)
{
	struct arena scratch = rs->scratch;
	char        *real = realpath(arena_cstr(&scratch, folder), NULL);
	struct text  path = TEXT_NONE;

	if (real)
		path = arena_copy(&rs->keep, text_of(real));
	else if (errno != ENOENT && errno != ENOTDIR) /* whoever reads it says why not */
		path = arena_copy(&rs->keep, folder);
	free(real);
	if (text_absent(path))
		return false;
	for (size_t i = 0; i < rs->n_visited; i++) {
		if (text_eq(rs->visited[i], path))
			return false;
	}
	arena_grow(&rs->keep, rs->visited, rs->n_visited, &rs->visited_cap);
	rs->visited[rs->n_visited++] = path;
	return true;
}

/* macros/ and lookups/ of a repository lie in the folder of detections, beside it or above it. The
 * nearest are read last, so that they win. */
static void
load_beside(struct ruleset *rs, struct text folder)
{
	static const char *const ups[] = { "/../..", "/..", "" };
	static const char *const tables[] = { ".csv", NULL };

	for (size_t i = 0; i < sizeof(ups) / sizeof(ups[0]); i++) {
		struct arena scratch = rs->walk;
		struct text  macros = arena_printf(&scratch, TEXT_FMT "%s/macros", TEXT_ARG(folder),
						   ups[i]);
		struct text  lookups = arena_printf(&scratch, TEXT_FMT "%s/lookups",
						    TEXT_ARG(folder), ups[i]);

		if (first_visit(rs, macros) &&
		    !folder_walk(macros, 1, yaml_suffixes, on_macro_file, rs, scratch, NULL))
			on_macro_file(rs, macros);
		if (!first_visit(rs, lookups))
			continue;
		if (!folder_walk(lookups, 1, tables, on_lookup_file, rs, scratch, NULL) ||
		    !folder_walk(lookups, 1, yaml_suffixes, on_lookup_file, rs, scratch, NULL))
			on_lookup_file(rs, lookups);
	}
}

static struct text
folder_of(struct text path)
{
	size_t slash = text_rfind_byte(path, '/');

	return slash == TEXT_NOWHERE ? TEXT(".") : slash == 0 ? TEXT("/") : text_head(path, slash);
}

static struct text
without_slashes(struct text path)
{
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	return path;
}

bool
ruleset_load_words(struct ruleset *rs, struct text path, struct err *err)
{
	struct stat st;

	assert(rs->running);
	path = without_slashes(path);
	if (stat(arena_cstr(&rs->keep, path), &st) != 0) {
		err_set(err, ERR_INPUT, "cannot be read: %s", strerror(errno));
		return err_where(err, TEXT_FMT, TEXT_ARG(path));
	}
	load_beside(rs, S_ISDIR(st.st_mode) ? path : folder_of(path));
	return true;
}

bool
ruleset_load(struct ruleset *rs, struct text path, struct err *err)
{
	struct paths paths = { .keep = &rs->keep };

	assert(rs->running);
	rs->n_loads++;
	path = without_slashes(path);
	if (!folder_is(path, rs->scratch)) {
		if (!load_file(rs, path, err))
			return false;
		load_beside(rs, folder_of(path));
		return true;
	}
	if (!folder_walk(path, FOLDER_DEPTH_MAX, yaml_suffixes, on_path, &paths, rs->walk, err))
		return false;
	rule_files_read(paths.items, paths.n, rs->n_threads, on_detection_file, rs);
	load_beside(rs, path);
	return true;
}
