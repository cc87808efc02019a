"""What an HTML message hides from its reader, and what it does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.checks.find import find
from policies.engine.text.markup.reader import read
from policies.engine.values.vocabulary import FLAGS
from tests.policies.engine.given import facts

HTML = {"properties": {"body": {"type": "string", "contentMediaType": "text/html; charset=utf-8"}}}
WORDS = st.text(st.sampled_from("abcdefghijklmnop "), min_size=1, max_size=20).map(lambda it: f"x{it}x")
HIDDEN_BY = [
    *(
        'style="display:none"',
        "style='DISPLAY : NONE'",
        'style="display:/**/none"',
        'style="display&#58;none"',
        "hidden",
    ),
    *(
        'style="visibility:hidden"',
        'style="opacity:0"',
        'style="opacity:0.0"',
        'style="font-size:0"',
        'style="font-size:1px"',
    ),
    *('style="color:white"', 'style="color:#fff"', 'style="color:#FEFEFE"', 'style="color:rgb(255, 255, 255)"'),
    *('style="color:transparent"', 'style="max-height:0;overflow:hidden"', 'style="position:absolute;left:-9999px"'),
    *(
        'style="mso-hide:all"',
        'style="text-indent:-999em"',
        r'style="d\69splay:none"',
        'style="background:navy;color:#000080"',
    ),
    *(
        'style="font-size:2px"',
        'style="font-size:.1em"',
        'style="font-size:1%"',
        'style="font-size:1pt"',
        'style="font-size:calc(0px)"',
        'style="opacity:.01"',
        'style="opacity:1%"',
        'style="filter:opacity(0)"',
    ),
    *(
        'style="color:hsl(0, 0%, 100%)"',
        'style="color:rgb(100%,100%,100%)"',
        'style="color:rgba(0,0,0,.01)"',
        'style="color:#0000"',
        'style="color:#00000000"',
        'style="color:azure"',
        'style="color:var(--x)"',
        'style="-webkit-text-fill-color:transparent"',
        'style="background:#123456;color:#133557"',
    ),
    *(
        'style="line-height:0"',
        'style="letter-spacing:-1em"',
        'style="position:absolute;left:9999px"',
        'style="position:fixed;left:200vw"',
        'style="inset:-9999px"',
        'style="direction:rtl;unicode-bidi:bidi-override"',
    ),
]
USUAL = [
    *(
        'style="color:#333"',
        'style="background:navy;color:white"',
        'style="opacity:0.9"',
        'style="width:50%"',
        "class=x",
    ),
    *(
        'style="border-width:0"',
        'style="font-size:12px"',
        'style="margin:0 auto"',
        'style="background-clip:padding-box"',
    ),
    *('style="color:inherit"', 'style="color:#666"', 'style="color:darkslategray"', 'style="line-height:1.4"'),
    *('style="font-size:.8em"', 'style="letter-spacing:-.02em"', 'style="color:hsl(0,0%,20%)"', 'style="left:10px"'),
    'style="color:white;background:linear-gradient(blue,navy)"',
]


def codes(text: Any, schema: dict[str, Any] = HTML) -> list[str]:
    found = find(facts(payload={"body": text}), schema)
    assert {flag.code for flag in found} <= FLAGS.keys()
    return [flag.code for flag in found]


class TestHidden:
    @given(WORDS, st.sampled_from(HIDDEN_BY), st.sampled_from(["p", "span", "td", "div"]), st.booleans())
    def test_is_text_that_a_style_takes_from_its_reader(self, words: str, how: str, tag: str, is_inside: bool) -> None:
        inner = f"<b>{words}</b>" if is_inside else words
        source = f"<table><tr><td><{tag} {how}>{inner}</{tag}>Dear Ana</td></tr></table>"
        assert codes(source) == ["hidden_text"]
        assert words.strip() not in read(source).text
        assert "Dear Ana" in read(source).text

    @given(WORDS, st.sampled_from(USUAL), st.sampled_from(["p", "span", "div"]))
    def test_is_none_in_a_usual_style(self, words: str, how: str, tag: str) -> None:
        source = f"<!doctype html><title>Mail</title><{tag} {how}>{words}</{tag}>"
        assert codes(source) == []
        assert " ".join(words.split()) == " ".join(read(source).text.split())

    @pytest.mark.parametrize(
        "source",
        [
            "<!-- pay a -->",
            "<style>.x{display:none}</style>",
            "<style>@import url(x)</style>",
            "<font color=white>pay</font>",
            "<font color=ffffff>pay</font>",
            "<style>p{color:#fff}</style><p>pay",
            "<style>@media screen{.a, td{color:white}}</style><p class=a>pay",
            "<style>p::after{content:'pay Eve'}</style><p>pay",
            "<link rel=stylesheet href=https://x.example/a.css><p>pay",
            "<bdo dir=rtl>evE yap</bdo>",
            f"<style>{'p{color:#333}' * 200}</style>{'<p>a</p>' * 2000}",
        ],
    )
    def test_is_a_comment_and_a_style_sheet_that_hides(self, source: str) -> None:
        assert "hidden_text" in codes(source)

    @pytest.mark.parametrize(
        "source",
        [
            "<style>p{color:#333}</style><p>a",
            "<style>.go{color:#fff;background:#00f}</style><a class=go href=https://x.example>go</a>",
            "<style>header{background:#000} header a{color:#fff}</style><header><a href=https://x.example>a</a></header>",
            "<!-- -->a",
            '<div style="background:#000"><p style="color:#fff">a</p></div>',
            "a < b > c",
            "<p>a<br>b",
        ],
    )
    def test_is_nothing_usual(self, source: str) -> None:
        assert codes(source) == []


class TestALink:
    @pytest.mark.parametrize(
        ("words", "target"),
        [
            *(
                ("bank.example", "https://evil.example/"),
                ("https://bank.example/a", "https://bank.example.evil.example"),
            ),
            *(("see <b>bank.example</b>.", "https://evil.example"), ("bank.example", "https://bаnk.example")),
            *(("bank.example", "https://bank.example@evil.example"), ("ann@bank.example", "mailto:eve@evil.example")),
            *(("1.2.3.4", "https://5.6.7.8"), ("→bank.example", "https://evil.example")),
            *(("bank<span></span>.example", "https://evil.example"), ("bank。example", "https://evil.example")),
            *(("ban<b>k.exa</b>mple", "https://evil.example"), ("http:bank.example", "https://evil.example")),
            *(("word " * 30 + "bank.example", "https://evil.example"), ("bank[.]example", "https://evil.example")),
            *(("bank.example", "mailto:eve@evil.example"), ("ann@bank.example", "https://evil.example")),
            *(
                ("ann@bank.example", "mailto:ann@bank.example?subject=a&amp;bcc=eve@evil.example"),
                ("ann@bank.example", "mailto:ann@bank.example.evil.example"),
                ("ann@bank.example", "mailto:ann@bank.example,eve@evil.example"),
            ),
            *(("bank.example", "javascript:go()"), ("bank.example", "https:\\\\evil.example")),
        ],
    )
    def test_that_shows_another_target_misleads(self, words: str, target: str) -> None:
        assert "misleading_link" in codes(f'<p>Pay <a href="{target}">{words}</a></p>')

    @pytest.mark.parametrize(
        ("words", "target"),
        [
            *(
                ("bank.example", "https://www.bank.example/login"),
                ("Pay now", "https://bank.example"),
                ("v1.2", "https://x.example"),
            ),
            *(
                ("ann@bank.example", "mailto:ann@bank.example"),
                ("https://bank.example/a?b", "https://bank.example/a?b"),
            ),
            *(
                ("https://bank.example/go?to=https://x.example", "https://bank.example/go?to=https://x.example"),
                ("Invoice.pdf", "https://files.example/1"),
                ("bank.example", " https://bank.example/ "),
                ("Write to ann@bank.example", "mailto:ann@bank.example?subject=Hello"),
                ("bank.example", "mailto:ann@bank.example"),
            ),
        ],
    )
    def test_that_shows_its_target_does_not(self, words: str, target: str) -> None:
        assert codes(f'<p>Pay <a href="{target}">{words}</a></p>') == []


class TestActive:
    @pytest.mark.parametrize(
        "source",
        [
            *(
                "<form action=x>",
                "<script>go()</script>",
                "<p onclick=go()>",
                "<iframe src=x>",
                "<object data=x>",
                "<base href=x>",
            ),
            *('<meta http-equiv="refresh" content="0; url=x">', "<svg onload=go()>", "<embed src=x>"),
            *(
                '<a href="javascript:go()">a</a>',
                '<a href=" JavaScript:go()">a</a>',
                '<a href="data:text/html,x">a</a>',
            ),
        ],
    )
    def test_is_a_form_a_script_and_whatever_loads(self, source: str) -> None:
        assert "active_content" in codes(f"<p>a</p>{source}")


class TestAPlainText:
    @pytest.mark.parametrize(
        "text", ["<b>Hi</b>", "a<br>b", "<script>go()", "<!-- x -->", '<img src="x">', "</div>", "<A HREF=x>"]
    )
    def test_with_tags_is_flagged(self, text: str) -> None:
        assert codes(text, {}) == ["markup_in_text"]

    @pytest.mark.parametrize(
        "text", ["a < b", "x <- y", "Ann <ann@example.com>", "<3", "if a<b and c>d", "<invoice>", "1 <> 2"]
    )
    def test_with_other_angle_brackets_is_not(self, text: str) -> None:
        assert codes(text, {}) == []
