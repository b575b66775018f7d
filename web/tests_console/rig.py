"""Officers at work: accounts with a second factor, their browsers, a vote with its people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from sanduq_web import signing_in
from sanduq_web.console.office.actions import invite, make_vote, take_up
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Post, Role, Vote

PASSWORD = "a long password of ours"


def code(user: User) -> str:
    """The code that the user's telephone shows now; one that was used is good once more, as if half a minute had passed."""
    device = TOTPDevice.objects.get(user=user)
    device.last_t, device.throttling_failure_count = -1, 0
    device.save()
    return f"{TOTP(device.bin_key, device.step, device.t0, device.digits).token():06}"


@dataclass
class Person:
    """An officer with a post, and a browser in which they are signed in."""

    post: Post
    browser: Client = field(repr=False)

    @property
    def user(self) -> User:
        """The account."""
        return self.post.officer.user

    @property
    def desk(self) -> Desk:
        """The post, as actions want it."""
        return Desk(self.post.officer, self.post, self.post.vote)

    def get(self, path: str, **more: Any) -> Any:
        """A page, in English."""
        return self.browser.get(f"/en/{path}", **more)

    def post_to(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """A form is sent; the page that follows."""
        return self.browser.post(f"/en/{path}", data or {}, follow=True, **more)

    def code(self) -> str:
        """What the telephone shows."""
        return code(self.user)


def signed_in(user: User) -> Client:
    """A browser that has gone through both forms."""
    browser = Client()
    browser.force_login(user)
    session = browser.session
    device = TOTPDevice.objects.get(user=user)
    session["otp_device_id"] = device.persistent_id
    session.save()
    return browser


def person(role: Role, vote: Vote | None, name: str = "") -> Person:
    """Somebody with a role, as if invited and enrolled."""
    name = name or f"{role.value} {User.objects.count()}"
    _, token = invite(None, f"{name.replace(' ', '.').lower()}@example.org", name, role, vote)
    post = take_up(token, PASSWORD, None)
    TOTPDevice.objects.create(user=post.officer.user, name="telephone", confirmed=True)
    signing_in.new_codes(post.officer.user)
    return Person(post, signed_in(post.officer.user))


@dataclass
class Staff:
    """A vote with one person of each role, and two of the commission."""

    vote: Vote
    commission: Person
    second: Person
    supervisor: Person
    registrar: Person
    trustee: Person
    observer: Person
    operator: Person

    @property
    def all(self) -> list[Person]:
        """Everybody."""
        names = ("commission", "second", "supervisor", "registrar", "trustee", "observer", "operator")
        return [getattr(self, name) for name in names]

    def of(self, path: str = "") -> str:
        """An address below the vote's."""
        return f"votes/{self.vote.pk}/{path}"


def staff(name: str = "The bridge") -> Staff:
    """A new vote."""
    vote = make_vote(None, name)
    roles = {"commission": Role.COMMISSION, "second": Role.COMMISSION, "supervisor": Role.SUPERVISOR}
    roles |= {"registrar": Role.REGISTRAR, "trustee": Role.TRUSTEE, "observer": Role.OBSERVER}
    people = {key: person(role, vote) for key, role in roles.items()}
    return Staff(vote, **people, operator=person(Role.OPERATOR, None))
