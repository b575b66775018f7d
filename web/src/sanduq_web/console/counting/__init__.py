"""From the closing to the certificate: the sums, what the trustees hand over put together, the rule applied."""
