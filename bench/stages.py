# SPDX-License-Identifier: GPL-3.0-or-later
"""stages.py - where the time of an import goes, and the least that its inputs and outputs cost.

perf samples the processor time of an import with whole call stacks; a sample belongs to the stage
of the innermost of its functions that is listed below, so stages add up to the whole.
"""
import os
import re
import shutil
import subprocess

import evidence
from measuring import Failed, in_turn, median

RATE = 997 # samples a second of processor time

STAGES = [
    ("read and hash", "what the evidence is, by its SHA-256", ["evidence_look"]),
    ("decode", "chunks, records and BinXML to fields in UTF-8", ["evtx_decode"]),
    ("normalise", "fields to an event and its views",
     ["deliver", "sink_event", "evtx_draft_event"]),
    ("unwrap", "encoded and assembled texts in scripts and command lines", ["event_unwrap"]),
    ("match", "the detections' literals and predicates", ["matcher_match"]),
    ("batch", "names to numbers, fields into blocks", ["batch_add"]),
    ("compress", "blocks with zstd", ["block_close"]),
    ("sketch", "which trigrams a block has", ["sketch_event", "sketch_take"]),
    ("rows", "one row an event, known records, interned names",
     ["import_commit", "import_begin_file", "import_end_file"]),
    ("summaries", "counts by host, hour and kind", ["summary_add"]),
    ("scripts", "parts of script blocks joined", ["script_apply", "script_join"]),
    ("sketch rows", "sketches of 2,048 blocks turned over", ["make_rows", "segment_store"]),
    ("commit", "what was written goes to the file", ["import_flush", "casefile_close"]),
    ("indexes", "indexes and totals at the end", ["import_finish"]),
    ("findings", "pipelines, findings, risk", ["evaluate"]),
    ("open and load", "the case, rule files, the rest", ["main"]),
]


def stage_of(stack):
    for name in stack:
        for stage, _, functions in STAGES:
            if name in functions:
                return stage
    return "open and load"


def sampled(bench, folder, case):
    """Stage -> seconds of processor time of an import of FOLDER into CASE."""
    data = bench.path("perf.data")
    done = subprocess.run(
        ["perf", "record", "-q", "-e", "cpu-clock", "--call-graph", "dwarf,16384", "-F", str(RATE),
         "-o", data, bench.auger, "import", case, folder, "--threads", "1", "--quiet",
         "--no-sandbox"], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or not os.path.exists(data):
        raise Failed("perf record: " + done.stderr.strip()[-200:])
    text = subprocess.run(["perf", "script", "-i", data, "--no-inline", "-F", "ip,sym"],
                          capture_output=True, text=True, check=True).stdout
    os.remove(data)
    took = {}
    for sample in re.split(r"\n\s*\n", text):
        stack = [line.split()[1].split(".")[0] for line in sample.split("\n")
                 if len(line.split()) > 1]
        if stack:
            stage = stage_of(stack)
            took[stage] = took.get(stage, 0) + 1 / RATE
    if not took:
        raise Failed("perf took no samples")
    return took


def least(bench, found, case):
    """The bytes alone: in from memory, hashed, decoded, and what the case became, out."""
    copy = bench.path("stages-copy")
    took, failed = in_turn({
        "read": lambda: bench.run(["cat", *found]),
        "hash": lambda: bench.run(["openssl", "dgst", "-sha256", *found]),
        "write": lambda: bench.run(["cp", case, copy])}, max(3, bench.runs))
    if os.path.exists(copy):
        os.remove(copy)
    if failed:
        raise Failed("; ".join(failed.values()))
    seconds = {name: median(runs, "cpu_s") for name, runs in took.items()}
    out = subprocess.run([bench.program("bench/decode"), "-n", "3", *found], capture_output=True,
                         text=True, check=True).stdout
    seconds["decode"] = sum(map(float, re.findall(r"median of \d+: ([\d.]+) ms", out))) / 1e3
    return seconds


def stages(bench):
    if not shutil.which("perf"):
        print("  no perf (Debian: linux-perf): left out")
        return
    events = min(bench.events, 200000)
    sets = {"generated": (evidence.generated(bench, events), events),
            "real": (evidence.real(bench, bench.copies), None)}
    for name, (folder, count) in sets.items():
        if not folder:
            continue
        found, case = evidence.files(folder), bench.path("stages-%s.auger" % name)
        evidence.warm(found)
        for end in ("", "-wal", "-shm"):
            if os.path.exists(case + end):
                os.remove(case + end)
        took = sampled(bench, folder, case)
        if count is None:
            count = bench.events_in(case)
        whole = sum(took.values())
        for stage, what, _ in STAGES:
            bench.figures.add("stages.%s.%s" % (name, stage), "%s: %s" % (name, stage),
                              1e6 * took.get(stage, 0.0) / count, "us/event",
                              note="%4.1f %%, %s" % (100 * took.get(stage, 0) / whole, what))
        bench.figures.add("stages.%s.whole" % name, "%s: the whole import" % name,
                          1e6 * whole / count, "us/event",
                          note="%d samples of processor time" % round(whole * RATE))
        seconds = least(bench, found, case)
        for part, took_s in seconds.items():
            bench.figures.add("floor.%s.%s" % (name, part), "%s: floor, %s" % (name, part),
                              1e6 * took_s / count, "us/event")
        floor = sum(seconds.values())
        bench.figures.add("floor.%s.whole" % name, "%s: floor, in all" % name,
                          1e6 * floor / count, "us/event",
                          note="the import takes %.1f times that" % (whole / floor))
