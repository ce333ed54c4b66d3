/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binary XML that is damaged, or made to harm: what is left of it, and where it ends. */
#include "config.h"

#include "tests/binxml_records.h"

static void
a_lost_template_leaves_numbered_values(void)
{
	forge_begin(&f);
	event_around(&(struct forge_value){ UTF16("secret") });
	/* The GUID no longer is the one that the record asks for. */
	bytes_set_u32(&f.chunk, 512 + 28 + 14, 0xdeadbeef);
	struct outcome o = imported();

	ok(outcome_has(&o, "body param1=[secret]\n"), "the value is there");
	ok(outcome_has(&o, "remark=[template lost, fields are numbered]") && o.gaps == 1,
	   "said to be nameless, and a gap");
	outcome_free(&o);
}

/* <Data Name="A">secret</Data>, its names where the chunk has zeros */
static void
overwritten_names(void)
{
	struct bytes *b = &f.chunk;
	size_t        data = forge_open(&f, "EventData", false, 0);

	forge_content(&f);
	bytes_u8(b, 0x41);
	size_t size_at = b->n;

	bytes_u32(b, 0);
	bytes_u32(b, 60000);
	bytes_u32(b, 0);
	bytes_u8(b, 0x06);
	bytes_u32(b, 60000);
	forge_text(&f, "A");
	forge_content(&f);
	forge_text(&f, "secret");
	forge_close(&f, size_at);
	forge_close(&f, data);
}

static void
names_that_are_overwritten_are_those_that_mostly_stand_there(void)
{
	plain(overwritten_names);
	struct outcome o = imported();

	ok(outcome_has(&o, "body A=[secret]\nremark=[names in its template are lost]\n"),
	   "a named datum of the event, and a remark");
	outcome_free(&o);
}

static void
nameless_element(void)
{
	struct bytes *b = &f.chunk;

	bytes_u8(b, 0x01);
	size_t size_at = b->n;

	bytes_u32(b, 0);
	bytes_u32(b, 0xfffffff0);
	forge_content(&f);
	forge_text(&f, "kept");
	forge_close(&f, size_at);
}

static void
a_name_out_of_reach_is_a_question_mark(void)
{
	plain(nameless_element);
	struct outcome o = imported();

	ok(outcome_has(&o, "body ?=[kept]\n") && o.gaps == 0, "its value is kept");
	outcome_free(&o);
}

static void
cut_text(void)
{
	bytes_u8(&f.chunk, 0x05);
	bytes_u8(&f.chunk, 0x01);
	bytes_u16(&f.chunk, 0x7fff);
	bytes_utf16(&f.chunk, TEXT("begun"));
}

static void
a_text_longer_than_its_record_is_cut(void)
{
	plain(cut_text);
	struct outcome o = imported();

	ok(outcome_has(&o, "body Event=[begun") && outcome_has(&o, "a text is longer"),
	   "what is there is kept, the rest a gap");
	outcome_free(&o);
}

static void
a_template_that_contains_itself_ends(void)
{
	struct bytes *b = &f.chunk;

	forge_begin(&f);
	forge_record(&f);
	size_t begin = b->n + 10;
	size_t size_at = forge_definition(&f, 0x3001);
	size_t event = forge_event(&f);

	bytes_u8(b, 0x0c);
	bytes_u8(b, 0x01);
	bytes_u32(b, 0x3001);
	bytes_u32(b, (uint32_t)begin);
	bytes_u32(b, 0);
	forge_close(&f, event);
	forge_definition_end(&f, size_at);
	bytes_u32(b, 0);
	forge_record_end(&f);
	struct outcome o = imported();

	ok(outcome_has(&o, "a template contains itself") && o.events == 1, "as a gap");
	outcome_free(&o);
}

static void
unnamed_slot(void)
{
	forge_data(&f, NULL, 0, false);
}

static void
many_slots(void)
{
	for (int i = 0; i < 60; i++)
		forge_data(&f, "X", 0, false);
}

static void
a_record_cannot_grow_without_end(void)
{
	static char big[50000];

	memset(big, 'x', sizeof(big));
	templated(many_slots, &(struct forge_value){ EVTX_STRING, big, sizeof(big) }, 1);
	struct outcome o = imported();

	ok(outcome_has(&o, "expands to more text") && o.events == 1,
	   "a text repeated sixty times is cut, with a gap");
	outcome_free(&o);
	templated(unnamed_slot,
		  &(struct forge_value){ EVTX_ARRAY | EVTX_UINT8, big, sizeof(big) },
		  1);
	o = imported();
	ok(outcome_has(&o, "an array has more items") && o.gaps == 1,
	   "an array of 50,000 items too");
	outcome_free(&o);
}

static void
deep(void)
{
	size_t e[80];
	int    n = 0;

	for (; n < 80; n++) {
		e[n] = forge_open(&f, "x", false, 0);
		forge_content(&f);
	}
	forge_text(&f, "down here");
	while (n-- > 0)
		forge_close(&f, e[n]);
}

static void
nesting_has_a_limit(void)
{
	plain(deep);
	struct outcome o = imported();

	ok(outcome_has(&o, "nested too deep") && o.events == 1, "eighty elements are too deep");
	outcome_free(&o);
}

static void
unknown_token(void)
{
	forge_leaf(&f, "Kept", "yes");
	bytes_u8(&f.chunk, 0x3f);
}

static void
an_unknown_token_ends_the_record_but_not_the_fields_before(void)
{
	plain(unknown_token);
	struct outcome o = imported();

	ok(outcome_has(&o, "body Kept=[yes]\n") && outcome_has(&o, "unknown token"),
	   "both are there");
	ok(outcome_has(&o, "flags=130"),
	   "the event says that it is damaged and has the record's time");
	outcome_free(&o);
}

int
main(void)
{
	a_lost_template_leaves_numbered_values();
	names_that_are_overwritten_are_those_that_mostly_stand_there();
	a_name_out_of_reach_is_a_question_mark();
	a_text_longer_than_its_record_is_cut();
	a_template_that_contains_itself_ends();
	a_record_cannot_grow_without_end();
	nesting_has_a_limit();
	an_unknown_token_ends_the_record_but_not_the_fields_before();
	return done_testing();
}
