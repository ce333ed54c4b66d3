/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evtx_forge.h - event log chunks put together token by token, for the odd cases no log has.
 *
 * A forge is one file of one chunk. Records are opened, filled with tokens, closed; names always
 * stand in place, so that nothing depends on what came before.
 */
#ifndef AUGER_TESTS_EVTX_FORGE_H
#define AUGER_TESTS_EVTX_FORGE_H

#include "importers/crc32.h"
#include "importers/evtx.h"
#include "importers/evtx_value.h"
#include "samples/evtx_bytes.h"
#include "tests/import_help.h"

#define FORGE_HEADER 4096
#define FORGE_CHUNK  65536

struct forge {
	uint8_t      file[FORGE_HEADER + FORGE_CHUNK];
	struct bytes chunk; /* the chunk in it */
	size_t       record, last_record;
	uint64_t     records;
	bool         dependencies; /* inside a definition: elements carry a dependency id */
};

__attribute__((unused)) static void
forge_begin(struct forge *f)
{
	*f = (struct forge){ .records = 0 };
	memcpy(f->file, "ElfFile", 8);
	f->chunk = (struct bytes){ f->file + FORGE_HEADER, 512, FORGE_CHUNK };
	memcpy(f->chunk.p, "ElfChnk", 8);
}

/* Free-space offset, checksums. */
__attribute__((unused)) static struct text
forge_end(struct forge *f)
{
	struct crc32 crc;
	uint8_t     *p = f->chunk.p;

	crc32_init(&crc);
	bytes_set_u32(&f->chunk, 44, (uint32_t)f->last_record);
	bytes_set_u32(&f->chunk, 48, (uint32_t)f->chunk.n);
	bytes_set_u32(&f->chunk, 52, crc32_add(&crc, 0, p + 512, f->chunk.n - 512));
	bytes_set_u32(&f->chunk, 124, crc32_add(&crc, crc32_add(&crc, 0, p, 120), p + 128, 384));
	return (struct text){ (const char *)f->file, sizeof(f->file) };
}

__attribute__((unused)) static void
forge_record(struct forge *f)
{
	struct bytes *b = &f->chunk;

	f->record = b->n;
	bytes_u32(b, 0x00002a2a);
	bytes_u32(b, 0);
	bytes_u64(b, ++f->records);
	bytes_u64(b, UINT64_C(133000000000000000));
	bytes_u32(b, 0x0001010f);
}

__attribute__((unused)) static void
forge_record_end(struct forge *f)
{
	struct bytes *b = &f->chunk;

	bytes_u8(b, 0x00);
	while ((b->n + 4) % 8)
		bytes_u8(b, 0);
	bytes_set_u32(b, f->record + 4, (uint32_t)(b->n + 4 - f->record));
	bytes_u32(b, (uint32_t)(b->n + 4 - f->record));
	f->last_record = f->record;
}

__attribute__((unused)) static void
forge_name(struct forge *f, const char *name)
{
	struct bytes *b = &f->chunk;

	bytes_u32(b, (uint32_t)b->n + 4);
	bytes_u32(b, 0);
	bytes_u16(b, 0);
	bytes_u16(b, (uint16_t)strlen(name));
	bytes_utf16(b, text_of(name));
	bytes_u16(b, 0);
}

__attribute__((unused)) static void
forge_text(struct forge *f, const char *s)
{
	bytes_u8(&f->chunk, 0x05);
	bytes_u8(&f->chunk, 0x01);
	bytes_u16(&f->chunk, (uint16_t)(bytes_utf16(NULL, text_of(s)) / 2));
	bytes_utf16(&f->chunk, text_of(s));
}

__attribute__((unused)) static void
forge_slot(struct forge *f, uint16_t slot, bool optional)
{
	bytes_u8(&f->chunk, optional ? 0x0e : 0x0d);
	bytes_u16(&f->chunk, slot);
	bytes_u8(&f->chunk, 0x01);
}

/* "<name" and, when it has attributes, the room for the size of their list. Returns where the
 * element's size goes. */
