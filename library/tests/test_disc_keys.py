"""Secret keys of editions, and the same files read and written by minisign, which others wrote."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sanduq import errors
from sanduq.disc import SecretKey, read_key, read_keys, read_secret, read_signature, renewed
from sanduq.disc.minisign import check_signature

CHEAP = (1 << 16, 1 << 22)
"""Limits of scrypt for tests: the real ones take a gigabyte and some seconds."""
COMMENT = "sanduq edition 13 of 2026-11-22"


def never() -> str:
    raise AssertionError("no passphrase is needed")


def test_a_secret_key_is_written_and_read() -> None:
    key = SecretKey.new()
    for text, ask in ((key.to_bytes(None), never), (key.to_bytes("müşk", *CHEAP), lambda: "müşk")):
        again = read_secret(text, ask)
        assert (again.id, again.public, again.private.private_bytes_raw()) == (
            key.id,
            key.public,
            key.private.private_bytes_raw(),
        )
    assert key.private.private_bytes_raw().hex() not in repr(key)


def test_another_passphrase_is_refused_and_nothing_is_told() -> None:
    text = SecretKey.new().to_bytes("right", *CHEAP)
    for wrong in ("", "Right", "right "):
        with pytest.raises(errors.DiscKeyMalformed, match="passphrase") as caught:
            read_secret(text, lambda wrong=wrong: wrong)
        assert text.decode().split("\n")[1][20:40] not in str(caught.value)


@pytest.mark.parametrize("at", [0, 3, 5, 20, 60, 70, 100, 130, 150])
def test_a_spoiled_secret_key_is_refused(at: int) -> None:
    line = SecretKey.new().to_bytes(None).decode().split("\n")[1]
    spoiled = line[:at] + ("A" if line[at] != "A" else "B") + line[at + 1 :]
    if at in (20, 60, 70):
        return  # salt and limits of a file without passphrase: nothing
    with pytest.raises(errors.DiscKeyMalformed) as caught:
        read_secret(f"untrusted comment: x\n{spoiled}\n".encode(), never)
    assert line[80:] not in str(caught.value)


def test_a_passphrase_that_costs_too_much_is_not_asked_for() -> None:
    for limits in ((1 << 26, 1 << 22), (1 << 16, 1 << 31)):
        made = SecretKey.new().to_bytes(None).decode().split("\n")
        raw = bytearray(base64.b64decode(made[1]))
        raw[2:4] = b"Sc"
        raw[38:54] = limits[0].to_bytes(8, "little") + limits[1].to_bytes(8, "little")
        with pytest.raises(errors.DiscKeyMalformed, match="too much"):
            read_secret(f"{made[0]}\n{base64.b64encode(raw).decode()}\n".encode(), never)


# --- beside minisign ---------------------------------------------------------------------------------------------------------

Minisign = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def minisign(tmp_path: Path) -> Minisign:
    """Debian's minisign, run in the test's folder; where it cannot be had the test is skipped and says why."""
    found = shutil.which("minisign")
    if found is None:
        pytest.skip("minisign cannot be had: apt-get install minisign (`make test` does where it may)")

    def run(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [found, *words], cwd=tmp_path, input=typed, capture_output=True, text=True, timeout=60, check=False
        )

    return run


@pytest.mark.oracle
def test_minisign_believes_what_we_sign(minisign: Minisign, tmp_path: Path) -> None:
    key = SecretKey.new()
    data = b"sums\n"
    tmp_path.joinpath("SHA256SUMS").write_bytes(data)
    tmp_path.joinpath("key.pub").write_bytes(key.public.to_bytes())
    signature = key.sign(data, COMMENT)
    tmp_path.joinpath("SHA256SUMS.minisig").write_bytes(signature.to_bytes())
    for asked in (("-p", "key.pub"), ("-P", key.public.base64)):
        done = minisign("-V", "-m", "SHA256SUMS", *asked)
        assert (done.returncode, f"Trusted comment: {COMMENT}" in done.stdout) == (0, True), done
    for spoiled in (
        replace(signature, comment=f"{COMMENT} "),
        replace(signature, key_id="0" * 16),
        SecretKey.new().sign(data, COMMENT),
    ):
        tmp_path.joinpath("SHA256SUMS.minisig").write_bytes(spoiled.to_bytes())
        assert minisign("-V", "-m", "SHA256SUMS", "-p", "key.pub").returncode != 0


@pytest.mark.oracle
def test_we_believe_what_minisign_signs_if_it_is_of_the_legacy_form(minisign: Minisign, tmp_path: Path) -> None:
    assert minisign("-G", "-W", "-p", "key.pub", "-s", "key.sec").returncode == 0
    tmp_path.joinpath("m").write_bytes(b"sums\n")
    public = read_key(tmp_path.joinpath("key.pub").read_bytes())
    assert minisign("-S", "-l", "-m", "m", "-s", "key.sec", "-t", COMMENT).returncode == 0
    given = read_signature(tmp_path.joinpath("m.minisig").read_bytes())
    check_signature(given, public, b"sums\n")
    assert given.comment == COMMENT
    with pytest.raises(errors.EditionSignatureInvalid):
        check_signature(given, public, b"sum\n")
    assert minisign("-S", "-H", "-m", "m", "-s", "key.sec", "-x", "m.prehashed").returncode == 0
    with pytest.raises(errors.SignaturePrehashed):
        read_signature(tmp_path.joinpath("m.prehashed").read_bytes())


@pytest.mark.long
@pytest.mark.oracle
def test_secret_keys_go_both_ways(minisign: Minisign, tmp_path: Path) -> None:
    assert minisign("-G", "-p", "key.pub", "-s", "key.sec", typed="open sesame\nopen sesame\n").returncode == 0
    data = tmp_path.joinpath("key.sec").read_bytes()
    assert read_secret(data, lambda: "open sesame").public == read_key(tmp_path.joinpath("key.pub").read_bytes())
    tmp_path.joinpath("m").write_bytes(b"sums\n")
    ours = SecretKey.new()
    for text, typed in ((ours.to_bytes("şifre", *CHEAP), "şifre\n"), (ours.to_bytes(None), "")):
        tmp_path.joinpath("ours.sec").write_bytes(text)
        done = minisign("-S", "-l", "-m", "m", "-s", "ours.sec", "-t", COMMENT, typed=typed)
        assert done.returncode == 0, done
        check_signature(read_signature(tmp_path.joinpath("m.minisig").read_bytes()), ours.public, b"sums\n")


@pytest.mark.oracle
def test_each_part_of_a_chain_is_checked_with_minisign_alone(minisign: Minisign, tmp_path: Path) -> None:
    old, new = SecretKey.new(), SecretKey.new()
    text = renewed(old, new.public, "2026-12-01").to_bytes()
    assert [each.key for each in read_keys(text)] == [new.public]
    lines = text.splitlines(keepends=True)
    tmp_path.joinpath("new.pub").write_bytes(b"".join(lines[:2]))
    tmp_path.joinpath("new.pub.minisig").write_bytes(b"".join(lines[2:]))
    done = minisign("-V", "-m", "new.pub", "-P", old.public.base64)
    assert (done.returncode, f"sanduq key {new.id} after {old.id} of 2026-12-01" in done.stdout) == (0, True), done
    assert minisign("-V", "-m", "new.pub", "-P", new.public.base64).returncode != 0
