/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * detection.h - a detection: one YAML file of Splunk's security_content, of whatever year.
 *
 * Forms: 2021 to early 2025 (tags.*), 2025 (rba), 2026 (finding, intermediate_findings).
 */
#ifndef AUGER_RULES_DETECTION_H
#define AUGER_RULES_DETECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/finding.h"
#include "base/text.h"
#include "rules/search.h"

struct risk_setting {
	struct text           field;
	enum risk_object_type type;
	double                score;
	struct text           message; /* with $tokens$ */
};

struct threat_setting {
	struct text field, type;
};

struct drilldown {
	/* with $tokens$, as in the file */
	struct text name, search, earliest_offset, latest_offset;
};

/* Data that a detection was published with, and finds. */
struct detection_test {
	struct text  name;
	struct text *data; uint32_t n_data; /* addresses */
};

/* What frameworks other than ATT&CK say of a detection. */
struct framework {
	const char *key;   /* in rule files, and behind "annotations." of risk events */
	const char *label; /* for people */
};
#define FRAMEWORKS 4
extern const struct framework frameworks[FRAMEWORKS];

struct annotation {
	const struct framework *framework;
	struct text             value;
};

struct detection {
	struct text  id, name, type, status, description, author, date, version;
	struct text  search_text;
	struct place search_place;
	struct text  how_to_implement, known_false_positives;
	struct text *techniques; uint32_t n_techniques; /* T1021.006 */
	struct text  tactics;    /* comma separated, from the ATT&CK table */
	struct text *stories;    uint32_t n_stories;
	struct annotation *annotations; uint32_t n_annotations;
	struct text *data_sources; uint32_t n_data_sources;
	struct text *references; uint32_t n_references;
	struct text  security_domain, asset_type;
	struct text  message;       /* what a finding says, with $tokens$; absent: nothing given */
	double       impact, confidence; /* where the score is their product / 100; else 0 */
	struct risk_setting   *risks;   uint32_t n_risks;
	struct threat_setting *threats; uint32_t n_threats;
	struct drilldown *drilldowns; uint32_t n_drilldowns;
	struct detection_test *tests; uint32_t n_tests;
	struct text  filter_macro;  /* name of its _filter macro */
	struct text  source;        /* file it came from */
	struct text  sha256;        /* of that file, 64 hex digits */
	const struct detection *instead_of; /* left out, as it has the same id; NULL: none */
	uint32_t     load;          /* with which ruleset_load, from 1 */
	struct text  remarks;       /* what the loader read differently; absent when nothing */
	const struct search *search; /* NULL: does not compile, see problem */
	struct err   problem;        /* where: "file:line:column" */
	bool         unread;         /* the file, or folder of rules, could not even be read */
};

/* What `rules check` says of a detection. */
enum detection_status {
	DETECTION_OK,          /* "ok" */
	DETECTION_RESERVATION, /* "reservation": runs, but something is read differently */
	DETECTION_UNSUPPORTED, /* "unsupported": names something that cannot run here */
	DETECTION_INVALID,     /* "invalid": not YAML, not a detection, or not SPL */
};
const char *detection_status_name(enum detection_status status);
/* REASON: "line:column: why" without the file for problems, else the reservation; absent for ok. */
enum detection_status detection_status(const struct detection *d, struct arena *keep,
				       struct text *reason);

/* Fills $tokens$ of a message from a row; several values are joined by a blank. Unknown tokens stay
 * as they are. An unpaired '$' is text, but "$field " that names a field of the row is filled in
 * too (two published messages lack the closing '$'). *REMARK says what was missing or unclosed;
 * absent when nothing was. */
struct text message_fill(struct text message, const struct row *row, struct arena *keep,
			 struct text *remark);

/* One result row of a detection as a finding; false when neither events nor risk events stand
 * behind it, so that there is nothing found. DIGEST: begun, and begins anew. */
struct digest;
bool        finding_make(struct finding *out, const struct detection *d, const struct row *row,
			 struct digest *digest, struct arena *keep);
struct text finding_key(const struct detection *d, const struct row *row, struct digest *digest,
			struct arena *keep);
struct finding_rule finding_rule_of(const struct detection *d, struct arena *keep);
/* Does every row become the same finding for both, as twins? */
bool        finding_twins(const struct detection *a, const struct detection *b);

/*
 * A drilldown of a finding as an SPL search: %original_detection_search% put in, $tokens$ put in
 * as quoted literals, $info_min_time$ and $info_max_time$ from CASE_SPAN, offsets and what counts
 * back from now (starthoursago=168) against the finding's time. REMARK says what had to be replaced (absent when nothing).
 */
struct drilldown_search {
	struct text name, search, remark;
	struct span span;
};
bool drilldown_make(struct drilldown_search *out, const struct detection *d,
		    const struct drilldown *drill, const struct finding *f, struct span case_span,
		    struct arena *keep, struct err *err);

#endif
