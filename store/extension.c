/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * extension.c - auger_fields.so: the fields of a case's events for every program that speaks SQL.
 *
 *	auger_field(event_id, name)   the field's value; several are joined by line ends; NULL: none
 *	auger_fields(event_id)        rows of name, value, origin: every field that a search sees
 *
 * Names are those of a search: raw ones and those of every vocabulary (Computer, dest,
 * Processes.process). Script blocks are joined, as for rules. Values are as recorded: what a
 * terminal or a spreadsheet would obey in them is not defused.
 *
 * The case is the main database of the connection, read through that connection. Both may be used
 * in statements only, not in a schema: a case may come from a stranger.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "store/blocks.h"
#include "store/decoded_cache.h"
#include "store/query.h"

const sqlite3_api_routines *sqlite3_api;

#define EVENT_BYTES ((size_t)1 << 30)

/* What one connection keeps; released by the function and by the module. */
struct reader {
	struct casefile cf;
	int             users;
	bool            checked;   /* it is a case of this version */
	bool            connected; /* the module will hear of the connection's end */
	struct arena    arena;     /* of the event */
	struct event    event;
	int64_t         id, version; /* of the event; the case's data_version when it was read */
};

static void
reader_forget(struct reader *r)
{
	db_drop_statements(&r->cf);
	r->id = 0;
}

static void
reader_release(void *p)
{
	struct reader *r = p;

	if (--r->users)
		return;
	blocks_free(r->cf.blocks);
	decoded_cache_free(r->cf.decoded);
	arena_close(&r->cf.arena);
	arena_close(&r->cf.leaf);
	arena_close(&r->arena);
	free(r->cf.path);
	free(r);
}

static bool
reader_check(struct reader *r, struct err *err)
{
	int64_t application, version;

	if (!db_get_int(&r->cf, "PRAGMA main.application_id", 0, &application, err) ||
	    !db_get_int(&r->cf, "PRAGMA main.user_version", 0, &version, err))
		return false;
	if (application != APPLICATION_ID)
		return err_set(err, ERR_INPUT, "the main database is not a case of auger");
	if (version != SCHEMA_VERSION)
		return err_set(err, ERR_INPUT,
			       "the case has version %lld and this extension reads %d: open it once "
			       "with the auger that the extension came with",
			       (long long)version, SCHEMA_VERSION);
	r->checked = true;
	return true;
}

/* The event, joined; NULL: there is none, or ERR is set. Until the next call. */
static const struct event *
reader_event(struct reader *r, int64_t id, struct err *err)
{
	struct facts row;

	if (!r->checked && !reader_check(r, err))
		return NULL;
	int64_t version = db_int(&r->cf, "PRAGMA main.data_version", 0);

	if (r->id == id && r->version == version)
		return &r->event;
	r->id = 0;
	arena_reset(&r->arena, BLOCK_RAW_BYTES);
	bool read = facts_of(&r->cf, id, &row, NULL) &&
		    query_event(&r->cf, id, true, &r->arena, &r->event, err);

	if (r->cf.fault.kind != ERR_NONE) {
		*err = r->cf.fault;
		r->cf.fault = (struct err){ 0 };
	}
	if (!read || err->kind)
		return NULL;
	r->id = id;
	r->version = version;
	return &r->event;
}

static const char connect_module[] = "SELECT 1 FROM auger_fields(0)";

