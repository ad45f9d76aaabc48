#!/usr/bin/python3
"""The pages (*.md), held against what they speak of.

    tests/pages.py --links                 every relative link, anchor and picture exists; files and fields that a page shows are
                                           those of the sources; README.md has at most 150 lines; every page is reached from it
    tests/pages.py --run BUILD [PAGE ...]  runs every command of the pages, each page's in an empty folder of its own and in
                                           the order of the page; BUILD holds the program
    tests/pages.py --run BUILD --long      those, too, that a comment before them marks as long, as in "# long: 2 minutes"
    tests/pages.py --times BUILD [PAGE …]  the same, and a table of how long each command took on this machine

A command is a line of a fenced block of sh, or an indented line that begins with "benign ". Blocks of python are cells of one
notebook and run between the commands; a block of text right behind one is a part of what it prints. A command that has not
ended after ten minutes, or two hours if it is marked, is taken to hang: any limit near the time that it takes would be a test
of the machine. It ends with status 0, or with the one that its comment names, as in "# exit status 1". What is not run here,
because a test of its own does, stands in ELSEWHERE with that test.
"""
import importlib.util
import io
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT, LONG_LIMIT = 600, 7200

# Beginnings of commands that are no matter of this test, and what runs them.
ELSEWHERE = {
    "./proofs_check/run": "the main job",
    "./tests/run": "the tests themselves",
    "tests/": "the tests themselves",
    "cmake ": "proofs_check/prepare.sh and tests/install/outside.sh",
    "ninja ": "proofs_check/prepare.sh",
    "mine/build/benign ": "tests/install/outside.sh",
    "own/build/benign ": "tests/install/outside_model.sh",
    "cpack ": "tests/install/packages.sh",
    "mpirun ": "tests/proofs_check/commands/mpi_test.cpp",
    "apt-get ": "proofs_check/prepare.sh",
}
# Pages that a test of their own runs, with the data that they take for granted.
PAGES_ELSEWHERE = {"sim/tokens/README.md": "tests/proofs_check/commands/journey_test.cpp"}


# Structs whose members a page lists, and their headers.
STRUCTURES = {
    "Trajectory": "sim/runs/trajectory.hpp", "Moment": "sim/runs/trajectory.hpp", "Observation": "sim/runs/observation.hpp",
    "GroupAttention": "sim/runs/observation.hpp", "FollowedSample": "sim/runs/observation.hpp", "Readout": "sim/routes/route.hpp",
    "TestError": "sim/generalisation/test_error.hpp", "Events": "sim/runs/simulate.hpp", "Samples": "theory/model/model.hpp",
    "Scales": "theory/model/parameters.hpp",
}
NOTEBOOK = {"matplotlib", "mpmath", "numpy", "pandas"}
INSTALLED = {module for module in NOTEBOOK if importlib.util.find_spec(module)}


def pages():
    found = [ROOT / "README.md"]
    for house in ("theory", "sim", "plots", "proofs_check", "tests"):
        found += sorted((ROOT / house).glob("**/*.md"))
    return found


def blocks(text):
    """(language, lines, number of the first line) of each fenced block, and of each run of indented lines as ''."""
    found, language, inside, start = [], None, [], 0
    for number, line in enumerate(text.split("\n"), 1):
        fence = re.match(r" {0,3}```(\S*)", line)
        if fence and language is None:
            language, inside, start = fence[1] or "text", [], number + 1
        elif fence:
            found.append((language, inside, start))
            language = None
        elif language is not None:
            inside.append(line)
        elif line.startswith("    "):
            found.append(("", [line[4:]], number))
    return found


def commands(text):
    """(language, command or cell, allowed status or shown output, long, line number) in the order of the page."""
    found, all_blocks = [], blocks(text)
    for (language, lines, start), (following, output, _) in zip(all_blocks, all_blocks[1:] + [("", [], 0)]):
        if language == "python":
            found.append((language, "\n".join(lines), "\n".join(output) if following == "text" else "", False, start))
        if language not in ("sh", "") or (language == "" and not lines[0].startswith("benign ")):
            continue
        joined, is_long = "", False
        for number, line in enumerate(lines, start):
            if line.startswith("#"):
                is_long = is_long or line.startswith("# long:")
                continue
            joined += line
            if joined.endswith("\\"):
                joined = joined[:-1] + " "
                continue
            if joined.strip():
                status = re.search(r"# .*exit status (\d+)", joined)
                command = re.sub(r"\s+", " ", joined).strip()
                found.append(("sh", command, int(status[1]) if status else 0, is_long, number))
                is_long = False
            joined = ""
    return found


