# SPDX-License-Identifier: GPL-3.0-or-later
"""sections_large.py - what is measured of a set that is too large for doing everything thrice."""
import os

import evidence
from measuring import Failed, in_turn, median
from sections_import import Section, forget, importing
from sections_questions import (COMMON, RARE, answers, case_of, first_host, import_whole,
                                instrument, press, report_keys, screen, spl)

SMALL = 1000000 # events of the set that the large one is held against
KEYS = ["wait quiet 300", "cycle j,k x50", "key <PageDown> x20", "cycle G,g x20", "key 3",
        "wait quiet 300", "cycle j,k x50", "key <PageDown> x20", "cycle G,g x20", "mem UI"]


def large(bench):
    """--events events imported once, against the same of a million; its screens, searches, keys."""
    f, millions = bench.figures, bench.events / 1e6
    small_case = bench.path("large-small.auger")
    took, failed = in_turn({"": importing(bench, small_case, [evidence.generated(bench, SMALL)])},
                           bench.runs)
    forget(small_case)
    if failed:
        raise Failed(failed[""])
    small, run, case = median(took[""]) / SMALL, import_whole(bench), case_of(bench)
    f.add("large.import", "import of %g million events" % millions, bench.events / run.seconds,
          "events/s", promise="60000", goal="120000",
          note="%.0f s, %.1f us/event of processor time" %
          (run.seconds, 1e6 * run.cpu_s / bench.events))
    f.add("large.linear", "an event of it, against one of a million",
          run.seconds / bench.events / small, "times")
    f.add("large.peak", "peak memory of it", run.peak_mib, "MiB", promise="256", goal="128")
    f.add("large.size", "case file", os.path.getsize(case) / bench.events, "bytes/event",
          promise="500", goal="350")
    questions(bench, case)
    keys(bench, case)


def questions(bench, case):
    host = first_host(bench, case)
    answers(bench, "large", {
        "first screen: hosts": screen(case, "", "50", "30"),
        "screen: all events": screen(case, "3"),
        "screen: events of one host, pinned": screen(case, "c3"),
        "screen: last of all events": screen(case, "3G"),
        "one event id of one host, counted":
            spl(case, 'EventCode=4104 Computer="%s" | stats count' % host),
        "rare substring, first 50": spl(case, '"%s" | head 50' % RARE, "100", "30"),
        "rare substring, counted": spl(case, '"%s" | stats count' % RARE, "1500", "300"),
        "common substring, first 50": spl(case, '"%s" | head 50' % COMMON),
    })


def keys(bench, case):
    if not instrument(bench):
        print("  no tools/tui_latency.py in %s" % bench.shared)
        return
    seen = press(bench, [bench.auger, case], KEYS, "Hosts")
    report_keys(bench, "large.keys", "keys", seen, (("1", "0.5"), ("3", "1.5"), ("16", "8")))
    bench.figures.add("large.open", "open: first ranked hosts on the screen",
                      float(seen["start"][0]["ready"]), "ms", promise="50", goal="30")
    for m in seen["memory"].get("UI", []):
        bench.figures.add("large.memory", "memory of the UI", m["rss_kb"] / 1024, "MiB",
                          promise="64", goal="32")


SECTIONS = [
    Section("large", "One import of all of a large set, and questions to it", False, large),
]
