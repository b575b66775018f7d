"""Screens of the office: one's votes, a vote at a glance, people, the journal of acts, what waits for a second person."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanduq_web.console.office import actions
from sanduq_web.console.office.api import Desk, acts, journal, officer_of, people, posts
from sanduq_web.console.office.deeds import KNOWN
from sanduq_web.console.office.forms import CodeForm, InviteForm, VoteForm
from sanduq_web.console.office.models import Invitation, Proposal, Role, Vote
from sanduq_web.console.office.posts import ADMIT, END
from sanduq_web.console.screens import ANYBODY, attempt, require_code, screen, steps_of

_PAGE: Final = 100
_INVITES: Final = {
    Role.OPERATOR: [Role.COMMISSION],
    Role.COMMISSION: [Role.COMMISSION, Role.SUPERVISOR, Role.REGISTRAR, Role.TRUSTEE, Role.OBSERVER],
}
"""Whom a role may invite. The operator invites the first of the commission; the commission everybody else."""


def votes(request: HttpRequest) -> HttpResponse:
    """One's votes; an operator's page leads to the making of new ones."""
    officer = officer_of(request.user)
    if officer is None:
        raise Http404
    return render(request, "office/votes.html", {"posts": posts(officer)})


@screen(Role.OPERATOR, writes=True)
def make(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new vote, and all votes there are."""
    form = VoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(request, lambda: actions.make_vote(desk, form.cleaned_data["name"]), _("The vote is there. Invite two people."))
        return HttpResponseRedirect(request.path)
    return render(request, "office/make.html", {"form": form, "votes": Vote.objects.order_by("name")})


@screen(Role.OPERATOR, writes=True)
def begin_commission(request: HttpRequest, desk: Desk, of: str) -> HttpResponse:
    """The operator invites the first of a vote's commission: only while nobody of it is there."""
    vote = Vote.objects.filter(pk=of).first()
    if vote is None:
        raise Http404
    form = InviteForm(request.POST or None, roles=_INVITES[Role.OPERATOR])
    if request.method == "POST" and form.is_valid():
        if sum(1 for each in people(vote) if each.role == Role.COMMISSION and each.admitted and each.ended_at is None) > 1:
            messages.error(request, _("This vote has its commission: it invites everybody else."))
        else:
            _invite(request, desk, form, vote)
        return HttpResponseRedirect(request.path)
    return render(request, "office/begin.html", {"form": form, "of": vote, "people": people(vote)})


@screen(*ANYBODY)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A vote at a glance: where it stands, what waits, what was done last."""
    return render(request, "office/overview.html", {"last": list(acts(desk.vote))[-8:][::-1], "steps": steps_of(desk)})


@screen(*ANYBODY, writes=True)
def who(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who has which role; the commission invites, and ends posts."""
    roles = _INVITES.get(desk.role, []) if desk.role is Role.COMMISSION else []
    form = InviteForm(request.POST if request.POST.get("do") == "invite" else None, roles=roles)
    if request.method == "POST":
        if not roles:
            raise Http404
        if _change(request, desk, form):
            return HttpResponseRedirect(request.path)
    invitations = Invitation.objects.filter(vote=desk.vote, used_at=None, withdrawn_at=None).order_by("pk")
    open_ones = [each for each in invitations if each.is_open]
    told = {"form": form, "people": people(desk.vote), "invitations": open_ones, "roles": roles}
    told["waiting_for_two"] = any(not post.admitted and post.ended_at is None for post in people(desk.vote))
    return render(request, "office/people.html", told)


def _change(request: HttpRequest, desk: Desk, form: InviteForm) -> bool:
    do, number = request.POST.get("do"), request.POST.get("number", "")
    if do == "invite":
        return form.is_valid() and _invite(request, desk, form, desk.of)
    if do == "admit":
        waiting = [post.pk for post in people(desk.vote) if not post.admitted and post.ended_at is None]
        _propose(request, desk, ADMIT, {"posts": sorted(waiting)})
        return True
    if not number.isdecimal() or len(number) > 18 or do not in ("withdraw", "end"):
        raise Http404
    if do == "end":
        _propose(request, desk, END, {"post": int(number)})
    else:
        attempt(request, lambda: actions.withdraw_invitation(desk, int(number)), _("Done."))
    return True


def _propose(request: HttpRequest, desk: Desk, deed: str, payload: dict[str, Any]) -> None:
    def act() -> None:
        require_code(request)
        actions.propose(desk, deed, payload)

    attempt(request, act, _("Proposed: another person of the commission has to confirm it."))


def _invite(request: HttpRequest, desk: Desk, form: InviteForm, vote: Vote) -> bool:
    told = form.cleaned_data

    def act() -> None:
        made, token = actions.invite(desk, told["email"], told["name"], Role(told["role"]), vote)
        if actions.send(made, token, desk.officer.name):
            messages.success(request, _("The invitation was sent."))
        else:
            # Shown this once, to be handed over in another way.
            messages.warning(request, _("The invitation was not sent. Hand its code over yourself: %(code)s") % {"code": token})

    return attempt(request, act)


@screen(*ANYBODY)
def acts_of(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The journal of acts, the newest first."""
    found = list(acts(desk.vote))[::-1]
    page = request.GET.get("page", "1")
    number = int(page) if page.isdecimal() and len(page) < 7 else 1
    shown = found[(number - 1) * _PAGE : number * _PAGE]
    more = {"older": number + 1 if len(found) > number * _PAGE else 0, "newer": number - 1}
    return render(request, "office/acts.html", {"acts": shown} | more)


@screen(*ANYBODY)
def acts_file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The journal of acts as a file: each line has the SHA-256 of the one before."""
    headers = {"Content-Disposition": 'attachment; filename="acts.jsonl"'}
    return HttpResponse(journal(desk.vote), content_type="application/jsonl; charset=utf-8", headers=headers)


@screen(Role.COMMISSION, Role.SUPERVISOR, Role.REGISTRAR, writes=True)
def second_person(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """What exactly is proposed; confirm it with a code, or withdraw it."""
    found = Proposal.objects.select_related("by__officer").filter(pk=number, vote=desk.of).first()
    if found is None or found.deed not in KNOWN or KNOWN[found.deed].role is not desk.role:
        raise Http404
    deed = KNOWN[found.deed]
    if request.method == "POST":

        def act() -> None:
            if request.POST.get("do") == "withdraw":
                actions.withdraw(desk, number)
                return
            require_code(request)
            actions.confirm(desk, number, request.POST.get("sha256", ""))

        if attempt(request, act, _("Done.")):
            return HttpResponseRedirect(reverse("overview", args=[desk.of.pk]))
        return HttpResponseRedirect(request.path)
    is_own = found.by.officer_id == desk.officer.pk
    told = {"proposal": found, "deed": deed, "lines": deed.tell(desk.of, found.payload), "own": is_own, "form": CodeForm()}
    return render(request, "office/proposal.html", told)
