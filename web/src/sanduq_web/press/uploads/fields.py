"""What office programs fill in by themselves: the author's name, the path of the file, something that is fetched.

A field has an instruction and a result, which is what one sees. Instructions that only lay out a text stay; of all others the
result stays, as plain text, unless it names somebody or somebody's folders.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as new
from typing import Any, Final

_LAYOUT: Final = re.compile(
    r"\s*(?:=|(?:EQ|INDEX|NOTEREF|NUMPAGES|PAGE|PAGEREF|REF|SECTION|SECTIONPAGES|SEQ|STYLEREF|SYMBOL|TC|TOC|XE)\b"
    r"|HYPERLINK\s+(?:\"(?:https?:|mailto:)|\\l))",
    re.IGNORECASE,
)
_NAMING: Final = re.compile(
    r"\s*(?:AUTHOR|COMMENTS|DOCPROPERTY|DOCVARIABLE|FILENAME|INFO|KEYWORDS|LASTSAVEDBY|TEMPLATE|USER\w+)\b", re.IGNORECASE
)
# Content controls that show a property of the file.
_PROPERTY: Final = re.compile(r"creator|lastModifiedBy|company|manager|keywords|description|category", re.IGNORECASE)
# Functions of a table that fetch something or start a program (also as ``program|topic``), or tell where the file was.
_FETCHING: Final = re.compile(r"\b(?:WEBSERVICE|IMAGE|RTD|DDE|CALL|REGISTER|EXEC)\s*\(|\|", re.IGNORECASE)
_PLACE: Final = re.compile(r"\b(?:CELL|INFO)\s*\(", re.IGNORECASE)
_LINK: Final = re.compile(r"https?:|mailto:|#", re.IGNORECASE)
_WITHIN: Final = re.compile(r"(?:\./)?Pictures/[\w.-]+")


def leads_nowhere_else(address: str) -> bool:
    """Whether a link leads to the web, to a mailbox or within the text; not to somebody's folders, nor to a program."""
    return _LINK.match(address) is not None


def local(node: Any) -> str:
    """An element's name without its prefix."""
    return str(node.nodeName).rpartition(":")[2]


def _all(root: Any, *names: str) -> list[Any]:
    return [node for node in root.getElementsByTagName("*") if local(node) in names]


def _attribute(node: Any, name: str) -> str:
    return next((str(value) for key, value in node.attributes.items() if key.rpartition(":")[2] == name), "")


def _words(node: Any) -> str:
    return "".join(str(child.data) for child in node.childNodes if child.nodeType in (node.TEXT_NODE, node.CDATA_SECTION_NODE))


def _remove(nodes: list[Any]) -> None:
    for node in nodes:
        if node.parentNode is not None:
            node.parentNode.removeChild(node)


@dataclass
class _Field:
    """One that is still open: fields stand within fields."""

    instruction: str = ""
    has_result: bool = False
    marks: list[Any] = new(default_factory=list)
    result: list[Any] = new(default_factory=list)

    def end(self) -> None:
        if not _LAYOUT.match(self.instruction):
            _remove(self.marks + (self.result if _NAMING.match(self.instruction) else []))


def _docx(root: Any) -> None:
    for node in _all(root, "fldSimple"):
        instruction = _attribute(node, "instr")
        if _NAMING.match(instruction):
            _remove([node])
        elif not _LAYOUT.match(instruction):
            while node.firstChild is not None:
                node.parentNode.insertBefore(node.firstChild, node)
            _remove([node])
    for node in _all(root, "dataBinding"):
        if _PROPERTY.search(_attribute(node, "xpath")) and local(node.parentNode.parentNode) == "sdt":
            _remove(_all(node.parentNode.parentNode, "t"))
    fields: list[_Field] = []
    for node in _all(root, "fldChar", "instrText", "t"):
        step = _attribute(node, "fldCharType")
        if step == "begin":
            fields.append(_Field())
        if not fields:
            continue
        if local(node) == "t":
            for each in fields:
                each.result += [node] if each.has_result else []
            continue
        fields[-1].marks.append(node)
        fields[-1].instruction += _words(node)
        fields[-1].has_result |= step == "separate"
        if step == "end":
            fields.pop().end()
    for each in fields:
        each.end()


def _xlsx(root: Any) -> None:
    for node in _all(root, "f", "definedName", "formula", "formula1", "formula2"):
        if _PLACE.search(_words(node)):
            _remove([node, *_all(node.parentNode, "v")] if local(node) == "f" else [node])
        elif _FETCHING.search(_words(node)):
            _remove([node])


def _odt(root: Any) -> None:
    for node in list(root.getElementsByTagName("*")):
        for name, address in [each for each in node.attributes.items() if each[0].endswith(":href")]:
            if local(node) == "a":
                node.setAttribute(name, address if leads_nowhere_else(address) else "#")
            elif not _WITHIN.fullmatch(address):
                _remove([node])  # it would be fetched when the text is opened


SETTLE: Final[dict[str, Callable[[Any], None]]] = {"docx": _docx, "xlsx": _xlsx, "odt": _odt}
