/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binary XML, token by token: what each construction becomes as fields. */
#include "config.h"

#include "tests/binxml_records.h"

static void
three_slots(void)
{
	forge_data(&f, "A", 0, false);
	forge_data(&f, "B", 1, true);
	forge_data(&f, "C", 2, true);
}

static void
null_is_empty_or_left_out_as_the_template_says(void)
{
	static const struct forge_value v[] = {
		{ EVTX_NULL, "", 0 },
		{ EVTX_NULL, "\x01\x02\x03", 3 },
		{ UTF16("c") },
	};

	templated(three_slots, v, 3);
	struct outcome o = imported();

	ok(outcome_has(&o, "body A=[]\n"), "a substitution of NULL is empty text");
	ok(!text_starts((struct text){ o.log, o.n }, TEXT("gap")) && o.gaps == 0, "without a gap");
	ok(outcome_has(&o, "body A=[]\nbody C=[c]\n"),
	   "an optional one is left out, and its bytes are skipped");
	outcome_free(&o);
}

static void
a_slot_beyond_the_values_is_null(void)
{
	static const struct forge_value v[] = { { UTF16("a") } };

	templated(three_slots, v, 1);
	struct outcome o = imported();

	ok(outcome_has(&o, "body A=[a]\n") && o.gaps == 0 && !outcome_has(&o, "body C"),
	   "the record is whole without them");
	outcome_free(&o);
}

static void
unnamed_slots(void)
{
	forge_data(&f, NULL, 0, false);
	forge_data(&f, NULL, 1, false);
}

static void
an_array_is_one_field_with_several_values(void)
{
	static const struct forge_value v[] = {
		{ EVTX_ARRAY | EVTX_STRING, u"x\0y\0", 8 },
		{ EVTX_ARRAY | EVTX_STRING, "", 0 },
	};

	templated(unnamed_slots, v, 2);
	struct outcome o = imported();

	ok(outcome_has(&o, "body Data=[x]\nbody Data=[y]\nbody Data=[]\n"),
	   "items in order; an empty array is one empty value");
	outcome_free(&o);
}

static void
attributes(void)
{
	size_t e = forge_open(&f, "Thing", true, 0xffff);

	forge_attribute(&f, "a");
	forge_slot(&f, 0, true);
	forge_attribute(&f, "b");
	forge_slot(&f, 1, false);
	forge_attribute(&f, "xmlns");
	forge_text(&f, "urn:x");
	bytes_u8(&f.chunk, 0x03);
	bytes_set_u32(&f.chunk, e, (uint32_t)(f.chunk.n - e - 4));
}

static void
an_empty_attribute_is_left_out(void)
{
	static const struct forge_value v[] = { { UTF16("v") }, { UTF16("") } };

	templated(attributes, v, 2);
	struct outcome o = imported();

	ok(outcome_has(&o, "body Thing.a=[v]\n"), "the other is called element.attribute");
	ok(!outcome_has(&o, "Thing.b") && !outcome_has(&o, "xmlns") && !outcome_has(&o, "Thing=["),
	   "neither empty ones nor name spaces nor the empty element are fields");
	outcome_free(&o);
}

static void
named_by_value(void)
{
	size_t e = forge_open(&f, "Data", true, 0xffff);

	forge_attribute(&f, "Name");
	forge_slot(&f, 0, false);
	forge_content(&f);
	forge_slot(&f, 1, false);
	forge_close(&f, e);
}

static void
a_name_may_be_a_value_too(void)
{
	static const struct forge_value v[] = { { UTF16("Threat Name") }, { UTF16("EICAR") } };

	templated(named_by_value, v, 2);
	struct outcome o = imported();

	ok(outcome_has(&o, "body Threat Name=[EICAR]\n"), "the field has that name");
	outcome_free(&o);
}

static void
depends_on_slot_0(void)
{
	size_t e = forge_open(&f, "Data", false, 0);

	forge_content(&f);
	forge_text(&f, "fixed ");
	forge_slot(&f, 1, false);
	forge_close(&f, e);
	forge_data(&f, "B", 1, false);
}

static void
an_element_goes_with_the_value_it_depends_on(void)
{
	static const struct forge_value without[] = { { EVTX_NULL, "", 0 }, { UTF16("b") } };
	static const struct forge_value with[] = { { UTF16("a") }, { UTF16("b") } };

	templated(depends_on_slot_0, without, 2);
	struct outcome o = imported();

	ok(!outcome_has(&o, "fixed") && outcome_has(&o, "body B=[b]\n"),
	   "left out with its content");
	outcome_free(&o);
	templated(depends_on_slot_0, with, 2);
	o = imported();
	ok(outcome_has(&o, "body Data=[fixed b]\nbody B=[b]\n"), "there, and put together");
	outcome_free(&o);
}

