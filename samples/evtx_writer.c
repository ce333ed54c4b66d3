/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "samples/evtx_writer.h"

#include "importers/crc32.h"
#include "samples/evtx_bytes.h"
#include "samples/evtx_typed.h"

#define CHUNK_BYTES   65536
#define CHUNK_HEADER  512
#define FILE_HEADER   4096
#define NAME_BUCKETS  64
#define SHAPE_BUCKETS 32
#define NAMES_AT      128
#define SHAPES_AT     384
#define NAMES_MAX     1024
#define SHAPES_MAX    512
#define NO_DEPENDENCY 0xffff
#define NAMESPACE     "http://schemas.microsoft.com/win/2004/08/events/event"

/* Slots of the System template. */
enum {
	SLOT_PROVIDER,
	SLOT_GUID,
	SLOT_EVENT_ID,
	SLOT_VERSION,
	SLOT_LEVEL,
	SLOT_TASK,
	SLOT_OPCODE,
	SLOT_KEYWORDS,
	SLOT_TIME,
	SLOT_RECORD_ID,
	SLOT_ACTIVITY,
	SLOT_PID,
	SLOT_TID,
	SLOT_CHANNEL,
	SLOT_COMPUTER,
	SLOT_USER,
	SLOT_BODY,
	SLOT_COUNT,
};

struct name {
	struct text text; /* borrowed until the chunk is full: names are copied */
	uint32_t    at;
};

struct shape {
	uint64_t hash;
	uint32_t at;
};

struct evtx_writer {
	FILE        *out;
	struct arena chunk_keep; /* names of this chunk */
	struct crc32 crc;
	struct bytes chunk;
	struct name  names[NAMES_MAX];
	struct shape shapes[SHAPES_MAX];
	uint32_t     n_names, n_shapes;
	uint64_t     chunks, records, first_record; /* records are numbered from 1 */
	uint32_t     last_record_at;
	bool         failed;
};

struct evtx_writer *
evtx_writer_open(struct arena *keep, FILE *out)
{
	struct evtx_writer  *w = arena_new(keep, struct evtx_writer, 1);
	static const uint8_t header[FILE_HEADER];

	w->out = out;
	w->chunk_keep = arena_open(1 << 20);
	crc32_init(&w->crc);
	w->chunk.p = arena_new(keep, uint8_t, CHUNK_BYTES);
	w->chunk.n = CHUNK_HEADER;
	w->chunk.size = CHUNK_BYTES;
	w->first_record = 1;
	w->failed = fwrite(header, 1, sizeof(header), out) != sizeof(header);
	return w;
}

/* Links a new entry at AT into a bucket of a table of the header. */
static uint32_t
link_in(struct evtx_writer *w, uint32_t bucket_at, uint32_t at)
{
	uint32_t before = bytes_u32_at(&w->chunk, bucket_at);

	bytes_set_u32(&w->chunk, bucket_at, at);
	return before;
}

static uint16_t
name_hash(struct text name)
{
	uint32_t h = 0;

	for (size_t i = 0; i < name.n; i++)
		h = h * 65599 + (unsigned char)name.p[i];
	return (uint16_t)h;
}

/* A reference to a name, in place the first time. Names are ASCII. */
static void
put_name(struct evtx_writer *w, struct text name)
{
	struct bytes *b = &w->chunk;

	for (uint32_t i = 0; i < w->n_names; i++) {
		if (text_eq(w->names[i].text, name)) {
			bytes_u32(b, w->names[i].at);
			return;
		}
	}
	uint32_t at = (uint32_t)b->n + 4;
	uint16_t hash = name_hash(name);

	bytes_u32(b, at);
	bytes_u32(b, link_in(w, NAMES_AT + 4 * (hash % NAME_BUCKETS), at));
	bytes_u16(b, hash);
	bytes_u16(b, (uint16_t)name.n);
	bytes_utf16(b, name);
	bytes_u16(b, 0);
	if (w->n_names < NAMES_MAX)
		w->names[w->n_names++] = (struct name){ arena_copy(&w->chunk_keep, name), at };
}

