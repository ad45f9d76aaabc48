#!/usr/bin/python3
"""Mutants: small faults drawn by a seed over the sources that verdicts rest on, each of which the tests must catch.

    tests/mutants.py [--seed 1] [--count 100] [--only REGEX] [--build FOLDER] [--from K] [--list]

Operators: a sign, a comparison, a bound, a rounding direction, an index, a factor, a dropped term. Places are all that
an operator fits in theory/, the prover, the checker, the estimates and the sweeps, and are drawn, not chosen. All
mutants are compiled into one build, each behind a number that the environment variable BENIGN_MUTANT turns on; one that
does not compile is left out and counted. Each default test is run once without a mutant, to see which places it comes
by; then a mutant has to fall by the tests that come by its place, which run from the quickest to the slowest until one
fails. What lives is built and tried once more with the tests under the sanitizers, as CI runs them: what reads beyond an
array changes no number. Prints a line for each mutant as it falls, and a summary; exit status 1 if fewer than 95% were
caught. A mutant that lived is printed with its line, to be judged: it may change nothing that can be seen.
"""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from multiprocessing.pool import ThreadPool
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    "theory/**/*.cpp", "sim/enclosures/**/*.cpp", "sim/linear/enclosed_linear.cpp", "sim/linear/digit_matrix.cpp",
    "sim/linear/pairs.cpp", "sim/frames/exact_products.cpp", "sim/frames/enclosed_frame.cpp", "sim/integrators/first_time.cpp",
    "sim/integrators/step_event.cpp", "sim/integrators/taylor_series.cpp", "sim/generalisation/*.cpp", "sim/theorem/*.cpp",
    "sim/routes/methods.cpp", "sim/routes/curvature.cpp", "sim/runs/data_hash.cpp", "sim/runs/sharpness.cpp",
    "sim/runs/trajectory.cpp", "sim/random/mean.cpp", "sim/files/record_file.cpp", "sim/sweeps/*.cpp",
    "proofs_check/certificates/*.cpp", "proofs_check/framework/*.cpp", "proofs_check/checker/**/*.cpp",
]
# (what is found, what stands in its place, the operator's name)
OPERATORS = [(re.compile(a), b, name) for a, b, name in [
    (r" \+ ", " - ", "sign"), (r" - ", " + ", "sign"), (r"(?<=[(=] )-(?=\w)|(?<=\()-(?=\w)|(?<=return )-(?=\w)", "", "sign"),
    (r" \+= ", " -= ", "sign"), (r" -= ", " += ", "sign"),
    (r" < ", " <= ", "comparison"), (r" <= ", " < ", "comparison"), (r" > ", " >= ", "comparison"),
    (r" >= ", " > ", "comparison"), (r" == ", " != ", "comparison"), (r" != ", " == ", "comparison"),
    (r" && ", " || ", "comparison"), (r" \|\| ", " && ", "comparison"), (r"!(?=[a-z(])", "", "comparison"),
    (r"(?<![\w.\"'])(\d+)(?![\w.\"'])", lambda m: str(int(m[1]) + 1), "bound"),
    (r"std::min\b", "std::max", "bound"), (r"std::max\b", "std::min", "bound"),
    (r"\blesser\(", "greater(", "bound"), (r"\bgreater\(", "lesser(", "bound"),
    (r"MPFR_RNDU", "MPFR_RNDD", "rounding"), (r"MPFR_RNDD", "MPFR_RNDU", "rounding"),
    (r"\blower\(", "upper(", "rounding"), (r"\bupper\(", "lower(", "rounding"),
    (r"\[(\w+)\]", r"[\1 - 1]", "index"), (r"\[(\w+) - 1\]", r"[\1]", "index"), (r"\[(\w+) \+ 1\]", r"[\1]", "index"),
    (r" \* ", " / ", "factor"), (r" / ", " * ", "factor"), (r"(?<=[ (])\d+ \* ", "", "factor"), (r" / \d+", "", "factor"),
    (r" [+-] [\w.:\[\]]+(?:\([^()]*\))?(?=[;),])", "", "dropped term"),
]]
PLAIN = ["benign", "benign_tests", "benign_cli_tests", "benign_check_tests", "benign_checker_tests", "benign_plot_tests",
         "benign_campaign_tests", "benign_random_settings", "benign_every_check"]
