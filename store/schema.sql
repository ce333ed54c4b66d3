-- SPDX-License-Identifier: GPL-3.0-or-later
-- The case file, whole. Built into the program; application_id 'Augr', user_version = 6. What is
-- changed here needs a word in store/migrate.c, for cases that exist.
--
-- Reading it with other tools: use the views at the end (events, sources, hits, findings, hosts,
-- users, risk_events, evidence, imports, copies, gaps, ledger, notes, analyst_log, marks, risk_changes,
-- filters); they are the documented part. The tables below them are the program's own and change with the schema version. Times are nanoseconds
-- since 1970-01-01T00:00:00Z (columns *_ns, ts) or ISO 8601 text in UTC.
--
-- Fields of events other than the columns here lie in block.data; see store/block.h. `auger
-- search` gives them out, and auger_fields.so to SQL: see store/extension.c.

-- Facts of the case and settings of the user interface.
CREATE TABLE setting(
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) WITHOUT ROWID;

-- ------------------------------------------------------------------ evidence

CREATE TABLE evidence_file(
	id         INTEGER PRIMARY KEY,
	path       TEXT NOT NULL,              -- as given; "archive.zip:member" for members
	size       INTEGER NOT NULL,
	sha256     TEXT,
	format     TEXT,                       -- importer's name; NULL: none took it
	status     TEXT NOT NULL,              -- importing, ok, damaged, changed, unreadable, not read, empty
	events     INTEGER NOT NULL DEFAULT 0, -- records decoded, those counted as duplicates included
	duplicates INTEGER NOT NULL DEFAULT 0, -- of these, records that the case had already
	gaps       INTEGER NOT NULL DEFAULT 0,
	gap_bytes  INTEGER NOT NULL DEFAULT 0,
	resume     INTEGER NOT NULL DEFAULT 0, -- committed up to this byte
	done       INTEGER NOT NULL DEFAULT 0,
	first_event INTEGER,                   -- the events that it has records of lie between these,
	last_event  INTEGER                    -- mostly without others; NULL: none
);
CREATE INDEX evidence_by_content ON evidence_file(sha256, size);

-- Further paths under which the same content was handed in.
CREATE TABLE evidence_copy(
	evidence INTEGER NOT NULL,
	path     TEXT NOT NULL,
	PRIMARY KEY(evidence, path)
) WITHOUT ROWID;

-- Imports that brought something, and what was there before each.
CREATE TABLE import(
	id         INTEGER PRIMARY KEY,        -- 1, 2, ...
	time_ns    INTEGER NOT NULL,           -- when it began
	last_event INTEGER NOT NULL,           -- the greatest event.id of before; 0: none
	last_work  INTEGER NOT NULL            -- and work.id: findings beyond were found since
);

-- Evidence that could not be read.
CREATE TABLE gap(
	id           INTEGER PRIMARY KEY,
	evidence     INTEGER NOT NULL,
	offset       INTEGER NOT NULL,
	length       INTEGER NOT NULL,         -- 0: not known
	records_lost INTEGER NOT NULL,         -- 0: not known
	reason       TEXT NOT NULL,
	UNIQUE(evidence, offset, length, reason) -- read again after an interruption: once
);

-- -------------------------------------------------------------------- events

