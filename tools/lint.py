#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""Checks what the compiler does not: imports against Package.swift, headers,
file sizes, doc comments, and constructs that bad input could turn into a crash.

Prints one line for each fault, `file:line: sentence`, and exits 1 when there
is one. `tools/lint.py --self-test` proves that every check can fail.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

# Modules that come with the toolchain; everything else needs a row.
TOOLCHAIN = {
    "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "PackageDescription", "Swift", "Synchronization",
    "Testing", "_Concurrency",
}

HEADER = ["SPDX-License-Identifier: Apache-2.0", "Part of Miaopu."]
GENERATED = (".pb.swift", ".generated.swift")
LONGEST_SOURCE, LONGEST_TEST, LONGEST_LINE = 500, 800, 120

IMPORT = re.compile(
    r"^(?:@\w+(?:\([^)]*\))?\s+)*(?:public |package |internal |private |fileprivate )?"
    r"import (?:struct |class |enum |protocol |func |var |let |typealias )?(\w+)")
PUBLIC = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*public (?:(?:static|final|mutating|nonmutating|indirect|convenience|required|"
    r"class|nonisolated|lazy|unowned|weak|(?:private|fileprivate|internal|package)\(set\)) )*"
    r"(struct|class|enum|protocol|actor|func|var|let|init|subscript|typealias|macro)\b[ ]*([^\s(:<{=]*)")
# Members whose meaning is the protocol's that asks for them.
KNOWN_MEMBERS = re.compile(
    r"\b(?:var (?:description|debugDescription|hashValue|errorDescription)\b"
    r"|func (?:hash\(into|encode\(to|makeIterator)|static func (?:==|<|run\(request)|init\(from decoder)")
# A property's name and type, and an initialiser's labels, may say all there is
# to say; a comment that repeats them is worse than none.
SELF_EXPLAINING = {"init", "let", "var"}
FORBIDDEN = [
    (re.compile(r"\btry!"), "try! turns an error into a crash; use try"),
    (re.compile(r"\bas!"), "as! turns a wrong type into a crash; use as? and say what to do otherwise"),
    (re.compile(r"\bfatalError\("), "fatalError ends the process; throw an error with a sentence"),
    (re.compile(r"\bpreconditionFailure\("), "preconditionFailure ends the process; throw an error with a sentence"),
    (re.compile(r"[\w\)\]]!(?:[.,;)\]\s]|$)(?!=)"), "a forced unwrap turns nil into a crash; use guard or ??"),
    (re.compile(r"\bBundle\.module\b"), "Bundle.module traps in a moved binary; embed the resource in code"),
    (re.compile(r"\bunsafeFlags\b"), "unsafeFlags keeps the package from being a dependency"),
]
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:hom[e]|roo[t]|User[s]|wor[k]|tm[p]/bash)/")


