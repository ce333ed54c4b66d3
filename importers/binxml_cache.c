/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/binxml_cache.h"

#include "importers/bytes.h"
#include "importers/fresh.h"

#define KNOWN_MAX     4096
#define KNOWN_BUCKETS 4096 /* power of two */
#define KNOWN_ALIKE   16 /* definitions with one GUID and size that are looked at */
#define KNOWN_BYTES   ((size_t)64 << 20)
#define LOCAL_SLOTS   512 /* power of two */
#define LOCAL_BYTES   ((size_t)32 << 20)
#define LOCAL_KEPT    ((size_t)1 << 20)
#define FIRST_OFFSET  512 /* behind the chunk header */
#define NONE          UINT16_MAX

/* A definition seen in some chunk. */
struct known {
	uint8_t               header[20]; /* GUID and size, as stored */
	enum evtx_place       place;
	const uint8_t        *body;
	const struct binxml_name *names; /* in the order in which they stand in the body */
	uint32_t              n_names;
	struct binxml_program program;
	uint16_t              next; /* in the bucket */
};

/* A definition of this chunk. */
struct local {
	uint32_t              chunk; /* serial number: others are stale */
	uint32_t              offset;
	enum evtx_place       place;
	struct binxml_program program;
};

struct binxml_cache {
	struct binxml_chunk chunk;
	uint32_t            serial;
	struct arena        known_keep, local_keep;
	struct known       *known;
	uint32_t            n_known;
	uint16_t           *buckets;
	struct local       *locals;
};

struct binxml_cache *
binxml_cache_open(struct arena *keep)
{
	struct binxml_cache *cache = arena_new(keep, struct binxml_cache, 1);

	cache->known_keep = arena_open(KNOWN_BYTES);
	cache->local_keep = arena_open(LOCAL_BYTES);
	cache->known = fresh_new(&cache->known_keep, struct known, KNOWN_MAX);
	cache->buckets = arena_new(keep, uint16_t, KNOWN_BUCKETS);
	memset(cache->buckets, 0xff, KNOWN_BUCKETS * sizeof(*cache->buckets));
	cache->locals = fresh_new(keep, struct local, LOCAL_SLOTS);
	return cache;
}

void
binxml_cache_close(struct binxml_cache *cache)
{
	arena_close(&cache->known_keep);
	arena_close(&cache->local_keep);
}

void
binxml_cache_chunk(struct binxml_cache *cache, struct binxml_chunk chunk)
{
	cache->chunk = chunk;
	cache->serial++;
	if (arena_used(&cache->local_keep) > LOCAL_KEPT)
		arena_reset(&cache->local_keep, LOCAL_KEPT);
	cache->local_keep.at = cache->local_keep.start;
}

/* Does the name at OFFSET of the chunk have the spelling of NAME? */
static bool
same_name(struct binxml_chunk chunk, uint32_t offset, const struct binxml_name *name)
{
	uint32_t bytes = 2u * name->units;

	if (offset < FIRST_OFFSET || offset > chunk.n || chunk.n - offset < 10 + bytes)
		return false;
	return le16(chunk.p + offset + 6) == name->units &&
	       memcmp(chunk.p + offset + 8, name->text, bytes) == 0;
}

/* Is the definition at OFFSET, of SIZE bytes behind its header, the known one? */
static bool
same_definition(const struct known *k, struct binxml_chunk chunk, uint32_t offset, uint32_t size)
{
	uint32_t       base = offset + BINXML_DEFINITION_HEADER, at = 0;
	const uint8_t *body = chunk.p + base;

	for (uint32_t i = 0; i < k->n_names; i++) {
		const struct binxml_name *name = &k->names[i];
		uint32_t                  ref = le32(body + name->at);
		bool                      inline_here = ref == base + name->at + 4;

		if (memcmp(k->body + at, body + at, name->at - at) != 0)
			return false;
		if (inline_here != name->inline_here)
			return false;
		if (!inline_here && !same_name(chunk, ref, name))
			return false;
		/* The link to the next name of the bucket says nothing either. */
		at = name->at + (inline_here ? 8 : 4);
	}
	return memcmp(k->body + at, body + at, size - at) == 0;
}

static uint32_t
bucket_of(const uint8_t *header, enum evtx_place place)
{
	struct text t = { (const char *)header, 20 };

	return (uint32_t)text_hash(t, place) % KNOWN_BUCKETS;
}

static const struct known *
find_known(const struct binxml_cache *cache, uint32_t offset, uint32_t size, enum evtx_place place)
{
	const uint8_t *header = cache->chunk.p + offset + 4;
	unsigned       alike = 0;

	for (uint16_t i = cache->buckets[bucket_of(header, place)]; i != NONE;
	     i = cache->known[i].next) {
		const struct known *k = &cache->known[i];

		if (k->place != place || memcmp(k->header, header, sizeof(k->header)) != 0)
			continue;
		if (same_definition(k, cache->chunk, offset, size))
			return k;
		if (++alike == KNOWN_ALIKE)
			break;
	}
	return NULL;
}

