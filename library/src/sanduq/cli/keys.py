"""``sanduq keys``: each trustee's steps, on separate machines, exchanging files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.algebra.numbers import scalar, sha256_hex, system_random
from sanduq.archive import json
from sanduq.cli.common import app as make_app
from sanduq.cli.common import read_file, require_new, say, write_public, write_secret
from sanduq.keys import ceremony
from sanduq.keys.certificates import Cert, Context
from sanduq.keys.pki import Seed, new_seed
from sanduq.keys.saved import read_saved
from sanduq.keys.trustees import Single, Trustees, check_trustees, read_trustees

app = make_app(
    "Keys: the trustees' ceremony. A mandatory trustee needs [bold]single[/bold] only. Threshold trustees go through "
    "begin, (collect) polynomial, (exchange commitments, then polynomials) route, finish, assemble; the files are those of "
    "belenios-tool."
)
Out = Annotated[Path, typer.Option("--out", help="Folder for the files.")]
Certs = Annotated[Path, typer.Option("--certs", help="All certificates, one a line, in the order of their indices.")]
Key = Annotated[Path, typer.Option("--key", help="Your secret key file of `keys begin`.")]


def lines_of(path: Path) -> list[bytes]:
    """The lines of a file that are not empty."""
    return [line for line in read_file(path).splitlines() if line.strip()]


def read_seed(path: Path) -> Seed:
    """A threshold trustee's secret seed from its file."""
    return Seed(read_file(path, 4096).decode("ascii", "replace").strip())


def read_single_key(path: Path) -> int:
    """A mandatory trustee's secret key from its file (a JSON string of a number, as belenios-tool writes it)."""
    try:
        value = json.read(read_file(path, 4096).strip())
        if isinstance(value, str):
            return scalar(value)
    except errors.Refused:
        pass
    # Nothing of what stands there is repeated: it may be another secret.
    hint = "of a threshold trustee, --dkey is needed too"
    raise errors.SecretKeyMismatch("not the file of a mandatory trustee's key", hint=hint)


def _certs(path: Path) -> tuple[Cert, ...]:
    return ceremony.read_certs(lines_of(path))


@app.command()
def single(out: Out) -> None:
    """A mandatory trustee makes its key: offline.

    Writes trustee.privkey (secret) and trustee.pubkey (to hand over).

    Example: sanduq keys single --out my-key
    """
    require_new(out / "trustee.privkey", out / "trustee.pubkey")
    x, public = ceremony.new_single(system_random)
    write_secret(out / "trustee.privkey", json.write(str(x)))
    write_public(out / "trustee.pubkey", json.write(public.to_json()).encode() + b"\n")
    say(f"public key   {public.key.hex}")
    say(f"hand over    {out / 'trustee.pubkey'}")
    say(f"keep secret  {out / 'trustee.privkey'}")


@app.command()
def begin(
    index: Annotated[int, typer.Option("--index", min=1, max=100, help="Which trustee you are, from 1.")],
    threshold: Annotated[int, typer.Option("--threshold", min=1, max=100, help="How many are enough.")],
    size: Annotated[int, typer.Option("--size", min=1, max=100, help="How many there are.")],
    out: Out,
) -> None:
    """Step 1 of a threshold trustee: a secret seed and a certificate.

    Example: sanduq keys begin --index 1 --threshold 3 --size 5 --out trustee1
    """
    if not (size < 2 * threshold and threshold < size):
        raise errors.Unusable(
            f"{threshold} of {size}: more than half must be needed, and fewer than all",
            hint="so that no half can decrypt alone, and one lost key loses nothing",
        )
    if index > size:
        raise errors.Unusable(f"trustee {index} of {size}")
    require_new(out / "trustee.key", out / "trustee.cert")
    seed = Seed(new_seed())
    cert = ceremony.begin(seed, Context(size, threshold, index), system_random)
    write_secret(out / "trustee.key", seed.text)
    write_public(out / "trustee.cert", json.write(cert.signed.to_json()).encode() + b"\n")
    say(f"hand over    {out / 'trustee.cert'}")
    say(f"keep secret  {out / 'trustee.key'}")
    say("next         collect all certificates in one file, in the order of their indices; then: sanduq keys polynomial")


@app.command()
def polynomial(certs: Certs, key: Key, out: Out) -> None:
    """Step 3: your secret polynomial; a commitment to publish [bold]first[/bold], the rest when all commitments are in.

    Example: sanduq keys polynomial --certs certs.jsons --key trustee1/trustee.key --out trustee1
    """
    require_new(out / "trustee.polynomial", out / "trustee.commitment")
    made = ceremony.make_polynomial(read_seed(key), _certs(certs), system_random)
    write_secret(out / "trustee.polynomial", made.to_bytes().decode())
    write_public(out / "trustee.commitment", made.commitment.encode() + b"\n")
    say(f"now          publish {out / 'trustee.commitment'}: {made.commitment}")
    say(f"later        when the commitments of ALL trustees are published: hand over {out / 'trustee.polynomial'}")


@app.command()
def commitment(
    polynomial: Annotated[Path, typer.Argument(help="A file of one line: step 3 of sanduq or belenios-tool.")],
) -> None:
    """The commitment to a polynomial made with belenios-tool, to be published before the polynomial is handed over.

    Example: sanduq keys commitment step3.json
    """
    say(ceremony.read_polynomial(read_file(polynomial)).commitment)


