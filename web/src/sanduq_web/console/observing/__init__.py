"""Observing: a dashboard of all areas, accreditation, incidents with evidence, statements beside the result."""
