"""From partial decryptions to numbers, and the check of published numbers (spec 7.c; BS §Election result)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isqrt
from typing import Final

from sanduq import errors
from sanduq.algebra.group import IDENTITY, G, Point, hex_of_many
from sanduq.algebra.interpolation import lagrange
from sanduq.archive import json
from sanduq.count.decryption import Factors
from sanduq.engine import Sums
from sanduq.keys.trustees import Trustees
from sanduq.question.election import Election

Result = tuple[tuple[int, ...], ...]
"""For each question, the votes for each choice (with blank: that one first)."""
_form = json.Form(errors.ResultMalformed)
_AT_ONCE: Final = 1024


def combine(trustees: Trustees, decryptions: Mapping[int, Factors]) -> Factors:
    """The factors of the whole key from those of enough trustees, by owner (7.8); those beyond them must fit (7.16)."""
    total: Factors | None = None
    first = 1
    for item in trustees.items:
        size = len(item.keys)
        parts = {i: decryptions[first + i - 1] for i in range(1, size + 1) if first + i - 1 in decryptions}
        expected = f"{item.needed} of trustees {first} to {first + size - 1}"
        errors.require(errors.DecryptionsMissing, len(parts) >= item.needed, expected=expected, got=len(parts))
        used = sorted(parts)[: item.needed]
        for beyond in sorted(set(parts) - set(used)):
            fits = _interpolate(parts, used, beyond) == parts[beyond]
            errors.require(errors.DecryptionsDisagree, fits, got=f"trustee {first + beyond - 1} and {len(used)} others")
        if used:
            factors = _interpolate(parts, used, 0)
            total = factors if total is None else _multiply(total, factors)
        first += size
    return total or ()


def _interpolate(parts: Mapping[int, Factors], used: Sequence[int], at: int) -> Factors:
    """α^f(at) for the polynomial f that has α^f(i) in ``parts`` at each i of ``used``."""
    total: Factors | None = None
    for i in used:
        weight = lagrange(i, used, at)
        powers = parts[i] if weight == 1 else tuple(tuple(factor**weight for factor in row) for row in parts[i])
        total = powers if total is None else _multiply(total, powers)
    return total or ()


def _multiply(left: Factors, right: Factors) -> Factors:
    return tuple(tuple(a * b for a, b in zip(x, y, strict=True)) for x, y in zip(left, right, strict=True))


def powers_of_g(sums: Sums, factors: Factors) -> list[list[Point]]:
    """g^votes for every choice: β / F."""
    return [
        [choice.beta / (factors[q][c] if factors else IDENTITY) for c, choice in enumerate(row)] for q, row in enumerate(sums)
    ]


def find_exponents(points: list[Point], bound: int) -> list[int]:
    """The m ≤ bound with g^m = point, for each point: baby steps, giant steps (Shanks).

    Raises :class:`errors.ResultWrong` where there is none: then something was not what it was proven to be.
    """
    step = isqrt(bound) + 1
    table = {text: small for small, text in enumerate(_walk(IDENTITY, G.point, step))}
    giant = G**-step
    found = []
    for point in points:
        for big, text in enumerate(_walk(point, giant, step + 1)):
            if text in table:
                found.append(big * step + table[text])
                break
        else:
            raise errors.ResultWrong("a sum cannot be read", expected=f"at most {bound} votes")
    return found


def _walk(point: Point, stride: Point, count: int) -> Iterator[str]:
    """The digits of point, point·stride, point·stride², …: ``count`` of them, encoded by the thousand."""
    for start in range(0, count, _AT_ONCE):
        powers = []
        for _ in range(min(_AT_ONCE, count - start)):
            powers.append(point)
            point = point * stride
        yield from hex_of_many(powers)


def result_bytes(result: Result) -> bytes:
    """The canonical text of a result."""
    return json.write({"result": [[json.weight_value(votes) for votes in row] for row in result]}).encode()


def read_result(data: bytes, election: Election) -> Result:
    """A published result with the shape of the questions (7.9, 0.2)."""
    fields = _form.fields(json.read(data), ("result",))
    result = _form.items(
        fields["result"], "question", lambda row: _form.items(row, "choice", lambda votes: _form.weight(votes, "votes"))
    )
    shape, got = [question.choices for question in election.questions], [len(row) for row in result]
    errors.require(errors.ResultMalformed, got == shape, "numbers of choices", expected=shape, got=got)
    errors.require(errors.NotCanonical, result_bytes(result) == data)
    return result


def check_result(result: Result, sums: Sums, factors: Factors) -> None:
    """g^votes is what the decryptions give, for every choice (7.10)."""
    for q, row in enumerate(powers_of_g(sums, factors)):
        for c, point in enumerate(row):
            same = G ** result[q][c] == point
            errors.require(errors.ResultWrong, same, f"question {q + 1}, choice {c + 1}", got=result[q][c])


def open_sums(sums: Sums, factors: Factors, bound: int) -> Result:
    """The votes for every choice; ``bound`` is the total weight that was counted."""
    rows = powers_of_g(sums, factors)
    votes = iter(find_exponents([point for row in rows for point in row], bound))
    return tuple(tuple(next(votes) for _ in row) for row in rows)
