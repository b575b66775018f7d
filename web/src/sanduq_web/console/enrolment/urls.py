"""Addresses of the register."""

from django.urls import path

from sanduq_web.console.enrolment.views import deciding, handing_over, register

urlpatterns = [
    path("votes/<uuid:vote>/roll/", register.register, name="roll"),
    path("votes/<uuid:vote>/roll/files/<int:number>/", register.load, name="roll-load"),
    path("votes/<uuid:vote>/roll/files/<int:number>/problems.csv", register.faults, name="roll-faults"),
    path("votes/<uuid:vote>/roll/entries/", register.entries, name="roll-entries"),
    path("votes/<uuid:vote>/roll/entries/<int:number>/", register.entry, name="roll-entry"),
    path("votes/<uuid:vote>/roll/registration/", deciding.registration, name="roll-registration"),
    path("votes/<uuid:vote>/roll/cases/", deciding.case_list, name="roll-cases"),
    path("votes/<uuid:vote>/roll/cases/<int:number>/", deciding.one, name="roll-case"),
    path("votes/<uuid:vote>/roll/cases/<int:number>/documents/<int:document>/", deciding.document, name="roll-document"),
    path("votes/<uuid:vote>/roll/handover/", handing_over.handover, name="roll-handover"),
    path("votes/<uuid:vote>/roll/handover/<int:number>/", handing_over.export, name="roll-export"),
    path("votes/<uuid:vote>/roll/reserves/", handing_over.reserves, name="roll-reserves"),
    path("votes/<uuid:vote>/roll/destruction/", handing_over.destruction, name="roll-destruction"),
]
