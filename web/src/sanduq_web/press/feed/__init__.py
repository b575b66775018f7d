"""The state of the vote, from the vote site's public feed: fetched like anybody would, kept in one row, told on the front page.

What comes is another site's: bounded, read strictly, compared with its anchor; nothing of it is taken as HTML or as an
address. A site that is down, or says what cannot be read, changes nothing: the last state stands, with its time.
"""

from sanduq_web.press.feed.keeping import read_now, start_reader
from sanduq_web.press.feed.telling import Vote, told

__all__ = ["Vote", "read_now", "start_reader", "told"]
