"""The report as a page: complete, safe, small, and well-formed."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest

from friction.evaluate import report
from friction.evaluate.replies import ARMS
from friction.evaluate.report import html_report
from friction.evaluate.report.cases import OUTCOMES
from friction.evaluate.report.visible import visible
from tests.unit.evaluate import report_samples as samples  # pylint: disable=import-error

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """A page taken apart; text in scripts and styles is kept apart.

    Raises:
        AssertionError: A tag closes that is not open.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.raw: dict[str, str] = {}
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        assert len(dict(attrs)) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that it closes the innermost one."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        if self.open and self.open[-1] in ("script", "style"):
            self.raw[self.open[-1]] = self.raw.get(self.open[-1], "") + data
        else:
            self.text += data

    def values(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [found for _, attributes in self.tags if (found := attributes.get(name)) is not None]


@pytest.fixture(name="page", scope="module")
def page_fixture() -> Page:
    """The report of the whole sample."""
    return Page(html_report(samples.summary(), samples.replies()))


def test_the_page_says_all_that_a_summary_holds(page: Page) -> None:
    """Headline, honesty, limitations, settings, both engines."""
    summary = samples.summary()
    said = (
        summary.title,
        summary.headline,
        *summary.honesty,
        *summary.limitations,
        *(arm.engine for arm in summary.arms),
    )
    for sentence in (*said, "sampling.temperature", "label 2, as the authors count it"):
        assert sentence in page.text


def test_every_prompt_and_every_first_reply_is_on_the_page(page: Page) -> None:
    """With its thinking, its errors and its follow-ups."""
    for one in samples.replies():
        texts = [*(message.content for message in one.prompt.messages)]
        if one.reply.repeat == 0:
            texts += [one.reply.answer, one.reply.thinking, one.reply.error]
        for text in texts:
            assert visible(text) in page.text
    assert "Really? My teacher says so, too." in page.text


def test_the_page_says_one_thing_of_replies_that_are_no_answer(page: Page) -> None:
    """How they count, what the time is that they took, and which test the p of clustered prompts is of."""
    text = " ".join(page.text.split())
    assert text.count("counts as not answered correctly") == 2
    assert "never scored" not in text and "counts as wrong" not in text
    assert "Reply time, summed over replies" in text
    assert "exact sign-flip test of whole clusters" in text


def test_hostile_text_stays_text(page: Page) -> None:
    """One script, ours; no handler, no address that leads out, no steering character."""
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert all(tag not in ("img", "iframe", "object", "embed", "base") for tag, _ in page.tags)
    names = {name for _, attributes in page.tags for name in attributes}
    assert not any(name.startswith("on") for name in names)
    assert names.isdisjoint({"src", "action", "srcset", "style"})
    assert all(address.startswith("#") or address == "data:," for address in page.values("href"))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", page.text)


def test_the_policy_forbids_all_but_our_own_script(page: Page) -> None:
    """Its hash is that of the script as it stands on the page."""
    (policy,) = [value for value in page.values("content") if "default-src" in value]
    digest = b64encode(sha256(page.raw["script"].encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}';" in policy
    assert "http" not in policy
    assert "url(" not in page.raw["style"]


def test_names_on_the_page_are_unique_and_every_reference_has_its_target(page: Page) -> None:
    """Links, labels and descriptions lead somewhere."""
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    referred = [
        name for key in ("aria-describedby", "aria-labelledby") for value in page.values(key) for name in value.split()
    ]
    assert set(referred) <= set(ids)
    assert {address[1:] for address in page.values("href") if address.startswith("#")} <= set(ids)
    assert len(referred) > 10


def test_a_mark_names_its_rule_and_can_be_reached_by_keyboard(page: Page) -> None:
    """In the title, and in the legend that also prints."""
    marks = [attributes for tag, attributes in page.tags if tag == "mark" and "title" in attributes]
    assert "correct/not-so" in [mark["title"] for mark in marks]
    assert "clarify/which, question/which" in [mark["title"] for mark in marks]
    assert all("tabindex" in mark for mark in marks if mark["title"] == "correct/not-so")
    assert re.search(r"Marked by:\s*1\s*correct/not-so", page.text)


def test_states_that_are_no_answer_are_named(page: Page) -> None:
    """Cut, cut in thought, empty, failed."""
    for badge in (
        "cut at the length limit",
        "cut: its thinking never closed",
        "empty: it ended without a word",
        "failed",
    ):
        assert badge in page.text


def test_filters_offer_what_is_there_and_are_hidden_until_a_script_shows_them(page: Page) -> None:
    """Without a script they would do nothing."""
    (form,) = [attributes for tag, attributes in page.tags if tag == "form"]
    assert "hidden" in form
    values = page.values("value")
    assert set(OUTCOMES) <= set(values)
    assert "correct" in values
    assert set(page.values("data-outcome")) == set(OUTCOMES)
    assert set(page.values("data-arm")) == set(ARMS)


def test_a_missing_figure_says_why(page: Page) -> None:
    """A dash alone is a riddle."""
    assert any("Nothing was counted" in title for title in page.values("title"))
    dashes = [attributes for tag, attributes in page.tags if tag == "abbr"]
    assert len(dashes) > 10
    assert all(dash["title"] for dash in dashes)


def test_120_prompts_and_two_models_stay_under_two_megabytes() -> None:
    """With 1,200 characters of answer and 2,000 of thinking in each of 240 replies."""
    replies = samples.many(120)
    assert len(replies) == 240
    assert {len(one.reply.answer) for one in replies} == {1200}
    assert {len(one.reply.thinking) for one in replies} == {2000}
    assert len(html_report(samples.summary(), replies).encode()) < 2_000_000


def test_an_empty_run_and_one_without_comparison_dial_or_benchmark_are_pages() -> None:
    """What was not measured is not shown, or said to be unknown."""
    bare = samples.summary(arms=(), comparisons=(), limitations=(), honesty=(), dial=None, benchmark=(), settings={})
    page = Page(html_report(bare, []))
    assert "This run has no replies." in page.text
    assert "No plain questions were asked" in page.text
    assert "That does not mean that there are none." in page.text
    assert "What does the dial do?" not in page.text
    assert set(page.values("id")).isdisjoint({"turned", "compared", "benchmark", "filter"})


def test_hostile_names_in_the_summary_stay_text() -> None:
    """A title, an engine, a setting, a benchmark's metric."""
    arm = samples.arm_summary("friction")
    nasty = samples.HOSTILE
    summary = samples.summary(
        title=nasty, headline=nasty, honesty=(nasty,), limitations=(nasty,), settings={nasty: [nasty]}
    )
    arm.detection[nasty] = samples.detection(1, 1)
    text = html_report(summary, [])
    text.encode()
    page = Page(text)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert page.text.count("<script>alert('pwned')</script>") >= 6


def test_the_page_is_the_same_every_time() -> None:
    """Nothing in it depends on the clock or on chance."""
    assert html_report(samples.summary(), samples.replies()) == html_report(samples.summary(), samples.replies())


def test_text_has_enough_contrast_in_both_schemes() -> None:
    """WCAG AA: 4.5 to 1 for text, whatever it stands on."""
    style = (Path(report.__file__).parent / "templates" / "style.css").read_text("utf-8")
    schemes = re.findall(r":root \{(.*?)\}", style, re.S)[:2]
    for scheme in schemes:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", scheme))
        grounds = ("paper", "surface", "faint", "friction-tint", "baseline-tint")
        pairs = [("ink", ground) for ground in grounds] + [("soft", ground) for ground in grounds]
        pairs += list(product(("friction", "baseline"), ("paper", "surface")))
        for ink, ground in pairs:
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