/* Begins an element; returns where its size is to be written. */
static size_t
begin_element(struct evtx_writer *w, struct text name, bool attributes, uint16_t dependency)
{
	struct bytes *b = &w->chunk;

	bytes_u8(b, attributes ? 0x41 : 0x01);
	bytes_u16(b, dependency);
	size_t size_at = b->n;

	bytes_u32(b, 0);
	put_name(w, name);
	return size_at;
}

static void
set_size(struct bytes *b, size_t size_at)
{
	bytes_set_u32(b, size_at, (uint32_t)(b->n - size_at - 4));
}

static void
end_element(struct evtx_writer *w, size_t size_at)
{
	bytes_u8(&w->chunk, 0x04);
	set_size(&w->chunk, size_at);
}

static void
put_slot(struct evtx_writer *w, uint16_t slot, uint8_t type, bool optional)
{
	bytes_u8(&w->chunk, optional ? 0x0e : 0x0d);
	bytes_u16(&w->chunk, slot);
	bytes_u8(&w->chunk, type);
}

static void
put_literal(struct evtx_writer *w, struct text t)
{
	bytes_u8(&w->chunk, 0x05);
	bytes_u8(&w->chunk, EVTX_STRING);
	bytes_u16(&w->chunk, (uint16_t)t.n);
	bytes_utf16(&w->chunk, t);
}

/* <Name>value</Name> */
static void
put_leaf(struct evtx_writer *w, struct text name, uint16_t slot, uint8_t type)
{
	size_t size_at = begin_element(w, name, false, NO_DEPENDENCY);

	bytes_u8(&w->chunk, 0x02);
	put_slot(w, slot, type, false);
	end_element(w, size_at);
}

struct slot_attribute {
	struct text name;
	uint16_t    slot;
	uint8_t     type;
};

/* <Name a="value" b="value"/> */
static void
put_attributes(struct evtx_writer *w, struct text name, const struct slot_attribute *a, size_t n)
{
	struct bytes *b = &w->chunk;
	size_t        size_at = begin_element(w, name, true, NO_DEPENDENCY), list_at = b->n;

	bytes_u32(b, 0);
	for (size_t i = 0; i < n; i++) {
		bytes_u8(b, i + 1 < n ? 0x46 : 0x06);
		put_name(w, a[i].name);
		put_slot(w, a[i].slot, a[i].type, true);
	}
	set_size(b, list_at);
	bytes_u8(b, 0x03);
	set_size(b, size_at);
}

static void
put_system(struct evtx_writer *w)
{
	static const struct slot_attribute provider[] = {
		{ TEXT_INIT("Name"), SLOT_PROVIDER, EVTX_STRING },
		{ TEXT_INIT("Guid"), SLOT_GUID, EVTX_GUID },
	};
	static const struct slot_attribute time[] = {
		{ TEXT_INIT("SystemTime"), SLOT_TIME, EVTX_FILETIME },
	};
	static const struct slot_attribute correlation[] = {
		{ TEXT_INIT("ActivityID"), SLOT_ACTIVITY, EVTX_GUID },
	};
	static const struct slot_attribute execution[] = {
		{ TEXT_INIT("ProcessID"), SLOT_PID, EVTX_UINT32 },
		{ TEXT_INIT("ThreadID"), SLOT_TID, EVTX_UINT32 },
	};
	static const struct slot_attribute security[] = {
		{ TEXT_INIT("UserID"), SLOT_USER, EVTX_SID },
	};
	size_t size_at = begin_element(w, TEXT("System"), false, NO_DEPENDENCY);

	bytes_u8(&w->chunk, 0x02);
	put_attributes(w, TEXT("Provider"), provider, 2);
	put_leaf(w, TEXT("EventID"), SLOT_EVENT_ID, EVTX_UINT16);
	put_leaf(w, TEXT("Version"), SLOT_VERSION, EVTX_UINT8);
	put_leaf(w, TEXT("Level"), SLOT_LEVEL, EVTX_UINT8);
	put_leaf(w, TEXT("Task"), SLOT_TASK, EVTX_UINT16);
	put_leaf(w, TEXT("Opcode"), SLOT_OPCODE, EVTX_UINT8);
	put_leaf(w, TEXT("Keywords"), SLOT_KEYWORDS, EVTX_HEX64);
	put_attributes(w, TEXT("TimeCreated"), time, 1);
	put_leaf(w, TEXT("EventRecordID"), SLOT_RECORD_ID, EVTX_UINT64);
	put_attributes(w, TEXT("Correlation"), correlation, 1);
	put_attributes(w, TEXT("Execution"), execution, 2);
	put_leaf(w, TEXT("Channel"), SLOT_CHANNEL, EVTX_STRING);
	put_leaf(w, TEXT("Computer"), SLOT_COMPUTER, EVTX_STRING);
	put_attributes(w, TEXT("Security"), security, 1);
	end_element(w, size_at);
}