SANITIZED = ["sanitized_tests"]
# Tests of what is not built here, or of sources as they are written.
NOT_HERE = re.compile("NOT_BUILT|arrows|citations|formatted|from outside|package|pages")


# A file of a byte for each mutant, where BENIGN_MUTANTS_REACHED names one, learns by which places a process comes, also
# one that is killed.
HEADER = r"""#pragma once
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
inline const int benign_mutant = std::getenv("BENIGN_MUTANT") ? std::atoi(std::getenv("BENIGN_MUTANT")) : 0;
inline char* const benign_mutants_reached = [] {
  const char* name = std::getenv("BENIGN_MUTANTS_REACHED");
  const int file = name ? ::open(name, O_RDWR) : -1;
  return file < 0 ? nullptr
                  : static_cast<char*>(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
}();
inline bool benign_mutant_is(int k) {
  if (benign_mutants_reached) benign_mutants_reached[k] = 1;
  return benign_mutant == k;
}
#define BENIGN_MUTANT(k) benign_mutant_is(k)
"""


def code_of(line):
    """The line without its comment; nothing where strings or the preprocessor make it unsafe to change."""
    if line.lstrip().startswith(("#", "//", "*", "template", "BENIGN_", "static_assert", "using", "namespace")):
        return ""
    return line if "//" not in line else line[: line.index("//")].rstrip()


def balanced(text):
    return all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}"))


def switched(line, mutant, number, before, after):
    """The line with the mutant behind its number, or None where the line is no place for one."""
    on = f"BENIGN_MUTANT({number})"
    indent = line[: len(line) - len(line.lstrip())]
    if not (before.endswith((";", "{", "}", ":")) or re.match(r"\s*(for|if|while|else)\b.*\)$|\s*else$", before) or not before):
        return None
    declaration = re.match(r"^(\s*(?:const )?[A-Za-z_][\w:<>, ]*[ &*]+\w+) = ([^;]+);$", line)
    other = re.match(r"^(\s*(?:const )?[A-Za-z_][\w:<>, ]*[ &*]+\w+) = ([^;]+);$", mutant)
    if declaration and not line.lstrip().startswith("return"):
        if not other or other[1] != declaration[1] or "{" in line or "[&" in line or "[=" in line or "constexpr" in line:
            return None
        depth = 0
        for c in declaration[2]:
            depth += c in "([<" and c != "<"
            depth -= c in ")]"
            if c == "," and depth == 0:
                return None
        return f"{declaration[1]} = {on} ? ({other[2]}) : ({declaration[2]});"
    condition = re.match(r"^(\s*)(if|while) \((.*)\) ?(\{?)$", line)
    changed = re.match(r"^(\s*)(if|while) \((.*)\) ?(\{?)$", mutant)
    if condition and changed and ";" not in line and balanced(condition[3]) and "=" not in re.sub(r"[<>=!]=", "", condition[3]):
        return f"{condition[1]}{condition[2]} ({on} ? ({changed[3]}) : ({condition[3]})) {condition[4]}"
    loop = re.match(r"^(\s*for \([^;]*; )([^;]*)(;.*)$", line)
    turned = re.match(r"^(\s*for \([^;]*; )([^;]*)(;.*)$", mutant)
    if loop and turned:
        if loop[1] != turned[1] or loop[3] != turned[3] or not loop[2]:
            return None
        return f"{loop[1]}({on} ? ({turned[2]}) : ({loop[2]})){loop[3]}"
    if line.endswith(";") and balanced(line) and not after.lstrip().startswith("else") and \
            re.match(r"^\s*(return\b|if \(|[\w:.\[\]>()*-]+ [-+*/]?= |[\w:.\[\]>-]+\(|\+\+|--|continue;|break;)", line):
        if re.match(r"^\s*(const|auto|static|constexpr)\b", line) or re.match(r"^\s*[A-Z]\w*(<.*>)? \w+[;({]", line):
            return None
        return f"{indent}if ({on}) {{ {mutant.strip()} }} else {{ {line.strip()} }}"
    return None


