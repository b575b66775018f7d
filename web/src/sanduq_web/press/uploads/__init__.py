"""Files that editors send: what is published of them has no data that cameras, programs and people leave in them.

Pictures are painted anew (:mod:`pictures`), office files are taken apart and put together from what is known (:mod:`office`),
PDF goes through the program mat2 (:mod:`documents`). Whatever cannot be cleaned is refused; nothing is stored uncleaned.
"""

from sanduq_web.press.uploads.documents import clean_document
from sanduq_web.press.uploads.names import neutral_name
from sanduq_web.press.uploads.pictures import clean_picture

__all__ = ["clean_document", "clean_picture", "neutral_name"]