/* <Event xmlns="..."> System, then the value of SLOT_BODY. */
static void
put_event(struct evtx_writer *w, const struct evtx_record *r)
{
	struct bytes *b = &w->chunk;
	size_t size_at = begin_element(w, TEXT("Event"), true, NO_DEPENDENCY), list_at = b->n;

	(void)r;
	bytes_u32(b, 0);
	bytes_u8(b, 0x06);
	put_name(w, TEXT("xmlns"));
	put_literal(w, TEXT(NAMESPACE));
	set_size(b, list_at);
	bytes_u8(b, 0x02);
	put_system(w);
	put_slot(w, SLOT_BODY, EVTX_BINXML, true);
	end_element(w, size_at);
}

/* The type that a template declares for a value: NULL is none. */
static uint8_t
declared(const struct evtx_datum *d)
{
	uint8_t type = evtx_typed(d->value).type;

	return type == EVTX_NULL ? EVTX_STRING : type;
}

static void
put_event_data(struct evtx_writer *w, const struct evtx_record *r)
{
	struct bytes *b = &w->chunk;
	size_t        size_at = begin_element(w, TEXT("EventData"), false, NO_DEPENDENCY);

	bytes_u8(b, 0x02);
	for (uint32_t i = 0; i < r->n_data; i++) {
		struct text name = r->data[i].name;
		bool        named = !text_absent(name);
		size_t      data_at = begin_element(w, TEXT("Data"), named, NO_DEPENDENCY);

		if (named) {
			size_t list_at = b->n;

			bytes_u32(b, 0);
			bytes_u8(b, 0x06);
			put_name(w, TEXT("Name"));
			put_literal(w, name);
			set_size(b, list_at);
		}
		bytes_u8(b, 0x02);
		put_slot(w, (uint16_t)i, declared(&r->data[i]), true);
		end_element(w, data_at);
	}
	end_element(w, size_at);
}

typedef void shape_fn(struct evtx_writer *w, const struct evtx_record *r);

/* A template instance up to its values; the definition stands in place the first time. */
static void
put_instance(struct evtx_writer *w, uint64_t hash, shape_fn *shape, const struct evtx_record *r)
{
	struct bytes *b = &w->chunk;
	uint32_t      id = (uint32_t)hash, at = (uint32_t)b->n + 10;
	bool          known = false;

	for (uint32_t i = 0; i < w->n_shapes; i++) {
		if (w->shapes[i].hash == hash) {
			at = w->shapes[i].at;
			known = true;
		}
	}
	bytes_u8(b, 0x0c);
	bytes_u8(b, 0x01);
	bytes_u32(b, id);
	bytes_u32(b, at);
	if (known)
		return;
	bytes_u32(b, link_in(w, SHAPES_AT + 4 * (id % SHAPE_BUCKETS), at));
	bytes_u64(b, hash); /* the GUID: the hash twice */
	bytes_u64(b, hash);
	size_t size_at = b->n;

	bytes_u32(b, 0);
	bytes_u32(b, 0x0001010f); /* fragment header */
	shape(w, r);
	bytes_u8(b, 0x00);
	set_size(b, size_at);
	if (w->n_shapes < SHAPES_MAX)
		w->shapes[w->n_shapes++] = (struct shape){ hash, at };
}

