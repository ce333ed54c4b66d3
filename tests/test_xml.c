/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rendered event XML. */
#include "config.h"

#include <pthread.h>

#include "importers/formats.h"
#include "tests/import_help.h"

#define NS "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'"
#define SYSTEM(id, record)                                                                   \
	"<System><Provider Name='Microsoft-Windows-PowerShell' "                             \
	"Guid='{a0c1853b-5c40-4b15-8766-3cf1c58f985a}'/><EventID>" id "</EventID>"           \
	"<Version>1</Version><Level>5</Level><Task>2</Task><Opcode>15</Opcode>"              \
	"<Keywords>0x0</Keywords><TimeCreated SystemTime='2024-03-05T09:15:27.123456700Z'/>" \
	"<EventRecordID>" record "</EventRecordID><Correlation/>"                            \
	"<Execution ProcessID='4312' ThreadID='5120'/>"                                      \
	"<Channel>Microsoft-Windows-PowerShell/Operational</Channel>"                        \
	"<Computer>ws01.corp.example</Computer><Security UserID='S-1-5-18'/></System>"
#define EVENT(id, record, body) "<Event " NS ">" SYSTEM(id, record) body "</Event>"
#define DATA(name, value) "<Data Name='" name "'>" value "</Data>"

static void
an_event_has_its_system_facts_first_and_then_its_data(void)
{
	struct outcome o = import(TEXT(EVENT(
	    "4104", "7711",
	    "<EventData>" DATA("MessageNumber", "1")
		DATA("ScriptBlockText", "a &lt; b") "<Data Name='Path'></Data></EventData>") "\n"));

	ok(outcome_has(&o,
		       "event 4104 time=2024-03-05T09:15:27.123456Z host=ws01.corp.example "
		       "channel=Microsoft-Windows-PowerShell/Operational "
		       "provider=Microsoft-Windows-PowerShell record=7711 format=2 flags=0 at=0+"),
	   "core facts");
	ok(outcome_has(&o, "sys Name=[Microsoft-Windows-PowerShell]\n"
			   "sys Guid=[{A0C1853B-5C40-4B15-8766-3CF1C58F985A}]\n"
			   "sys EventID=[4104]\nsys Version=[1]\nsys Level=[5]\nsys Task=[2]\n"
			   "sys Opcode=[15]\nsys Keywords=[0x0]\n"
			   "sys SystemTime=[2024-03-05T09:15:27.1234567Z]\n"
			   "sys EventRecordID=[7711]\nsys ProcessID=[4312]\nsys ThreadID=[5120]\n"
			   "sys Channel=[Microsoft-Windows-PowerShell/Operational]\n"
			   "sys Computer=[ws01.corp.example]\nsys UserID=[S-1-5-18]\n"
			   "body MessageNumber=[1]\nbody ScriptBlockText=[a < b]\nbody Path=[]\n"),
	   "fields in their order, entities decoded, an empty value is there");
	ok(o.events == 1 && o.gaps == 0, "one event, no gap");
	outcome_free(&o);
}

static void
user_data_gives_its_leaves(void)
{
	struct outcome o = import(TEXT(
	    EVENT("1102", "9",
		  "<UserData><LogFileCleared xmlns='http://manifests.microsoft.com/x'>"
		  "<SubjectUserName>jdoe</SubjectUserName><A><Name>first</Name></A>"
		  "<B><Name>second</Name></B><C ref='7'><D/></C></LogFileCleared></UserData>")));

	ok(outcome_has(&o, "body SubjectUserName=[jdoe]\nbody Name=[first]\nbody B.Name=[second]\n"
			   "body C.ref=[7]\nbody D=[]\n"),
	   "a name of a second parent carries the parent, attributes their element");
	outcome_free(&o);
}

static void
unnamed_data_repeats_and_rendering_info_overwrites_nothing(void)
{
	struct outcome o = import(TEXT(EVENT(
	    "400", "9",
	    "<EventData><Data>Available</Data><Data>None</Data><Binary>00FF</Binary></EventData>"
	    "<RenderingInfo Culture='en-US'><Message>Engine state\r\nhas changed</Message>"
	    "<Level>Information</Level><Keywords><Keyword>Classic</Keyword></Keywords>"
	    "</RenderingInfo>")));

	ok(outcome_has(&o, "body Data=[Available]\nbody Data=[None]\nbody Binary=[00FF]\n"),
	   "unnamed data in their order");
	ok(outcome_has(&o, "message=[Engine state\nhas changed]\n"), "message, its line ends LF");
	ok(outcome_has(&o, "sys Level=[5]\n") &&
	       outcome_has(&o, "body RenderingInfo.Level=[Information]\n"),
	   "the level of System stays");
	outcome_free(&o);
}