@app.command()
def route(
    certs: Certs,
    polynomials: Annotated[Path, typer.Option("--polynomials", help="All polynomials, one a line, in order.")],
    out: Out,
) -> None:
    """Step 4, by anybody: sort what the trustees sent by recipient; writes 1.vinput, 2.vinput, …

    Example: sanduq keys route --certs certs.jsons --polynomials polynomials.jsons --out vinputs
    """
    made = [ceremony.read_polynomial(line) for line in lines_of(polynomials)]
    vinputs = ceremony.route(_certs(certs), made)
    require_new(*(out / f"{number}.vinput" for number in range(1, len(vinputs) + 1)))
    for number, vinput in enumerate(vinputs, 1):
        write_public(out / f"{number}.vinput", vinput.to_bytes() + b"\n")
        say(f"for trustee {number}: {out / f'{number}.vinput'}")


@app.command()
def finish(
    certs: Certs,
    key: Key,
    vinput: Annotated[Path, typer.Option("--vinput", help="What reached you.")],
    commitments: Annotated[Path, typer.Option("--commitments", help="All commitments, one a line, in order.")],
    out: Out,
    name: Annotated[str | None, typer.Option("--name", help="Your public name, if the trustees are to be named.")] = None,
) -> None:
    """Step 5: check all shares against all commitments, and make your key.

    Writes trustee.voutput (hand over) and trustee.dkey (your decryption key, encrypted to yourself: keep a copy).

    Example: sanduq keys finish --certs certs.jsons --key trustee1/trustee.key --vinput vinputs/1.vinput
    --commitments commitments --out trustee1
    """
    require_new(out / "trustee.dkey", out / "trustee.voutput")
    hashes = [_commitment(line) for line in lines_of(commitments)]
    given = ceremony.read_vinput(read_file(vinput))
    made = ceremony.finish(read_seed(key), _certs(certs), given, hashes, system_random, name)
    write_secret(out / "trustee.dkey", made.private_key)
    write_public(out / "trustee.voutput", made.to_bytes() + b"\n")
    say(f"public key   {made.public_key.key.hex}")
    say(f"hand over    {out / 'trustee.voutput'}")
    say(f"keep         {out / 'trustee.dkey'} and the key of step 1")


def _commitment(line: bytes) -> str:
    text = line.decode("ascii", "replace").strip()
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise errors.CommitmentMismatch("the commitments", expected="64 digits on each line")
    return text


@app.command()
def assemble(
    certs: Certs,
    polynomials: Annotated[Path, typer.Option("--polynomials", help="All polynomials, one a line, in order.")],
    voutputs: Annotated[Path, typer.Option("--voutputs", help="All voutputs, one a line, in order.")],
    out: Annotated[Path, typer.Option("--out", help="The group's public file.")],
) -> None:
    """Step 6, by anybody: what is published of a threshold group, checked.

    Example: sanduq keys assemble --certs certs.jsons --polynomials polynomials.jsons --voutputs voutputs.jsons --out group.json
    """
    made = [ceremony.read_polynomial(line) for line in lines_of(polynomials)]
    group = ceremony.assemble(_certs(certs), made, [ceremony.read_voutput(line) for line in lines_of(voutputs)])
    write_public(out, json.write(ceremony.group_value(group)).encode() + b"\n")
    say(f"group of {len(group.keys)}, {group.threshold} needed: {out}")


@app.command()
def trustees(
    out: Annotated[Path, typer.Option("--out", help="trustees.json")],
    single: Annotated[
        list[Path] | None, typer.Option("--single", help="A mandatory trustee's .pubkey (may come again).")
    ] = None,
    group: Annotated[Path | None, typer.Option("--group", help="What `keys assemble` wrote.")] = None,
) -> None:
    """Put all trustees together: the file that stands in every area's archive.

    Example: sanduq keys trustees --single chair/trustee.pubkey --group group.json --out trustees.json
    """
    singles = [Single(ceremony.read_single(read_file(path))) for path in single or []]
    groups = [ceremony.read_group(read_file(group))] if group else []
    whole = Trustees((*singles, *groups))
    check_trustees(whole)
    write_public(out, whole.to_bytes())
    say(f"public key   {whole.public_key.hex}")
    say(f"trustees     {out}  SHA-256 {whole.sha256}")


@app.command()
def show(path: Annotated[Path, typer.Argument(help="trustees.json")]) -> None:
    """Check a trustees' file and show its keys: is yours there?

    Example: sanduq keys show trustees.json
    """
    data = read_file(path)
    whole = read_trustees(data)
    check_trustees(whole)
    for owner, key in enumerate(whole.keys, 1):
        say(f"trustee {owner}  {key.hex}")
    say(f"public key {whole.public_key.hex}")
    say(f"SHA-256    {sha256_hex(data)}")


@app.command()
def unpack(
    saved: Annotated[Path, typer.Argument(help="A key file of the trustees' page, decrypted with age -d.")],
    out: Out,
) -> None:
    """Make the files of the command line from a key file of the trustees' page.

    Writes trustee.key, trustee.cert and trustee.dkey, or trustee.privkey; and beside the key what was decrypted with it
    (.decrypted). All of them are as secret as the file was: destroy it.

    Example: sanduq keys unpack trustee.json --out me
    """
    found = read_saved(read_file(saved, 1 << 24))
    name = "trustee.privkey" if found.context is None else "trustee.key"
    texts = {name: json.write(found.secret) if found.context is None else found.secret}
    if found.cert is not None:
        texts["trustee.cert"] = found.cert
    if found.private_key is not None:
        texts["trustee.dkey"] = found.private_key
    if found.decrypted:
        lines = (json.write({"uuid": uuid, "tally": tally}) for uuid, tally in found.decrypted.items())
        texts[f"{name}.decrypted"] = "\n".join(lines)
    require_new(*(out / each for each in texts))
    for each, text in texts.items():
        write_secret(out / each, text)
        say(f"{'keep secret' if each != 'trustee.cert' else 'certificate'}  {out / each}")