__attribute__((unused)) static size_t
forge_open(struct forge *f, const char *name, bool attributes, uint16_t dependency)
{
	struct bytes *b = &f->chunk;

	bytes_u8(b, attributes ? 0x41 : 0x01);
	if (f->dependencies)
		bytes_u16(b, dependency);
	size_t size_at = b->n;

	bytes_u32(b, 0);
	forge_name(f, name);
	if (attributes)
		bytes_u32(b, 0);
	return size_at;
}

__attribute__((unused)) static void
forge_attribute(struct forge *f, const char *name)
{
	bytes_u8(&f->chunk, 0x46);
	forge_name(f, name);
}

__attribute__((unused)) static void
forge_content(struct forge *f)
{
	bytes_u8(&f->chunk, 0x02);
}

__attribute__((unused)) static void
forge_close(struct forge *f, size_t size_at)
{
	bytes_u8(&f->chunk, 0x04);
	bytes_set_u32(&f->chunk, size_at, (uint32_t)(f->chunk.n - size_at - 4));
}

/* <name>text</name>; TEXT NULL: <name/> */
__attribute__((unused)) static void
forge_leaf(struct forge *f, const char *name, const char *text)
{
	size_t e = forge_open(f, name, false, 0xffff);

	forge_content(f);
	if (text)
		forge_text(f, text);
	forge_close(f, e);
}

/* <Data Name="name">slot</Data> */
__attribute__((unused)) static void
forge_data(struct forge *f, const char *name, uint16_t slot, bool optional)
{
	size_t e = forge_open(f, "Data", name != NULL, 0xffff);

	if (name) {
		forge_attribute(f, "Name");
		forge_text(f, name);
	}
	forge_content(f);
	forge_slot(f, slot, optional);
	forge_close(f, e);
}

/* "<Event><System><EventID>1</EventID></System>"; returns where Event's size goes. */
__attribute__((unused)) static size_t
forge_event(struct forge *f)
{
	size_t event = forge_open(f, "Event", false, 0xffff);

	forge_content(f);
	size_t system = forge_open(f, "System", false, 0xffff);

	forge_content(f);
	forge_leaf(f, "EventID", "1");
	forge_close(f, system);
	return event;
}

/* "0c", id, the definition in place up to its fragment header; returns where its size goes. */
__attribute__((unused)) static size_t
forge_definition(struct forge *f, uint32_t id)
{
	struct bytes *b = &f->chunk;

	bytes_u8(b, 0x0c);
	bytes_u8(b, 0x01);
	bytes_u32(b, id);
	bytes_u32(b, (uint32_t)b->n + 4);
	bytes_u32(b, 0);
	bytes_u32(b, id);
	bytes_u32(b, 0);
	bytes_u64(b, 0);
	size_t size_at = b->n;

	bytes_u32(b, 0);
	bytes_u32(b, 0x0001010f);
	f->dependencies = true;
	return size_at;
}

__attribute__((unused)) static void
forge_definition_end(struct forge *f, size_t size_at)
{
	bytes_u8(&f->chunk, 0x00);
	bytes_set_u32(&f->chunk, size_at, (uint32_t)(f->chunk.n - size_at - 4));
	f->dependencies = false;
}

struct forge_value {
	uint8_t     type;
	const void *p;
	size_t      n;
};

__attribute__((unused)) static void
forge_values(struct forge *f, const struct forge_value *v, uint32_t n)
{
	bytes_u32(&f->chunk, n);
	for (uint32_t i = 0; i < n; i++) {
		bytes_u16(&f->chunk, (uint16_t)v[i].n);
		bytes_u8(&f->chunk, v[i].type);
		bytes_u8(&f->chunk, 0);
	}
	for (uint32_t i = 0; i < n; i++)
		bytes_add(&f->chunk, v[i].p, v[i].n);
}

__attribute__((unused)) static struct outcome
forge_import(struct text file, bool recover)
{
	struct import_options opt = { .recover = recover };

	return import_with(&importer_evtx, file, &opt);
}

#endif
