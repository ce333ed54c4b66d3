/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/window.h"

#define SNIFF_ENCODING 4096
#define WINDOW_STEP_MIN 4 /* a surrogate pair */
#define WINDOW_RAW (WINDOW_STEP_MAX + SNIFF_ENCODING)

void
window_open(struct window *w, struct input *in, uint64_t begin, uint64_t end, size_t step_bytes,
	    struct err *err)
{
	size_t step = step_bytes ? step_bytes : WINDOW_STEP;

	if (step > WINDOW_STEP_MAX)
		step = WINDOW_STEP_MAX;
	if (step < WINDOW_STEP_MIN)
		step = WINDOW_STEP_MIN;
	*w = (struct window){
		.in = in,
		.err = err,
		.step = step,
		.next = begin,
		.end = end,
		.offset = begin,
	};
	/* Records of RECORD_MAX are promised, so the window is no smaller where addresses are few. */
	w->mem = arena_open_whole(WINDOW_RAW + WINDOW_MAX);
	w->raw = arena_bytes(&w->mem, WINDOW_RAW);
	w->buf = arena_bytes(&w->mem, WINDOW_MAX);
}

static bool
memory_read_at(void *self, uint64_t offset, void *buf, size_t n, size_t *got, struct err *err)
{
	const struct memory_input *m = self;
	struct text rest = text_head(text_from(m->bytes, (size_t)offset), n);

	(void)err;
	if (rest.n > 0)
		memcpy(buf, rest.p, rest.n);
	*got = rest.n;
	return true;
}

void
window_open_text(struct window *w, struct memory_input *m, struct text bytes)
{
	*m = (struct memory_input){
		.in = { .name = TEXT("memory"),
			.size = bytes.n,
			.self = m,
			.read_at = memory_read_at,
			.seekable = true },
		.bytes = bytes,
	};
	window_open(w, &m->in, 0, bytes.n, bytes.n, NULL);
}

void
window_close(struct window *w)
{
	arena_close(&w->mem);
}

static size_t
read_some(struct window *w, char *to, size_t n)
{
	uint64_t left = w->end > w->next ? w->end - w->next : 0;
	size_t got = 0;

	if (n > left)
		n = (size_t)left;
	if (n > 0 && !w->in->read_at(w->in->self, w->next, to, n, &got, w->err)) {
		err_where(w->err, TEXT_FMT ": at byte %llu", TEXT_ARG(w->in->name),
			  (unsigned long long)w->next);
		w->failed = true;
		got = 0;
	}
	w->next += got;
	if (got == 0)
		w->eof = true;
	return got;
}

/* The first bytes decide on the encoding, however small the steps are. */
static void
sniff(struct window *w)
{
	while (w->raw_n < SNIFF_ENCODING && !w->eof)
		w->raw_n += read_some(w, w->raw + w->raw_n, SNIFF_ENCODING - w->raw_n);
	w->encoding = encoding_sniff((struct text){ w->raw, w->raw_n }, &w->bom);
	w->sniffed = true;
}

static void
decode_raw(struct window *w)
{
	size_t n = 0, used;

	if (w->encoding == ENCODING_UTF16_LE || w->encoding == ENCODING_UTF16_BE) {
		used = utf16_decode((struct text){ w->raw, w->raw_n },
				    w->encoding == ENCODING_UTF16_BE, w->eof, w->buf + w->len, &n);
	} else {
		memcpy(w->buf + w->len, w->raw, w->raw_n);
		n = used = w->raw_n;
	}
	w->len += n;
	w->raw_n -= used;
	memmove(w->raw, w->raw + used, w->raw_n);
}

static void
move_down(struct window *w)
{
	memmove(w->buf, w->buf + w->at, w->len - w->at);
	w->len -= w->at;
	w->at = 0;
}

bool
window_more(struct window *w)
{
	size_t before = w->len - w->at;
	size_t room = 2 * (w->step > SNIFF_ENCODING ? w->step : SNIFF_ENCODING);

	if (w->eof && w->raw_n == 0)
		return false;
	if (w->at > 0 && (w->at >= before || WINDOW_MAX - w->len < room))
		move_down(w);
	if (WINDOW_MAX - w->len < room)
		return false;
	if (!w->sniffed)
		sniff(w);
	if (w->encoding == ENCODING_BYTES && w->raw_n == 0) {
		w->len += read_some(w, w->buf + w->len, w->step);
	} else {
		if (w->encoding != ENCODING_BYTES && !w->eof && w->raw_n < w->step)
			w->raw_n += read_some(w, w->raw + w->raw_n, w->step - w->raw_n);
		decode_raw(w);
	}
	return w->len - w->at > before || !w->eof;
}

size_t
window_need(struct window *w, size_t n)
{
	while (w->len - w->at < n && window_more(w))
		;
	return w->len - w->at;
}

uint64_t
window_length(const struct window *w, size_t n)
{
	struct text t = { w->buf + w->at, n };

	return w->encoding == ENCODING_UTF16_LE || w->encoding == ENCODING_UTF16_BE
		   ? (uint64_t)utf16_length(t)
		   : (uint64_t)n;
}

void
window_skip(struct window *w, size_t n)
{
	w->offset += window_length(w, n);
	w->skipped += n;
	w->at += n;
	/* Keeps the moved part small: the window starts anew once it is empty. */
	if (w->at == w->len)
		w->at = w->len = 0;
}

bool
window_change(struct window *w, enum encoding encoding)
{
	size_t n = w->len - w->at;

	if (w->in->seekable) {
		w->next = w->offset;
		w->raw_n = 0;
		w->eof = false;
	} else if (w->encoding == ENCODING_BYTES && n <= WINDOW_STEP_MAX) {
		memcpy(w->raw, w->buf + w->at, n);
		w->raw_n = n;
	} else {
		return false;
	}
	w->at = w->len = 0;
	w->encoding = encoding;
	return true;
}
