/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * db.h - inside the store: one connection, its statements, and what it remembers between calls.
 *
 * A statement is a constant SQL text beside the function that binds it. ask() takes it (from the
 * connection's stock when it is not in use), ask_end() gives it back; so calls may nest.
 */
#ifndef AUGER_STORE_DB_H
#define AUGER_STORE_DB_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "store/beside.h"
#include "store/casefile.h"

#define SCHEMA_VERSION  6          /* a step from the one before is in migrate.c */
#define APPLICATION_ID  0x41756772 /* "Augr" */
#define ROW_HAS_RECORD  (1u << 16)  /* in event.flags */

/* Names by id, as of the last look; grows with the table. */
struct name_list {
	struct text *names;
	int64_t      n;
	size_t       cap;
};

/* Ids of names are handed out without holes; the limit is for cases made by a stranger. */
#define NAME_IDS_MAX (INT64_C(1) << 24)

enum name_kind { NAME_HOST, NAME_CHANNEL, NAME_PROVIDER, NAME_ACCOUNT, NAME_KINDS };

struct basis;
struct block_cache;
struct numbering;
struct refound;
struct whom;
struct writer;

#define STOCK_MAX 128
#define SPARE_MAX 8

struct casefile {
	sqlite3           *db;
	char              *path; /* as it was given, for words */
	char              *file; /* what SQLite opens: no other name of it, and never a URI */
	enum casefile_mode mode;
	const atomic_bool *cancel;
	struct beside_seen log;
	int                lock_fd; /* CASEFILE_IMPORT: of the lock file; else -1 */
	bool               made;    /* by this opening: there was no file before */
	bool                linked;  /* the file has other names; SQLite would give each its own log */
	bool               total_unknown; /* verify could not tell pages of an earlier state */
	struct err         fault; /* the first that was met since its askers last gave up for one */
	struct {
		const char   *sql;
		sqlite3_stmt *st;
	} stock[STOCK_MAX];
	unsigned            n_stock;
	sqlite3_stmt       *spare[SPARE_MAX]; /* of ask_once, the latest first */
	unsigned            n_spare;
	struct arena        arena; /* lives as long as the connection */
	struct arena        leaf;  /* scratch of functions that call nothing else that uses it */
	struct name_list    names[NAME_KINDS];
	struct block_cache *blocks;
	struct decoded_cache *decoded;    /* of joined scripts */
	struct writer      *writer;       /* once something was imported through this connection */
	bool                import_noted; /* by this opening: see import_log.h */
	bool                in_findings;  /* between findings_begin and findings_end */
	bool                found;        /* findings were written or dropped there, and are not summed up */
	struct basis       *basis;        /* what was put there; NULL: nothing */
	bool                found_unindexed; /* all were cleared there, and their indexes are away */
	struct bodies      *bodies;       /* what was put there has in common; NULL: nothing */
	struct numbering   *numbering;    /* of the first findings of the case; NULL: it has some */
	struct refound     *refound;      /* what came out there; NULL: nothing */
	struct whom        *whom;         /* the names in them; NULL: none was asked for */
	unsigned            read_depth;   /* casefile_read_begin within casefile_read_begin */
	bool                reads;        /* the outermost one began a transaction */
	unsigned            work_depth;   /* work_begin within work_begin */
	bool                work_owns;    /* the outermost one began the transaction */
	struct err          before_work;  /* fault when it began: no reason to give it up */
};

struct ask {
	struct casefile *cf;
	const char      *sql;
	sqlite3_stmt    *st;
	struct err      *err;
	bool             failed;
};

bool ask(struct ask *q, struct casefile *cf, const char *sql, struct err *err);
/* For a text made for this one question; some are kept in case that it is asked again. */
bool ask_once(struct ask *q, struct casefile *cf, const char *sql, struct err *err);
/* Parameters count from 1. Texts must live until the statement was stepped. */
void ask_int(struct ask *q, int i, int64_t v);
void ask_real(struct ask *q, int i, double v);
void ask_text(struct ask *q, int i, struct text t); /* absent: NULL */
void ask_blob(struct ask *q, int i, struct text t);
bool ask_row(struct ask *q);   /* false: no more rows, or failed */
bool ask_run(struct ask *q);   /* to the end, and ready to be bound again; false: failed */
bool ask_end(struct ask *q);   /* gives the statement back; false: something failed */

int64_t     ask_get_int(struct ask *q, int column);
double      ask_get_real(struct ask *q, int column);
struct text ask_get_text(struct ask *q, int column); /* until the next row; NULL: absent */
bool        ask_get_null(struct ask *q, int column);

/* Statements that are kept hold the connection open: before it is closed. */
void db_drop_statements(struct casefile *cf);

/* A statement without rows and parameters. */
bool db_run(struct casefile *cf, const char *sql, struct err *err);
/* A transaction that writes from its start, and names the case in its log; see beside.h. Both fail
 * when the file has lost its name: what goes into it then is lost with the connection. */
bool db_begin(struct casefile *cf, struct err *err);
bool db_commit(struct casefile *cf, struct err *err);
/* That name, into the open transaction. */
bool db_sign(struct casefile *cf, struct err *err);
/* First column of the first row; ABSENT when there is none. */
bool db_get_int(struct casefile *cf, const char *sql, int64_t absent, int64_t *out,
		struct err *err);
/* The same, and ABSENT also when it fails: for what decides how something is done, never what. */
int64_t db_int(struct casefile *cf, const char *sql, int64_t absent);
/* Undoes the open transaction, if any. */
void db_rollback(struct casefile *cf);
/* SQLite's last error; SQLITE_FULL whatever could not be written for want of room. */
int  db_code(const struct casefile *cf);
/* Tells ERR (NULL: nobody asks) that something of the case cannot be had, and keeps it for
 * casefile_whole(): whoever goes on without an answer, told or not, goes on with less than there is.
 * Returns false. For every failed read. */
bool db_fault(struct casefile *cf, struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same of SQLite's last error. Kept only without ERR: a case that is busy or read-only, and, where
 * something is written that would rest on it, what was stopped on purpose. */
bool db_error(struct casefile *cf, struct err *err);
/* False: reading failed before, ERR says how. When a page cannot be read SQLite may end the
 * transaction by itself, and what is written behind that would be committed piece by piece. */
bool db_may_go_on(const struct casefile *cf, struct err *err);

struct text db_setting(struct casefile *cf, const char *name, struct arena *keep);
bool        db_set(struct casefile *cf, const char *name, struct text value, struct err *err);
/* In a transaction of its own where none has begun. */
bool        db_set_alone(struct casefile *cf, const char *name, struct text value, struct err *err);

/* The name with that id; absent for 0 and unknown ids. Lives as long as the connection. */
struct text db_name(struct casefile *cf, enum name_kind kind, int64_t id);
/* So that db_name(ID) is not empty for want of a disk that reads. False: it could not be read. */
bool db_names_load(struct casefile *cf, enum name_kind kind, int64_t id, struct err *err);

/* First label of a folded host name; addresses are one label. */
struct text host_label(struct text folded);
/* Ids of the hosts that NAME may mean (same name, or first label); at most CAP, returns how many
 * there are. */
size_t db_hosts_like(struct casefile *cf, struct text name, int64_t *out, size_t cap);

#endif