static void
spelled_out(void)
{
	struct bytes *b = &f.chunk;
	size_t        data = forge_open(&f, "EventData", false, 0);
	size_t        e;

	forge_content(&f);
	e = forge_open(&f, "Data", true, 0);
	forge_attribute(&f, "Name");
	forge_text(&f, "Text");
	forge_content(&f);
	forge_text(&f, "a ");
	bytes_u8(b, 0x49); /* entity */
	forge_name(&f, "lt");
	forge_text(&f, " b ");
	bytes_u8(b, 0x49);
	forge_name(&f, "amp");
	bytes_u8(b, 0x48); /* character */
	bytes_u16(b, 0x20ac);
	bytes_u8(b, 0x07); /* CDATA */
	bytes_u16(b, 3);
	bytes_utf16(b, TEXT("<c>"));
	bytes_u8(b, 0x0a); /* processing instruction */
	forge_name(&f, "pi");
	bytes_u8(b, 0x0b);
	bytes_u16(b, 1);
	bytes_utf16(b, TEXT("x"));
	forge_text(&f, "d\r\ne");
	forge_close(&f, e);
	forge_leaf(&f, "Data", NULL);
	forge_close(&f, data);
}

static void
plain_text_is_put_together(void)
{
	plain(spelled_out);
	struct outcome o = imported();

	ok(outcome_has(&o, "body Text=[a < b &\xE2\x82\xAC<c>d\ne]\n"),
	   "text, references, CDATA; no instructions; LF");
	ok(outcome_has(&o, "body Data=[]\n") && o.gaps == 0,
	   "and an empty element is an empty field");
	outcome_free(&o);
}

static void
guids(void)
{
	forge_leaf(&f, "A", "{a0c1853b-5c40-4b15-8766-3cf1c58f985a}");
	forge_leaf(&f, "B", "{a0c1853b-5c40-4b15-8766-3cf1c58f985x}");
	forge_leaf(&f, "C", "a0c1853b-5c40-4b15-8766-3cf1c58f985a");
}

static void
guids_in_text_are_spelled_like_the_others(void)
{
	static const struct forge_value v[] = {
		{ UTF16("{a0c1853b-5c40-4b15-8766-3cf1c58f985a}") },
	};

	plain(guids);
	struct outcome o = imported();

	ok(outcome_has(&o, "body A=[{A0C1853B-5C40-4B15-8766-3CF1C58F985A}]\n"), "capital letters");
	ok(outcome_has(&o, "body B=[{a0c1853b-5c40-4b15-8766-3cf1c58f985x}]\n"
			   "body C=[a0c1853b-5c40-4b15-8766-3cf1c58f985a]\n"),
	   "what is no GUID in braces stays");
	outcome_free(&o);
	templated(three_slots, v, 1);
	o = imported();
	ok(outcome_has(&o, "body A=[{A0C1853B-5C40-4B15-8766-3CF1C58F985A}]\n"), "in values too");
	outcome_free(&o);
}

static void
rendering(void)
{
	size_t info = forge_open(&f, "RenderingInfo", true, 0), keywords;

	forge_attribute(&f, "Culture");
	forge_text(&f, "de-DE");
	forge_content(&f);
	forge_leaf(&f, "Message", "rendered");
	forge_leaf(&f, "EventID", "77");
	forge_leaf(&f, "Level", "Fehler");
	keywords = forge_open(&f, "Keywords", false, 0);
	forge_content(&f);
	forge_leaf(&f, "Keyword", "Klassisch");
	forge_close(&f, keywords);
	forge_close(&f, info);
}

static void
rendered_text_never_overwrites_system(void)
{
	plain(rendering);
	struct outcome o = imported();

	ok(outcome_has(&o, "message=[rendered]\n"), "the message is the message");
	ok(outcome_has(&o, "sys EventID=[1]\n") && outcome_has(&o, "event 1 "), "System stays");
	ok(outcome_has(&o, "body RenderingInfo.Level=[Fehler]\n") &&
	       outcome_has(&o, "body RenderingInfo.Keyword=[Klassisch]\n") &&
	       outcome_has(&o, "body RenderingInfo.Culture=[de-DE]\n"),
	   "the rest has names of its own");
	outcome_free(&o);
}

static void
user_data(void)
{
	size_t data = forge_open(&f, "UserData", false, 0), wrapper, inner;

	forge_content(&f);
	wrapper = forge_open(&f, "LogFileCleared", true, 0);
	forge_attribute(&f, "xmlns");
	forge_text(&f, "urn:x");
	forge_content(&f);
	inner = forge_open(&f, "Subject", true, 0);
	forge_attribute(&f, "kind");
	forge_text(&f, "user");
	forge_content(&f);
	forge_leaf(&f, "Name", "first");
	forge_leaf(&f, "Name", "again");
	forge_close(&f, inner);
	inner = forge_open(&f, "Target", false, 0);
	forge_content(&f);
	forge_leaf(&f, "Name", "second");
	forge_close(&f, inner);
	forge_close(&f, wrapper);
	forge_close(&f, data);
}

