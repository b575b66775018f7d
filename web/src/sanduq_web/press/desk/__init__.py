"""Where editors work: accounts, the second factor, two pairs of eyes, pseudonyms, what is due."""
