"""An invented newsroom for demonstrations and rehearsals: a site made of texts in a folder (rehearsal/courier).

``texts`` reads the folder, ``drawings`` draws the pictures, ``load`` makes the site.
"""
