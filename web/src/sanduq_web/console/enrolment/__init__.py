"""The register of who may vote, before there are credentials: its import, decisions on applications, what goes to the
registrar's offline machine and what comes back from it, and its destruction.
"""
