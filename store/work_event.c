/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/work_event.h"

#include "base/ascii.h"
#include "base/event.h"
#include "base/when.h"
#include "store/db.h"
#include "store/identity.h"
#include "store/work.h"

#define QUARTERS_MAX 56 /* 14 hours, as far as zones are apart */

/* A key, taken apart. */
struct record_name {
	struct text host, channel;
	uint64_t    record;
	int64_t     time_ns;
	uint32_t    event_id;
	bool        has_record, zone_assumed;
};

bool
work_is_event(struct text key)
{
	return text_starts(key, TEXT("event|"));
}

/* ---- names in keys ---- */

static bool
stands_for_itself(unsigned char c)
{
	return c >= 0x20 && c != 0x7f && c != '|' && c != '%';
}

static struct text
escaped(struct text name, struct arena *keep)
{
	static const char digits[] = "0123456789ABCDEF";
	char             *out = arena_new(keep, char, name.n * 3 + 1);
	size_t            n = 0;

	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (stands_for_itself(c)) {
			out[n++] = name.p[i];
			continue;
		}
		out[n++] = '%';
		out[n++] = digits[c >> 4];
		out[n++] = digits[c & 15];
	}
	return (struct text){ out, n };
}

static int
digit(char c)
{
	return ascii_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* OUT has room for it; may be NULL. False: not as escaped() writes it. */
static bool
unescape(struct text name, char *out, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (c == '%') {
			int high = i + 2 < name.n ? digit(name.p[i + 1]) : -1;
			int low = i + 2 < name.n ? digit(name.p[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = (char)(high << 4 | low);
			i += 2;
		} else if (!stands_for_itself((unsigned char)c)) {
			return false;
		}
		if (out)
			out[*n] = c;
		++*n;
	}
	return true;
}

static bool
read_name(struct text part, struct arena *keep, struct text *out)
{
	char  *p = keep ? arena_new(keep, char, part.n + 1) : NULL;
	size_t n;

	if (text_absent(part) || !unescape(part, p, &n))
		return false;
	if (keep)
		*out = (struct text){ p, n };
	return true;
}

/* KEEP NULL: only whether it is one. */
static bool
read_key(struct text key, struct arena *keep, struct record_name *out)
{
	struct text head = text_cut(&key, '|'), host = text_cut(&key, '|');
	struct text channel = text_cut(&key, '|'), code = text_cut(&key, '|');
	struct text record = text_cut(&key, '|'), time = key;
	uint64_t    event_id;

	*out = (struct record_name){ .has_record = text_starts(record, TEXT("r")) };
	if (!text_eq(head, TEXT("event")) || text_absent(time) ||
	    !read_name(host, keep, &out->host) || !read_name(channel, keep, &out->channel) ||
	    !text_to_u64(code, &event_id) || event_id > UINT32_MAX ||
	    (!out->has_record && !text_starts(record, TEXT("h"))) ||
	    !text_to_u64(text_from(record, 1), &out->record))
		return false;
	out->event_id = (uint32_t)event_id;
	if (time.n && time.p[time.n - 1] == '~') {
		out->zone_assumed = true;
		time.n--;
	}
	return text_to_i64(time, &out->time_ns);
}

bool
work_event_key_is_sound(struct text key)
{
	struct record_name name;

	return read_key(key, NULL, &name);
}

static const char record_of[] =
    "SELECT h.fold, c.name, e.code, e.flags, e.record, e.ts FROM event e "
    "LEFT JOIN host h ON h.id = e.host LEFT JOIN channel c ON c.id = e.channel WHERE e.id = ?1";

bool
work_event_key(struct casefile *cf, int64_t event, struct arena *keep, struct text *key,
	       struct err *err)
{
	struct ask q;
	bool       there = false;

	if (ask(&q, cf, record_of, err)) {
		ask_int(&q, 1, event);
		there = ask_row(&q);
		if (there)
			*key = arena_printf(
			    keep, "event|" TEXT_FMT "|" TEXT_FMT "|%lld|%c%llu|%lld%s",
			    TEXT_ARG(escaped(ask_get_text(&q, 0), keep)),
			    TEXT_ARG(escaped(ask_get_text(&q, 1), keep)),
			    (long long)ask_get_int(&q, 2),
			    ask_get_int(&q, 3) & ROW_HAS_RECORD ? 'r' : 'h',
			    (unsigned long long)ask_get_int(&q, 4), (long long)ask_get_int(&q, 5),
			    ask_get_int(&q, 3) & EVENT_ZONE_ASSUMED ? "~" : "");
	}
	return ask_end(&q) &&
	       (there || err_set(err, ERR_INPUT, "no event:%lld in this case", (long long)event));
}

/* ---- the event of a key ---- */

/* By code and time, which an index leads to. */
static const char records_like[] =
    "SELECT e.id, h.fold, e.ts, e.flags FROM event e LEFT JOIN host h ON h.id = e.host "
    "WHERE e.code = ?1 AND e.ts >= ?2 AND e.ts <= ?3 AND e.record = ?4 AND "
    "e.channel = CASE ?5 WHEN '' THEN 0 ELSE (SELECT id FROM channel WHERE name = ?5) END AND "
    "(e.flags & 65536 <> 0) = ?6 ORDER BY e.id";
static const char has_index[] = "SELECT count(*) FROM sqlite_schema WHERE name = 'event_by_code'";

/* As far as two names tell: the same, or the same first label where one has no more than that. */
static bool
same_host(struct text a, struct text b)
{
	struct text label_a = host_label(a), label_b = host_label(b);

	return text_eq(a, b) || (label_a.n && text_eq(label_a, label_b) &&
				 (label_a.n == a.n || label_b.n == b.n));
}

static int64_t
find_near(struct casefile *cf, const struct record_name *name, int64_t from_ns, int64_t to_ns,
	  struct err *err)
{
	struct ask q;
	int64_t    found = 0;

	if (ask(&q, cf, records_like, err)) {
		ask_int(&q, 1, name->event_id);
		ask_int(&q, 2, from_ns);
		ask_int(&q, 3, to_ns);
		ask_int(&q, 4, (int64_t)name->record);
		ask_text(&q, 5, name->channel);
		ask_int(&q, 6, name->has_record);
		while (!found && ask_row(&q)) {
			struct text host = ask_get_text(&q, 1);
			uint32_t    flags = (uint32_t)ask_get_int(&q, 3) |
					 (name->zone_assumed ? EVENT_ZONE_ASSUMED : 0);

			if (same_host(text_or_empty(host), name->host) &&
			    identity_same_time(name->time_ns, ask_get_int(&q, 2), flags))
				found = ask_get_int(&q, 0);
		}
	}
	return ask_end(&q) ? found : 0;
}

int64_t
work_event_of(struct casefile *cf, struct text key, struct arena scratch, struct err *err)
{
	struct record_name name;
	int64_t            found, ns;

	if (!read_key(key, &scratch, &name) || !db_get_int(cf, has_index, 0, &found, err) ||
	    !found)
		return 0;
	ns = name.time_ns;
	if (!name.has_record || ns < WHEN_NONE + 15 * WHEN_HOUR || ns > WHEN_MAX - 15 * WHEN_HOUR)
		return find_near(cf, &name, ns, ns, err);
	found = find_near(cf, &name, ns - WHEN_SECOND, ns + WHEN_SECOND, err);
	for (int64_t k = 1; !found && k <= QUARTERS_MAX; k++) {
		int64_t off = k * (WHEN_HOUR / 4);

		found = find_near(cf, &name, ns - off - WHEN_SECOND, ns - off + WHEN_SECOND, err);
		if (!found)
			found = find_near(cf, &name, ns + off - WHEN_SECOND,
					  ns + off + WHEN_SECOND, err);
	}
	return found;
}