static void
put_descriptor(struct evtx_writer *w, const struct evtx_typed *v)
{
	bytes_u16(&w->chunk, (uint16_t)evtx_typed_size(v));
	bytes_u8(&w->chunk, v->type);
	bytes_u8(&w->chunk, 0);
}

static void
put_values(struct evtx_writer *w, const struct evtx_typed *v, uint32_t n)
{
	bytes_u32(&w->chunk, n);
	for (uint32_t i = 0; i < n; i++)
		put_descriptor(w, &v[i]);
	for (uint32_t i = 0; i < n; i++)
		evtx_typed_put(&w->chunk, &v[i]);
}

/* The second instance, as a fragment of its own. */
static void
put_body(struct evtx_writer *w, const struct evtx_record *r)
{
	uint64_t hash = text_hash(r->provider, r->event_id);

	for (uint32_t i = 0; i < r->n_data; i++)
		hash = text_hash(r->data[i].name, hash + declared(&r->data[i]) +
						      256 * !text_absent(r->data[i].name));
	bytes_u32(&w->chunk, 0x0001010f);
	put_instance(w, hash, put_event_data, r);
	bytes_u32(&w->chunk, r->n_data);
	for (uint32_t i = 0; i < r->n_data; i++) {
		struct evtx_typed v = evtx_typed(r->data[i].value);

		put_descriptor(w, &v);
	}
	for (uint32_t i = 0; i < r->n_data; i++) {
		struct evtx_typed v = evtx_typed(r->data[i].value);

		evtx_typed_put(&w->chunk, &v);
	}
	bytes_u8(&w->chunk, 0x00);
}

static void
put_binxml(struct evtx_writer *w, const struct evtx_record *r)
{
	struct bytes     *b = &w->chunk;
	struct evtx_typed v[SLOT_COUNT] = {
		[SLOT_PROVIDER] = evtx_typed_text(r->provider),
		[SLOT_GUID] = evtx_typed(r->provider_guid),
		[SLOT_EVENT_ID] = evtx_typed_number(EVTX_UINT16, r->event_id),
		[SLOT_VERSION] = evtx_typed_number(EVTX_UINT8, r->version),
		[SLOT_LEVEL] = evtx_typed_number(EVTX_UINT8, r->level),
		[SLOT_TASK] = evtx_typed_number(EVTX_UINT16, r->task),
		[SLOT_OPCODE] = evtx_typed_number(EVTX_UINT8, r->opcode),
		[SLOT_KEYWORDS] = evtx_typed_number(EVTX_HEX64, r->keywords),
		[SLOT_TIME] = evtx_typed_number(EVTX_FILETIME, evtx_filetime(r->time_ns)),
		[SLOT_RECORD_ID] = evtx_typed_number(EVTX_UINT64, r->record_id),
		[SLOT_ACTIVITY] = evtx_typed(r->activity),
		[SLOT_PID] = evtx_typed_number(EVTX_UINT32, r->pid),
		[SLOT_TID] = evtx_typed_number(EVTX_UINT32, r->tid),
		[SLOT_CHANNEL] = evtx_typed_text(r->channel),
		[SLOT_COMPUTER] = evtx_typed_text(r->computer),
		[SLOT_USER] = evtx_typed(r->user_sid),
	};

	bytes_u32(b, 0x0001010f);
	put_instance(w, text_hash(TEXT("Event"), 1), put_event, r);
	put_values(w, v, SLOT_COUNT);
	/* The body is the last value: its size is known once it is written. */
	size_t begin = b->n, descriptor = begin;

	for (uint32_t i = 0; i < SLOT_COUNT; i++)
		descriptor -= evtx_typed_size(&v[i]);
	descriptor -= 4;
	put_body(w, r);
	bytes_set_u32(b, descriptor, (uint32_t)(b->n - begin) | (uint32_t)EVTX_BINXML << 16);
	bytes_u8(b, 0x00);
}