static void
frames_of_other_tools_are_no_gaps(void)
{
	static const char *const frames[] = {
		"\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\" "
		"standalone=\"yes\"?>\r\n<Events>" EVENT("1", "1", "")
		    EVENT("2", "2", "") "</Events>",
		"<?xml version=\"1.0\" encoding=\"utf-16\"?><Events xmlns='x'>" EVENT(
		    "1", "1", "") "\n<!-- between <Event > -->\n" EVENT("2", "2", "") "</Events>\n",
		"Record 1\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" EVENT(
		    "1", "1",
		    "") "\nRecord 2\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" EVENT("2", "2",
											 "") "\n",
		"# exported\n" EVENT("1", "1", "") "\r\n\r\n" EVENT("2", "2", ""),
		"evtxexport 20181227\n\n" EVENT("1", "1", "") "\n\n" EVENT("2", "2", "") "\n",
		"\"" EVENT("1", "1", "") "\\n" EVENT("2", "2", "") "\\n\"",
	};

	for (size_t i = 0; i < sizeof(frames) / sizeof(*frames); i++) {
		struct outcome o = import(text_of(frames[i]));

		if (!ok(o.events == 2 && o.gaps == 0, "frame %zu: two events and no gap", i))
			printf("%.*s\n", (int)o.n, o.log);
		outcome_free(&o);
	}
}

static void
a_quoted_file_loses_its_escapes(void)
{
	struct outcome o = import(TEXT("\"" EVENT(
	    "1", "1",
	    "<EventData>" DATA("Path", "C:\\\\temp\\\\new \\\"x\\\"") "</EventData>") "\\n\""));

	ok(outcome_has(&o, "body Path=[C:\\temp\\new \"x\"]\n"),
	   "backslashes and quotes are single");
	outcome_free(&o);
	o = import(TEXT(
	    "\"" EVENT("1", "1",
		       "<EventData>" DATA(
			   "Path", "C:\\new") "<Data Name=\"Q\">x</Data></EventData>") "\\n\""));
	ok(outcome_has(&o, "body Path=[C:\\new]\n"), "a record with bare quotes was not escaped");
	outcome_free(&o);
}

static void
values_may_hold_what_xml_forbids(void)
{
	struct outcome o = import(TEXT(EVENT(
	    "1", "1",
	    "<EventData>" DATA("A", "bell\x07 esc\x1b[31m &#27; &#x1B;") DATA("B", "R&D &foo; &")
		DATA("C",
		     "&#65;&#x42;&#X43;&#X3C;") "<Data Name='D &amp; E'>1</Data></EventData>")));

	ok(outcome_has(&o, "body A=[bell\x07 esc\x1b[31m \x1b \x1b]\n"),
	   "control characters are kept");
	ok(outcome_has(&o, "body B=[R&D &foo; &]\n"), "ampersands that begin nothing stay");
	ok(outcome_has(&o, "body C=[ABC<]\n"), "references are decoded, capital X too");
	ok(outcome_has(&o, "body D & E=[1]\n"), "and so they are in attributes");
	ok(o.gaps == 0 && outcome_has(&o, "remark=[bare ampersands taken as text]"),
	   "a remark says so");
	outcome_free(&o);
}

static void
a_torn_event_is_a_gap_and_the_next_is_read(void)
{
	struct outcome o =
	    import(TEXT("<Event " NS ">" SYSTEM("1", "1") "<EventData><Data Na" EVENT(
		"2", "2", "") "\ngarbage here\n" EVENT("3", "3", "") "<Event " NS
								     "><System><Prov"));

	ok(o.events == 2 && outcome_has(&o, "event 2 ") && outcome_has(&o, "event 3 "),
	   "whole events");
	ok(outcome_has(&o, "gap at=0+") && o.gaps == 3, "three gaps");
	ok(outcome_has(&o, "lost=1 reason=[event XML is cut off before </Event>]"),
	   "with a reason");
	ok(outcome_has(&o, "lost=0 reason=[text that is no event]"), "garbage is named");
	ok(o.lost == 2, "two events lost");
	outcome_free(&o);
}

