# SPDX-License-Identifier: GPL-3.0-or-later
"""measuring.py - runs commands against the clock and keeps the figures.

Figures live in one CSV file. Each has a key that stays the same from run to run, so that a later
run replaces what it measures again and leaves the rest, and an interrupted run loses nothing.
Times are wall clock in seconds unless a name says otherwise; a median stands with the smallest
and the largest of its runs, so that the reader sees how quiet the machine was.
"""
import csv
import os
import statistics
import subprocess
import sys

COLUMNS = ["key", "section", "measure", "value", "unit", "low", "high", "runs", "promise", "goal",
           "note", "measured"]


class Run:
    """What one run of a command took."""

    def __init__(self, seconds, cpu_s, peak_mib):
        self.seconds, self.cpu_s, self.peak_mib = seconds, cpu_s, peak_mib


class Failed(Exception):
    """A command that is measured did not do its work."""


class Timer:
    """Runs commands through bench/timed."""

    def __init__(self, program):
        self.program = program

    def __call__(self, command):
        """One run; output is thrown away. Exit statuses above 1 (0 done, 1 with remarks) raise."""
        out = subprocess.run([self.program, *command], stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, check=True).stdout
        seconds, cpu_s, peak_kib, status = out.split()
        if int(status) > 1:
            raise Failed("status %s: %s" % (status, " ".join(map(str, command))[:300]))
        return Run(float(seconds), float(cpu_s), int(peak_kib) / 1024)


def in_turn(jobs, runs):
    """Runs the jobs A B C A B C ..., so that a machine that slows down slows all of them.

    JOBS: name -> function without arguments that returns a Run. A job that fails is left out from
    then on. Returns name -> list of Run, and name -> why it failed.
    """
    took, failed = {name: [] for name in jobs}, {}
    for _ in range(runs):
        for name, job in jobs.items():
            if name in failed:
                continue
            try:
                took[name].append(job())
            except (Failed, OSError) as e:
                failed[name] = str(e)
    return {n: t for n, t in took.items() if t and n not in failed}, failed


def median(runs, what="seconds"):
    return statistics.median(getattr(r, what) for r in runs)


def percentile(values, p):
    """The smallest value that P percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * p // 100) - 1)]


class Figures:
    def __init__(self, path):
        self.path, self.rows, self.section, self.measured = path, {}, "", ""
        if os.path.exists(path):
            with open(path, newline="", encoding="utf-8") as f:
                for row in csv.DictReader(f):
                    self.rows[row["key"]] = row

    def begin(self, section, title):
        """A section is measured anew: its older figures go."""
        self.section = section
        self.rows = {k: r for k, r in self.rows.items() if r["section"] != section}
        print("\n%s" % title, flush=True)

    def add(self, key, measure, value, unit="", samples=(), promise="", goal="", note=""):
        """One figure; SAMPLES: what VALUE is the median of, in the same unit."""
        row = {"key": key, "section": self.section, "measure": measure, "value": short(value),
               "unit": unit, "low": short(min(samples)) if samples else "",
               "high": short(max(samples)) if samples else "", "runs": len(samples) or "",
               "promise": promise, "goal": goal, "note": note, "measured": self.measured}
        self.rows.pop(key, None)
        self.rows[key] = row
        spread = "" if len(samples) < 2 else "%s..%s" % (row["low"], row["high"])
        print("  %-58s %10s %-9s %-15s %s" % (measure, row["value"], unit, spread, note),
              flush=True)
        self.save()

    def failed(self, key, measure, why):
        self.add(key, measure, "failed", note=why)

    def save(self):
        partial = self.path + "~"
        with open(partial, "w", newline="", encoding="utf-8") as f:
            out = csv.DictWriter(f, COLUMNS, lineterminator="\n")
            out.writeheader()
            out.writerows(self.rows.values())
        os.replace(partial, self.path)


def short(value):
    """Three digits are all that such figures are good for; whole numbers stay whole."""
    if not isinstance(value, float):
        return str(value)
    if abs(value) >= 1000:
        return "%d" % round(value, 2 - len(str(int(abs(value)))) + 1)
    return ("%.2f" if abs(value) < 10 else "%.1f" if abs(value) < 100 else "%.0f") % value


def stop(message):
    print("bench/run: " + message, file=sys.stderr)
    sys.exit(2)
