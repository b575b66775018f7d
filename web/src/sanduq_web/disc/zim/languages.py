"""Codes of languages with three letters (ISO 639-3), which ZIM files have."""

from __future__ import annotations

from typing import Final

from sanduq import errors

_THREE: Final = dict(
    pair.split(":")
    for pair in """
    am:amh ar:ara az:aze be:bel bg:bul bn:ben bs:bos cs:ces da:dan de:deu el:ell en:eng es:spa et:est fa:fas fi:fin fr:fra
    ga:gle gu:guj he:heb hi:hin hr:hrv hu:hun hy:hye id:ind it:ita ja:jpn ka:kat kk:kaz km:khm ko:kor ku:kur ky:kir lo:lao
    lt:lit lv:lav mk:mkd mn:mon ms:msa my:mya ne:nep nl:nld no:nor pa:pan pl:pol ps:pus pt:por ro:ron ru:rus sd:snd si:sin
    sk:slk sl:slv so:som sq:sqi sr:srp sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tr:tur tt:tat ug:uig uk:ukr
    ur:urd uz:uzb vi:vie yi:yid zh:zho
    """.split()
)


def iso_639_3(code: str) -> str:
    """The code with three letters; a code that has three is one. Raises :class:`sanduq.errors.Unusable` for one not known."""
    language = code.partition("-")[0]
    found = language if len(language) == 3 else _THREE.get(language)
    if found is None:
        raise errors.Unusable(f"no code of ISO 639-3 is known for {code}", hint=f"enter it in {__name__}")
    return found