static void
a_damaged_event_keeps_what_is_whole(void)
{
	struct outcome o =
	    import(TEXT("<Event " NS "><System><Provider Name='P'/><EventID>7</EventID>"
			"<Le>0</Level><Channel>Security</Channel><Computer>h</Computer>"
			"</System><EventData>" DATA("X", "1") "</EventData></Event>"));

	ok(outcome_has(&o, "event 7 ") && outcome_has(&o, "flags=128 "), "flagged as damaged");
	ok(outcome_has(&o, "sys Channel=[Security]\n") && outcome_has(&o, "body X=[1]\n"),
	   "facts and data behind the damage");
	ok(o.gaps == 1 && o.lost == 0 && outcome_has(&o, "not well-formed"),
	   "a gap says what is wrong");
	outcome_free(&o);
	o = import(TEXT("<Event " NS "><System><Wrong></System></Event>" EVENT("2", "2", "")));
	ok(o.events == 1 && o.lost == 1, "nothing left of it: lost, and the next one is read");
	outcome_free(&o);
}

static void
no_document_type_and_no_entity_is_honoured(void)
{
	struct outcome o = import(
	    TEXT("<?xml version='1.0'?><!DOCTYPE Event [<!ENTITY x SYSTEM 'file:///etc/passwd'>\n"
		 "<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>\n" EVENT(
		     "1", "1", "<EventData>" DATA("X", "&x;&b;") "</EventData>")));

	ok(outcome_has(&o, "body X=[&x;&b;]\n"), "entities stay as they are written");
	ok(o.gaps >= 1, "the document type is a gap");
	outcome_free(&o);
}

static void
an_element_called_event_inside_does_not_end_the_event(void)
{
	struct outcome o = import(TEXT(EVENT(
	    "1", "1", "<UserData><X><Event ><Y>1</Y></Event></X></UserData>") EVENT("2", "2", "")));

	ok(o.events == 2 && o.gaps == 0 && outcome_has(&o, "body Y=[1]\n"), "read to its own end");
	outcome_free(&o);
}

static void
deep_and_large_events_do_no_harm(void)
{
	struct arena a = arena_open((size_t)64 << 20);
	char *p = a.at;
	size_t n = 0;
	struct outcome o;

	n += (size_t)sprintf(p + n, "<Event " NS ">" SYSTEM("1", "1") "<UserData>");
	for (int i = 0; i < 200; i++)
		n += (size_t)sprintf(p + n, "<d%d>", i);
	for (int i = 200; i-- > 0;)
		n += (size_t)sprintf(p + n, "</d%d>", i);
	n += (size_t)sprintf(p + n, "</UserData></Event>");
	o = import((struct text){ p, n });
	ok(o.events == 1 && o.gaps == 1, "too deep: an event and a gap");
	outcome_free(&o);
	n = (size_t)sprintf(p, "<Event " NS ">" SYSTEM("1", "1") "<EventData><Data Name='X'>");
	memset(p + n, 'x', (size_t)17 << 20);
	n += (size_t)17 << 20;
	n += (size_t)sprintf(p + n, "</Data></EventData></Event>\n" EVENT("2", "2", ""));
	o = import_with(&importer_xml, (struct text){ p, n },
			&(struct import_options){ .recover = 0 });
	ok(o.events == 1 && outcome_has(&o, "event 2 "), "too large: the next event is read");
	ok(o.gaps == 1 && outcome_has(&o, "reason=[event is larger than 8 MiB]"),
	   "one gap for it");
	outcome_free(&o);
	n = (size_t)sprintf(p, "<Event " NS ">" SYSTEM("1", "1") "<EventData><Data a='>'");
	for (int i = 0; i < 500000; i++)
		n += (size_t)sprintf(p + n, " a%d='x'", i);
	n += (size_t)sprintf(p + n, ">y</Data></EventData></Event>\n" EVENT("2", "2", ""));
	o = import((struct text){ p, n });
	ok(o.events == 1 && outcome_has(&o, "reason=[an element has more attributes than are read]"),
	   "half a million attributes are a gap, and take no time");
	outcome_free(&o);
	arena_close(&a);
}

static struct text
as_utf16(struct text t, bool big_endian, bool bom, struct arena *keep)
{
	char *p = arena_alloc(keep, 1, 1, 2 * t.n + 2);
	size_t n = 0;

	if (bom) {
		p[n++] = big_endian ? '\xfe' : '\xff';
		p[n++] = big_endian ? '\xff' : '\xfe';
	}
	for (size_t i = 0; i < t.n; i++) {
		p[n++] = big_endian ? '\0' : t.p[i];
		p[n++] = big_endian ? t.p[i] : '\0';
	}
	return (struct text){ p, n };
}