-- Names that repeat. Hosts compare without case (fold); kin is the first host seen whose first
-- label is the same. WS-07 and ws-07.corp.example are one machine as long as no second domain has
-- that label: machine is the row that stands for both, decided when an import is finished. That
-- row has the aliases and the risk; events are counted per name. See store/machine.h.
-- The summary columns are kept by the importer (events to last_ns) and with the findings (rest).
CREATE TABLE host(
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	fold       TEXT NOT NULL UNIQUE,
	kin        INTEGER NOT NULL,
	machine    INTEGER NOT NULL,
	aliases    TEXT NOT NULL DEFAULT '',   -- "WS-07, ws-07": other names and spellings
	events     INTEGER NOT NULL DEFAULT 0, -- 0: known only as a risk object, now or once
	first_ns   INTEGER,
	last_ns    INTEGER,
	risk_score REAL NOT NULL DEFAULT 0,
	findings   INTEGER NOT NULL DEFAULT 0,
	rules      INTEGER NOT NULL DEFAULT 0,
	techniques TEXT NOT NULL DEFAULT '',   -- "T1047:3 T1021.006:1"
	tactics    TEXT NOT NULL DEFAULT ''
);
CREATE INDEX host_by_kin ON host(kin);
CREATE INDEX host_by_machine ON host(machine);
-- How hosts are spelled, and in how many events.
CREATE TABLE host_name(
	host   INTEGER NOT NULL,
	name   TEXT NOT NULL,
	events INTEGER NOT NULL,
	PRIMARY KEY(host, name)
) WITHOUT ROWID;
CREATE TABLE channel (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE UNIQUE);
CREATE TABLE provider(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- One narrow row per event; its fields are in the block with the greatest id <= event.id.
-- Indexes event_by_time(ts), event_by_host(host, ts), event_by_code(code, ts) are made when an
-- import is finished, which is cheaper than keeping them during it.
CREATE TABLE event(
	id       INTEGER PRIMARY KEY,
	ts       INTEGER NOT NULL,             -- -9223372036854775808: no usable time
	host     INTEGER NOT NULL,             -- 0 in this and the next three: none
	channel  INTEGER NOT NULL,
	provider INTEGER NOT NULL,
	code     INTEGER NOT NULL,             -- event id, as the Windows event schema has it
	account  INTEGER NOT NULL,
	flags    INTEGER NOT NULL,             -- enum event_flag of base/event.h; bit 16: record is set;
	                                       -- above: how rich it is, see store/enrich.h
	record   INTEGER NOT NULL,             -- record id; without one: hash of the content
	evidence INTEGER NOT NULL,
	offset   INTEGER NOT NULL,
	length   INTEGER NOT NULL
);

-- Fields of consecutive events, compressed; id is the first event's.
CREATE TABLE block(
	id   INTEGER PRIMARY KEY,
	n    INTEGER NOT NULL,
	data BLOB NOT NULL
);

-- Which blocks hold which three letters: per segment of blocks one bit per block and trigram, words
-- * 64 bits to a trigram, 2048 / words trigrams to a row (row key: segment * 4096 + trigram /
-- (2048 / words)). See store/sketch.h.
CREATE TABLE sketch_segment(
	id     INTEGER PRIMARY KEY,
	kind   INTEGER NOT NULL,               -- 0: of blocks; 1: of joined script blocks, by event
	n      INTEGER NOT NULL,
	last   INTEGER NOT NULL,               -- greatest id in it
	blocks BLOB NOT NULL,
	words  INTEGER NOT NULL DEFAULT 32
);
CREATE TABLE sketch(
	id   INTEGER PRIMARY KEY,
	data BLOB NOT NULL
);

-- What was enriched by a richer record of it: events to be matched again when the import is
-- finished; blocks whose present content is not in a stored segment yet. See store/enrich.h.
CREATE TABLE event_changed(
	event INTEGER PRIMARY KEY
);
CREATE TABLE block_changed(
	id INTEGER PRIMARY KEY
);

-- Changes of groups that have the identifier of a member only; what the event says of its name since.
-- See store/member_names.h.
CREATE TABLE member_nameless(
	event INTEGER PRIMARY KEY,
	sid   TEXT NOT NULL,
	said  TEXT
);

-- Names that events have beside an identifier. See store/sid_holder.h.
CREATE TABLE sid_name(
	sid    TEXT NOT NULL COLLATE NOCASE,
	name   TEXT NOT NULL,
	domain TEXT NOT NULL,
	PRIMARY KEY(sid, name, domain)
) WITHOUT ROWID;

-- Records of further evidence that are the same event.
CREATE TABLE event_source(
	event    INTEGER NOT NULL,
	evidence INTEGER NOT NULL,
	offset   INTEGER NOT NULL,
	length   INTEGER NOT NULL,
	PRIMARY KEY(event, evidence, offset)
) WITHOUT ROWID;

-- Which records a committed batch (events first..last) brought, per machine and channel; tells
-- new events from known ones without an index over all of them. See store/identity.h.
CREATE TABLE lot(
	first   INTEGER NOT NULL,
	kin     INTEGER NOT NULL,
	channel INTEGER NOT NULL,
	kind    INTEGER NOT NULL,              -- 0: low..high are record ids; 1: seconds
	last    INTEGER NOT NULL,
	low     INTEGER NOT NULL,
	high    INTEGER NOT NULL,
	PRIMARY KEY(kin, channel, kind, low, first)
) WITHOUT ROWID;

-- Script blocks that Windows split over several events.
CREATE TABLE script_block(
	id       INTEGER PRIMARY KEY,
	kin      INTEGER NOT NULL,
	channel  INTEGER NOT NULL,
	block_id TEXT NOT NULL,                -- ScriptBlockId
	pid      TEXT NOT NULL,
	total    INTEGER NOT NULL,
	dirty    INTEGER NOT NULL,             -- 1: parts were added since it was joined
	UNIQUE(block_id, kin, channel, pid, total)
);
CREATE INDEX script_block_dirty ON script_block(id) WHERE dirty;
CREATE TABLE script_part(
	block  INTEGER NOT NULL,
	number INTEGER NOT NULL,
	event  INTEGER NOT NULL,
	PRIMARY KEY(block, number, event)
) WITHOUT ROWID;
CREATE INDEX script_part_by_event ON script_part(event);

-- ----------------------------------------------------------------- summaries

CREATE TABLE activity(
	host INTEGER NOT NULL,
	hour INTEGER NOT NULL,                 -- hours since 1970; NULL never: no time is not counted
	n    INTEGER NOT NULL,
	PRIMARY KEY(host, hour)
) WITHOUT ROWID;
CREATE TABLE kind(
	host     INTEGER NOT NULL,
	channel  INTEGER NOT NULL,
	code     INTEGER NOT NULL,
	provider INTEGER NOT NULL,
	n        INTEGER NOT NULL,
	PRIMARY KEY(host, channel, code, provider)
) WITHOUT ROWID;
-- Names of raw fields that occur.
CREATE TABLE field(name TEXT PRIMARY KEY) WITHOUT ROWID;

-- ------------------------------------------------------------ rules and hits

CREATE TABLE rule(
	id      INTEGER PRIMARY KEY,
	rule_id TEXT NOT NULL UNIQUE
);
-- What events are asked for. Many rules ask for the same: it has its hits once.
CREATE TABLE predicate(
	id  INTEGER PRIMARY KEY,
	key TEXT NOT NULL UNIQUE               -- pred_key of base/pred.h
);
CREATE TABLE rule_predicate(
	rule      INTEGER NOT NULL,
	leaf      INTEGER NOT NULL,            -- which search of the rule; 0 is the main one
	predicate INTEGER NOT NULL,
	PRIMARY KEY(rule, leaf)
) WITHOUT ROWID;
CREATE INDEX rule_predicate_by_predicate ON rule_predicate(predicate);
CREATE TABLE hit(
	event     INTEGER NOT NULL,
	predicate INTEGER NOT NULL,
	PRIMARY KEY(event, predicate)
) WITHOUT ROWID;
-- Away while the first hits of a case are put in; see store/declare.h.
CREATE INDEX hit_by_predicate ON hit(predicate, event);

-- What findings of a rule share.
CREATE TABLE rule_text(
	id         INTEGER PRIMARY KEY,
	rule_id    TEXT NOT NULL,
	rule       TEXT NOT NULL,
	type       TEXT,
	techniques TEXT,                       -- blank separated
	tactics    TEXT,
	stories    TEXT,
	annotations TEXT                       -- what frameworks say of the rule, "nist=DE.CM" a line
);
CREATE INDEX rule_text_by_rule ON rule_text(rule_id);
-- A result row as a finding. Rules that are alike find the same one after the other: it is theirs
-- together.
CREATE TABLE finding_body(
	id            INTEGER PRIMARY KEY,
	first_ns      INTEGER NOT NULL,
	host          TEXT,
	host_ref      INTEGER,                 -- host.id, resolved
	user          TEXT,
	user_key      TEXT,                    -- as risk_event.normalized
	message       TEXT,                    -- NULL: the rule's name
	risk_score    REAL NOT NULL,
	count         INTEGER NOT NULL,
	events_capped INTEGER NOT NULL,
	remarks       TEXT,
	what          TEXT,                    -- the value of the row that tells what happened
	-- lists, as store/finding_lists.h has them
	fields        TEXT NOT NULL,
	threats       TEXT NOT NULL,
	events        TEXT NOT NULL            -- ids, ascending
);
-- Most of it is read through the view finding_whole.
CREATE TABLE finding(
	id      INTEGER PRIMARY KEY,           -- that of the work row with its key
	rule    INTEGER NOT NULL,              -- rule_text.id
	body    INTEGER NOT NULL,              -- finding_body.id
	last_ns INTEGER NOT NULL
);
-- These and those of risk_event are away while all findings of a case are made anew.
CREATE INDEX finding_by_time ON finding(last_ns, id);
CREATE INDEX finding_by_rule ON finding(rule);
-- finding_body.events the other way round. Rules that are alike find the same one after the other: a row
-- is for all findings from the first number on.
CREATE TABLE finding_event(
	event   INTEGER NOT NULL,
	finding INTEGER NOT NULL,
	n       INTEGER NOT NULL DEFAULT 1,
	PRIMARY KEY(event, finding)
) WITHOUT ROWID;
CREATE TABLE risk_event(
	id         INTEGER PRIMARY KEY,        -- finding * 4096 + number of the risk object
	finding    INTEGER NOT NULL,
	ts         INTEGER NOT NULL,           -- last_ns of the finding
	value      TEXT NOT NULL,
	normalized TEXT NOT NULL,
	type       INTEGER NOT NULL,           -- 0 system, 1 user, 2 other
	score      REAL NOT NULL,              -- with factors; this is what adds up
	message    TEXT,                       -- NULL: that of the finding
	host_ref   INTEGER,                    -- host.id for systems
	base       REAL,                       -- what the rule gives; NULL: score
	factors    TEXT                        -- "contractor +4", one to a line; NULL: none applies
);
CREATE INDEX risk_event_by_time ON risk_event(ts, id);
CREATE INDEX risk_event_by_object ON risk_event(type, normalized);
CREATE INDEX risk_event_by_host ON risk_event(host_ref, ts);
-- Users by risk; made anew with the findings.
CREATE TABLE user_risk(
	user       TEXT PRIMARY KEY,
	risk_score REAL NOT NULL,
	findings   INTEGER NOT NULL,
	rules      INTEGER NOT NULL,
	hosts      INTEGER NOT NULL,
	techniques TEXT NOT NULL,
	first_ns   INTEGER,
	last_ns    INTEGER,
	aliases    TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
-- What findings call them.
CREATE TABLE user_name(
	name     TEXT NOT NULL COLLATE NOCASE,
	user     TEXT NOT NULL,                -- user_risk.user
	host_ref INTEGER NOT NULL,             -- the host that it is an account of; 0: of a domain
	PRIMARY KEY(name, user)
) WITHOUT ROWID;
CREATE INDEX user_name_by_user ON user_name(user);
CREATE TABLE rule_ledger(
	rule_id  TEXT PRIMARY KEY,
	rule     TEXT NOT NULL,
	source   TEXT,
	status   INTEGER NOT NULL,             -- enum ledger_status of base/finding.h
	hits     INTEGER NOT NULL,
	findings INTEGER NOT NULL,
	filtered INTEGER NOT NULL,
	reason   TEXT,
	version  TEXT,                         -- as the rule's file says
	sha256   TEXT,                         -- of that file
	fingerprint TEXT,                      -- ruleset_fingerprint of what was run; NULL: run it again
	clock_ns INTEGER                       -- what was found holds for this case clock; NULL: for any
) WITHOUT ROWID;
-- Predicates whose hits, or the events of these, have changed since rules were run; 0: some event
-- that was there then. New hits are those of events beyond setting case.evaluated. See
-- store/changes.h.
CREATE TABLE predicate_changed(
	predicate INTEGER PRIMARY KEY
);

-- -------------------------------------------------------------- analyst work

-- Numbers of findings and what analysts made of them and of events; stays when findings are made
-- anew. Verdict, note and bookmark are what the current entries of work_log come to.
CREATE TABLE work(
	id       INTEGER PRIMARY KEY,
	key      BLOB NOT NULL,                -- finding.key, see store/work_key.h; "event|...":
	                                       -- store/work_event.h
	verdict  TEXT,
	note     TEXT,
	bookmark INTEGER NOT NULL DEFAULT 0,
	event    INTEGER                       -- it is about; NULL: a finding, or not in this case
);
-- Away while the first findings of a case are put in.
CREATE UNIQUE INDEX work_by_key ON work(key);
CREATE UNIQUE INDEX work_by_event ON work(event) WHERE event IS NOT NULL;
-- Who said what, and when. Nothing is ever deleted: what was replaced is no longer current. Several
-- current entries of one kind come from analysts whose notes were merged.
CREATE TABLE work_log(
	id      INTEGER PRIMARY KEY,
	work    INTEGER NOT NULL,
	kind    INTEGER NOT NULL,              -- enum work_kind of store/work.h
	value   TEXT NOT NULL,                 -- '': taken back
	author  TEXT NOT NULL,                 -- user@host; '': not known
	time_ns INTEGER NOT NULL,              -- 0: not known
	current INTEGER NOT NULL,
	UNIQUE(work, kind, author, time_ns, value)
);
-- What analysts selected in lists, for exports and what is done to many.
CREATE TABLE mark(
	id     INTEGER PRIMARY KEY,            -- in the order in which they were set
	author TEXT NOT NULL,                  -- user@host
	kind   INTEGER NOT NULL,               -- enum mark_kind of store/marks.h
	about  INTEGER NOT NULL,               -- finding, or event
	UNIQUE(author, kind, about)
);
-- The analysts' own definitions of macros, and how they came about.
CREATE TABLE macro(
	name       TEXT PRIMARY KEY,
	definition TEXT NOT NULL,
	rule_id    TEXT NOT NULL DEFAULT '',   -- whose _filter it is
	off        INTEGER NOT NULL DEFAULT 0, -- 1: kept, but not in force
	author     TEXT NOT NULL DEFAULT '',
	time_ns    INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE macro_log(
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	definition TEXT NOT NULL,              -- '': forgotten
	rule_id    TEXT NOT NULL,
	off        INTEGER NOT NULL,
	author     TEXT NOT NULL,
	time_ns    INTEGER NOT NULL
);
-- What rules found and their _filter macros took away: no findings, no risk, but counted.
CREATE TABLE hidden(
	work       INTEGER PRIMARY KEY,        -- work.id
	rule_id    TEXT NOT NULL,
	rule       TEXT NOT NULL,
	last_ns    INTEGER NOT NULL,
	host       TEXT,
	user       TEXT,
	message    TEXT,
	risk_score REAL NOT NULL
);
CREATE INDEX hidden_by_rule ON hidden(rule_id);

-- What is known of hosts and users, as lists of assets and identities have it, and the factors that
-- make a score another for it.
CREATE TABLE entity(
	kind      INTEGER NOT NULL,            -- as risk_event.type
	name      TEXT NOT NULL COLLATE NOCASE,
	attribute TEXT NOT NULL,               -- "priority", "category", "watchlist", ...
	value     TEXT NOT NULL,               -- several: one to a line
	author    TEXT NOT NULL,
	time_ns   INTEGER NOT NULL,
	PRIMARY KEY(kind, name, attribute)
) WITHOUT ROWID;
CREATE TABLE factor(
	name      TEXT PRIMARY KEY COLLATE NOCASE,
	condition TEXT NOT NULL,               -- SPL behind "| from datamodel Risk.All_Risk |"
	addend    REAL NOT NULL,
	multiplier REAL NOT NULL,
	off       INTEGER NOT NULL DEFAULT 0,  -- 1: kept, but not in force
	risk_events INTEGER NOT NULL DEFAULT 0, -- that it applies to
	problem   TEXT,                        -- why it applies to none; NULL: it could be asked
	author    TEXT NOT NULL,
	time_ns   INTEGER NOT NULL
) WITHOUT ROWID;
-- Risk that analysts gave by hand; each is a finding of the rule "manual" as long as it holds.
CREATE TABLE given_risk(
	id         INTEGER PRIMARY KEY,
	kind       INTEGER NOT NULL,           -- as risk_event.type
	object     TEXT NOT NULL,
	score      REAL NOT NULL,              -- may be negative
	message    TEXT NOT NULL,
	ts         INTEGER NOT NULL,           -- when, in the time of the evidence
	taken_back INTEGER NOT NULL DEFAULT 0,
	author     TEXT NOT NULL,
	time_ns    INTEGER NOT NULL
);
-- How these came about; nothing of it is ever deleted.
CREATE TABLE risk_log(
	id      INTEGER PRIMARY KEY,
	kind    TEXT NOT NULL,                 -- "entity", "factor", "given"
	name    TEXT NOT NULL,
	value   TEXT NOT NULL,                 -- '': forgotten
	author  TEXT NOT NULL,
	time_ns INTEGER NOT NULL
);

-- --------------------------------------------------------- views for readers

-- Every event once. event_id is the event's number in the case, event_code the id of its kind.
CREATE VIEW events AS
SELECT e.id AS event_id,
       CASE WHEN e.ts <> -9223372036854775808 THEN
         strftime('%Y-%m-%dT%H:%M:%S', (e.ts - ((e.ts % 1000000000) + 1000000000) % 1000000000)
           / 1000000000, 'unixepoch')
         || printf('.%06dZ', ((e.ts % 1000000000) + 1000000000) % 1000000000 / 1000) END AS time,
       nullif(e.ts, -9223372036854775808) AS time_ns,
       h.name AS host, c.name AS channel, p.name AS provider, e.code AS event_code,
       CASE WHEN e.flags & 65536 THEN e.record END AS record_id,
       a.name AS user, f.path AS evidence, e.offset AS offset, e.length AS length,
       coalesce(w.bookmark, 0) AS bookmark, w.note AS note
FROM event e
LEFT JOIN host h ON h.id = e.host
LEFT JOIN channel c ON c.id = e.channel
LEFT JOIN provider p ON p.id = e.provider
LEFT JOIN account a ON a.id = e.account
LEFT JOIN evidence_file f ON f.id = e.evidence
LEFT JOIN work w ON w.event = e.id;

-- Every record of every file, with the event it is: more rows than events where copies met. Files
-- of equal content are read once; their records are here for each of them.
CREATE VIEW sources AS
SELECT x.event AS event_id, p.path AS evidence, x.offset AS offset, x.length AS length
FROM (SELECT id AS event, evidence, offset, length FROM event
      UNION ALL SELECT event, evidence, offset, length FROM event_source) x
JOIN (SELECT id, path FROM evidence_file
      UNION ALL SELECT evidence, path FROM evidence_copy) p ON p.id = x.evidence;

CREATE VIEW hits AS
SELECT r.rule_id AS rule_id, p.leaf AS leaf, t.event AS event_id,
       nullif(e.ts, -9223372036854775808) AS time_ns
FROM hit t JOIN rule_predicate p ON p.predicate = t.predicate JOIN rule r ON r.id = p.rule
JOIN event e ON e.id = t.event;

-- For the program itself, and not documented: a finding with its texts. What is not asked for is not
-- looked up.
CREATE VIEW finding_whole AS
SELECT f.id AS id, f.rule AS rule_no, t.rule_id AS rule_id, t.rule AS rule, t.type AS type, b.first_ns AS first_ns,
       f.last_ns AS last_ns, b.host AS host, b.host_ref AS host_ref, b.user AS user,
       b.user_key AS user_key, coalesce(b.message, t.rule) AS message, t.techniques AS techniques,
       t.tactics AS tactics, b.risk_score AS risk_score, b.count AS count,
       b.events_capped AS events_capped, t.stories AS stories, t.annotations AS annotations, b.remarks AS remarks,
       b.what AS what, b.fields AS fields, b.threats AS threats, b.events AS events
FROM finding f LEFT JOIN rule_text t ON t.id = f.rule LEFT JOIN finding_body b ON b.id = f.body;

CREATE VIEW findings AS
SELECT f.id AS finding_id,
       CASE WHEN f.first_ns <> -9223372036854775808 THEN
         strftime('%Y-%m-%dT%H:%M:%S', (f.first_ns - ((f.first_ns % 1000000000) + 1000000000)
           % 1000000000) / 1000000000, 'unixepoch')
         || printf('.%06dZ', ((f.first_ns % 1000000000) + 1000000000) % 1000000000 / 1000)
       END AS first_time,
       CASE WHEN f.last_ns <> -9223372036854775808 THEN
         strftime('%Y-%m-%dT%H:%M:%S', (f.last_ns - ((f.last_ns % 1000000000) + 1000000000)
           % 1000000000) / 1000000000, 'unixepoch')
         || printf('.%06dZ', ((f.last_ns % 1000000000) + 1000000000) % 1000000000 / 1000)
       END AS last_time,
       f.host AS host, f.user AS user, f.rule AS rule, f.rule_id AS rule_id, f.type AS type,
       f.techniques AS technique, f.tactics AS tactic, f.risk_score AS risk_score,
       r.value AS risk_object,
       CASE r.type WHEN 0 THEN 'system' WHEN 1 THEN 'user' WHEN 2 THEN 'other' END
         AS risk_object_type,
       f.message AS message, f.count AS count, coalesce(w.verdict, 'open') AS verdict,
       w.note AS note, iif(typeof(w.key) = 'blob', lower(hex(w.key)), w.key) AS key,
       w.bookmark AS bookmark, f.what AS what
FROM finding_whole f
LEFT JOIN risk_event r ON r.id = f.id * 4096
LEFT JOIN work w ON w.id = f.id;

CREATE VIEW hosts AS
SELECT h.name AS host, h.risk_score AS risk_score, h.findings AS findings, h.rules AS rules,
       h.techniques AS techniques, h.tactics AS tactics, sum(n.events) AS events,
       strftime('%Y-%m-%dT%H:%M:%SZ', min(n.first_ns) / 1000000000, 'unixepoch') AS first_time,
       strftime('%Y-%m-%dT%H:%M:%SZ', max(n.last_ns) / 1000000000, 'unixepoch') AS last_time,
       h.aliases AS aliases
FROM host h JOIN host n ON n.machine = h.id
GROUP BY h.id HAVING sum(n.events) > 0 OR h.findings > 0 ORDER BY h.risk_score DESC, h.name;

CREATE VIEW users AS
SELECT user, risk_score, findings, rules, hosts, techniques,
       strftime('%Y-%m-%dT%H:%M:%SZ', first_ns / 1000000000, 'unixepoch') AS first_time,
       strftime('%Y-%m-%dT%H:%M:%SZ', last_ns / 1000000000, 'unixepoch') AS last_time,
       aliases
FROM user_risk ORDER BY risk_score DESC, user;

CREATE VIEW risk_events AS
SELECT CASE WHEN r.ts <> -9223372036854775808 THEN
         strftime('%Y-%m-%dT%H:%M:%S', (r.ts - ((r.ts % 1000000000) + 1000000000) % 1000000000)
           / 1000000000, 'unixepoch')
         || printf('.%06dZ', ((r.ts % 1000000000) + 1000000000) % 1000000000 / 1000) END AS time,
       r.value AS risk_object,
       CASE r.type WHEN 0 THEN 'system' WHEN 1 THEN 'user' ELSE 'other' END AS risk_object_type,
       coalesce(r.base, r.score) AS risk_score, f.rule AS rule, f.rule_id AS rule_id,
       coalesce(r.message, f.message) AS message,
       f.techniques AS technique, f.tactics AS tactic, f.stories AS stories,
       r.finding AS finding_id, r.score AS calculated_risk_score, r.factors AS factors
FROM risk_event r JOIN finding_whole f ON f.id = r.finding;

CREATE VIEW evidence AS
SELECT id AS evidence_id, path, size, sha256, format, events, gaps, status, duplicates
FROM evidence_file;

-- Imports by number: those whose files the case had already, all of them, have none.
CREATE VIEW imports AS
SELECT m.id AS import, strftime('%Y-%m-%dT%H:%M:%SZ', m.time_ns / 1000000000, 'unixepoch') AS time,
       (SELECT count(*) FROM event e WHERE e.id > m.last_event AND e.id <= coalesce((SELECT
         n.last_event FROM import n WHERE n.id = m.id + 1), 9223372036854775807)) AS events,
       (SELECT count(*) FROM finding f WHERE f.id > m.last_work AND f.id <= coalesce((SELECT
         n.last_work FROM import n WHERE n.id = m.id + 1), 9223372036854775807)) AS findings
FROM import m;

-- Further paths of evidence whose content was met again.
CREATE VIEW copies AS
SELECT evidence AS evidence_id, path FROM evidence_copy;

CREATE VIEW gaps AS
SELECT f.path AS evidence, g.offset AS offset, g.length AS length,
       g.records_lost AS records_lost, g.reason AS reason
FROM gap g JOIN evidence_file f ON f.id = g.evidence;

CREATE VIEW ledger AS
SELECT rule_id, rule, source,
       CASE status WHEN 0 THEN 'found' WHEN 1 THEN 'nothing found' WHEN 2 THEN 'no data'
         WHEN 3 THEN 'unsupported' ELSE 'failed' END AS status,
       hits, findings, reason, filtered, version, sha256
FROM rule_ledger;

-- What is said about findings and events now. Both ids are NULL for an event that is not in this case.
CREATE VIEW notes AS
SELECT CASE WHEN w.key NOT LIKE 'event|%' THEN w.id END AS finding_id,
       CASE WHEN w.key NOT LIKE 'event|%' THEN coalesce(w.verdict, 'open') END AS verdict,
       w.note AS note, iif(typeof(w.key) = 'blob', lower(hex(w.key)), w.key) AS key,
       w.bookmark AS bookmark, w.event AS event_id
FROM work w WHERE w.verdict IS NOT NULL OR w.note IS NOT NULL OR w.bookmark;

-- Every verdict, note and bookmark that was ever given, by whom and when.
CREATE VIEW analyst_log AS
SELECT l.id AS entry, CASE WHEN w.key NOT LIKE 'event|%' THEN w.id END AS finding_id,
       CASE l.kind WHEN 0 THEN 'verdict' WHEN 1 THEN 'note' ELSE 'bookmark' END AS kind,
       l.value AS value, l.author AS author,
       CASE WHEN l.time_ns THEN
         strftime('%Y-%m-%dT%H:%M:%SZ', l.time_ns / 1000000000, 'unixepoch') END AS time,
       l.current AS current, w.event AS event_id,
       iif(typeof(w.key) = 'blob', lower(hex(w.key)), w.key) AS key
FROM work_log l JOIN work w ON w.id = l.work;

-- What analysts have selected.
CREATE VIEW marks AS
SELECT author, CASE kind WHEN 1 THEN about END AS finding_id, CASE kind WHEN 2 THEN about END AS event_id
FROM mark;

-- Every change of factors, of what is known of hosts and users, and of risk given by hand.
CREATE VIEW risk_changes AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', time_ns / 1000000000, 'unixepoch') AS time, author, kind, name,
       value
FROM risk_log;

CREATE VIEW filters AS
SELECT name AS macro, definition, rule_id, off, author,
       CASE WHEN time_ns THEN
         strftime('%Y-%m-%dT%H:%M:%SZ', time_ns / 1000000000, 'unixepoch') END AS time
FROM macro;