class Notebook:
    """Runs cells of Python in a folder, all in one process with one namespace."""

    def __init__(self, folder, environment):
        self.here, there = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=self.work, args=(there, folder, environment), daemon=True)
        self.process.start()

    @staticmethod
    def work(pipe, folder, environment):
        os.chdir(folder)
        os.environ.update(environment, MPLBACKEND="Agg")
        sys.path[0:0] = environment["PYTHONPATH"].split(":")
        names = {"__name__": "__main__"}
        while True:
            sys.stdout = io.StringIO()
            try:
                exec(compile(pipe.recv(), "cell", "exec"), names)
                pipe.send((None, sys.stdout.getvalue()))
            except EOFError:
                return
            except BaseException:
                pipe.send((traceback.format_exc(limit=-3), ""))

    def run(self, cell, shown, limit):
        """What is wrong with the cell, or with what the page shows of its output; or None."""
        self.here.send(cell)
        if not self.here.poll(limit):
            self.process.kill()
            return f"has not ended after {limit} s"
        fault, printed = self.here.recv()
        lines = [" ".join(line.split()) for line in printed.split("\n")]
        missing = [line for line in shown.split("\n") if " ".join(line.split()) not in lines]
        return fault or (f"prints\n{printed}\nand not {missing}" if missing else None)


def anchors(text):
    """Of the headings, as GitHub makes them."""
    found, inside = [], False
    for line in text.split("\n"):
        if line.lstrip().startswith("```"):
            inside = not inside
        heading = re.match(r"#{1,6} +(.*)", line)
        if heading and not inside:
            words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading[1]).strip().lower()
            anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
            repeated = sum(1 for a in found if re.fullmatch(re.escape(anchor) + r"(-\d+)?", a))
            found.append(anchor + (f"-{repeated}" if repeated else ""))
    return found


def links(text):
    """Targets of links and pictures outside of code."""
    without_code = re.sub(r"```.*?```|`[^`\n]*`", lambda m: re.sub(r"[^\n]", " ", m[0]) if m[0].startswith("```") else "`", text, flags=re.S)
    return re.findall(r"\]\(([^)\s]+)\)", without_code)


def check_links():
    faults, reached = [], {ROOT / "README.md"}
    todo = [ROOT / "README.md"]
    targets = {}
    for page in pages():
        text = page.read_text()
        targets[page] = []
        for link in links(text):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists():
                faults.append(f"{page.relative_to(ROOT)}: {link} is not there")
                continue
            targets[page].append(target)
            if anchor and target.suffix == ".md" and anchor not in anchors(target.read_text()):
                faults.append(f"{page.relative_to(ROOT)}: no heading of {path or 'this page'} is #{anchor}")
    while todo:
        for target in targets[todo.pop()]:
            if target in targets and target not in reached:
                reached.add(target)
                todo.append(target)
    faults += [f"{p.relative_to(ROOT)} is reached from no page" for p in targets if p not in reached]
    length = (ROOT / "README.md").read_text().count("\n")
    if length > 150:
        faults.append(f"README.md has {length} lines, 150 are allowed")
    return faults


def check_files_shown():
    """A block below <!-- file: PATH --> is that file."""
    faults = []
    for page in pages():
        for path, shown in re.findall(r"<!-- file: (\S+) -->\n```\w*\n(.*?)```", page.read_text(), re.S):
            if shown != (ROOT / path).read_text():
                faults.append(f"{page.relative_to(ROOT)} shows another {path} than there is")
    return faults


