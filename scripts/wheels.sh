#!/usr/bin/env bash
# Builds the wheels of sanduq and sanduq-speed into dist/, fetches what they depend on into dist/deps/, and tries everything in a
# fresh environment without a network. `make wheels` calls it, in .venv; docs/do/build-wheels.md tells of other systems.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
say() { echo "==> wheels: $*"; }

rm -rf dist build/wheels
mkdir -p dist/deps build/wheels

say "sanduq"
$python -m build --wheel --no-isolation --outdir dist library > build/wheels/sanduq.log 2>&1 || { cat build/wheels/sanduq.log; exit 1; }

say "sanduq-speed"
scripts/speed.sh wheel "$PWD/dist" > build/wheels/speed.log 2>&1 || { cat build/wheels/speed.log; exit 1; }

say "what they depend on"
$python -m pip download --quiet --disable-pip-version-check --only-binary :all: --constraint constraints.txt \
  --dest dist/deps --find-links dist 'sanduq[speed]'
rm -f dist/deps/sanduq*

say "trying them in an environment of their own, without a network"
$python -m venv build/wheels/venv
env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
  build/wheels/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index \
  --find-links dist --find-links dist/deps 'sanduq[speed]'
cd build/wheels # away from the sources
venv/bin/python -I - << 'P'
import pathlib, sanduq, sanduq_speed
home = pathlib.Path("venv").resolve()
for module in (sanduq, sanduq_speed):
    assert pathlib.Path(module.__file__).is_relative_to(home), f"{module.__name__} comes from {module.__file__}"
assert (pathlib.Path(sanduq.__file__).parent / "py.typed").exists()
P
venv/bin/sanduq --help > /dev/null
if [ -d ../demo/record ]; then
  venv/bin/sanduq watch verify ../demo/record --anchor "$(cat ../demo/record.anchor)" > verify.log || { cat verify.log; exit 1; }
  say "they verify the record of make demo"
fi
cd ../..
say "in dist/:"
(cd dist && sha256sum ./*.whl | sed 's|\./||')
