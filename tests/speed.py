#!/usr/bin/python3
"""The table of speeds in sim/routes/README.md, measured on this machine.

    tests/speed.py BUILD            runs BUILD/tests/benign_benchmark (some 20 s; nothing else should run), prints the table
    tests/speed.py BUILD --write    puts it into the page
"""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "sim/routes/README.md"
BEGIN, END = "<!-- speed: written by tests/speed.py --write -->", "<!-- end of speed -->"


def microseconds(build):
    program = build / "tests/benign_benchmark"
    done = subprocess.run([program, "--benchmark_filter=step/", "--benchmark_format=json"], capture_output=True, text=True, check=True)
    scale = {"ns": 1e-3, "us": 1, "ms": 1e3, "s": 1e6}
    return {b["name"]: b["cpu_time"] * scale[b["time_unit"]] for b in json.loads(done.stdout)["benchmarks"]}


def table(times):
    def shown(name):
        return f"{float(f'{times[name]:.3g}'):g} µs" if name in times else ""

    direct = times["step/direct/2000"]
    text = "| route | d = 2000 | d = 20,000 | against `direct` |\n|---|---|---|---|\n"
    for route in ("direct", "coefficients", "statistics"):
        ratio = direct / times[f"step/{route}/2000"]
        text += f"| `{route}` | {shown(f'step/{route}/2000')} | {shown(f'step/{route}/20000')} | {f'{ratio:.0f} times' if ratio > 1 else ''} |\n"
    name = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return text + f"\n{name[1].strip() if name else 'A processor without a name'}, {os.cpu_count()} cores.\n"


def main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    text = table(microseconds(Path(arguments[0])))
    if "--write" not in arguments:
        print(text)
        return 0
    before, rest = PAGE.read_text().split(BEGIN)
    PAGE.write_text(before + BEGIN + "\n" + text + END + rest.split(END)[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
