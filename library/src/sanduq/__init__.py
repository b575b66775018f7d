"""sanduq: a referendum that people outside can watch and anybody can check.

Every part has one word, and the word is the same everywhere: module here, command of the CLI, web app, chapter of the
specification, folder of vectors.

========  ======================================================================================================
roll      who may vote: registration, duplicates, protected inspection, objections, credentials
question  what is asked: texts in every language, options, areas, rules of decision, calendar
keys      the trustees' ceremony: a key that no one holds
booth     where a ballot is sealed, and where a sealed ballot is challenged
box       takes ballots in, appends them to the public record, gives receipts
station   the paper polling station: results forms, second entry, audit against the papers
count     the encrypted sum, the trustees' decryptions, the result and what it decides
watch     verify everything, follow the log, countersign it, quick count, incidents
press     the information service: news, statements, letters, publications, comments (sanduq-web)
disc      the same as a thing in the hand: static mirror, EPUB, PDF, booklet, disc image, ZIM
========  ======================================================================================================

roll → question → keys → booth → box → station → count → watch is the life of a referendum, and it is the order of imports:
a module may look back, never ahead. Beneath them lie ``errors``, ``algebra`` and ``archive``; ``engine`` chooses between the
plain and the fast way to check ballots; ``rehearse`` plays them all, and ``cli`` is the command line.
"""

from __future__ import annotations

__version__ = "0.1.0"
