/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/load_parts.h"

struct text
load_text(struct arena *keep, struct text t)
{
	return text_absent(t) ? t : arena_copy(keep, text_trim(t));
}

uint32_t
load_texts(struct arena *keep, const struct yaml_node *list, struct text **out)
{
	uint32_t n = yaml_texts(list, keep, out);

	for (uint32_t i = 0; i < n; i++)
		(*out)[i] = load_text(keep, (*out)[i]);
	return n;
}

const struct yaml_node *
load_first(const struct yaml_node *list)
{
	return !list || list->kind == YAML_KIND_MAP ? list : list->first;
}

const struct yaml_node *
load_next(const struct yaml_node *list, const struct yaml_node *item)
{
	return item == list ? NULL : item->next;
}

bool
load_one_of(struct text t, const char *const *names)
{
	for (; *names; names++) {
		if (text_ieq(t, text_of(*names)))
			return true;
	}
	return false;
}

void
load_remark(struct detection *d, struct arena *keep, struct text what)
{
	d->remarks = text_absent(d->remarks)
			 ? what
			 : arena_printf(keep, TEXT_FMT "; " TEXT_FMT, TEXT_ARG(d->remarks),
					TEXT_ARG(what));
}
