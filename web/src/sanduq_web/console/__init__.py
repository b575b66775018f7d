"""The console: where commission, supervisor, registrar, trustees, observers and operator do their work.

It is a site of its own, with its own settings, origin and process (docs/decisions/0018). The vote site that voters read has no
sessions, no cookies and no accounts; here nobody gets further than the first form without an account and a second factor.
Both work on one database, so that an act and what follows from it are one transaction.

``office`` has accounts, roles, the journal of acts and what needs two persons; every other folder has the screens of one word.
"""
