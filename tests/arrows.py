#!/usr/bin/python3
"""The house as its includes have it, held against what is declared.

    tests/arrows.py            checks; prints what is wrong; exit status 1 if anything is
    tests/arrows.py --write    writes the drawing of its rooms into the README of each house

Checked: every #include "…" names a file of the project by its path from the top; a room includes its own headers and
those of the rooms that its benign_room(… USES …) names, and uses all that it names; arrows between the houses run
theory <- sim <- plots <- proofs_check, and none between rooms runs in a circle; a room has at most 15 units (a header
with its source), a source file at most 300 lines, a function of the houses at most 60; the drawings are up to date; and the checker of certificates sees
nothing of the prover's, directly or through other headers.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOUSES = ["theory", "sim", "plots", "proofs_check"]
BEGIN, END = "<!-- rooms: written by tests/arrows.py --write -->", "<!-- end of rooms -->"

# Files longer than 300 lines and functions longer than 60, with the reason.
LONG = {}
LONG_FUNCTIONS = {("sim/runs/parameter_table.cpp", "make_table"): "the table itself: an entry for each parameter"}

# What the checker shares with the prover: the drawing of the data and the reading of options. Whatever its files
# include, directly or through other headers, is its own or on this list.
CHECKER_MAY_SEE = re.compile(
    r"theory/numbers/(dd|decimal|real)\.hpp|theory/model/parameters\.hpp|sim/random/random\.hpp"
    r"|sim/data/(brought|data|initial_weights|instance)\.hpp|sim/routes/(method_kind|route_kind|train)\.hpp"
    r"|sim/runs/(config_json|data_hash|run_config)\.hpp"
    r"|proofs_check/text/(configuration|usage_error)\.hpp|proofs_check/checker/((arithmetic|descent|form|theorem)/)?\w+\.hpp")

faults = []


def includes(path):
    return re.findall(r'^ *#include "([^"]+)"', (ROOT / path).read_text(), re.M)


def declared_rooms():
    """Folder -> rooms that it uses, from the calls of benign_room."""
    rooms = {}
    for house in HOUSES:
        for listing in sorted((ROOT / house).glob("**/CMakeLists.txt")):
            for call in re.findall(r"^ *benign_room\((.*?)\)", re.sub(r"\$\{\w+\}|#.*", "", listing.read_text()), re.M | re.S):
                words = call.split()
                uses, taking = [], False
                for word in words[1:]:
                    if word.isupper():
                        taking = word == "USES"
                    elif taking:
                        uses.append(word)
                rooms[words[0]] = uses
    return rooms


def files_of(room):
    return [str(p.relative_to(ROOT)) for p in sorted((ROOT / room).glob("*.?pp"))]


def actual_arrows(rooms):
    arrows = {room: set() for room in rooms}
    for room in rooms:
        for path in files_of(room):
            for header in includes(path):
                if not (ROOT / header).is_file():
                    faults.append(f"{path} includes {header}, which is not there")
                    continue
                other = str(Path(header).parent)
                if other not in rooms:
                    faults.append(f"{path} includes {header}, which is in no room")
                elif other != room:
                    arrows[room].add(other)
                    if HOUSES.index(other.split("/")[0]) > HOUSES.index(room.split("/")[0]):
                        faults.append(f"{path} includes {header}: against the arrows between the houses")
    return arrows


def check_declarations(rooms, arrows):
    for room, uses in rooms.items():
        for other in sorted(arrows[room] - set(uses)):
            faults.append(f"{room} includes headers of {other}, which its CMakeLists.txt does not name under USES")
        for other in sorted(set(uses) - arrows[room]):
            faults.append(f"{room} names {other} under USES and includes nothing of it")


def levels_of(rooms, arrows):
    """Rooms by level, the lowest first: each uses only what is below it."""
    levels, placed = [], set()
    while len(placed) < len(rooms):
        level = [room for room in rooms if room not in placed and arrows[room] <= placed]
        if not level:
            faults.append("a circle among " + ", ".join(sorted(set(rooms) - placed)))
            break
        levels.append(level)
        placed |= set(level)
    return levels


def check_sizes(rooms):
    for room in rooms:
        units = {Path(path).stem for path in files_of(room)}
        if len(units) > 15:
            faults.append(f"{room} has {len(units)} units, more than 15")
    for path in sorted(ROOT.glob("**/*.?pp")):
        name = str(path.relative_to(ROOT))
        lines = path.read_text().count("\n")
        if name.split("/")[0] in HOUSES + ["tests"] and lines > 300 and name not in LONG:
            faults.append(f"{name} has {lines} lines, more than 300")


def functions_of(path):
    """(name, lines) of what begins at the margin with a name and an open bracket, up to the brace that closes there."""
    lines, begin, name = (ROOT / path).read_text().split("\n"), None, ""
    for number, line in enumerate(lines):
        found = re.match(r"(?!namespace|struct|class|enum|union|extern|template|#|//)[A-Za-z].*?([\w~]+)\(", line)
        if found and begin is None:
            begin, name = number, found[1]
        elif line.startswith("}") and begin is not None:
            yield name, number - begin + 1
            begin = None
        elif begin is not None and (not line or (line[0] not in " )" and not line.startswith("template"))):
            if not any(x.rstrip().endswith("{") for x in lines[begin:number]):
                begin = None  # a declaration


def check_functions():
    for house in HOUSES:
        for path in sorted((ROOT / house).glob("**/*.?pp")):
            name = str(path.relative_to(ROOT))
            for function, lines in functions_of(name):
                if lines > 60 and (name, function) not in LONG_FUNCTIONS:
                    faults.append(f"{name}: {function} has {lines} lines, more than 60")


def check_checker():
    todo, seen = [p for p in files_of("proofs_check/checker") + files_of("proofs_check/checker/form")
               + files_of("proofs_check/checker/arithmetic") + files_of("proofs_check/checker/descent")], set()
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        for header in includes(path):
            if not CHECKER_MAY_SEE.fullmatch(header):
                faults.append(f"the checker's {path} includes {header}")
            elif (ROOT / header).is_file():
                todo.append(header)
        if re.search(r'#include <mpfi|"theory/numbers/enclosure', (ROOT / path).read_text()):
            faults.append(f"{path}: the checker's intervals are its own")


def drawing(house, rooms, arrows):
    """A picture in Mermaid, of a house's rooms; an arrow points to what is included. What other rooms lead to as well
    is not drawn again."""
    def reached(room, without):
        found, todo = set(), [r for r in arrows[room] if r != without]
        while todo:
            other = todo.pop()
            if other not in found:
                found.add(other)
                todo += arrows[other]
        return found

    lines = ["```mermaid", "graph TD"]
    own = [room for room in rooms if room.startswith(house + "/")]
    for room in own:
        lines.append(f"  {room.replace('/', '_')}[{room.removeprefix(house + '/')}]")
    for room in own:
        for other in sorted(arrows[room]):
            if other.startswith(house + "/") and other not in reached(room, other):
                lines.append(f"  {room.replace('/', '_')} --> {other.replace('/', '_')}")
    return "\n".join(lines + ["```"])


def readme_with(house, text):
    readme = ROOT / house / "README.md"
    old = readme.read_text() if readme.is_file() else ""
    if BEGIN not in old or END not in old:
        faults.append(f"{house}/README.md has no place for the drawing of its rooms: {BEGIN} … {END}")
        return readme, old, old
    before, rest = old.split(BEGIN, 1)
    return readme, old, before + BEGIN + "\n" + text + "\n" + END + rest.split(END, 1)[1]


def main():
    rooms = declared_rooms()
    arrows = actual_arrows(rooms)
    check_declarations(rooms, arrows)
    levels_of(rooms, arrows)
    check_sizes(rooms)
    check_functions()
    check_checker()
    for house in HOUSES:
        readme, old, new = readme_with(house, drawing(house, rooms, arrows))
        if "--write" in sys.argv and new != old:
            readme.write_text(new)
        elif new != old:
            faults.append(f"{house}/README.md draws other rooms or arrows: run tests/arrows.py --write")
    print("\n".join(faults))
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
