/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/gunzip.h"

#include <stdlib.h>

#include "base/arena.h"

#define ZLIB_CONST
#include <zlib.h>

#define BLOCK_BYTES ((size_t)128 << 10)
#define LAYERS_MAX  16 /* gzip in gzip; what lies deeper is given out packed */
#define FIRST_BYTE  0x1f
#define ONLY_GZIP   (16 + MAX_WBITS)

/* One stream unpacked. */
struct layer {
	z_stream   z;
	bool       between; /* streams: the next begins, or zeros, or the end */
	bool       padded;  /* zeros have begun */
	bool       ended;
	struct err trouble; /* for when what came before it is given out */
	Bytef      block[BLOCK_BYTES];
};

struct gunzip {
	gunzip_packed_fn *packed;
	void             *ctx;
	uint64_t          free_bytes, growth;
	uint64_t          read, passed; /* packed bytes; bytes given from layer to layer */
	struct layer     *layers[LAYERS_MAX];
	unsigned          n; /* the last one gives the bytes that are wanted */
	bool              settled; /* there will be no more layers */
};

bool
gunzip_knows(struct text head)
{
	return text_starts(head, TEXT("\x1f\x8b\x08"));
}

/* FIRST is what the layer below gave out already. */
static void
add_layer(struct gunzip *g, struct text first)
{
	struct layer *l = calloc(1, sizeof(*l));

	if (!l || inflateInit2(&l->z, ONLY_GZIP) != Z_OK)
		arena_exhausted(sizeof(*l));
	l->z.next_in = (const Bytef *)first.p;
	l->z.avail_in = (uInt)first.n;
	g->layers[g->n++] = l;
}

struct gunzip *
gunzip_open(gunzip_packed_fn *packed, void *ctx, uint64_t free_bytes, uint64_t growth)
{
	struct gunzip *g = calloc(1, sizeof(*g));

	if (!g)
		arena_exhausted(sizeof(*g));
	g->packed = packed;
	g->ctx = ctx;
	g->free_bytes = free_bytes;
	g->growth = growth;
	add_layer(g, TEXT_NONE);
	return g;
}

void
gunzip_close(struct gunzip *g)
{
	for (unsigned i = 0; g && i < g->n; i++) {
		inflateEnd(&g->layers[i]->z);
		free(g->layers[i]);
	}
	free(g);
}

static bool layer_read(struct gunzip *g, unsigned i, struct text *bytes, struct err *err);

/* More packed bytes for layer I. */
static bool
supply(struct gunzip *g, unsigned i, struct err *err)
{
	struct layer *l = g->layers[i];
	struct text   bytes = TEXT_NONE;

	if (i == 0) {
		if (!g->packed(g->ctx, &bytes, err))
			return false;
		g->read += bytes.n;
	} else {
		if (!layer_read(g, i - 1, &bytes, err))
			return false;
		g->passed += bytes.n;
		if (g->passed > g->free_bytes && g->passed / g->growth > g->read)
			return err_set(err, ERR_INPUT,
				       "grows out of proportion, as if made to fill the disk");
	}
	l->z.next_in = (const Bytef *)bytes.p;
	l->z.avail_in = (uInt)bytes.n;
	return true;
}

/* Behind a stream, with bytes at hand: zeros are passed over, another stream begins. */
static bool
begin_next(struct layer *l, struct err *err)
{
	while (l->z.avail_in > 0 && *l->z.next_in == 0) {
		l->padded = true;
		l->z.next_in++;
		l->z.avail_in--;
	}
	if (l->z.avail_in == 0)
		return true;
	if (l->padded || *l->z.next_in != FIRST_BYTE)
		return err_set(err, ERR_INPUT, "behind its gzip data lies something else");
	l->between = false;
	inflateReset(&l->z);
	return true;
}

/* What one more step says; false is the end of all, good or bad. */
static bool
step(struct gunzip *g, unsigned i, struct err *err)
{
	struct layer *l = g->layers[i];
	int           r;

	if (l->z.avail_in == 0 && !supply(g, i, err))
		return false;
	if (l->z.avail_in == 0) {
		l->ended = true;
		return l->between || err_set(err, ERR_INPUT, "truncated: its gzip data has no end");
	}
	if (l->between && !begin_next(l, err))
		return false;
	if (l->between)
		return true;
	r = inflate(&l->z, Z_NO_FLUSH);
	if (r == Z_MEM_ERROR)
		arena_exhausted(BLOCK_BYTES);
	l->between = r == Z_STREAM_END;
	if (r == Z_STREAM_END || r == Z_OK || r == Z_BUF_ERROR)
		return true;
	return err_set(err, ERR_INPUT, "its gzip data is not as it was packed: %s",
		       l->z.msg ? l->z.msg : "no reason given");
}

static bool
layer_read(struct gunzip *g, unsigned i, struct text *bytes, struct err *err)
{
	struct layer *l = g->layers[i];

	l->z.next_out = l->block;
	l->z.avail_out = BLOCK_BYTES;
	while (l->z.avail_out > 0 && !l->ended && l->trouble.kind == ERR_NONE &&
	       step(g, i, &l->trouble))
		continue;
	*bytes = (struct text){ (const char *)l->block, BLOCK_BYTES - l->z.avail_out };
	if (bytes->n > 0 || l->trouble.kind == ERR_NONE)
		return true;
	*err = l->trouble;
	return false;
}

bool
gunzip_read(struct gunzip *g, struct text *bytes, struct err *err)
{
	bool read = layer_read(g, g->n - 1, bytes, err);

	while (!g->settled && read && g->n < LAYERS_MAX && gunzip_knows(*bytes)) {
		add_layer(g, *bytes);
		read = layer_read(g, g->n - 1, bytes, err);
	}
	g->settled = true;
	return read;
}
