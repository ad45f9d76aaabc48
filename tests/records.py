#!/usr/bin/python3
"""Every key that the program writes is in its table of fields, and the reverse.

    tests/records.py BUILD            runs the program in BUILD in small settings that bring every field; compares names and
                                      types with `benign list --records --json`, and that table with proofs_check/records/README.md
    tests/records.py BUILD --keys     prints what was found, a line for each field

A path names a field as the table does: a.b is the key b of the object a, a[] an element of the list a, a.* any key.
"""
import json
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMALL = "--n 4 --T 4 --d 30 --mu 3 "
TOKENS = "--data x.npy --labels y.npy --lr-unit tau0 --lr 0.1 --steps 20 "
TESTED = TOKENS + "--test-data x.npy --test-labels y.npy "

# Of each record: the commands of the program that print it, and the files that they leave.
RUNS = [
    ("list", "list --json", None),
    ("simulate", f"simulate {SMALL} --steps 20 --json", None),
    ("simulate", f"simulate {SMALL} --eta 0 --train W --sigma-p 0.1 --init identity --data peer --lr-unit tau0 --steps 20 --json", None),
    ("simulate", f"simulate {SMALL} --flow --log-s-max 6 --steps 3 --precision auto --json", None),
    ("simulate", f"simulate {SMALL} --flow --tau-max 1e4 --steps 3 --test sample:50 --json", None),
    ("simulate", f"simulate --n 4 --T 4 --d 10 --mu 60 --flow --tau-max 1e3 --steps 3 --json", None),
    ("simulate", "simulate --n 4 --T 4 --d 400 --mu 30 --eta 0 --flow --log-s-max 3 --steps 3 --json", None),
    ("simulate", f"simulate {SMALL} --route statistics --precision mp50 --steps 5 --json", None),
    ("simulate", f"simulate {TESTED} --json", None),
    ("simulate", f"simulate {TESTED} --head head.npy --mask mask.npy --test-mask mask.npy --json", None),
    ("simulate", f"simulate {TESTED} --surrogate answers --init gaussian --sigma-w 0.1 --json", None),
    ("simulate", f"simulate {SMALL} --steps 5 --method momentum:0.9 --json", None),
    ("simulate", f"simulate {SMALL} --steps 5 --lr-schedule inverse-time:3 --flips independent --plus-share 0.25 --json", None),
    ("simulate", "simulate --model keys-queries --n 4 --T 4 --d 30 --d-h 5 --sigma-h 0.1 --sigma-v 0.1 --w-o 2 --lr 1e-3 --steps 5 --json", None),
    ("simulate", f"simulate {SMALL} --steps 20 --out run", "run/simulate.json"),
    ("series", None, "run/series.jsonl"),
    ("series", f"simulate {SMALL} --eta 0 --precision mp50 --steps 4 --out run50", "run50/series.jsonl"),
    ("series", f"simulate {SMALL} --layout strong-noise --steps 4 --out other", "other/series.jsonl"),
    ("check", "check --only assumption.A1,fig3.benign,gap --seeds 2 --n 4 --T 4 --d 30 --json", None),
    ("check", f"check {SMALL} --json", None),
    ("check", f"check {SMALL} --only lemma,gap --write-baseline base.json --out report", "report/check.json"),
    ("baseline", None, "base.json"),
    ("baseline", f"check {SMALL} --only gap --C gap.clean_above=3 --write-baseline constants.json", "constants.json"),
    ("check", "check --only lemma.growth,invariant --baseline other.json --n 4 --T 4 --d 30 --mu 3 --json", None),
    ("phase", f"phase --n 4 --T 3 --steps 20 --x d=20:40:2 --y mu=2:8:2 --seeds 2 --json", None),
    ("phase", f"phase --data x.npy --labels y.npy --lr-unit tau0 --lr 0.1 --x n=4:8:2 --y eta=0.1:0.4:2 --steps 5 --json", None),
    ("phase", "phase --n 4 --T 3 --x d=1e4:1e6:2:log --y snr=0.03:0.3:2 --flow --log-s-max 5 --steps 1 --infinite-time --json", None),
    ("cell", f"phase --data x.npy --labels y.npy --lr-unit tau0 --lr 0.1 --x n=4:8:2 --y sigma=1:2:2 --steps 5 --out given", "given/cells.jsonl"),
    ("phase.json", "phase --n 4 --T 3 --x d=1e4:1e6:2:log --y snr=0.03:0.3:2 --flow --log-s-max 5 --steps 1 --infinite-time --out cells", "cells/phase.json"),
    ("cell", None, "cells/cells.jsonl"),
    ("timing", None, "cells/timings.jsonl"),
    ("border", "phase --n 4 --T 4 --border gap --x log-s-max=10:40:3:log --y nsnr2=1e-3:10:5:log --d 1e10 --flow --steps 1 --seeds 2 --out border", "border/border.jsonl"),
    ("phase.json", None, "border/phase.json"),
    ("fit", None, "border/fit.json"),
    ("phase", "phase --n 4 --T 4 --border test_loss:0.6 --x log-s-max=10:40:3:log --y nsnr2=1e-3:10:5:log --d 1e10 --flow --steps 1 --json", None),
    ("phase", "phase --n 4 --T 4 --border gap --x log-s-max=10:40:3:log --y nsnr2=1e-3:10:5:log --d 1e10 --flow --steps 1 --json", None),
    ("prove", "prove --n 4 --T 4 --d 30 --mu 3:3.01 --rho 0.1:0.101 --lr 0.1:0.101 --steps 5 --claim 'train_loss<1' --claim 'train_accuracy>=0' --claim 'train_loss<0.001' --json", None),
    ("prove", "prove --n 4 --T 4 --d 30 --mu 1:1000 --steps 40 --claim 'train_loss<0.68' --json", None),
    ("phase", "phase --prove regime --n 4 --T 4 --steps 20 --x d=40:60:2 --y mu=2:9:2 --json", None),
    ("proof", "phase --prove regime --n 4 --T 4 --steps 20 --x d=40:60:2 --y mu=2:9:2 --out proofs", "proofs/cells.jsonl"),
    ("phase.json", None, "proofs/phase.json"),
    ("phase", "phase --prove 'attention_clean never falls' --lr 1e-30 --digits-max 31 --n 4 --T 4 --steps 3 --x d=40:60:2 --y mu=2:9:2 --json", None),
    ("proof", "phase --prove 'attention_clean never falls' --lr 1e-30 --digits-max 31 --n 4 --T 4 --steps 3 --x d=40:60:2 --y mu=2:9:2 --out open", "open/cells.jsonl"),
    ("phase", "phase --check gap.clean_above --C gap.clean_above=0.5 --n 10 --T 4 --steps 100 --x d=400:4000:2:log --y mu=2:40:2 --json", None),
    ("phase", "phase --check fig3.benign.train --n 4 --T 3 --x d=40:60:2 --y mu=2:8:2 --seeds 2 --json", None),
    ("phase.json", "phase --check gap.clean_above --C gap.clean_above=3 --n 10 --T 4 --steps 100 --x d=400:4000:2:log --y mu=2:40:2 --out verdicts", "verdicts/phase.json"),
    ("verdict", None, "verdicts/cells.jsonl"),
    ("phase.json", "phase --check fig3.benign.train --n 4 --T 3 --x d=40:60:2 --y mu=2:8:2 --out study", "study/phase.json"),
    ("hunt", "hunt gap.clean_above --n 10 --T 4 --steps 100 --over d=400:4000:log --over mu=2:40 --budget 20 --json --out hunt --C gap.clean_above=0.5", None),
    ("hunt", "hunt law.limit_system --n 10 --T 4 --d 1e6 --over nsnr2=0.5:2 --budget 20 --json", None),
    ("hunt", None, "hunt/hunt.json"),
    ("point", None, "hunt/points.jsonl"),
    ("construct", "construct --n 4 --T 4 --d 30 --b 0.1 --json --out q", None),
    ("selection", None, "q/selection.jsonl"),
    ("prove", f"prove {SMALL} --steps 10 --claim loss_fall>0 --claim train_accuracy>=1 --claim test_error<0.9 --claim train_loss<0.68@5 --at 3 --certificate proof.json --json", None),
    ("prove", "prove --n 4 --T 4 --d 30 --mu 2.3 --lr 0.1 --steps 60 --claim test_loss<0.61724 --json", None),
    ("prove", "prove --flow --route limit --d 2e6 --mu 1000 --log-s-max 4 --claim log_s_gap<3.9 --certificate limit.json --json", None),
    ("prove", "prove --flow --n 2 --T 3 --d 8 --mu 2 --tau-max 0.01 --claim train_loss<0.7 --json", None),
    ("theorem", "prove --theorem benign --nsnr2 0.0999:0.1001 --d-min 1e13 --loss-late 0.6 --json --certificate theorem.json", None),
    ("theorem certificate", None, "theorem.json"),
    ("theorem", "prove --theorem not-overfitting --nsnr2 9.999:10.001 --slices 1 --d-min 1e14 --loss-late 0.6 --json --certificate none.json", None),
    ("theorem certificate", None, "none.json"),
    ("verification", "prove --verify none.json --json", None),
    ("theorem", "prove --theorem overfits-first --n 4 --T 3 --eta 0.5 --nsnr2 0.0999:0.1001 --d-min 1e4 --json", None),
    ("certificate", None, "proof.json"),
    ("certificate", None, "limit.json"),
    ("certificate", f"prove {TOKENS} --n 6 --claim loss_fall>0 --certificate tokens.json", "tokens.json"),
    ("kept proof", f"prove {TOKENS} --n 6 --claim loss_fall>0 --at 3 --out kept", "kept/proof.json"),
    ("prove", None, "kept/result.json"),
    ("verification", "prove --verify proof.json --json", None),
    ("verification", "prove --verify false.json --json", None),
    ("verification", "prove --verify tokens.json --json", None),
    ("verification", "prove --verify limit.json --json", None),
    ("diagnose", f"diagnose {TESTED} --eta 0.25 --json", None),
    ("diagnose", f"diagnose {TOKENS} --no-run --json", None),
    ("diagnose", f"diagnose {TESTED} --eta 0 --json", None),
    ("table", f"table {TESTED} --ns 4,8 --etas 0,0.25 --seeds 2 --json", None),
]
ENCODER_RUNS = [
    ("encoder", "encoder --n 4 --T 3 --d 20 --steps 4 --out net --json", None),
    ("encoder series", None, "net/series.jsonl"),
    ("phase", "phase --model encoder --x d=20:40:2 --y mu=2:8:2 --n 4 --T 3 --steps 2 --json", None),
    ("phase.json", "phase --model encoder --x d=20:40:2 --y mu=2:8:2 --n 4 --T 3 --steps 2 --out nets", "nets/phase.json"),
    ("cell", None, "nets/cells.jsonl"),
]