static const struct binxml_name *
copy_names(const struct binxml_cache *cache, const struct binxml_compiler *c, struct arena *keep)
{
	struct binxml_name *names = arena_new(keep, struct binxml_name, c->n_names);

	for (uint32_t i = 0; i < c->n_names; i++) {
		names[i] = c->names[i];
		if (names[i].inline_here)
			continue;
		struct text units = { (const char *)cache->chunk.p + names[i].offset + 8,
				      2u * names[i].units };

		names[i].text = (const uint8_t *)arena_copy(keep, units).p;
	}
	return names;
}

/* What copy_names and the body take. */
static size_t
known_size(const struct binxml_compiler *c, uint32_t size)
{
	size_t n = size + c->n_names * sizeof(struct binxml_name) + 64;

	for (uint32_t i = 0; i < c->n_names; i++)
		n += 2u * c->names[i].units + 1;
	return n;
}

static void
remember(struct binxml_cache *cache, const struct binxml_compiler *c, uint32_t offset,
	 uint32_t size, enum evtx_place place, struct binxml_program program)
{
	const uint8_t *header = cache->chunk.p + offset + 4;
	uint32_t       bucket = bucket_of(header, place);
	struct known  *k = &cache->known[cache->n_known];
	struct text    body = { (const char *)header + 20, size };

	*k = (struct known){
		.place = place,
		.body = (const uint8_t *)arena_copy(&cache->known_keep, body).p,
		.names = copy_names(cache, c, &cache->known_keep),
		.n_names = c->n_names,
		.program = program,
		.next = cache->buckets[bucket],
	};
	memcpy(k->header, header, sizeof(k->header));
	cache->buckets[bucket] = (uint16_t)cache->n_known++;
}

/* An equal one of another chunk, or compiled now. */
static bool
make_program(struct binxml_cache *cache, struct binxml_compiler *c, uint32_t offset, uint32_t size,
	     enum evtx_place place, int64_t *work, struct binxml_program *out)
{
	const struct known *k = find_known(cache, offset, size, place);
	uint32_t            begin = offset + BINXML_DEFINITION_HEADER;

	*work -= 64;
	if (k) {
		*out = k->program;
		return true;
	}
	*work -= size;
	if (arena_room(&cache->local_keep) < BINXML_COMPILE_ROOM || *work < 0)
		return false;
	if (cache->n_known < KNOWN_MAX && arena_room(&cache->known_keep) >= KNOWN_BYTES / 8) {
		struct arena before = cache->known_keep;

		*out = binxml_compile(c, cache->chunk, begin, begin + size, place, true, 0,
				      &cache->known_keep);
		if (!out->bound && arena_room(&cache->known_keep) >= known_size(c, size)) {
			remember(cache, c, offset, size, place, *out);
			return true;
		}
		cache->known_keep = before;
	}
	*out = binxml_compile(c, cache->chunk, begin, begin + size, place, true, 0,
			      &cache->local_keep);
	return true;
}

bool
binxml_cache_get(struct binxml_cache *cache, struct binxml_compiler *compiler, uint32_t offset,
		 uint32_t id, enum evtx_place place, int64_t *work, struct binxml_program *out,
		 const char **why)
{
	struct binxml_chunk chunk = cache->chunk;
	uint32_t            hash = offset >> 1 ^ offset >> 8 ^ (uint32_t)place << 6;
	struct local       *slot = &cache->locals[hash % LOCAL_SLOTS];

	if (offset < FIRST_OFFSET || offset > chunk.n ||
	    chunk.n - offset < BINXML_DEFINITION_HEADER || le32(chunk.p + offset + 4) != id) {
		*why = "its template was overwritten";
		return false;
	}
	if (slot->chunk == cache->serial && slot->offset == offset && slot->place == place) {
		*out = slot->program;
		return true;
	}
	uint32_t size = le32(chunk.p + offset + 20);

	if (size > chunk.n - offset - BINXML_DEFINITION_HEADER) {
		*why = "its template is longer than the chunk";
		return false;
	}
	if (!make_program(cache, compiler, offset, size, place, work, out)) {
		*why = "its templates need more work than a record may have";
		return false;
	}
	*slot = (struct local){ cache->serial, offset, place, *out };
	return true;
}

bool
binxml_cache_borrow(const struct binxml_cache *cache, uint32_t id, enum evtx_place place,
		    struct binxml_program *out)
{
	for (uint32_t i = cache->n_known; i-- > 0;) {
		const struct known *k = &cache->known[i];

		if (k->place == place && le32(k->header) == id) {
			*out = k->program;
			return true;
		}
	}
	return false;
}
