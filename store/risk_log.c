/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/risk_log.h"

#include "store/db.h"
#include "store/work.h"

struct signature
signature_now(struct arena *keep)
{
	return (struct signature){ work_author(keep), work_now_ns() };
}

static const char put_entry[] =
    "INSERT INTO risk_log(kind, name, value, author, time_ns) VALUES(?1, ?2, ?3, ?4, ?5)";

bool
risk_log_add(struct casefile *cf, const char *kind, struct text name, struct text value,
	     const struct signature *by, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, put_entry, err)) {
		ask_text(&q, 1, text_of(kind));
		ask_text(&q, 2, name);
		ask_text(&q, 3, text_or_empty(value));
		ask_text(&q, 4, by->author);
		ask_int(&q, 5, by->time_ns);
		ask_run(&q);
	}
	return ask_end(&q);
}

static const char all_entries[] = "SELECT kind, name, value, author, time_ns FROM risk_log ORDER BY id";

bool
risk_log(struct casefile *cf, risk_change_fn *fn, void *ctx, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, all_entries, err))
		while (ask_row(&q)) {
			const struct risk_change change = {
				.kind = ask_get_text(&q, 0),
				.name = ask_get_text(&q, 1),
				.value = ask_get_text(&q, 2),
				.author = ask_get_text(&q, 3),
				.time_ns = ask_get_int(&q, 4),
			};

			if (!fn(ctx, &change))
				break;
		}
	return ask_end(&q);
}