# Fields that no run of this test has, and why.
OF_ENCODER = {"model", "cells[].model"}
NEVER_SEEN = {
    "encoder": {"route", "precision"},  # a run of the encoder has neither
    "encoder series": {"route", "precision"},
}


def tokens():
    import numpy as np

    rng = np.random.default_rng(1)
    y = np.arange(16) % 2
    x = rng.normal(size=(16, 3, 8))
    x[:, 0, 0] += 4 * (2 * y - 1)
    return x, y


def paths(value, at=""):
    """(path, type) of everything in a JSON value."""
    if isinstance(value, dict):
        yield at, "object"
        for key, inner in value.items():
            yield from paths(inner, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        yield at, "list"
        for inner in value:
            yield from paths(inner, at + "[]")
    else:
        kind = ("null" if value is None else "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int)
                else "number" if isinstance(value, float) else "text")
        yield at, kind


def of_command(name, command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)
    if done.returncode not in (0, 1, 3):
        raise SystemExit(f"{' '.join(map(str, command))}: exit status {done.returncode}: {done.stderr}")
    return done.stdout


def found_in(build):
    """Record -> path -> types."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        import numpy as np

        x, y = tokens()
        np.save(f"{folder}/x.npy", x)
        np.save(f"{folder}/y.npy", y)
        np.save(f"{folder}/mask.npy", np.ones((16, 3)))
        np.save(f"{folder}/head.npy", np.eye(8)[0])
        (Path(folder) / "other.json").write_text(
            json.dumps({"config": {"n": 4, "T": 4, "d": 30, "mu": 3}, "seeds": 40, "delta": 0.01, "constants": {},
                        "checks": [{"id": "lemma.growth", "verdict": "proved", "expected": "holds", "margin": 9.5, "error": 1e-9},
                                   {"id": "invariant.gone", "verdict": "holds", "expected": "holds", "margin": 1, "error": 1e-9},
                                   {"id": "invariant.balance", "verdict": "proved", "expected": "holds", "margin": 1, "error": 1e-9}]}))
        with_encoder = (build / "benign_encoder").exists()
        for name, command, file in RUNS + (ENCODER_RUNS if with_encoder else []):
            program = build / ("benign_encoder" if (name, command, file) in ENCODER_RUNS else "benign")
            if command and "false.json" in command:
                false = (Path(folder) / "proof.json").read_text().replace('"proved"', '"violated"', 1)
                (Path(folder) / "false.json").write_text(false)
            text = of_command(name, [str(program)] + shlex.split(command), folder) if command else ""
            if file:
                text = (Path(folder) / file).read_text()
            lines = text.splitlines() if file and file.endswith(".jsonl") else [text]
            for line in lines:
                for path, kind in paths(json.loads(line)):
                    found.setdefault(name, {}).setdefault(path, set()).add(kind)
    return found


# Of a type of the table, the types of JSON.
TYPES = {"integer": {"integer"}, "number": {"integer", "number"}, "real": {"integer", "number", "text"}, "text": {"text"},
         "boolean": {"boolean"}, "list": {"list"}, "object": {"object"}, "config": {"object"}}


def allowed(declared):
    kinds = set().union(*(TYPES[word] for word in declared.rstrip("?").split(" or ")))
    return kinds | {"null"} if declared.endswith("?") else kinds


def field_of(path, fields, options):
    """The field of the table that `path` is, or None; and whether it is one of a configuration."""
    if path in fields:
        return path, False
    outer, _, key = path.rpartition(".")
    if fields.get(outer) == "config":
        return (outer, True) if key in options else (None, False)
    # A key at the end of a path may have dots; one inside has none.
    def meets(field):
        inside = re.escape(field).replace(r"\.\*", r"\.[^.\[]+")
        return re.fullmatch(inside, path) or (field.endswith(".*") and path.startswith(field[:-1]))
    return max(filter(meets, (f for f in fields if ".*" in f)), key=len, default=None), False


def compare(build, found):
    table = {r["name"]: {f["path"]: f["type"] for f in r["fields"]}
             for r in json.loads(of_command("list", [str(build / "benign"), "list", "--records", "--json"], ROOT))["records"]}
    faults, seen, options = [], {}, set()
    for record, of in found.items():
        if record not in table:
            faults.append(f"{record} has no table")
            continue
        for path, kinds in of.items():
            if path == "" or (record.startswith("encoder") and path in ("route", "precision")):
                continue
            field, is_option = field_of(path, table[record], table["config"])
            if field is None:
                faults.append(f"{record}: {path} is in no table")
            elif is_option:
                options.add(path.rpartition(".")[2])
                extra = kinds - allowed(table["config"][path.rpartition(".")[2]])
                if extra:
                    faults.append(f"{record}: {path} is a {' and a '.join(sorted(extra))}, the table says {table['config'][path.rpartition('.')[2]]}")
            else:
                seen.setdefault(record, set()).add(field)
                if kinds - allowed(table[record][field]):
                    faults.append(f"{record}: {path} is of type {', '.join(sorted(kinds))}, the table says {table[record][field]}")
    for record, fields in table.items():
        if record == "config":
            faults += [f"config: {name} was written by no run" for name in fields if name not in options ]
        elif record in found:
            faults += [f"{record}: {path} was written by no run" for path in fields
                       if path not in seen.get(record, ()) and path not in NEVER_SEEN.get(record, ())
                       and not (path in OF_ENCODER and "encoder" not in found)]
        elif not record.startswith("encoder"):
            faults.append(f"{record}: no run writes it")
    page = of_command("list", [str(build / "benign"), "list", "--records"], ROOT)
    if page != (ROOT / "proofs_check/records/README.md").read_text():
        faults.append("proofs_check/records/README.md is another: benign list --records >proofs_check/records/README.md")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def main(arguments):
    build = Path(arguments[0]).resolve()
    found = found_in(build)
    if "--keys" in arguments:
        for record, of in found.items():
            for path, kinds in of.items():
                print(f"{record:15} {path:50} {' '.join(sorted(kinds))}")
        return 0
    return compare(build, found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