static void
encodings_are_told_by_their_bytes(void)
{
	struct arena a = arena_open(1 << 20);
	struct text xml = TEXT("<?xml version='1.0' encoding='ascii'?>" EVENT(
	    "1", "1", "") "\r\n" EVENT("2", "2", ""));
	struct outcome o = import(as_utf16(xml, false, true, &a));

	ok(o.events == 2 && o.gaps == 0 && outcome_has(&o, "at=78+"),
	   "UTF-16LE, offsets in the file");
	ok(text_find((struct text){ o.log, o.n }, TEXT("remark")) == TEXT_NOWHERE,
	   "nothing to remark");
	outcome_free(&o);
	o = import(as_utf16(xml, true, true, &a));
	ok(o.events == 2 && o.gaps == 0, "UTF-16BE");
	outcome_free(&o);
	o = import(as_utf16(xml, false, false, &a));
	ok(o.events == 2 && outcome_has(&o, "remark=[UTF-16LE without a byte-order mark]\nevent 2"),
	   "without a mark: a remark on the first event");
	outcome_free(&o);
	o = import(
	    TEXT(EVENT("1", "1", "<EventData>" DATA("X", "Bj\xf6rn \x80") "</EventData>")
		     EVENT("2", "2", "<EventData>" DATA("X", "Bj\xc3\xb6rn") "</EventData>")));
	ok(outcome_has(
	       &o,
	       "body X=[Bj\xc3\xb6rn \xe2\x82\xac]\nremark=[not UTF-8: read as Windows-1252]\n"),
	   "Windows-1252 with a remark");
	ok(outcome_has(&o, "body X=[Bj\xc3\xb6rn]\n"), "UTF-8 in the same file stays UTF-8");
	outcome_free(&o);
	o = import(TEXT(EVENT("1", "1", "<EventData>" DATA("X", "a\0b") "</EventData>")));
	ok(outcome_has(&o, "body X=[ab]\nremark=[NUL bytes dropped]"),
	   "NUL bytes go, with a remark");
	outcome_free(&o);
	arena_close(&a);
}

static void
the_window_does_not_show_in_the_events(void)
{
	struct text xml = TEXT("\xef\xbb\xbf#c\n" EVENT(
	    "1", "1",
	    "<EventData>" DATA(
		"X",
		"1\r\n2") "</EventData>") "\n<Event><System><Prov\njunk\n" EVENT("2", "2",
										 "") "trailing "
										     "\xff\xfe "
										     "rubbish\n<!--"
										     " c "
										     "--><"
										     "Events"
										     ">" EVENT("3",
											       "3",
											       ""));
	struct outcome whole = import(xml);
	static const size_t windows[] = { 1, 7, 64, 100, 1000 };

	for (size_t i = 0; i < sizeof(windows) / sizeof(*windows); i++) {
		struct import_options opt = { .window_bytes = windows[i] };
		struct outcome o = import_with(&importer_xml, xml, &opt);

		if (!ok(outcome_same(&whole, &o), "a window of %zu bytes", windows[i]))
			printf("%.*s---\n%.*s", (int)whole.n, whole.log, (int)o.n, o.log);
		outcome_free(&o);
	}
	ok(whole.events == 3, "three events");
	outcome_free(&whole);
}

static void
a_sink_can_stop_the_import(void)
{
	struct text xml = TEXT(EVENT("1", "1", "") EVENT("2", "2", "") EVENT("3", "3", ""));
	struct memory_evidence m = { xml };
	struct input in = {
		.name = TEXT("m"), .size = xml.n, .self = &m, .read_at = memory_evidence_read
	};
	struct outcome o = outcome_new(1 << 16);
	struct sink sink = { .self = &o, .event = outcome_event, .gap = outcome_gap };
	struct import_options opt = { .window_bytes = 64 };
	struct err err = { .kind = ERR_NONE };

	o.stop_after = 2;
	ok(importer_xml.decode(&in, 0, xml.n, &opt, &sink, &err), "stopping is no failure");
	ok(o.events == 2, "and takes effect at once");
	outcome_free(&o);
}

/* T as UTF-16LE, behind what O holds. */
static struct text
glued(struct arena *keep, struct text head, bool mark, struct text wide, struct text tail)
{
	char *p = arena_new(keep, char, head.n + 2 * wide.n + tail.n + 2);
	size_t n = head.n;

	memcpy(p, head.p, head.n);
	if (mark) {
		p[n++] = '\xff';
		p[n++] = '\xfe';
	}
	for (size_t i = 0; i < wide.n; i++, n += 2)
		p[n] = wide.p[i];
	memcpy(p + n, tail.p, tail.n);
	return (struct text){ p, n + tail.n };
}