class Lint:
    def __init__(self, root):
        self.root = root
        self.faults = []

    def fault(self, path, line, sentence):
        self.faults.append(f"{path.relative_to(self.root)}:{line}: {sentence}")

    def check(self, targets):
        for target in targets:
            allowed = TOOLCHAIN | {target["name"]} | allowed_modules(target)
            for path in sorted((self.root / target["path"]).rglob("*.swift")):
                self.check_swift(path, allowed, target)
        for path in [self.root / "Package.swift", *sorted((self.root / "tools").rglob("*"))]:
            if path.is_file() and "__pycache__" not in path.parts and path.suffix in ("", ".py", ".sh", ".swift"):
                self.check_header(path, path.read_text(encoding="utf-8").splitlines())
        for folder in ("Sources", "Plugins", "Tests", "layers", "tools", "docs"):
            for path in sorted((self.root / folder).rglob("*")):
                self.check_text(path)
        for pattern in ("*.md", "docs/**/*.md", "Plugins/*/*.md"):
            for path in sorted(self.root.glob(pattern)):
                self.check_links(path)
        self.check_architecture(targets)

    def check_swift(self, path, allowed, target):
        lines = path.read_text(encoding="utf-8").splitlines()
        if path.name.endswith(GENERATED):
            return
        self.check_header(path, lines)
        is_test = target["path"].startswith("Tests/")
        ceiling = LONGEST_TEST if is_test else LONGEST_SOURCE
        if len(lines) > ceiling:
            self.fault(
                path, len(lines), f"{len(lines)} lines, and {ceiling} is the ceiling; this is probably two things")
        self.check_imports(path, lines, allowed, target["name"])
        self.check_sendable(path, lines)
        if not is_test:
            self.check_constructs(path, lines)
            self.check_documentation(path, lines)

    def check_header(self, path, lines):
        start = 1 if lines and lines[0].startswith(("#!", "// swift-tools-version")) else 0
        found = [line.lstrip("/#-! ").rstrip() for line in lines[start:start + 2]]
        if found != HEADER:
            self.fault(path, start + 1, f"the file does not begin with the two lines {HEADER}")

    def check_imports(self, path, lines, allowed, target):
        for number, line in enumerate(lines, 1):
            found = IMPORT.match(line)
            if found and found[1] not in allowed:
                self.fault(path, number, f"imports {found[1]}, which {target}'s row in Package.swift does not name")

    def check_sendable(self, path, lines):
        for number, line in enumerate(lines, 1):
            if "@unchecked Sendable" not in line or line.lstrip().startswith("//"):
                continue
            following = lines[number].lstrip() if number < len(lines) else ""
            if not following.startswith("//"):
                self.fault(path, number, "@unchecked Sendable without its reason as a comment on the next line")

    def check_constructs(self, path, lines):
        in_text = False
        for number, line in enumerate(lines, 1):
            if line.count('"""') % 2 == 1:
                in_text = not in_text
                continue
            if in_text:
                continue
            code = without_text_and_comments(line)
            for pattern, sentence in FORBIDDEN:
                if pattern.search(code):
                    self.fault(path, number, sentence)

    def check_documentation(self, path, lines):
        for number, line in enumerate(lines, 1):
            found = PUBLIC.match(line)
            if not found or KNOWN_MEMBERS.search(line) or found[1] in SELF_EXPLAINING:
                continue
            # A type within a documented type: a list of kinds, mostly.
            if line.startswith(" ") and found[1] in ("enum", "struct"):
                continue
            above = number - 2
            while above >= 0 and lines[above].strip().startswith("@"):
                above -= 1
            if above < 0 or not lines[above].strip().startswith(("///", "*/")):
                self.fault(path, number, f"public {found[1]} {found[2]} has no doc comment".replace("  ", " "))

    def check_links(self, path):
        """A link to another file of the project leads to one."""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for link in re.findall(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)", line):
                if "://" not in link and not (path.parent / link).exists():
                    self.fault(path, number, f"links to {link}, which is not there")

    def check_architecture(self, targets):
        """The table of tiers names every target, and no other."""
        path = self.root / "docs/architecture.md"
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        rows = [(number, re.findall(r"`(\w+)`", line.split("|")[2]))
                for number, line in enumerate(lines, 1) if re.match(r"\| \d \|", line)]
        listed = {name: number for number, names in rows for name in names}
        declared = {target["name"] for target in targets if not target["path"].startswith("Tests/")}
        for name in sorted(declared - listed.keys()):
            self.fault(path, 1, f"the table of tiers does not name {name}")
        for name in sorted(listed.keys() - declared):
            self.fault(path, listed[name], f"the table of tiers names {name}, which has no row in Package.swift")

    def check_text(self, path):
        if path.suffix in (".png", ".bin", ".wkb", ".jpg") or not path.is_file() or "__pycache__" in path.parts:
            return
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            return
        is_code = path.suffix == ".swift" and not path.name.endswith(GENERATED)
        for number, line in enumerate(lines, 1):
            if MACHINE_PATH.search(line):
                self.fault(path, number, "carries a path of one machine")
            if path.name != "lint.py" and UNFINISHED.search(line):
                self.fault(path, number, "is marked as unfinished; finish it")
            if is_code and len(line) > LONGEST_LINE and not re.search(r'https?://|"', line):
                self.fault(path, number, f"{len(line)} columns, and {LONGEST_LINE} is the ceiling")


