/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/member_again.h"

#include <sys/stat.h>
#include <unistd.h>

#include "importers/container.h"

struct wanted {
	struct text   path, sha256;
	struct arena *keep;
	struct text   gap; /* why something of the archive could not be read */
	bool          locked; /* a password was missing */
	struct container_options options;
};

struct text
member_archive(struct text path, struct arena scratch)
{
	struct stat st;

	for (size_t i = 1; i < path.n; i++) {
		struct arena here = scratch;

		if (path.p[i] == ':' &&
		    stat(arena_cstr(&here, text_head(path, i)), &st) == 0 && S_ISREG(st.st_mode))
			return text_head(path, i);
	}
	return TEXT_NONE;
}

/* LABEL is what the container is called. -1: it is not in there. */
static int
find_in(struct input *in, struct text label, unsigned depth, struct wanted *w)
{
	struct container *c = container_open(in, &w->options);
	atomic_bool       never = false;
	struct member     m;
	int               found = -1;

	while (found < 0 && container_next(c, &m, &never)) {
		struct text name = text_absent(m.name) ? container_single(label) : m.name;
		struct text full = arena_printf(w->keep, TEXT_FMT ":" TEXT_FMT, TEXT_ARG(label),
						TEXT_ARG(name));
		struct input inside = { 0 };
		struct err   err = { 0 };

		if (!text_absent(m.gap) && !w->gap.n)
			w->gap = arena_copy(w->keep, m.gap);
		w->locked |= !text_absent(m.gap) && m.locked;
		if (m.fd < 0)
			continue;
		if (text_eq(full, w->path) && text_eq(text_of(m.sha256), w->sha256)) {
			found = m.fd;
			break;
		}
		if (depth < CONTAINER_DEPTH_MAX &&
		    text_starts(w->path, arena_join(w->keep, full, TEXT(":"))) &&
		    input_open_fd(&inside, w->keep, full, m.fd, &err)) {
			found = find_in(&inside, full, depth + 1, w);
			input_close(&inside);
		}
		close(m.fd);
	}
	container_close(c);
	return found;
}

int
member_unpack(struct text path, struct text sha256, const struct member_how *how,
	      struct arena *keep, struct err *err)
{
	struct text   archive = member_archive(path, *keep);
	struct wanted w = { .path = path,
			    .sha256 = sha256,
			    .keep = keep,
			    .options = { .passwords = how->passwords,
					 .n_passwords = how->n_passwords } };
	struct input  in = { 0 };
	int           fd;

	if (text_absent(archive)) {
		err_set(err, ERR_INPUT, "the file is not at its place any more");
		return -1;
	}
	if (!input_open(&in, keep, archive, err))
		return -1;
	if (how->most && in.size > how->most) {
		input_close(&in);
		err_set(err, ERR_INPUT, "it lies in an archive of %llu MiB, which is not unpacked here: "
				       "auger show CASE event:N --raw does",
			(unsigned long long)(in.size >> 20));
		return -1;
	}
	fd = find_in(&in, archive, 1, &w);
	input_close(&in);
	if (fd < 0 && w.locked)
		err_set(err, ERR_INPUT, "it is encrypted in the archive: auger browse and auger show "
					"take --password WORD");
	else if (fd < 0)
		err_set(err, ERR_INPUT, "the archive does not have it any more as it was imported%s"
					TEXT_FMT, w.gap.n ? ": " : "",
			TEXT_ARG(w.gap.n ? w.gap : TEXT("")));
	return fd;
}