static void
the_encoding_may_change_inside_of_a_file(void)
{
	struct arena keep = arena_open(1 << 16);
	struct text one = TEXT(EVENT("1", "1", "") "\n"), two = TEXT(EVENT("2", "2", "") "\r\n");

	for (int mark = 0; mark < 2; mark++) {
		struct text all = glued(&keep, one, mark, two, one);
		struct import_options small = { .window_bytes = 7 };
		struct outcome o = import(all), b = import_with(&importer_xml, all, &small);

		ok(o.events == 3 && o.gaps == 0, "8-bit text, UTF-16, 8-bit text again");
		ok(outcome_has(&o, "remark=[the encoding changes inside of the file]"), "is said");
		ok(outcome_same(&o, &b), "seven bytes at a time");
		outcome_free(&o);
		outcome_free(&b);
	}
	arena_close(&keep);
}

static void
a_stray_mark_is_skipped_and_said(void)
{
	struct outcome o = import(TEXT(EVENT("1", "1", "") "\n\xff\xfe" EVENT("2", "2", "") "\n"));

	ok(o.events == 2 && o.gaps == 0 &&
	       outcome_has(&o, "remark=[byte-order mark inside of the file]"),
	   "two events, one remark");
	outcome_free(&o);
}

static void
recovery_reads_what_is_whole_of_a_torn_event(void)
{
	struct text torn = TEXT("<Event><System><EventID>4104</EventID><Computer>h</Computer></System>"
				"<EventData><Data Name='a'>1</Data><Data Name='b'>2\n"
				"<Event><System><EventID>1");
	struct import_options opt = { .recover = true };
	struct outcome with = import_with(&importer_xml, torn, &opt);
	struct outcome without = import(torn);

	ok(without.events == 0 && without.lost == 2, "not unless told to");
	ok(with.events == 1 && with.gaps == 2 && with.lost == 1, "an event with a gap");
	ok(outcome_has(&with, "event 4104 ") && outcome_has(&with, "flags=128") &&
	       outcome_has(&with, "body a=[1]\n"),
	   "flagged as damaged, its whole data");
	ok(text_find((struct text){ with.log, with.n }, TEXT("body b")) == TEXT_NOWHERE,
	   "nothing of what is cut");
	outcome_free(&with);
	outcome_free(&without);
}

static pthread_barrier_t start;

static void *
first_event_of_a_thread(void *out)
{
	pthread_barrier_wait(&start);
	*(struct outcome *)out = import(TEXT(
	    EVENT("4104", "7711", "<EventData>" DATA("ScriptBlockText", "a") "</EventData>")));
	return NULL;
}

/* Before all others here: what the library sets up once, all of them ask for at once. */
static void
threads_may_read_their_first_event_at_the_same_time(void)
{
	struct outcome o[8];
	pthread_t thread[8];
	bool whole = true;

	pthread_barrier_init(&start, NULL, 8);
	for (int i = 0; i < 8; i++)
		if (pthread_create(&thread[i], NULL, first_event_of_a_thread, &o[i]) != 0)
			exit(99);
	for (int i = 0; i < 8; i++) {
		pthread_join(thread[i], NULL);
		whole &= o[i].events == 1 && o[i].gaps == 0;
		outcome_free(&o[i]);
	}
	pthread_barrier_destroy(&start);
	ok(whole, "each has its event, and no gap");
}

int
main(void)
{
	threads_may_read_their_first_event_at_the_same_time();
	an_event_has_its_system_facts_first_and_then_its_data();
	user_data_gives_its_leaves();
	unnamed_data_repeats_and_rendering_info_overwrites_nothing();
	frames_of_other_tools_are_no_gaps();
	a_quoted_file_loses_its_escapes();
	values_may_hold_what_xml_forbids();
	a_torn_event_is_a_gap_and_the_next_is_read();
	a_damaged_event_keeps_what_is_whole();
	no_document_type_and_no_entity_is_honoured();
	an_element_called_event_inside_does_not_end_the_event();
	deep_and_large_events_do_no_harm();
	encodings_are_told_by_their_bytes();
	the_window_does_not_show_in_the_events();
	the_encoding_may_change_inside_of_a_file();
	a_stray_mark_is_skipped_and_said();
	recovery_reads_what_is_whole_of_a_torn_event();
	a_sink_can_stop_the_import();
	return done_testing();
}
