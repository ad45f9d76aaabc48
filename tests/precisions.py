#!/usr/bin/python3
"""The table of precisions in sim/README.md, measured on this machine.

    tests/precisions.py BUILD            runs BUILD/tests/benign_precisions (some minutes; nothing else should run), prints the table
    tests/precisions.py BUILD --write    puts it into the page
"""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "sim/README.md"
BEGIN, END = "<!-- precisions: written by tests/precisions.py --write -->", "<!-- end of precisions -->"
PRECISIONS = ("double", "dd", "mp50", "mp100")
ENTRIES = 160 * 160
# Products with an N × N matrix, and outer products added to one, in a step; an outer product counts as one of them.
PRODUCTS = {"coefficients": 6, "statistics": 4}


def measured(build):
    """The best of three repetitions, of a flow's one, in µs of processor time."""
    best = {}
    scale = {"ns": 1e-3, "us": 1, "ms": 1e3, "s": 1e6}
    for which, repetitions in (("-^flow", 3), ("^flow", 1)):
        command = [build / "tests/benign_precisions", f"--benchmark_filter={which}", "--benchmark_format=json",
                   f"--benchmark_repetitions={repetitions}", "--benchmark_min_time=0.1"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        for one in json.loads(done.stdout)["benchmarks"]:
            if one["run_type"] == "iteration":
                one["us"] = one["cpu_time"] * scale[one["time_unit"]]
                name = re.match(r"\w+<\w+>", one["name"])[0]
                if name not in best or one["us"] < best[name]["us"]:
                    best[name] = one
    return best


def shown(x):
    return f"{float(f'{x:.3g}'):g}"


def table(best):
    text = "| | " + " | ".join(PRECISIONS) + " |\n|---|" + "---|" * len(PRECISIONS) + "\n"

    def row(title, cell):
        nonlocal text
        text += f"| {title} | " + " | ".join(cell(real) for real in PRECISIONS) + " |\n"

    def us(name, real):
        return best[f"{name}<{real}>"]["us"]

    for route in ("coefficients", "statistics"):
        row(f"a step of `{route}`, µs", lambda real: shown(us(route, real)))
        row("… over double's", lambda real: shown(us(route, real) / us(route, "double")))
        row("… over its limit", lambda real: "" if real == "double" else shown(us(route, real) / (PRODUCTS[route] * ENTRIES / best[f"peak<{real}>"]["entries"] * 1e6)))
    row("the flow to log s = 20, d = 10⁵, s", lambda real: shown(us("flow", real) * 1e-6))
    row("… over double's", lambda real: shown(us("flow", real) / us("flow", "double")))
    row("… its steps, and evaluations", lambda real: f"{best[f'flow<{real}>']['steps']:.0f}, {best[f'flow<{real}>']['evaluations']:.0f}")
    row("a product, number by number, µs", lambda real: shown(us("plain_product", real)))
    row("… of a matrix as it stands", lambda real: shown(us("product", real)))
    row("… of a prepared one", lambda real: shown(us("prepared_product", real)))
    row("two outer products added, µs", lambda real: shown(us("outer_product", real)))
    name = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return text + f"\n{name[1].strip() if name else 'A processor without a name'}, {os.cpu_count()} cores; n = 20, T = 8, N = 160, one core.\n"


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    text = table(measured(Path(arguments[0])))
    if "--write" not in arguments:
        print(text, end="")
        return 0
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    PAGE.write_text(before + BEGIN + "\n" + text + END + rest.split(END)[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
