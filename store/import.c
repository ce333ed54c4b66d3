/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/import.h"

#include "store/declare.h"
#include "store/enrich.h"
#include "store/import_log.h"
#include "store/machine.h"
#include "store/member_names.h"
#include "store/risk.h"
#include "store/script.h"
#include "store/work.h"
#include "store/writer.h"

static const char find_evidence[] =
    "SELECT id, done, resume, path, format, status IN ('changed', 'unreadable') FROM evidence_file "
    "WHERE sha256 = ?1 AND size = ?2 ORDER BY id LIMIT 1";
static const char add_evidence[] =
    "INSERT INTO evidence_file(path, size, sha256, format, status) "
    "VALUES(?1, ?2, ?3, ?4, 'importing')";
static const char add_copy[] = "INSERT OR IGNORE INTO evidence_copy(evidence, path) VALUES(?1, ?2)";
static const char open_again[] = "UPDATE evidence_file SET format = ?2, status = 'importing', "
				 "done = 0, resume = 0, gaps = 0, gap_bytes = 0 WHERE id = ?1";
static const char forget_gaps[] = "DELETE FROM gap WHERE evidence = ?1";

/* A file that could not even be hashed is there by its path, and has nothing but a gap. */
#define UNREAD "FROM evidence_file WHERE sha256 IS NULL AND path = ?1 AND status = 'not read'"
static const char find_unread[] = "SELECT 1 " UNREAD;
static const char forget_unread_gaps[] = "DELETE FROM gap WHERE evidence IN (SELECT id " UNREAD ")";
static const char forget_unread[] = "DELETE " UNREAD;

/* *ID stays 0 when the content was never seen. *AGAIN: it was, but nothing could read it then, it
 * became other content while it was decoded, or the disk did not give all of it. */
static bool
find_file(struct casefile *cf, const struct evidence_file *file, int64_t *id,
	  enum evidence_state *state, uint64_t *resume, bool *other_path, bool *again,
	  struct err *err)
{
	struct ask q;

	*id = 0;
	*resume = 0;
	*state = EVIDENCE_NEW;
	*other_path = *again = false;
	if (text_absent(file->sha256))
		return true;
	if (ask(&q, cf, find_evidence, err)) {
		ask_text(&q, 1, file->sha256);
		ask_int(&q, 2, (int64_t)file->size);
		if (ask_row(&q)) {
			*id = ask_get_int(&q, 0);
			*state = ask_get_int(&q, 1) ? EVIDENCE_KNOWN : EVIDENCE_RESUMED;
			*resume = (uint64_t)ask_get_int(&q, 2);
			*other_path = !text_eq(ask_get_text(&q, 3), file->path);
			*again = *state == EVIDENCE_KNOWN && !text_absent(file->format) &&
				 (ask_get_null(&q, 4) || ask_get_int(&q, 5));
		}
	}
	return ask_end(&q);
}

static bool
reopen(struct casefile *cf, int64_t id, struct text format, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, open_again, err)) {
		ask_int(&q, 1, id);
		ask_text(&q, 2, format);
		ask_run(&q);
	}
	if (!ask_end(&q))
		return false;
	if (ask(&q, cf, forget_gaps, err)) {
		ask_int(&q, 1, id);
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
note_file(struct casefile *cf, const struct evidence_file *file, int64_t *id, bool other_path,
	  bool again, struct err *err)
{
	struct ask q;

	if (!*id && ask(&q, cf, add_evidence, err)) {
		ask_text(&q, 1, text_or_empty(file->path));
		ask_int(&q, 2, (int64_t)file->size);
		ask_text(&q, 3, file->sha256);
		ask_text(&q, 4, file->format);
		ask_run(&q);
		*id = sqlite3_last_insert_rowid(cf->db);
		return ask_end(&q);
	}
	if (other_path && ask(&q, cf, add_copy, err)) {
		ask_int(&q, 1, *id);
		ask_text(&q, 2, file->path);
		ask_run(&q);
		if (!ask_end(&q))
			return false;
	}
	return again ? reopen(cf, *id, file->format, err) : *id != 0;
}

static bool
was_unread(struct casefile *cf, const struct evidence_file *file, bool *unread, struct err *err)
{
	struct ask q;

	*unread = false;
	if (text_absent(file->sha256) || text_absent(file->path))
		return true;
	if (ask(&q, cf, find_unread, err)) {
		ask_text(&q, 1, file->path);
		*unread = ask_row(&q);
	}
	return ask_end(&q);
}

static bool
forget(struct casefile *cf, const char *sql, struct text path, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, sql, err)) {
		ask_text(&q, 1, path);
		ask_run(&q);
	}
	return ask_end(&q);
}

bool
import_begin_file(struct casefile *cf, const struct evidence_file *file, int64_t *evidence_id,
		  enum evidence_state *state, uint64_t *resume, struct err *err)
{
	bool other_path, again, unread;

