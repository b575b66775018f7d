"""Box: takes ballots in, keeps the archives and the journal, says what is public already."""
