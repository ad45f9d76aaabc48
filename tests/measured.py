"""What the scripts that measure speeds and write them into pages share."""
import json
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MICROSECONDS = {"ns": 1e-3, "us": 1, "ms": 1e3, "s": 1e6}


def best_runs(program, which, repetitions):
    """Name -> the run of a benchmark with the least processor time of several; its time in µs stands under "us"."""
    command = [program, f"--benchmark_filter={which}", "--benchmark_format=json", f"--benchmark_repetitions={repetitions}",
               "--benchmark_min_time=0.1"]
    best = {}
    for run in json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["benchmarks"]:
        if run["run_type"] != "iteration":
            continue
        run["us"] = run["cpu_time"] * MICROSECONDS[run["time_unit"]]
        name = run["run_name"]
        if name not in best or run["us"] < best[name]["us"]:
            best[name] = run
    return best


def shown(number):
    """Three digits."""
    return f"{float(f'{number:.3g}'):g}"


def processor():
    name = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return f"{name[1].strip() if name else 'A processor without a name'}, {os.cpu_count()} cores"


def put(page, word, script, text):
    """Puts a text between the marks <!-- WORD: written by SCRIPT --write --> and <!-- end of WORD --> of a page."""
    begin, end = f"<!-- {word}: written by {script} --write -->", f"<!-- end of {word} -->"
    before, rest = page.read_text().split(begin)
    page.write_text(before + begin + "\n" + text + end + rest.split(end)[1])