def candidates(only):
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            name = str(path.relative_to(ROOT))
            if only and not re.search(only, name):
                continue
            lines = path.read_text().split("\n")
            for k, line in enumerate(lines):
                code = code_of(line)
                if not code or '"' in code:
                    continue
                before = next((code_of(x) for x in reversed(lines[:k]) if code_of(x)), "")
                after = lines[k + 1] if k + 1 < len(lines) else ""
                for pattern_, by, operator in OPERATORS:
                    for found in pattern_.finditer(code):
                        instead = by(found) if callable(by) else found.expand(by)
                        mutant = code[: found.start()] + instead + code[found.end():]
                        if switched(code, mutant, 0, before, after):
                            yield name, k, operator, code, mutant, before, after


def draw(seed, count, only):
    every = list(candidates(only))
    random.Random(seed).shuffle(every)
    chosen, taken = [], set()
    for one in every:
        if (one[0], one[1]) not in taken and len(chosen) < count:
            taken.add((one[0], one[1]))
            chosen.append(one)
    return chosen, len(every)


def write_sources(tree, mutants, left_out):
    for name in {m[0] for m in mutants}:
        lines = (ROOT / name).read_text().split("\n")
        for number, (file, k, _, code, mutant, before, after) in enumerate(mutants, 1):
            if file == name and number not in left_out:
                lines[k] = switched(code, mutant, number, before, after)
        text = "\n".join(lines)
        if (tree / name).read_text() != text:
            (tree / name).write_text(text)


def build(folder, mutants, left_out, programs, *options):
    """Builds the mutants but those left out; returns these and those that do not compile."""
    tree, out = folder / "source", folder / "build"
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    mutated = {m[0] for m in mutants}  # which are written with their mutants, and only if that changes them
    for name in filter(None, files):
        target = tree / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists() and not (name in mutated and target.exists()) and \
                (not target.exists() or target.read_bytes() != (ROOT / name).read_bytes()):
            shutil.copy2(ROOT / name, target)
    header = folder / "mutant.hpp"
    if not header.exists() or header.read_text() != HEADER:
        header.write_text(HEADER)
    subprocess.run(["cmake", *options, "-S", tree, "-B", out, "-G", "Ninja", "-DCMAKE_UNITY_BUILD=ON", "-DBENIGN_TORCH=OFF",
                    f"-DCMAKE_CXX_FLAGS=-include {header} -w"], check=True, stdout=subprocess.DEVNULL)
    left_out = set(left_out)
    while True:
        write_sources(tree, mutants, left_out)
        made = subprocess.run(["ninja", "-C", out, "-k", "0", *programs], capture_output=True, text=True)
        if made.returncode == 0:
            return left_out
        at = {(str(tree / m[0]), m[1] + 1): k for k, m in enumerate(mutants, 1)}
        bad = {at[(f, int(n))] for f, n in re.findall(r"^(\S+?):(\d+):", made.stdout, re.M) if (f, int(n)) in at}
        if not bad - left_out:
            sys.exit("the build fails without a mutant to blame:\n" + made.stdout[-4000:])
        left_out |= bad


class Test:
    """A test of ctest by its number: how long it takes, and by which mutants it comes."""

    def __init__(self, number, name):
        self.number, self.name, self.seconds, self.reached = number, name, 0.0, set()

    def look(self, folder):
        """Runs it without a mutant; returns whether it passed."""
        seen = folder / "reached" / str(self.number)
        seen.parent.mkdir(exist_ok=True)
        seen.write_bytes(bytes(4096))
        start = time.time()
        passed = ctest(folder, [self], 900, BENIGN_MUTANTS_REACHED=str(seen)).returncode == 0
        self.seconds = time.time() - start
        self.reached = {k for k, byte in enumerate(seen.read_bytes()) if byte}
        return passed


def ctest(folder, tests, timeout, **environment):
    numbers = ",".join(str(test.number) for test in tests)
    return subprocess.run(["ctest", "--test-dir", folder / "build", "-I", f",0,,{numbers}", "--stop-on-failure", "-j",
                           str(os.cpu_count()), "--timeout", str(timeout)],
                          env=dict(os.environ, **environment), capture_output=True, text=True, errors="replace")