	if (!find_file(cf, file, evidence_id, state, resume, &other_path, &again, err) ||
	    !was_unread(cf, file, &unread, err))
		return false;
	if (again) {
		*state = EVIDENCE_RESUMED;
		*resume = 0;
	}
	if (*state == EVIDENCE_KNOWN && !other_path && !unread)
		return true;
	if (writer_begin(cf, err) &&
	    (!unread || (forget(cf, forget_unread_gaps, file->path, err) &&
			 forget(cf, forget_unread, file->path, err))) &&
	    (*state == EVIDENCE_KNOWN || import_log_note(cf, err)) &&
	    note_file(cf, file, evidence_id, other_path, again, err) &&
	    (*state == EVIDENCE_KNOWN || db_set(cf, "case.unfinished", TEXT("1"), err)) &&
	    writer_end(cf, 1, err))
		return true;
	return writer_undo(cf);
}

bool
import_forget_unread(struct casefile *cf, struct text path, struct err *err)
{
	if (writer_begin(cf, err) && forget(cf, forget_unread_gaps, path, err) &&
	    forget(cf, forget_unread, path, err) && writer_end(cf, 1, err))
		return true;
	return writer_undo(cf);
}

bool
import_open_again(struct casefile *cf, int64_t evidence_id, struct text format, struct err *err)
{
	if (writer_begin(cf, err) && import_log_note(cf, err) && reopen(cf, evidence_id, format, err) &&
	    db_set(cf, "case.unfinished", TEXT("1"), err) && writer_end(cf, 1, err))
		return true;
	return writer_undo(cf);
}

/* What is read once more and has nothing new is not empty. */
static const char end_evidence[] =
    "UPDATE evidence_file SET status = iif(?2 = 'empty' AND events > 0, 'ok', ?2), done = 1 "
    "WHERE id = ?1";

bool
import_end_file(struct casefile *cf, int64_t evidence_id, const char *status, struct err *err)
{
	struct ask q;

	if (!writer_begin(cf, err))
		return false;
	if (ask(&q, cf, end_evidence, err)) {
		ask_int(&q, 1, evidence_id);
		ask_text(&q, 2, text_of(status));
		ask_run(&q);
	}
	return (ask_end(&q) && writer_end(cf, 1, err)) || writer_undo(cf);
}

bool
import_gather(struct casefile *cf, struct err *err)
{
	struct writer *w = writer_of(cf, err);

	if (w)
		w->gathers = true;
	return w != NULL;
}

bool
import_flush(struct casefile *cf, struct err *err)
{
	struct writer *w = cf->writer;

	if (!w || !w->gathered)
		return true;
	if (!db_commit(cf, err))
		return writer_undo(cf);
	w->gathered = 0;
	return true;
}

bool
import_declare_rules(struct casefile *cf, const struct declared_rule *rules, uint32_t n,
		     struct text ruleset_digest, struct err *err)
{
	struct writer *w = writer_of(cf, err);

	if (w && db_begin(cf, err) && hits_unindex(cf, err) &&
	    declare_rules(w, cf, rules, n, err) &&
	    db_set(cf, "case.ruleset", ruleset_digest, err) && db_commit(cf, err))
		return true;
	db_rollback(cf);
	return false;
}

/* Those that detections read by. One transaction each: together they would keep the whole of the sorts
 * in the log. */
static bool
make_first_indexes(struct casefile *cf, struct err *err)
{
	return db_run(cf, "CREATE INDEX IF NOT EXISTS event_by_code ON event(code, ts)", err) &&
	       hits_index(cf, err);
}

bool
import_index(struct casefile *cf, struct err *err)
{
	return db_run(cf, "CREATE INDEX IF NOT EXISTS event_by_time ON event(ts)", err) &&
	       db_run(cf, "CREATE INDEX IF NOT EXISTS event_by_host ON event(host, ts)", err) &&
	       work_attach(cf, err) && db_set(cf, "case.unfinished", TEXT("0"), err);
}

/* The rows of the last segment are made while script blocks are joined. */
static bool
finish_events(struct writer *w, struct casefile *cf, match_fn *match, void *ctx, struct err *err)
{
	segment_prepare(&w->segment);
	return script_join(w, cf, match, ctx, err) && segment_store(&w->segment, cf, err) &&
	       segment_store(&w->scripts, cf, err) && enrich_match(w, cf, match, ctx, err) &&
	       member_names_find(w, cf, match, ctx, err) && segment_store(&w->segment, cf, err);
}

bool
import_finish_events(struct casefile *cf, match_fn *match, void *ctx, struct err *err)
{
	struct writer *w = writer_of(cf, err);

	if (!w || w->broken)
		return err_set(err, ERR_IO, "an earlier batch could not be committed");
	if (import_flush(cf, err) && db_begin(cf, err) &&
	    finish_events(w, cf, match, ctx, err) && machines_decide(cf, err) &&
	    risk_summarize_changed(cf, err) && db_commit(cf, err) &&
	    make_first_indexes(cf, err) && enrich_done(cf, err))
		return true;
	db_rollback(cf);
	w->broken = true;
	return false;
}

bool
import_finish(struct casefile *cf, match_fn *match, void *ctx, struct err *err)
{
	if (!import_finish_events(cf, match, ctx, err))
		return false;
	if (db_begin(cf, err) && import_index(cf, err) && db_commit(cf, err))
		return true;
	db_rollback(cf);
	cf->writer->broken = true;
	return false;
}
