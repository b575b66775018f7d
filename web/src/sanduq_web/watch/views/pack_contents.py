"""What the observer's pack says: at each step what to watch, and by which standard. Data; the template lays it out.

The standards are cited by their numbers, in our own words; nothing is copied from them. ``CM/Rec`` is the Council of Europe's
Recommendation CM/Rec(2017)5, ``VC`` the Venice Commission's CDL-AD(2022)015, ``ODIHR`` the principles of its handbook of 2013.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Item:
    """One thing to watch, and the standards that ask for it."""

    text: Text
    by: str


@dataclass(frozen=True)
class Step:
    """A step of the referendum with its checklist."""

    title: Text
    items: tuple[Item, ...]


STEPS: Final = (
    Step(
        _("Before it is frozen"),
        (
            Item(
                _("The law that allows this vote is public, and says how and when electronic voting may be used."),
                "CM/Rec 27, 28 · VC II.3",
            ),
            Item(
                _("The question is clear and neutral, can be answered by yes, no or blank, and is the same in every language."),
                "CM/Rec 5, 13 · VC I.3.1.c",
            ),
            Item(_("Both sides have equal space, and voters got the information early enough."), "VC I.2.2, I.3.1.d, e"),
            Item(
                _("What decides is written down and is not changed: which share, of what, and whether there is a quorum."),
                "VC II.3, III.7, III.8",
            ),
            Item(_("Every counting area is so large that its count betrays nobody."), "CM/Rec 19, 26 · ODIHR 1.5.1"),
        ),
    ),
    Step(
        _("The roll"),
        (
            Item(
                _("People can see their own entry, and object in time. Nobody can take the whole list away."),
                "CM/Rec 22 · VC I.1.2",
            ),
            Item(
                _("The number of credentials in each area fits a census or another source."), "CM/Rec 18 · ODIHR 1.5.3, 1.5.4"
            ),
            Item(
                _("Two people are there at each step of the registrar, without a network. The registrar does not run the box."),
                "CM/Rec 21, 41",
            ),
            Item(_("Letters are handed over closed. Those that come back are counted and kept."), "CM/Rec 21 · VC I.3.2"),
        ),
    ),
    Step(
        _("The key ceremony"),
        (
            Item(
                _("The trustees come from camps that do not trust each other. Each works on a device of their own."),
                "CM/Rec 46 · ODIHR 1.5.6",
            ),
            Item(_("Each publishes a commitment before anybody's part of the key can be seen."), "CM/Rec 31, 46"),
            Item(
                _("A drill was held: every trustee has opened a test with the real key, before the opening."), "CM/Rec 42, 46"
            ),
        ),
    ),
    Step(
        _("Before the opening"),
        (
            Item(_("The anchor was printed where nobody can change it, and is the same everywhere."), "CM/Rec 11, 32, 48"),
            Item(_("The frozen record verifies with the printed anchor, and holds no ballot."), "CM/Rec 42 · ODIHR 1.5.2"),
            Item(
                _("The program that runs is the one that was examined. Nobody changes it during the vote."), "CM/Rec 38, 42, 43"
            ),
            Item(_("Who may reach the machines, and who did, is written down."), "CM/Rec 41 · ODIHR 1.5.6"),
        ),
    ),
    Step(
        _("While the vote is open"),
        (
            Item(
                _("Several people take copies of the record every day, compare them, and publish their heads with the time."),
                "CM/Rec 17, 30, 34 · VC II.4",
            ),
            Item(_("Challenged ballots come out right, on devices of several makes."), "CM/Rec 15 · ODIHR 1.5.2"),
            Item(_("Voters find their ballots by the tracker, also in a copy that somebody else keeps."), "CM/Rec 15, 16"),
            Item(_("Nobody stands beside a voter, and nobody collects letters or credentials."), "CM/Rec 19, 23 · VC I.4"),
            Item(_("Nobody announces a count or a trend before the close."), "CM/Rec 24"),
            Item(
                _("Interruptions are announced with their times. If the box was put back from a backup, its page says so."),
                "CM/Rec 40, 47 · ODIHR 1.5.5",
            ),
        ),
    ),
    Step(
        _("Close and count"),
        (
            Item(_("The vote closes at the time that was announced."), "CM/Rec 32 · VC I.3.2"),
            Item(
                _("Each trustee verifies the record before decrypting, and all of them have the same heads."), "CM/Rec 26, 30"
            ),
            Item(_("Only sums are decrypted, and none of an area with too few ballots."), "CM/Rec 19, 26 · ODIHR 1.5.1"),
            Item(
                _("On your own machine the record verifies with the printed anchor, and gives the outcome that is announced."),
                "CM/Rec 17, 18, 30 · ODIHR 1.5.2",
            ),
            Item(_("Complaints are decided in time, with reasons, and in public; a decision can annul a part."), "VC II.4"),
            Item(
                _("The registrar's file and the trustees' keys are destroyed on their date, before witnesses."),
                "CM/Rec 20, 46",
            ),
        ),
    ),
)
TELL: Final = (
    _("Keep the file as it is. Write down place and time, the command and its last lines, and get a second copy elsewhere."),
    _("Tell the commission in writing, and ask for a number, and for the day by which it answers."),
    _("Tell your organisation and other observers, with the height and the head of your copy."),
    _("If somebody may be in danger, first ask that person. Never write down who voted, or how."),
)
SOURCES: Final = (
    "Council of Europe, Recommendation CM/Rec(2017)5 of the Committee of Ministers on standards for e-voting",
    "Venice Commission, Revised Code of Good Practice on Referendums, CDL-AD(2022)015",
    "OSCE/ODIHR, Handbook for the Observation of New Voting Technologies, 2013",
    "OSCE/ODIHR, Handbook for the Observation of Information and Communication Technologies (ICT) in Elections, 2024",
)
