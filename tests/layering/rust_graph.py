"""The graph of imports between the Rust files of `src/`: which file uses which, through `use` and through re-exports.

It reads names, no types: a method called on a value makes no arrow. It must not know what is allowed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath

from .rust_source import RustFile, rust_files

Module = tuple[str, ...]

USE = re.compile(r"^(?P<indent> *)(?P<pub>pub(?:\([a-z :]+\))? )?use (?P<tree>[^;]+);", re.MULTILINE)


def module_of(name: str) -> Module:
    """`engine/app/mod.rs` is the module `engine::app`, `lib.rs` the root."""
    parts = PurePosixPath(name).with_suffix("").parts
    return parts[:-1] if parts[-1] == "mod" else () if parts == ("lib",) else parts


def leaves(tree: str, before: Module = ()) -> Iterator[tuple[Module, str]]:
    """Give each path of a `use` tree, and the name that it has afterwards."""
    tree = tree.strip()
    head, brace, rest = tree.partition("{")
    if brace:
        before = (*before, *filter(None, (part.strip() for part in head.split("::"))))
        for item in items(rest.rpartition("}")[0]):
            yield from leaves(item, before)
        return
    path, _, alias = tree.partition(" as ")
    parts = (*before, *(part.strip() for part in path.split("::")))
    parts = parts[:-1] if parts[-1] == "self" else parts
    yield parts, alias.strip() or parts[-1]


def items(group: str) -> Iterator[str]:
    """Split the inside of braces at its own commas."""
    depth, item = 0, ""
    for letter in group:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            yield item
            item = ""
        else:
            item += letter
    if item.strip():
        yield item


class Graph:
    """All files, and the arrows between them."""

    def __init__(self, files: Mapping[Module, RustFile] | None = None) -> None:
        self.files = dict(files) if files is not None else {module_of(file.name): file for file in rust_files()}

    def path_of(self, module: Module, parts: Module, *, inner: bool) -> Module | None:
        """Give the path from the crate's root; None for another crate's name. `inner`: said in a module in the file."""
        if parts[0] == "crate":
            return parts[1:]
        base = list(module)
        if parts[0] == "super" and inner:
            parts = ("self", *parts[1:])
        if parts[0] == "self":
            parts = parts[1:]
        elif parts[0] != "super":
            return (*module, *parts) if (*module, parts[0]) in self.files else None
        while parts and parts[0] == "super":
            base.pop()
            parts = parts[1:]
        return (*base, *parts)

    def imports(self, module: Module) -> Iterator[tuple[Module, str, bool]]:
        """Give what a file imports: path, name, whether it is passed on."""
        for use in USE.finditer(self.files[module].code):
            for parts, name in leaves(use["tree"]):
                path = self.path_of(module, parts, inner=bool(use["indent"]))
                if path is not None:
                    yield path, name, bool(use["pub"])

    @cached_property
    def passed_on(self) -> dict[Module, Module]:
        """What a path is an alias of."""
        return {
            (*module, name): path
            for module in self.files
            for path, name, is_public in self.imports(module)
            if is_public and path != (*module, name)
        }

    def home(self, path: Module) -> Module:
        """Give the module in which what a path names is written."""
        for length in range(len(path), -1, -1):
            # A file goes before an alias of its name: `view::view` passed on by the folder of `view.rs`.
            if path[:length] in self.files:
                return path[:length]
            alias = self.passed_on.get(path[:length])
            if alias is not None:
                return self.home(alias + path[length:])
        raise LookupError("::".join(path))

    @cached_property
    def arrows(self) -> dict[Module, set[Module]]:
        """Which files each file uses. A `mod.rs` has no arrows: it declares."""
        arrows: dict[Module, set[Module]] = defaultdict(set)
        for module, file in self.files.items():
            if is_folder(file):
                continue
            for path, name, _ in self.imports(module):
                home = self.home(path)
                if home == path and is_folder(self.files[home]):
                    members = re.findall(rf"(?<![:\w.]){name}::(\w+)", file.code)
                    homes = {self.home((*path, member)) for member in members}
                else:
                    homes = {home}
                arrows[module] |= {home for home in homes if home != module and not is_folder(self.files[home])}
        return arrows

    def circles(self) -> list[list[str]]:
        """Give the groups of files of which each uses each, directly or not (Tarjan: strongly connected components)."""
        found: list[list[str]] = []
        number: dict[Module, int] = {}
        lowest: dict[Module, int] = {}
        stack: list[Module] = []

        def visit(module: Module) -> None:
            number[module] = lowest[module] = len(number)
            stack.append(module)
            for used in self.arrows.get(module, ()):
                if used not in number:
                    visit(used)
                if used in stack:
                    lowest[module] = min(lowest[module], lowest[used])
            if lowest[module] == number[module]:
                at = stack.index(module)
                circle = stack[at:]
                del stack[at:]
                if len(circle) > 1:
                    found.append(sorted("/".join(each) for each in circle))

        for module in self.files:
            if module not in number:
                visit(module)
        return found


def is_folder(file: RustFile) -> bool:
    return file.path.name in ("mod.rs", "lib.rs")
