#!/usr/bin/python3
"""The tables of speeds in sim/routes/README.md and sim/README.md, measured on this machine.

    tests/speed.py BUILD            runs BUILD/tests/benign_benchmark (a minute; nothing else should run), prints the tables
    tests/speed.py BUILD --write    puts them into the pages

Every time is the least of five, in processor time; that of what runs on all cores is the sum over its threads.
"""
import sys
from pathlib import Path

from measured import ROOT, best_runs, processor, put, shown

BENCHMARKS = "^step/|bandwidth|gradient|matrix_product|exact_frame"
N, PROBES = 160, 2


def limits(times):
    """What the cache allows: the bytes of each route's step over the bandwidth of the level that holds them, and the gradient."""
    blocks, panels = -(-(N + PROBES) // 8), -(-N // 8)
    packed = 8 * 64 * (panels * blocks - panels * (panels - 1) // 2)  # bytes of a symmetric matrix, as kernels.hpp has it
    whole = 8 * N * N
    read = {size: times[f"bandwidth/read/{size}"] for size in (packed, whole)}
    both = {size: times[f"bandwidth/read_and_write/{size}"] for size in (packed, whole)}
    return {"coefficients": 3 * read[packed] + read[whole] + both[whole] + times["gradient"],
            "statistics": 2 * read[packed] + both[packed] + times["gradient"]}


def ladder(times):
    text = "| in double | µs | over the limit |\n|---|---|---|\n"
    limit = limits(times)
    for route in ("coefficients", "statistics"):
        double = times[f"step/{route}/2000"]
        text += f"| a step of `{route}` | {shown(double)} | {shown(double / limit[route])} |\n"
    frame, flops = times["exact_frame/2000/process_time"], 27 * 2 * N * 2000**2
    peak = 2 * N * 2000 * 64 / times["matrix_product"]  # per µs
    text += f"| exact inner products, d = 2000, the sum of all threads | {shown(frame)} | {shown(frame / (flops / peak))} |\n"
    text += (f"\nThe limit of `coefficients` is {shown(limit['coefficients'])} µs, of `statistics` {shown(limit['statistics'])} µs: "
             "the bytes of K̂, Ĥ and Φ̂ that a step reads and writes, half of them for a symmetric matrix, over the bandwidth\n"
             "measured in the same run in the level of the cache that holds them, "
             f"{shown(8 * N * N / times['bandwidth/read/204800'] / 1e3)} GB/s, and the softmax of the samples ({shown(times['gradient'])} µs). "
             "Of the exact inner products it is 27 products of\nan N × d by a d × d matrix of digits "
             f"at the rate of the matrix product, {shown(peak / 1e3)} GFlop/s on a core.\n")
    return text + f"\n{processor()}.\n"


def table(times):
    def microseconds_of(name):
        return f"{shown(times[name])} µs" if name in times else ""

    direct = times["step/direct/2000"]
    text = "| route | d = 2000 | d = 20,000 | against `direct` |\n|---|---|---|---|\n"
    for route in ("direct", "coefficients", "statistics"):
        ratio = direct / times[f"step/{route}/2000"]
        text += f"| `{route}` | {microseconds_of(f'step/{route}/2000')} | {microseconds_of(f'step/{route}/20000')} | {f'{ratio:.0f} times' if ratio > 1 else ''} |\n"
    return text + f"\n{processor()}.\n"


def main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    runs = best_runs(Path(arguments[0]) / "tests/benign_benchmark", BENCHMARKS, 5)
    times = {name: run["us"] for name, run in runs.items()}
    for page, text in ((ROOT / "sim/routes/README.md", table(times)), (ROOT / "sim/README.md", ladder(times))):
        if "--write" in arguments:
            put(page, "speed", "tests/speed.py", text)
        else:
            print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