def quick_tests(folder):
    """The tests that were built, but the long ones, each with the mutants that it reaches, from the quickest to the slowest."""
    listed = subprocess.run(["ctest", "--test-dir", folder / "build", "--show-only=json-v1"], capture_output=True, text=True,
                            check=True)
    tests = []
    for number, test in enumerate(json.loads(listed.stdout)["tests"], 1):
        labels = next((p["value"] for p in test.get("properties", []) if p["name"] == "LABELS"), [])
        if not {"long", "faults", "figure3", "pages"} & set(labels) and not NOT_HERE.search(test["name"]):
            tests.append(Test(number, test["name"]))
    with ThreadPool(os.cpu_count()) as pool:
        passed = pool.map(lambda test: test.look(folder), tests, chunksize=1)
    if not all(passed):
        sys.exit("without a mutant these fail: " + "; ".join(t.name for t, p in zip(tests, passed) if not p))
    return sorted(tests, key=lambda test: test.seconds)


def failing_test(folder, number, tests):
    """The first test that fails with the mutant; None if all pass that reach it."""
    left, size = [test for test in tests if number in test.reached], 8
    if not left:
        return None
    while left:
        some, left, size = left[:size], left[size:], 2 * size
        run = ctest(folder, some, int(60 + 10 * some[-1].seconds), BENIGN_MUTANT=str(number))
        if run.returncode != 0:
            return (re.findall(r"^\s*\d+ - (.*?) \((?:Failed|Timeout|SEGFAULT|.*)\)", run.stdout, re.M) or ["a test"])[0]
    return None


def hunt(folder, mutants, numbers):
    """Tries the mutants of these numbers; returns those that lived, which are printed with their lines."""
    tests = quick_tests(folder)
    print(f"{len(tests)} tests, {sum(test.seconds for test in tests):.0f} s", flush=True)
    lived = set()
    for number in sorted(numbers):
        file, line, operator, before, after = mutants[number - 1][:5]
        start = time.time()
        by = failing_test(folder, number, tests)
        print(f"{number:4} {'caught' if by else 'LIVED ':6} {operator:12} {file}:{line + 1}  {by or ''} ({time.time() - start:.0f} s)",
              flush=True)
        if not by:
            lived.add(number)
            if not any(number in test.reached for test in tests):
                print("     no test comes by it")
            print(f"     - {before.strip()}\n     + {after.strip()}", flush=True)
    return lived


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--seed", type=int, default=1)
    parse.add_argument("--count", type=int, default=100)
    parse.add_argument("--only", default="", help="files whose name has this in it")
    parse.add_argument("--build", type=Path, default=ROOT / "build" / "mutants")
    parse.add_argument("--from", type=int, default=1, dest="first", help="the first mutant to try")
    parse.add_argument("--list", action="store_true", help="print the mutants and stop")
    options = parse.parse_args()
    mutants, places = draw(options.seed, options.count, options.only)
    print(f"seed {options.seed}: {len(mutants)} of {places} mutants", flush=True)
    if options.list:
        for number, m in enumerate(mutants, 1):
            print(f"{number:4} {m[2]:12} {m[0]}:{m[1] + 1}\n     - {m[3].strip()}\n     + {m[4].strip()}")
        return 0
    folder = options.build.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    left_out = build(folder, mutants, set(), PLAIN)
    print(f"built; {len(left_out)} do not compile", flush=True)
    tried = set(range(options.first, len(mutants) + 1)) - left_out
    lived = hunt(folder, mutants, tried)
    if lived:
        others = set(range(1, len(mutants) + 1)) - lived
        sanitized = folder / "sanitized"
        sanitized.mkdir(exist_ok=True)
        build(sanitized, mutants, others, SANITIZED, "-C", ROOT / ".ci" / "sanitize.cmake")
        print("those that lived, under the sanitizers", flush=True)
        lived = hunt(sanitized, mutants, lived)
    print(f"{len(tried) - len(lived)} of {len(tried)} caught, {len(lived)} lived, {len(left_out)} did not compile")
    return len(lived) > 0.05 * len(tried)


if __name__ == "__main__":
    sys.exit(main())
