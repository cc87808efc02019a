"""The forms about stakes, people and policy."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals import conf
from approvals.authority import own_agents
from approvals.models import ActionType, Desk, Membership, Person
from approvals.models.action_types import BUILT_IN, CONTROL_DESK
from approvals.services.catalog.kinds import gallery, policy_cards
from approvals.services.catalog.kinds.connectors import offered
from approvals.services.catalog.kinds.policy_cards import AMOUNT, EXISTING
from approvals.services.catalog.kinds.sketch import Sketch
from approvals.services.policy import action_type_checks
from approvals.states import ExecutionMode, Mode, Reversibility, Stakes, Tier
from policies.engine.document.parse import HOUSE
from policies.engine.values.vocabulary import DOMAIN_SENTENCES, DOMAINS
from policies.queries import in_force

UNDO = (
    (Reversibility.REVERSIBLE, gettext_lazy("Yes, it can be corrected or reversed.")),
    (Reversibility.IRREVERSIBLE, gettext_lazy("No, once done it stays done.")),
)
OUTSIDE = (
    ("no", gettext_lazy("No, it stays inside the organization.")),
    ("yes", gettext_lazy("Yes, somebody outside sees or feels it.")),
)
HARM = (
    (Stakes.LOW, gettext_lazy("Annoying: somebody corrects it.")),
    (Stakes.MEDIUM, gettext_lazy("Costly: it costs money, time or trust.")),
    (Stakes.HIGH, gettext_lazy("Serious: much money, the law or people’s lives.")),
)
NEW, ALONE = "new", "alone"
MAX_LISTED = 500


class Deciding(forms.Form):
    """Three questions about stakes, and who decides."""

    undo = forms.ChoiceField(label=gettext_lazy("Can a wrong one be undone?"), choices=UNDO, widget=forms.RadioSelect)
    outside = forms.ChoiceField(
        label=gettext_lazy("Does it leave the organization?"), choices=OUTSIDE, widget=forms.RadioSelect
    )
    harm = forms.ChoiceField(label=gettext_lazy("How bad is a wrong one?"), choices=HARM, widget=forms.RadioSelect)
    domain = forms.ChoiceField(
        label=gettext_lazy("Area"), help_text=gettext_lazy("In some areas a person always decides.")
    )
    desk = forms.ChoiceField(label=gettext_lazy("Who decides"))
    desk_name = forms.CharField(label=gettext_lazy("Name of the new desk"), max_length=100, required=False)
    reviewer = forms.ChoiceField(label=gettext_lazy("Its first reviewer"), required=False)
    owner = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Who answers for the outcome"), required=False
    )

    def __init__(self, data: Any, made: Sketch, card: gallery.Card | None, asker: Person) -> None:
        super().__init__(data)
        self.made, self.card, self.asker = made, card, asker
        people = Person.objects.filter(is_active=True, is_staff=True).order_by("last_name", "username")
        desks = list(Desk.objects.exclude(slug=CONTROL_DESK).order_by("name")[:MAX_LISTED])
        chosen: Any = self.fields
        chosen["domain"].choices = [(name, _domain(name)) for name in DOMAINS]
        chosen["desk"].choices = [*((str(desk.pk), desk.name) for desk in desks), (NEW, _("a new desk"))]
        chosen["reviewer"].choices = [("", _("choose a person")), *self._reviewers(people)]
        chosen["owner"].queryset, chosen["owner"].initial = people, asker.pk
        chosen["desk"].initial = str(desks[0].pk) if desks else NEW
        chosen["domain"].initial = card.domain if card else "general"
        if card is not None:
            chosen["undo"].initial, chosen["harm"].initial = card.undo, card.stakes
            chosen["outside"].initial = "yes" if card.external else "no"

    def _reviewers(self, people: Any) -> Iterator[tuple[str, str]]:
        """Nobody gives themself authority; in a firm of one that one decides alone, which is recorded each time."""
        if self.asker.is_superuser and own_agents.is_alone(self.asker):
            yield ALONE, _("I decide alone (single-reviewer desk)")
        yield from ((str(each.pk), str(each)) for each in people[:MAX_LISTED] if each.pk != self.asker.pk)

    def clean(self) -> dict[str, Any]:
        """A new desk needs a name and somebody who decides there."""
        data = super().clean() or {}
        if data.get("desk") != NEW:
            return data
        slug = slugify(data.get("desk_name") or "")[:50]
        if not slug:
            self.add_error("desk_name", _("Enter a name for the new desk."))
        elif Desk.objects.filter(slug=slug).exists():
            self.add_error("desk_name", _("There is a desk of this name already. Choose it above."))
        if not data.get("reviewer"):
            self.add_error("reviewer", _("Choose who decides at the new desk."))
        return data

    def desk_rows(self) -> tuple[Desk, Membership | None]:
        """The desk, and the first member of a new one; new rows are not saved."""
        data = self.cleaned_data
        if data["desk"] != NEW:
            return Desk.objects.get(pk=data["desk"]), None
        is_alone = data["reviewer"] == ALONE
        desk = Desk(name=data["desk_name"], slug=slugify(data["desk_name"])[:50], is_solo=is_alone)
        person = self.asker if is_alone else Person.objects.get(pk=data["reviewer"])
        return desk, Membership(person=person, desk=desk, tier=Tier.SENIOR)

    def sketched(self) -> Sketch:
        """The sketch with its stakes."""
        data = self.cleaned_data
        classes = [*self.made.data_classes, *(self.card.data_classes if self.card else ())]
        if len(set(classes)) > 1:
            classes = [name for name in classes if name != "internal"]
        return replace(
            self.made,
            reversibility=data["undo"],
            is_external=data["outside"] == "yes",
            stakes=data["harm"],
            domain=data["domain"],
            data_classes=tuple(dict.fromkeys(classes)),
        )


def _domain(name: str) -> str:
    always = f" ({_('a person always decides')})" if name in DOMAIN_SENTENCES else ""
    return f"{_(DOMAINS[name])}{always}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A policy card as the page shows it, with its numbers."""

    card: policy_cards.Card
    is_chosen: bool
    numbers: tuple[Any, ...]


