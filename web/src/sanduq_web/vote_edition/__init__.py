"""Editions of the vote site: copying its public pages into a folder, with a look-up of trackers that needs no server."""