static void
leaves_of_user_data_are_fields(void)
{
	plain(user_data);
	struct outcome o = imported();

	ok(outcome_has(&o, "body Subject.kind=[user]\nbody Name=[first]\nbody Name=[again]\n"
			   "body Target.Name=[second]\n"),
	   "by their names; with their parent's when another parent had that name");
	outcome_free(&o);
}

static void
error_data(void)
{
	size_t data = forge_open(&f, "ProcessingErrorData", false, 0);

	forge_content(&f);
	forge_leaf(&f, "ErrorCode", "15005");
	forge_leaf(&f, "DataItemName", "shellId");
	forge_leaf(&f, "EventPayload", "FF68007400740070003A0000000102");
	forge_close(&f, data);
}

static void
error_data_in_words(void)
{
	size_t data = forge_open(&f, "ProcessingErrorData", false, 0);

	forge_content(&f);
	forge_leaf(&f, "EventPayload", "\xC3\xA4z00ZZ00~~00!!00\xC3\xA4");
	forge_close(&f, data);
}

static void
raw_data_of_a_failed_event_is_shown_and_read(void)
{
	plain(error_data);
	struct outcome o = imported();

	ok(outcome_has(&o, "body EventPayload=[FF68007400740070003A0000000102]\n"), "as it is");
	ok(outcome_has(&o, "body EventPayloadText=[http:]\n"), "and its readable text");
	outcome_free(&o);
	plain(error_data_in_words);
	o = imported();
	ok(o.events == 1 && o.gaps == 0 && !outcome_has(&o, "EventPayloadText"),
	   "what is no raw data is not taken for any");
	outcome_free(&o);
}

/* The bytes of an element <EventData><Data Name="N">text</Data></EventData> as a value would be
 * in the chunk: names in place need to know where they stand, so it is built there. */
static void
nested(bool header, unsigned times)
{
	struct bytes *b = &f.chunk;

	forge_begin(&f);
	forge_record(&f);
	size_t size_at = forge_definition(&f, 0x1003);
	size_t event = forge_event(&f);

	forge_slot(&f, 0, true);
	forge_close(&f, event);
	forge_definition_end(&f, size_at);
	bytes_u32(b, 1);
	size_t descriptor = b->n;

	bytes_u32(b, 0);
	if (header)
		bytes_u32(b, 0x0001010f);
	for (unsigned i = 0; i < times; i++) {
		size_t inner = forge_definition(&f, 0x2000 + i);
		size_t data = forge_open(&f, "EventData", false, 0xffff);

		forge_content(&f);
		forge_data(&f, i ? "Second" : "First", 0, false);
		forge_close(&f, data);
		forge_definition_end(&f, inner);
		forge_values(&f, &(struct forge_value){ UTF16("v") }, 1);
	}
	if (times == 0) {
		size_t data = forge_open(&f, "EventData", true, 0);

		forge_attribute(&f, "Name");
		forge_text(&f, "T");
		forge_content(&f);
		forge_leaf(&f, "Binary", "00FF");
		forge_close(&f, data);
	}
	bytes_set_u32(b, descriptor,
		      (uint32_t)(b->n - descriptor - 4) | (uint32_t)EVTX_BINXML << 16);
	forge_record_end(&f);
}

static void
a_fragment_inside_may_begin_in_any_way(void)
{
	nested(true, 1);
	struct outcome o = imported();

	ok(outcome_has(&o, "body First=[v]\n") && o.gaps == 0, "with a header");
	outcome_free(&o);
	nested(false, 2);
	o = imported();
	ok(outcome_has(&o, "body First=[v]\nbody Second=[v]\n") && o.gaps == 0,
	   "with a template, and another one behind it");
	outcome_free(&o);
	nested(false, 0);
	o = imported();
	ok(outcome_has(&o, "body EventData.Name=[T]\nbody Binary=[00FF]\n") && o.gaps == 0,
	   "with an element that carries no dependency id");
	outcome_free(&o);
}

int
main(void)
{
	null_is_empty_or_left_out_as_the_template_says();
	a_slot_beyond_the_values_is_null();
	an_array_is_one_field_with_several_values();
	an_empty_attribute_is_left_out();
	a_name_may_be_a_value_too();
	an_element_goes_with_the_value_it_depends_on();
	plain_text_is_put_together();
	guids_in_text_are_spelled_like_the_others();
	rendered_text_never_overwrites_system();
	leaves_of_user_data_are_fields();
	raw_data_of_a_failed_event_is_shown_and_read();
	a_fragment_inside_may_begin_in_any_way();
	return done_testing();
}
