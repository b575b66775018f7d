"""Paths of the API under ``/api/v1/``."""

from django.urls import path

from sanduq_web.count.views import downloads

RESULT = "referendums/<anchor:anchor>"

urlpatterns = [
    path(f"{RESULT}/results.csv", downloads.tidy, name="results-csv"),
    path(f"{RESULT}/results.json", downloads.nist, name="results-json"),
    path(f"{RESULT}/outcome.json", downloads.outcome, name="outcome-json"),
    path(f"{RESULT}/outcome-annulled.json", downloads.outcome_annulled, name="outcome-annulled-json"),
]
