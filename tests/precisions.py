#!/usr/bin/python3
"""The table of precisions in sim/README.md, measured on this machine.

    tests/precisions.py BUILD            runs BUILD/tests/benign_precisions (some minutes; nothing else should run), prints the table
    tests/precisions.py BUILD --write    puts it into the page
"""
import re
import sys
from pathlib import Path

from measured import ROOT, best_runs, processor, put, shown

PRECISIONS = ("double", "dd", "mp50", "mp100")
ENTRIES = 160 * 160
# Products with an N × N matrix, and outer products added to one, in a step; an outer product counts as one of them.
PRODUCTS = {"coefficients": 6, "statistics": 4}


def measured(build):
    """Name<Real> -> the best of three repetitions, of a flow's one."""
    program = build / "tests/benign_precisions"
    runs = best_runs(program, "-^flow", 3) | best_runs(program, "^flow", 1)
    return {re.match(r"\w+<\w+>", name)[0]: run for name, run in runs.items()}


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
    return text + f"\n{processor()}; n = 20, T = 8, N = 160, one core.\n"


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    text = table(measured(Path(arguments[0])))
    if "--write" in arguments:
        put(ROOT / "sim/README.md", "precisions", "tests/precisions.py", text)
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
