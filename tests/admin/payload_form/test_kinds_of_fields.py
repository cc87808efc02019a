"""Kinds of values: each is read as what it is, with what is odd about it said, and edited without loss."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from approvals.admin.payload_form import dates, email_body, numbers
from approvals.admin.payload_form.edits import edited
from approvals.admin.payload_form.fields import PREFIX, REMOVE, Field, paths
from approvals.admin.payload_form.layout import Reading
from approvals.display.fragments import linked
from approvals.text.links import oddities
from policies.engine.text.markup import reader
from tests.admin.pages import address, show
from tests.world import World

CHOICE = {"oneOf": [{"const": "renew", "title": "Renewal reminder"}, {"const": "free", "title": "Free text"}]}
MAIL: dict[str, Any] = {
    "required": ["to"],
    "properties": {
        "body": {"type": "string", "contentMediaType": "text/plain"},
        "account": {"type": "string"},
        "subject": {"type": "string"},
        "to": {"type": "array", "items": {"type": "string", "format": "email"}},
    },
}
LINES: dict[str, Any] = {
    "properties": {
        "lines": {
            "type": "array",
            "items": {"type": "object", "properties": {"name": {"type": "string"}, "price": {"type": "number"}}},
        },
        "to": {"type": "array", "items": {"type": "string"}},
        "count": {"type": "array", "items": {"type": "integer"}},
    }
}


def read(payload: dict[str, Any], schema: dict[str, Any], **options: Any) -> dict[str, Field]:
    fields = Reading(schema, {}, **options).fields(payload)
    return {inner.pointer: inner for field in fields for inner in field.walk()}


def one(value: Any, schema: dict[str, Any]) -> Field:
    return read({"it": value}, {"properties": {"it": schema}})["/it"]


def sentences(field: Field) -> str:
    return " ".join(mark.sentence for mark in field.marks)


class TestAMoment:
    AT = {"type": "string", "format": "date-time"}

    def test_is_said_in_the_readers_zone_with_its_text_beside_it(self) -> None:
        with timezone.override("Europe/Berlin"), translation.override("de"):
            field = one("2026-07-01T10:00:00Z", self.AT)
            assert field.said == "2026-07-01 12:00:00 CEST"
            assert "2026-07-01T10:00:00Z" in field.reading

    def test_without_a_zone_says_so(self) -> None:
        assert "no time zone" in one("2026-07-01T10:00:00", self.AT).said

    @pytest.mark.parametrize("text", ["2026-02-30", "99999-01-01", "0000-01-01", "\u0662\u0660\u0662\u0666-01-01"])
    def test_that_there_is_not_is_said_to_be_none(self, text: str) -> None:
        field = one(text, {"type": "string", "format": "date"})
        assert (field.said, field.input_type) == ("", "text")
        assert "does not exist" in sentences(field)

    @pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
    def test_at_the_ends_of_time_is_read_too(self, text: str) -> None:
        assert one(text, self.AT).said

    def test_keeps_its_zone_when_it_is_changed(self) -> None:
        field = one("2026-07-01T10:00:00+05:30", self.AT)
        assert (field.input_type, field.input_text, field.zone) == ("datetime-local", "2026-07-01T10:00", "+05:30")
        result, faults = edited({"it": field.value}, [field], {field.name: "2026-07-01T11:45"})
        assert (result, faults) == ({"it": "2026-07-01T11:45:00+05:30"}, {})

    def test_that_is_new_is_of_the_reader_s_own_zone(self) -> None:
        with timezone.override("Europe/Berlin"):
            assert dates.completed("2026-07-01T11:45", "") == "2026-07-01T11:45:00+02:00"
            assert dates.completed("2026-12-01T11:45", "") == "2026-12-01T11:45:00+01:00"

    def test_that_is_none_is_refused_where_the_schema_asks_for_one(self) -> None:
        field = one("2026-07-01", {"type": "string", "format": "date"})
        _result, faults = edited({"it": field.value}, [field], {field.name: "tomorrow"})
        assert "2026-01-31" in faults["/it"]


class TestAFigure:
    def test_is_grouped_and_stays_the_same_text(self) -> None:
        field = read({"a": "1234567.50", "c": "EUR"}, {"properties": {"a": {}, "c": {}}}, money="/a", currency="/c")
        assert [text for _role, text in field["/a"].parts] == ["1", "234", "567.50"]
        assert field["/a"].unit == "EUR"
        assert one("NL91ABNA0417164300", {"x-expect": {"kind": "iban"}}).parts[1] == ("group", "ABNA")

    @pytest.mark.parametrize("text", ["9" * 400, "12.345,67", "1e9", "12 000", "\u0661\u0662\u0663\u0664"])
    def test_of_another_form_is_left_alone(self, text: str) -> None:
        assert numbers.thousands(text) == (text,)

    def test_is_a_percentage_only_where_the_schema_says_so(self) -> None:
        assert one(0.125, {"type": "number", "x-unit": "fraction"}).said == "12.5 %"
        assert one(21, {"type": "number", "x-unit": "%"}).unit == "%"
        assert one(0.125, {"type": "number"}).said == ""
        assert numbers.percentage("0.1" + "2" * 30) == ""


class TestAChoice:
    def test_shows_its_title_and_never_without_its_value(self) -> None:
        field = one("renew", CHOICE)
        assert (field.kind, field.said) == ("choice", "Renewal reminder")
        assert "<bdi>renew</bdi>" in field.reading
        assert field.choices == [('"renew"', "Renewal reminder (renew)"), ('"free"', "Free text (free)")]

    def test_is_called_by_its_key_and_not_by_a_branch(self) -> None:
        assert one("renew", CHOICE).label == "It"

    def test_that_is_none_of_them_is_a_text(self) -> None:
        assert one("other", CHOICE).kind == "text"


class TestAnAddress:
    @pytest.mark.parametrize(
        ("kind", "text", "said"),
        [
            ("email", "ana@example.com", ""),
            ("email", "Ana <ana@example.com>", ""),
            ("email", '"ceo@bank.example" <eve@evil.example>', "looks like an address"),
            ("email", "a@b.example,c@d.example", "more than one"),
            ("email", "nobody", "not look like an email address"),
            ("email", "a@xn--80ak6aa92e.example", "Cyrillic"),
            ("uri", "https://example.com/a?b#c", ""),
            ("uri", "https://bank.example@evil.example/", "before the host"),
            ("uri", "https://evil.example\\@bank.example/", "backslash"),
            ("uri", "javascript:alert(1)", "not a web address"),
            ("uri", "https://\u0430pple.example/", "another alphabet"),
        ],
    )
    def test_says_what_is_odd(self, kind: str, text: str, said: str) -> None:
        found = " ".join(oddities(kind, text))
        assert said in found if said else found == ""

    def test_sets_off_the_host_that_it_goes_to(self) -> None:
        field = one("https://bank.example@evil.example:8443/login", {"type": "string", "format": "uri"})
        assert dict(field.parts)["host"] == "evil.example:8443"


class TestEvidence:
    def test_is_no_live_link_and_sets_off_its_host(self) -> None:
        assert '<span class="part-host">evil.example</span>' in linked("https://bank.example@evil.example/x")
        assert "U+202E" in linked("https://example.com/\u202efdp")
        assert "&lt;b&gt;" in linked("<b>")


class TestALetter:
    def test_keeps_quoted_lines_apart_and_every_sign(self) -> None:
        text = "Yes.\r\n> one\r\n> two\nBye"
        assert [(run.is_quoted, run.text) for run in email_body.runs(text)] == [
            (False, "Yes.\r\n"),
            (True, "> one\r\n> two\n"),
            (False, "Bye"),
        ]

    def test_in_html_gives_its_text_and_where_its_links_go(self) -> None:
        page = reader.read('<p>Dear&nbsp;Ana,</p><p><a href="https://evil.example/x"><b>https://bank.example</b></a>')
        assert page.text == "Dear\u00a0Ana,\n\nhttps://bank.example"
        assert [(link.words, link.target, link.is_lying) for link in page.links] == [
            ("https://bank.example", "https://evil.example/x", True)
        ]

    @pytest.mark.parametrize(
        "source",
        [
            "<script>a</script>",
            "<!-- a -->",
            '<p style="display: none">a</p>',
            "<p hidden >a</p>",
            '<p style="display&#58;none">a</p>',
            '<p style="display:/**/none">a</p>',
            '<p style="position:absolute; left:-9999px">a</p>',
        ],
    )
    def test_in_html_says_that_parts_may_stay_unseen(self, source: str) -> None:
        assert reader.read(source).is_hiding
        assert not reader.read("<p>a</p>").is_hiding

    @pytest.mark.parametrize("style", ["border-width: 0", "opacity: 0.9", "background-clip: padding-box", "width: 50%"])
    def test_in_html_suspects_no_usual_style(self, style: str) -> None:
        assert not reader.read(f'<p style="{style}">a</p>').is_hiding

    @pytest.mark.parametrize("source", ["< pay b >", "<3 pay b >", "<!-- a --!>pay b", "<style><!--</style>pay b-->"])
    def test_in_html_keeps_what_its_receiver_reads_where_it_only_looks_like_a_tag(self, source: str) -> None:
        assert "pay b" in reader.read(source).text

    @pytest.mark.parametrize(
        "source",
        [
            '<a href="https://evil.example" href="https://bank.example">bank.example</a>',
            '<a href="https://evil.example"><img src="https://bank.example/a.png">bank.example</a>',
        ],
    )
    def test_in_html_names_each_link_by_the_words_in_it_and_the_first_place(self, source: str) -> None:
        link = reader.read(source).links[0]
        assert (link.words, link.host, link.is_lying) == ("bank.example", "evil.example", True)

    @pytest.mark.parametrize(
        "source", ['<a title=">" href="https://evil.example">a</a>', "<a title='<b>' href=https://evil.example>a</a>"]
    )
    def test_in_html_reads_a_tag_to_its_end(self, source: str) -> None:
        assert [(link.words, link.host) for link in reader.read(source).links] == [("a", "evil.example")]

    @pytest.mark.parametrize(
        "source",
        [
            '<img alt="Pay b">',
            '<input placeholder="Pay b">',
            "<input type=submit value='Pay b'>",
            '<option label="Pay&#32;b">',
        ],
    )
    def test_in_html_gives_what_is_shown_in_place_of_an_image_or_in_a_field(self, source: str) -> None:
        assert reader.read(f"<p>Dear Ana,{source}</p>").text == "Dear Ana,[Pay b]"

    @pytest.mark.parametrize(
        "source",
        [
            '<form action="https://bank.example"><button formaction="https://evil.example">Go</button>',
            '<video src="https://bank.example/a.mp4" poster="https://evil.example/a.png">',
            '<p style="background: url(https://bank.example/a.png)"><img srcset="https://evil.example/a.png 2x">',
            '<meta http-equiv="refresh" content="0; url=https://bank.example"><a href="https://evil.example">a</a>',
        ],
    )
    def test_in_html_lists_every_place_to_which_a_tag_goes(self, source: str) -> None:
        assert [link.host for link in reader.read(source).links] == ["bank.example", "evil.example"]

    @pytest.mark.parametrize("words", ["bank.example,", "(bank.example)", "„bank.example“", "see bank.example."])
    def test_in_html_says_when_a_link_names_another_host_whatever_stands_around_it(self, words: str) -> None:
        assert reader.read(f'<a href="https://evil.example/">{words}</a>').links[0].is_lying

    @pytest.mark.parametrize("sign", ["/", " "])
    def test_in_html_with_a_tag_of_signs_alone_is_read(self, sign: str) -> None:
        assert reader.read(f"a<{sign * 50_000}>").text.startswith("a")

    @pytest.mark.parametrize(
        "source", ["<a", "<!--", "<a x=", "<" + "y" * 50, "&lt;", "<script>", '<a href="', "*/ /*"]
    )
    def test_in_html_costs_no_more_than_its_length(self, source: str) -> None:
        whole = source * (100_000 // len(source))
        assert len(reader.read(whole).text) <= len(whole)


class TestAMail:
    def test_stands_together_in_the_order_of_a_mail(self) -> None:
        payload = {"body": "Hi", "account": "Mill", "subject": "Yours", "to": ["a@example.com"]}
        fields = Reading(MAIL, {}).fields(payload)
        assert [field.kind for field in fields] == ["mail", "text"]
        assert [field.key for field in fields[0].fields] == ["to", "subject", "body"]

    def test_needs_a_recipient_and_a_letter(self) -> None:
        schema = {"properties": {"to": {"type": "string"}, "body": {"type": "string"}}}
        assert [field.kind for field in Reading(schema, {}).fields({"to": "a", "body": "b"})] == ["text", "text"]

    def test_takes_the_part_that_its_schema_names(self) -> None:
        schema = {
            "properties": {
                "an": {"type": "string", "x-mail": "to"},
                "betreff": {"type": "string", "x-mail": "subject"},
                "text": {"type": "string", "contentMediaType": "text/plain"},
                "from": {"type": "string", "x-mail": "none"},
            }
        }
        fields = Reading(schema, {}).fields({"an": "a@example.com", "betreff": "b", "text": "c", "from": "d"})
        assert [field.key for field in fields[0].fields] == ["an", "betreff", "text"]

    def test_is_never_rendered(self, here: World, junior: Client) -> None:
        here.kind.write_schema({"type": "object", "properties": {**MAIL["properties"], "html": {}}})
        here.kind.schema["properties"]["html"] = {"type": "string", "contentMediaType": "text/html"}
        here.kind.save()
        source = '<form action="https://evil.example"><button>Approve</button></form>'
        page = show(junior, here.pending(to=["a@example.com"], html=source))
        assert source not in page
        assert "evil.example" in page
        assert 'class="group kind-mail' in page


class TestALineThatIsAdded:
    PAYLOAD: dict[str, Any] = {"lines": [{"name": "Ink", "price": 1.5}], "to": ["a", "b", "c"]}

    def change(self, payload: dict[str, Any], **typed: str) -> dict[str, Any]:
        sent = {f"{PREFIX}/{name.replace('__', '/')}": text for name, text in typed.items()}
        fields = Reading(LINES, {}, typed=sent, is_growing=True).fields(payload)
        result, faults = edited(payload, fields, sent)
        assert not faults
        return result

    def test_is_offered_once_and_once_more_than_was_typed(self) -> None:
        assert "/lines/1/name" in read(self.PAYLOAD, LINES, is_growing=True)
        assert "/lines/2/name" not in read(self.PAYLOAD, LINES, is_growing=True)
        typed = {f"{PREFIX}/lines/1/name": "Pen", f"{PREFIX}/lines/99999/name": "x"}
        assert "/lines/2/name" in read(self.PAYLOAD, LINES, is_growing=True, typed=typed)
        assert "/lines/21/name" not in read(self.PAYLOAD, LINES, is_growing=True, typed=typed)

    def test_is_put_behind_the_others(self) -> None:
        result = self.change(self.PAYLOAD, lines__1__name="Pen", lines__1__price="2", to__3="d")
        assert result == {"lines": [*self.PAYLOAD["lines"], {"name": "Pen", "price": 2}], "to": ["a", "b", "c", "d"]}

    def test_leaves_no_gap_where_one_stayed_free(self) -> None:
        result = self.change(self.PAYLOAD, lines__3__name="Pen")
        assert result["lines"] == [{"name": "Ink", "price": 1.5}, {"name": "Pen"}]

    def test_makes_the_list_that_was_not_there(self) -> None:
        assert self.change({}, lines__0__name="Pen", to__0="a") == {"lines": [{"name": "Pen"}], "to": ["a"]}
        assert self.change({"lines": []}, lines__0__price="1") == {"lines": [{"price": 1}]}

    def test_stays_out_when_nothing_was_typed(self) -> None:
        assert self.change(self.PAYLOAD, lines__1__name="", to__3="") == self.PAYLOAD

    def test_is_apart_from_one_that_is_cleared(self) -> None:
        assert self.change({"count": [1, 2, 3]}, count__0="", count__2="9", count__3="4") == {"count": [2, 9, 4]}
        assert self.change({"count": [1, 2, 3]}, count__0="", count__1="") == {"count": [3]}

    def test_is_apart_from_one_that_is_removed(self) -> None:
        sent = {f"{REMOVE}/lines/0": "1", f"{PREFIX}/lines/1/name": "Pen"}
        fields = Reading(LINES, {}, typed=sent, is_growing=True).fields(self.PAYLOAD)
        assert edited(self.PAYLOAD, fields, sent)[0]["lines"] == [{"name": "Pen"}]

    def test_is_shown_before_it_is_confirmed_value_by_value(self, here: World, junior: Client) -> None:
        action = here.pending(lines=[{"name": "Ink", "price": 1}])
        sent = {"revision": 1, "digest": action.revision.digest, "value:/lines/1/name": "Pen"}
        page = junior.post(address(action, "modify"), sent | {"value:/lines/1/price": "2"}).content.decode()
        assert "Confirm 1 change" not in page
        assert "Lines 2: Name" in page
        assert "Lines 2: Price" in page

    def test_is_called_by_its_list(self) -> None:
        found = paths(Reading(LINES, {}).fields(self.PAYLOAD))
        assert (found["/lines/0/price"], found["/to/1"]) == ("Lines 1: Price", "To 2")


class TestAMark:
    def test_is_a_sentence_that_its_input_names(self, here: World, junior: Client) -> None:
        action = here.pending(invoice_number="12")
        page = show(junior, action, "?edit=1")
        assert 'aria-describedby="marks-/invoice_number"' in page
        assert re.search(r'id="marks-/invoice_number">\s*<p class="mark', page)
