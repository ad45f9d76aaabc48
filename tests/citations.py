#!/usr/bin/python3
"""What comments and documents cite is there.

    tests/citations.py         prints what is cited and is not there; exit status 1 if anything is

Checked: every "THEORY section N.M" (or "sections N.M and N.M", "section N.M of THEORY", "THEORY N.M") in sources and
documents, and every section that a check names as its source, is a heading of theory/THEORY.md, as are the sections
that THEORY.md and REFERENCES.md refer to; headings are numbered without a gap; documents (*.md) and headers that are
named exist, so do the files that the documents of theory/ name; and the checks of REFERENCES.md are in the registry.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOUSES = ["theory", "sim", "plots", "proofs_check", "tests"]
DOCUMENTS = ["THEORY", "REFERENCES", "NOTATION", "TRUST"]
SOURCES = {".hpp", ".cpp", ".py", ".cmake", ".sh", ".txt", ".md"}
# Documents that a run writes or another project has, and not this one.
NOT_OURS = {"report.md"}

NUMBER = r"\d+(?:\.\d+)?"
NUMBERS = rf"{NUMBER}(?:(?:, | and |, and | to ){NUMBER})*"
CITATION = re.compile(rf"THEORY(?:\.md)?\]?(?:\([^)]*\))?[,']? (?:sections? )?({NUMBERS})|sections? ({NUMBERS}) of \[?THEORY")

faults = []


def files():
    found = [ROOT / "README.md", ROOT / "CMakeLists.txt"]
    for house in HOUSES:
        found += [p for p in sorted((ROOT / house).glob("**/*")) if p.suffix in SOURCES and p.is_file()]
    return [p for p in found if p != Path(__file__).resolve() and "gallery" not in p.parts]


def in_one_line(text):
    """Without the ends of lines, and what a comment begins its lines with."""
    return re.sub(r"\s*\n[ \t]*(?://[/!]*<?|#)?[ \t]*", " ", text)


def headings():
    found = []
    for line in (ROOT / "theory/THEORY.md").read_text().split("\n"):
        match = re.match(r"## (\d+)\. |### (\d+\.\d+) ", line)
        if match:
            found.append(match[1] or match[2])
        elif re.match(r"##+ ", line):
            faults.append(f"theory/THEORY.md has a heading without a number: {line}")
    return found


def check_numbering(sections):
    chapter = part = 0
    for section in sections:
        expected = f"{chapter}.{part + 1}" if "." in section else f"{chapter + 1}"
        if section != expected:
            faults.append(f"theory/THEORY.md has section {section} where {expected} is next")
        chapter, part = (int(x) for x in (section + ".0").split(".")[:2])


def cite(where, numbers, sections):
    for number in re.findall(NUMBER, numbers):
        if number not in sections:
            faults.append(f"{where} cites section {number} of THEORY, which is not there")


def check_citations(path, sections):
    name, text = str(path.relative_to(ROOT)), path.read_text()
    for match in CITATION.finditer(in_one_line(text)):
        cite(name, match[1] or match[2], sections)
    for numbers in re.findall(rf'"\[D\] sections? ({NUMBERS})"', text):  # of a check
        cite(name, numbers, sections)
    if name == "theory/THEORY.md":
        for numbers in re.findall(r"\(([1-9]\.\d\d?(?:(?:, | and | to )[1-9]\.\d\d?)*)\)", in_one_line(text)):
            cite(name, numbers, sections)


def exists(named, beside):
    return any((base / named).exists() for base in (beside, ROOT, ROOT / "theory"))


def check_documents_named(path):
    name = str(path.relative_to(ROOT))
    for document in re.findall(r"(?<![\w}/.-])[\w.][\w./-]*\.md\b", path.read_text()):
        if Path(document).name not in NOT_OURS and not exists(document, path.parent):
            faults.append(f"{name} names {document}, which is not there")


def check_headers_named(path, headers):
    """In comments: a header by its path, or by its name alone."""
    for line in path.read_text().split("\n"):
        for header in re.findall(r"(?<![\w<\"/])[a-z_][\w/]*\.hpp\b", line.partition("//")[2]):
            if not any(("/" + h).endswith("/" + header) for h in headers):
                faults.append(f"{path.relative_to(ROOT)} names {header}, which is not there")


def expanded(pattern):
    """a/{b,c} -> a/b, a/c."""
    match = re.search(r"\{([^{}]*)\}", pattern)
    if not match:
        return [pattern]
    return [x for part in match[1].split(",") for x in expanded(pattern[:match.start()] + part + pattern[match.end():])]


def check_files_named(document, headers):
    path = ROOT / "theory" / f"{document}.md"
    for code in re.findall(r"`([^`]+)`", path.read_text()):
        for named in expanded(code.strip()):
            if not re.fullmatch(r"[\w./-]+", named):
                continue
            if named.split("/")[0] in HOUSES and "/" in named:
                if not (ROOT / named).exists() and not list(ROOT.glob(named + ".?pp")):
                    faults.append(f"theory/{document}.md names {named}, which is not there")
            elif re.search(r"\.[hc]pp$", named) and not any(h.endswith("/" + named) for h in headers):
                faults.append(f"theory/{document}.md names {named}, which is not there")


def registered():
    """The ids of checks, from the calls that register them."""
    ids = set()
    for path in [*(ROOT / "proofs_check/checks").glob("**/*.cpp"), ROOT / "theory/lemmas/lemmas.cpp"]:
        ids |= set(re.findall(r'(?:\.id = |\(\s*\d+,\s*|\{(?="lemma))"([a-z]\w*(?:\.\w+)+)"', path.read_text()))
    return ids


def check_references(ids, sections):
    for line in (ROOT / "theory/REFERENCES.md").read_text().split("\n"):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) != 4 or cells[0] in ("statement", "---"):
            continue
        for part in cells[1].split(";"):
            match = re.fullmatch(r"(?:.*\[D\])?\s*(\d\.\d+(?:, \d\.\d+)*)", part.strip())
            if match:
                cite("theory/REFERENCES.md", match[1], sections)
        for named in re.findall(r"`([^`]+)`", cells[3]):
            if "/" in named:
                continue
            begins = named.removesuffix("*")
            if not any(i == named or (begins != named and i.startswith(begins)) for i in ids):
                faults.append(f"theory/REFERENCES.md names the check {named}, which is not in the registry")


def main():
    found = headings()
    sections = set(found)
    check_numbering(found)
    headers = [str(p.relative_to(ROOT)) for house in HOUSES for p in (ROOT / house).glob("**/*.?pp")]
    for path in files():
        check_citations(path, sections)
        check_documents_named(path)
        if path.suffix in (".hpp", ".cpp"):
            check_headers_named(path, headers)
    for document in DOCUMENTS:
        check_files_named(document, headers)
    ids = registered()
    if len(ids) < 40:
        faults.append(f"only {len(ids)} checks found in the registry: the way they are looked for is wrong")
    check_references(ids, sections)
    print("\n".join(faults))
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