def members(structure):
    """Names of the data members of a struct, from its header."""
    body = re.search(rf"^struct {structure}\b[^;{{]*{{(.*?)^}};", (ROOT / STRUCTURES[structure]).read_text(), re.S | re.M)[1]
    body = re.sub(r"//[^\n]*", "", body)
    found = []
    for line in body.split("\n"):
        line = re.sub(r"\{[^{}]*\}|=[^;]*", "", line)
        declared = re.match(r" +(?:std::|theory::)?[\w:]+(?:<.*>)? ([\w, ]+);", line)
        if declared and "return" not in line:
            found += declared[1].replace(" ", "").split(",")
    return found


def check_fields():
    page = (ROOT / "proofs_check/THEOREM_2_CHECK.md").read_text()
    named = {}
    for structure, names in re.findall(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|", page, re.M):
        named.setdefault(structure, []).extend(re.findall(r"`(\w+)`", names))
    return [f"proofs_check/THEOREM_2_CHECK.md: {structure} has {sorted(members(structure))}, the table {sorted(named.get(structure, []))}"
            for structure in STRUCTURES if sorted(members(structure)) != sorted(named.get(structure, []))]


def elsewhere(command):
    return next((test for begins, test in ELSEWHERE.items() if command.startswith(begins)), None)


def run_one(command, folder, environment, allowed, limit):
    """What is wrong with how the command ended, or None."""
    with subprocess.Popen(["bash", "-c", command], cwd=folder, env=environment, text=True, start_new_session=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            out, err = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return f"has not ended after {limit} s"
    if process.returncode != allowed:
        return f"exit status {process.returncode} where {allowed} is said: {(err or out)[-600:]}"
    return None


def runs_here(language, text, is_long, build, long):
    if language == "python":
        return NOTEBOOK <= INSTALLED
    encoder = text.startswith("benign_encoder") and not (build / "benign_encoder").exists()
    return not elsewhere(text) and not encoder and (long or not is_long)


def needs_module(text):
    return any(language == "python" and re.search(r"^import benign", cell, re.M) for language, cell, *_ in commands(text))


def run_page(name, text, build, long, shown):
    """(what is wrong, how much was run)"""
    faults, count, notebook = [], 0, None
    environment = dict(os.environ, PATH=f"{build}:{os.environ['PATH']}", PYTHONPATH=str(build / "python"))
    with tempfile.TemporaryDirectory() as folder:
        for language, command, allowed, is_long, number in commands(text):
            if not runs_here(language, command, is_long, build, long):
                continue
            begin = time.time()
            limit = LONG_LIMIT if is_long else LIMIT
            if language == "python":
                notebook = notebook or Notebook(folder, environment)
                fault = notebook.run(command, allowed, limit)
            else:
                fault = run_one(command, folder, environment, allowed, limit)
            if fault:
                faults.append(f"{name}:{number}: {command}\n  {fault}")
            count += 1
            if shown:
                what = f"`{command.replace('|', chr(92) + '|')}`" if language == "sh" else "Python"
                print(f"| {name}:{number} | {what} | {time.time() - begin:.1f} s |", flush=True)
        if notebook:
            notebook.here.close()
            notebook.process.terminate()
            notebook.process.join()
    return faults, count


def run(build, chosen, long, shown):
    faults, count = [], 0
    for page in pages():
        name = str(page.relative_to(ROOT))
        if (chosen and name not in chosen) or name in PAGES_ELSEWHERE:
            continue
        if needs_module(page.read_text()) and not (build / "python/benign").exists():
            continue  # tests/run --python runs it
        of_page, number = run_page(name, page.read_text(), build, long, shown)
        faults += of_page
        count += number
    if count == 0:
        faults.append("nothing was run")
    if not NOTEBOOK <= INSTALLED:
        print(f"The pages' Python was left out: it needs {', '.join(sorted(NOTEBOOK))}")
    return faults


def main(arguments):
    options = [a for a in arguments if a.startswith("--")]
    rest = [a for a in arguments if not a.startswith("--")]
    if options == ["--links"]:
        faults = check_links() + check_files_shown() + check_fields()
    elif options and options[0] in ("--run", "--times") and rest:
        if options[0] == "--times":
            print("| page | command | time |\n|---|---|---|")
        faults = run(Path(rest[0]).resolve(), rest[1:], "--long" in options, options[0] == "--times")
    else:
        print(__doc__)
        return 2
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
