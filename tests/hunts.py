#!/usr/bin/python3
"""Hunts the worst case of every claim of the registry, and puts the table into proofs_check/hunt/REGISTRY.md:

    tests/hunts.py PROGRAM FOLDER [--budget 300] [--threads 2] [--only CHECK ...] [--write]

FOLDER holds each hunt's hunt.json; what is there already is not hunted again, so that claims may have budgets of their own, and
with a budget of 0 nothing is.
Claims about settings of their own (fig1, fig3) have no box."""
import argparse
import json
import subprocess
from pathlib import Path

import measured

PAGE = measured.ROOT / "proofs_check/hunt/REGISTRY.md"
# From the smallest settings to the size of the paper, its two borders well inside.
PAPER = ["n=4:20", "T=3:10", "rho=0:0.4", "eta=0:0.5", "nsnr2=0.01:300:log"]
OF_TWO_TOKENS = ["n=4:20", "eta=0:0.5", "nsnr2=0.01:300:log", "d=200:1e10:log"]
OF_PATCHES = ["n=4:16", "T=3:8", "nsnr2=0.01:1e4:log", "d=200:1e10:log"]
BOXES = {  # by the beginning of the id, the longest counts
    "": PAPER + ["d=200:1e10:log"],
    "route.direct": PAPER + ["d=200:2000:log"],
    "test.": PAPER + ["d=200:2000:log"],
    "invariant.permutation": PAPER + ["d=200:2000:log"],
    "single_head.": OF_TWO_TOKENS,
    "single_head.route": ["n=4:20", "eta=0:0.5", "nsnr2=0.01:300:log", "d=200:2000:log"],
    "trained_head.route": PAPER + ["d=200:2000:log"],
    "trained_head_from_zero.route": PAPER + ["d=200:2000:log"],
    "keys_queries.": OF_PATCHES,
    "keys_queries.route": ["n=4:16", "T=3:8", "nsnr2=0.01:80:log", "d=200:2000:log"],
    # Claims whose hypotheses leave nothing of the common box, or next to nothing.
    "theorem.not_overfitting": ["n=4:20", "T=3:10", "rho=0:0.4", "eta=0:0.3", "nsnr2=10:300:log", "d=1e6:1e10:log"],
    "theorem.existence": ["n=4:16", "T=4:10", "rho=0:0.2", "eta=0.05:0.5", "nsnr2=0.1:1:log", "d=1e5:1e6:log"],
    "law.first_direction": ["n=8:20", "T=4:10", "rho=0:0.3", "nsnr2=0.3:10:log", "d=1e5:1e10:log"],
    "law.limit_strength": ["n=4:20", "T=3:10", "rho=0:0.4", "eta=0:0.4", "nsnr2=0.01:10:log", "d=1e5:1e10:log"],
    "law.infinite_time_error": ["n=4:20", "T=3:10", "rho=0:0.4", "eta=0:0.4", "nsnr2=0.01:0.3:log", "d=1e5:1e10:log"],
    "single_head.two_steps.benign": ["n=20:100", "eta=0:0.18", "nsnr2=2:30:log", "d=1e4:1e5:log"],
    "keys_queries.assumption.width": ["n=4:16", "T=3:8", "nsnr2=1:100:log", "d=200:1e10:log"],
    "keys_queries.law.even_attention": ["n=4:12", "T=3:6", "nsnr2=0.01:20:log", "d=1e6:1e12:log"],
    "keys_queries.law.selected_attention": ["n=4:12", "T=3:6", "nsnr2=100:1e4:log", "d=1e6:1e12:log"],
}
# And what they fix: steps that are stable, seeds that a mean is of, scales of keys, queries and w_O.
FIXED = {
    "theorem.not_overfitting": ["--lr-unit", "tau0", "--lr", "0.02"],
    "law.first_direction": ["--eta", "0.25", "--seeds", "4"],
    "law.limit_strength": ["--seeds", "10"],
    "law.infinite_time_error": ["--seeds", "10"],
    "single_head.two_steps.benign": ["--lr-unit", "tau0", "--lr", "3"],
    "keys_queries.route": ["--lr-unit", "tau0", "--lr", "0.002"],
    "keys_queries.assumption.width": ["--d-h", "1e10"],
    "keys_queries.assumption.step": ["--lr-unit", "tau0", "--lr", "1e-6"],
    "keys_queries.law.even_attention": ["--flow", "--w-o", "100", "--d-h", "64"],
    "keys_queries.law.selected_attention": ["--flow", "--w-o", "0.3", "--d-h", "1e6"],
}


def box_of(check):
    return BOXES[max((start for start in BOXES if check.startswith(start)), key=len)]


def hunted(program, check, folder, budget, threads):
    """The record of a hunt; nothing, with the reason, where it fails."""
    record = folder / check / "hunt.json"
    if not (record.exists() and "wall_s" in json.loads(record.read_text())):
        if budget == 0:
            return None, "not hunted to the end"
        command = [program, "hunt", check, "--budget", str(budget), "--threads", str(threads), "--out", str(folder / check)]
        command += FIXED.get(check, [])
        for side in box_of(check):
            command += ["--over", side]
        ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode not in (0, 1, 3):
            return None, ended.stderr.strip()
    return json.loads(record.read_text()), ""


def place(at):
    names = {"rho": "ρ", "eta": "η", "nsnr2": "n SNR²"}
    return ", ".join(f"{names.get(name, name)} = {float(f'{value:.3g}'):g}" for name, value in at.items())


def row(record):
    """A line of the table."""
    speaking = record["evaluated"] - record["vacuous"] - record["refused"]
    points = f"{record['evaluated']}, {speaking}"
    worst = record["worst"]
    if worst is None:
        most = max(record["unmet"].items(), key=lambda item: item[1], default=("", 0))[0]
        return f"| `{record['check']}` | {points} | nothing speaks | | mostly unmet: {most.replace('|', chr(92) + '|')} |"
    verdict = worst["verdict"]
    if "again" in worst:
        verdict += f", in {worst['again']['precision']} {worst['again']['verdict']}"
    if verdict.startswith("violated"):
        verdict = f"**{verdict}**"
    found = "" if worst["margin"] is None or not worst["scale"] else f"{worst['margin'] / worst['scale']:.2g}"
    if record["C"] and worst["constant"] is not None:
        found = f"C {worst['constant']:.3g} of {record['C']:.3g}"
    fixed = FIXED.get(record["check"], [])
    where = place(worst["at"]) + (f"; `{' '.join(fixed)}`" if fixed else "")
    return f"| `{record['check']}` | {points} | {verdict} | {found} | {where} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--budget", type=int, default=300)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    listed = json.loads(subprocess.run([asked.program, "list", "--json"], capture_output=True, text=True, check=True).stdout)
    checks = [one["id"] for one in listed["checks"] if one["kind"] != "figure"]
    rows = []
    for check in asked.only or checks:
        record, failure = hunted(asked.program, check, asked.folder, asked.budget, asked.threads)
        rows.append(row(record) if record else f"| `{check}` | | | | {failure} |")
        print(rows[-1], flush=True)
    if asked.write:
        table = "| claim | points, of which speak | worst | margin, or C needed | where |\n|---|---|---|---|---|\n"
        measured.put(PAGE, "hunts", "tests/hunts.py", table + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