def without_text_and_comments(line):
    """The line without string contents and its comment, roughly: enough to look for operators."""
    line = re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
    return line.split("//")[0]


def allowed_modules(target):
    """A product is imported by its own name."""
    return set(target["uses"]) | set(target["products"])


def targets_of(root):
    """The targets as Package.swift declares them: name, type, path, what they use."""
    text = subprocess.run(
        ["swift", "package", "dump-package"], cwd=root, check=True, stdout=subprocess.PIPE, text=True).stdout
    targets = []
    for target in json.loads(text[text.index("{"):])["targets"]:
        uses, products = set(), set()
        for dependency in target["dependencies"]:
            if "product" in dependency:
                products.add(dependency["product"][0])
            else:
                uses.add((dependency.get("target") or dependency["byName"])[0])
        folder = "Tests" if target["type"] == "test" else "Sources"
        path = target.get("path") or f"{folder}/{target['name']}"
        targets.append(dict(name=target["name"], type=target["type"], path=path, uses=uses, products=products))
    return targets


def self_test():
    """Every check finds the fault made for it, and nothing in a clean file."""
    head = "// SPDX-License-Identifier: Apache-2.0\n// Part of Miaopu.\n\n"
    clean = head + "import Foundation\n\n/// A thing.\npublic struct Thing {\n    let isOdd = 1 != 2\n}\n"
    faulty = {
        "header": "import Foundation\n",
        "import": head + "import Elsewhere\n",
        "size": head + "\n" * LONGEST_SOURCE,
        "sendable": head + "final class A: @unchecked Sendable {\n}\n",
        "try": head + "let a = try! b()\n",
        "cast": head + "let a = b as! C\n",
        "unwrap": head + "let a = b!.c\n",
        "trap": head + "let a = fatal" + "Error()\n",
        "bundle": head + "let a = Bundle.mod" + "ule.url\n",
        "column": head + "let a = 1" + " + 1" * 30 + "\n",
        "doc": head + "public struct Thing {}\n",
        "unfinished": head + "// TO" + "DO: later\n",
        "path": head + "let a = \"/hom" + "e/someone/file\"\n",
    }
    target = dict(name="A", type="regular", path="Sources/A", uses=set(), products=set())
    for name, text in {"clean": clean, "table": clean, "link": clean, **faulty}.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "Sources/A").mkdir(parents=True)
            (root / "docs").mkdir()
            page = {"table": "", "link": "| 1 | `A` | [a thing](nowhere.md) |\n"}.get(name, "| 1 | `A` | a thing |\n")
            (root / "docs/architecture.md").write_text(page)
            (root / "Package.swift").write_text("// swift-tools-version: 6.2\n" + head)
            (root / "Sources/A/File.swift").write_text(text)
            lint = Lint(root)
            lint.check([target])
            if bool(lint.faults) != (name != "clean"):
                sys.exit(f"tools/lint.py: the self-test \"{name}\" failed: {lint.faults}")


def main():
    if sys.argv[1:] not in ([], ["--self-test"]):
        sys.exit("Use: tools/lint.py [--self-test]")
    self_test()
    if sys.argv[1:]:
        return
    root = pathlib.Path(__file__).resolve().parent.parent
    lint = Lint(root)
    lint.check(targets_of(root))
    for fault in sorted(set(lint.faults)):
        print(fault)
    if lint.faults:
        sys.exit(f"tools/lint.py: {len(set(lint.faults))} faults.")


if __name__ == "__main__":
    main()