class Policy(forms.Form):
    """A policy from cards, and how an approved action is carried out."""

    card = forms.ChoiceField(label=gettext_lazy("Policy"))
    runs = forms.DecimalField(
        label=gettext_lazy("Runs automatically up to"), required=False, min_value=0, max_digits=15, decimal_places=2
    )
    reviewer = forms.DecimalField(
        label=gettext_lazy("A reviewer decides up to, a senior above"),
        required=False, min_value=0, max_digits=15, decimal_places=2,
    )  # fmt: skip
    existing = forms.ChoiceField(label=gettext_lazy("Policy in force"), required=False)
    run = forms.ChoiceField(label=gettext_lazy("Who carries it out"), required=False)
    target = forms.JSONField(
        label=gettext_lazy("Where the connector sends (JSON)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "code"}),
    )

    def __init__(self, data: Any, made: Sketch, suggested: str, may_write: bool) -> None:
        super().__init__(data)
        self.made = made
        self.cards = [card for card in policy_cards.CARDS if self._is_offered(card, may_write)]
        chosen: Any = self.fields
        policies = sorted(set(in_force.numbers()) - {HOUSE})
        chosen["card"].choices = [(card.key, _(card.title)) for card in self.cards]
        chosen["card"].initial = suggested if suggested in {card.key for card in self.cards} else self.cards[0].key
        chosen["existing"].choices = [("", _("choose a policy")), *((name, name) for name in policies)]
        chosen["run"].choices = [("", _("the agent, after approval")), *((name, name) for name in offered())]
        chosen["runs"].initial, chosen["reviewer"].initial = "500.00", "5000.00"

    def _is_offered(self, card: policy_cards.Card, may_write: bool) -> bool:
        if card.key == AMOUNT and not (self.made.roles.amount and self.made.roles.currency):
            return False
        return may_write or card.key == EXISTING

    def choices(self) -> Iterator[Choice]:
        """The cards."""
        typed = self["card"].value()
        numbers = {AMOUNT: ("runs", "reviewer"), EXISTING: ("existing",)}
        for card in self.cards:
            yield Choice(card, card.key == typed, tuple(self[name] for name in numbers.get(card.key, ())))

    def clean_target(self) -> dict[str, Any]:
        """The target as an object."""
        return self.cleaned_data["target"] or {}

    def clean(self) -> dict[str, Any]:
        """Each card needs its own numbers, and a connector its target."""
        data = super().clean() or {}
        if data.get("card") == AMOUNT:
            self._check_amounts(data)
        if data.get("card") == EXISTING and not data.get("existing") and "existing" not in self.errors:
            self.add_error("existing", _("Choose a policy."))
        mode = ExecutionMode.CONNECTOR if data.get("run") else ExecutionMode.AGENT
        if "target" in data and "run" in data:
            for fault in action_type_checks.faults_of_sending(mode, data["run"], data["target"]):
                self.add_error("target", fault)
        return data

    def _check_amounts(self, data: dict[str, Any]) -> None:
        for name in ("runs", "reviewer"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Enter an amount."))
        if not self.errors and data["reviewer"] <= data["runs"]:
            self.add_error("reviewer", _("This amount must be larger than the one above it."))

    def sketched(self, policy: str) -> Sketch:
        """The sketch with its policy and how it runs; ``policy`` is the name of a new one."""
        data = self.cleaned_data
        is_existing = data["card"] == EXISTING
        return replace(
            self.made,
            policy=data["existing"] if is_existing else policy,
            mode=Mode(policy_cards.BY_KEY[data["card"]].mode),
            execution=ExecutionMode.CONNECTOR if data["run"] else ExecutionMode.AGENT,
            connector=data["run"],
            target=data["target"] if data["run"] else {},
        )

    def text(self, made: Sketch) -> str:
        """The text of the new policy; empty where one in force is used."""
        data = self.cleaned_data
        if data["card"] == EXISTING:
            return ""
        return policy_cards.document(
            data["card"],
            name=made.policy,
            title=made.title,
            about=self._about(data),
            base=conf.base_currency(),
            runs=data.get("runs"),
            upto=data.get("reviewer"),
        )

    def _about(self, data: dict[str, Any]) -> str:
        if data["card"] == AMOUNT:
            return _("Up to %(currency)s %(runs)s automatic, up to %(upto)s a reviewer, above a senior.") % {
                "currency": conf.base_currency(), "runs": data["runs"], "upto": data["reviewer"],
            }  # fmt: skip
        return _(policy_cards.BY_KEY[data["card"]].says)


def taken_names() -> frozenset[str]:
    """The names that action types and policies in force have already."""
    kinds = ActionType.objects.values_list("name", flat=True)
    return frozenset({*kinds, *in_force.numbers(), *BUILT_IN, HOUSE})