/* One record at the end of the chunk; false when it does not fit. */
static bool
put_record(struct evtx_writer *w, const struct evtx_record *r)
{
	struct bytes *b = &w->chunk;
	size_t        begin = b->n;

	bytes_u32(b, 0x00002a2a);
	bytes_u32(b, 0);
	bytes_u64(b, w->records + 1);
	bytes_u64(b, evtx_filetime(r->time_ns));
	put_binxml(w, r);
	while ((b->n + 4) % 8)
		bytes_u8(b, 0);
	bytes_u32(b, 0);
	if (b->n > b->size || b->n - begin > 65024)
		return false;
	bytes_set_u32(b, begin + 4, (uint32_t)(b->n - begin));
	bytes_set_u32(b, b->n - 4, (uint32_t)(b->n - begin));
	w->last_record_at = (uint32_t)begin;
	w->records++;
	return true;
}

static void
flush_chunk(struct evtx_writer *w)
{
	struct bytes *b = &w->chunk;
	size_t        end = b->n;

	memset(b->p + end, 0, b->size - end);
	b->n = 0;
	bytes_add(b, "ElfChnk", 8);
	bytes_u64(b, w->first_record);
	bytes_u64(b, w->records);
	bytes_u64(b, w->first_record);
	bytes_u64(b, w->records);
	bytes_u32(b, 128);
	bytes_u32(b, w->last_record_at);
	bytes_u32(b, (uint32_t)end);
	bytes_u32(b, crc32_add(&w->crc, 0, b->p + CHUNK_HEADER, end - CHUNK_HEADER));
	bytes_set_u32(b, 120, 1);
	uint32_t sum = crc32_add(&w->crc, 0, b->p, 120);

	bytes_set_u32(b, 124, crc32_add(&w->crc, sum, b->p + NAMES_AT, CHUNK_HEADER - NAMES_AT));
	w->failed |= fwrite(b->p, 1, b->size, w->out) != b->size;
	memset(b->p, 0, b->size);
	b->n = CHUNK_HEADER;
	w->chunks++;
	w->first_record = w->records + 1;
	w->n_names = w->n_shapes = 0;
	w->chunk_keep.at = w->chunk_keep.start;
}

bool
evtx_writer_add(struct evtx_writer *w, const struct evtx_record *r)
{
	uint8_t  tables[CHUNK_HEADER];
	size_t   before = w->chunk.n;
	uint32_t n_names = w->n_names, n_shapes = w->n_shapes;

	memcpy(tables, w->chunk.p, sizeof(tables));
	if (put_record(w, r))
		return !w->failed;
	memcpy(w->chunk.p, tables, sizeof(tables));
	w->chunk.n = before;
	w->n_names = n_names;
	w->n_shapes = n_shapes;
	if (before == CHUNK_HEADER)
		return false;
	flush_chunk(w);
	return evtx_writer_add(w, r);
}

bool
evtx_writer_finish(struct evtx_writer *w)
{
	uint8_t      block[FILE_HEADER] = { 0 };
	struct bytes b = { block, 0, sizeof(block) };

	if (w->chunk.n > CHUNK_HEADER)
		flush_chunk(w);
	bytes_add(&b, "ElfFile", 8);
	bytes_u64(&b, 0);
	bytes_u64(&b, w->chunks ? w->chunks - 1 : 0);
	bytes_u64(&b, w->records + 1);
	bytes_u32(&b, 128);
	bytes_u16(&b, 1);
	bytes_u16(&b, 3);
	bytes_u16(&b, FILE_HEADER);
	bytes_u16(&b, (uint16_t)w->chunks);
	bytes_set_u32(&b, 124, crc32_add(&w->crc, 0, block, 120));
	w->failed |= fseeko(w->out, 0, SEEK_SET) != 0;
	w->failed |= fwrite(block, 1, sizeof(block), w->out) != sizeof(block);
	w->failed |= fseeko(w->out, 0, SEEK_END) != 0;
	arena_close(&w->chunk_keep);
	return !w->failed;
}