static void
field(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	struct reader *r = sqlite3_user_data(context);
	struct text    name, values[NAME_VALUES_MAX], out = TEXT_NONE;
	struct err     err = { 0 };

	(void)argc;
	if (!r->connected)
		sqlite3_exec(r->cf.db, connect_module, NULL, NULL, NULL);
	name = (struct text){ (const char *)sqlite3_value_text(argv[1]),
			      (size_t)sqlite3_value_bytes(argv[1]) };
	const struct event *ev = reader_event(r, sqlite3_value_int64(argv[0]), &err);

	if (!ev || !name.p) {
		if (err.kind)
			sqlite3_result_error(context, err.what, -1);
		return;
	}
	struct arena    scratch = r->arena;
	struct name_ref ref = name_ref(name);
	size_t          n = event_values(ev, &ref, &scratch, values, NAME_VALUES_MAX);

	for (size_t i = 0; i < n; i++)
		out = i ? arena_join(&scratch, out, arena_join(&scratch, TEXT("\n"), values[i]))
			: values[i];
	if (n)
		sqlite3_result_text64(context, out.p, out.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* ------------------------------------------------------------- auger_fields */

enum { COLUMN_NAME, COLUMN_VALUE, COLUMN_ORIGIN, COLUMN_EVENT };

struct table {
	sqlite3_vtab   base;
	struct reader *reader;
};

struct rows {
	sqlite3_vtab_cursor base;
	struct arena        arena;
	struct named_value *values;
	size_t              n, at;
	int64_t             event;
};

static int
table_connect(sqlite3 *db, void *reader, int argc, const char *const *argv, sqlite3_vtab **out,
	      char **message)
{
	struct table *t;
	int           code = sqlite3_declare_vtab(
            db, "CREATE TABLE x(name TEXT, value TEXT, origin TEXT, event_id INTEGER HIDDEN)");

	(void)argc;
	(void)argv;
	(void)message;
	if (code != SQLITE_OK)
		return code;
	sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
	t = sqlite3_malloc(sizeof(*t));
	if (!t)
		return SQLITE_NOMEM;
	*t = (struct table){ .reader = reader };
	t->reader->connected = true;
	*out = &t->base;
	return SQLITE_OK;
}

/* Comes before the connection is closed, which it could not be with statements left. */
static int
table_disconnect(sqlite3_vtab *base)
{
	struct reader *r = ((struct table *)base)->reader;

	reader_forget(r);
	r->connected = false;
	sqlite3_free(base);
	return SQLITE_OK;
}

static int
table_plan(sqlite3_vtab *base, sqlite3_index_info *plan)
{
	(void)base;
	for (int i = 0; i < plan->nConstraint; i++) {
		if (plan->aConstraint[i].iColumn != COLUMN_EVENT || !plan->aConstraint[i].usable ||
		    plan->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
			continue;
		plan->aConstraintUsage[i].argvIndex = 1;
		plan->aConstraintUsage[i].omit = 1;
		plan->estimatedCost = 1000;
		plan->estimatedRows = 50;
		return SQLITE_OK;
	}
	return SQLITE_CONSTRAINT; /* always of one event */
}

static int
rows_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
	struct rows *rows = sqlite3_malloc(sizeof(*rows));

	(void)base;
	if (!rows)
		return SQLITE_NOMEM;
	*rows = (struct rows){ .arena = arena_open(EVENT_BYTES) };
	*out = &rows->base;
	return SQLITE_OK;
}

static int
rows_close(sqlite3_vtab_cursor *base)
{
	arena_close(&((struct rows *)base)->arena);
	sqlite3_free(base);
	return SQLITE_OK;
}

static int
rows_of_event(sqlite3_vtab_cursor *base, int plan, const char *text, int argc, sqlite3_value **argv)
{
	struct rows   *rows = (struct rows *)base;
	struct reader *r = ((struct table *)base->pVtab)->reader;
	struct err     err = { 0 };

	(void)plan;
	(void)text;
	arena_reset(&rows->arena, BLOCK_RAW_BYTES);
	rows->n = rows->at = 0;
	rows->event = argc ? sqlite3_value_int64(argv[0]) : 0;
	const struct event *ev = reader_event(r, rows->event, &err);

	if (ev) {
		struct named_value *values;

		rows->n = event_named_values(ev, true, &rows->arena, &values);
		rows->values = values;
		for (size_t i = 0; i < rows->n; i++) {
			values[i].name = arena_copy(&rows->arena, values[i].name);
			values[i].value = arena_copy(&rows->arena, values[i].value);
			values[i].origin = arena_copy(&rows->arena, values[i].origin);
		}
	}
	if (!err.kind)
		return SQLITE_OK;
	sqlite3_free(base->pVtab->zErrMsg);
	base->pVtab->zErrMsg = sqlite3_mprintf("%s", err.what);
	return SQLITE_ERROR;
}

static int
rows_next(sqlite3_vtab_cursor *base)
{
	((struct rows *)base)->at++;
	return SQLITE_OK;
}

static int
rows_end(sqlite3_vtab_cursor *base)
{
	const struct rows *rows = (const struct rows *)base;

	return rows->at >= rows->n;
}

static int
rows_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	const struct rows        *rows = (const struct rows *)base;
	const struct named_value *v = &rows->values[rows->at];
	struct text               t = column == COLUMN_NAME    ? v->name
				      : column == COLUMN_VALUE ? v->value
							       : v->origin;

	if (column == COLUMN_EVENT)
		sqlite3_result_int64(context, rows->event);
	else if (!text_absent(t))
		sqlite3_result_text64(context, t.p, t.n, SQLITE_TRANSIENT, SQLITE_UTF8);
	return SQLITE_OK;
}

static int
rows_id(sqlite3_vtab_cursor *base, sqlite3_int64 *id)
{
	*id = (sqlite3_int64)((const struct rows *)base)->at;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.xConnect = table_connect,
	.xBestIndex = table_plan,
	.xDisconnect = table_disconnect,
	.xOpen = rows_open,
	.xClose = rows_close,
	.xFilter = rows_of_event,
	.xNext = rows_next,
	.xEof = rows_end,
	.xColumn = rows_column,
	.xRowid = rows_id,
};

__attribute__((visibility("default"))) int
sqlite3_extension_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);

int
sqlite3_extension_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
	struct reader *r = calloc(1, sizeof(*r));
	const char    *path;
	int            code;

	(void)message;
	sqlite3_api = api;
	path = sqlite3_db_filename(db, "main");
	if (!r || !(r->cf.path = strdup(path ? path : ""))) {
		free(r);
		return SQLITE_NOMEM;
	}
	r->cf.db = db;
	r->cf.lock_fd = -1;
	r->cf.arena = arena_open((size_t)4 << 30);
	r->cf.leaf = arena_open(BLOCK_RAW_MAX);
	r->arena = arena_open(EVENT_BYTES);
	/* Both release it, also when they fail to register. */
	r->users = 2;
	code = sqlite3_create_module_v2(db, "auger_fields", &module, r, reader_release);
	if (code != SQLITE_OK) {
		reader_release(r);
		return code;
	}
	return sqlite3_create_function_v2(db, "auger_field", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY, r,
					  field, NULL, NULL, reader_release);
}
