"""The press site: news, statements, open letters, publications, comments. A site of its own (DESIGN: two sites, one code base).

It shares the languages and the font with the vote site, reads its public feed like anybody, and imports none of its apps.
"""
