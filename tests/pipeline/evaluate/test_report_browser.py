"""The report in a real browser: it works, it is calm, and what a model wrote does nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from friction.evaluate.report import html_report
from tests.unit.evaluate import report_samples as samples  # pylint: disable=import-error

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Request

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is missing; run: make browser")
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium on this machine; run: make browser")

PROMPTS = 13


class Visit:
    """A page in a browser, and all that it did that it should not.

    Args:
        browser: Where.
        address: Of the report.
        **settings: Of the browser's context: scheme, size, whether scripts run.
    """

    def __init__(self, browser: Browser, address: str, **settings: Any) -> None:
        self.trouble: list[str] = []
        self.page = browser.new_page(**settings)
        self.page.on("console", lambda message: self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("dialog", self._opened)
        self.page.on("request", self._asked)
        self.page.goto(address)

    def _opened(self, dialog: Dialog) -> None:
        self.trouble.append(dialog.message)
        dialog.dismiss()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(("file://", "data:,")):
            self.trouble.append(request.url)

    @property
    def shown(self) -> int:
        """How many prompts one can see."""
        return int(self.page.locator(".case:visible").count())


@pytest.fixture(name="browser", scope="module")
def browser_fixture() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(name="address", scope="module")
def address_fixture(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample's report as a file."""
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(html_report(samples.summary(), samples.replies()), "utf-8")
    return path.as_uri()


def test_hostile_replies_do_nothing_and_nothing_is_asked_of_a_network(browser: Browser, address: str) -> None:
    """Neither when the page opens, nor when everything on it is opened and clicked."""
    visit = Visit(browser, address)
    visit.page.get_by_role("button", name="Unfold thinking").click()
    for mark in visit.page.locator("mark[title*=challenge]").all():
        mark.click()
    visit.page.wait_for_load_state("networkidle")
    assert visit.trouble == []
    assert "<script>alert('pwned')</script>" in visit.page.inner_text("body")
    assert visit.page.locator("#measured").is_visible()


def test_the_policy_stops_a_script_that_found_its_way_in(browser: Browser, address: str) -> None:
    """The second wall holds even where the first one would not."""
    visit = Visit(browser, address)
    visit.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.pwned = 1'}))"
    )
    assert visit.page.evaluate("window.pwned") is None
    assert any("Content Security Policy" in text for text in visit.trouble)


def test_filters_work_by_keyboard_alone_and_keep_their_state_in_the_address(browser: Browser, address: str) -> None:
    """Tab to a list, type the beginning of a choice, read the count."""
    visit = Visit(browser, address)
    page = visit.page
    assert page.inner_text("#count") == f"{PROMPTS} of {PROMPTS} shown"
    page.locator("nav a").last.focus()
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "outcome":
            break
    page.keyboard.type("false")
    assert page.locator("select[name=outcome]").input_value() == "false-alarm"
    assert visit.shown == 2  # the false alarm and its twin
    assert page.inner_text("#count") == f"2 of {PROMPTS} shown"
    assert page.locator(".reply.match").count() == 1
    assert page.url.endswith("#outcome=false-alarm")
    again = Visit(browser, page.url)
    assert again.shown == 2
    page.keyboard.press("Tab")
    page.keyboard.type("baseline")
    assert visit.shown == 0
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#count').textContent.startsWith('13')")
    assert visit.shown == PROMPTS
    assert visit.trouble == again.trouble == []


def test_one_model_or_one_move_can_be_looked_at_alone(browser: Browser, address: str) -> None:
    """The other column goes; so do prompts to which that model has no reply."""
    visit = Visit(browser, address + "#arm=friction&move=doubt")
    assert visit.shown == 2
    assert visit.page.locator(".column.baseline:visible").count() == 0
    assert visit.page.locator(".column.friction:visible").count() == 2


def test_an_address_with_unknown_choices_shows_everything(browser: Browser, address: str) -> None:
    """An old link must not hide a report."""
    assert Visit(browser, address + "#outcome=nonsense&x=%3Cscript%3E").shown == PROMPTS


def test_a_mark_under_the_keyboard_shows_its_rule(browser: Browser, address: str) -> None:
    """Hovering is not for everyone."""
    page = Visit(browser, address).page
    mark = page.locator("mark[title='correct/not-so']").first
    mark.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert mark.evaluate("(one) => getComputedStyle(one, '::before').content") == '"correct/not-so"'


def test_without_scripts_everything_is_shown_and_no_filter(browser: Browser, address: str) -> None:
    """Thinking unfolds by itself: it is the browser's own."""
    visit = Visit(browser, address, java_script_enabled=False)
    assert visit.shown == PROMPTS
    assert not visit.page.locator("#filter").is_visible()
    thought = visit.page.get_by_text("The claim is Sydney.")
    assert not thought.is_visible()
    visit.page.locator("details.thinking summary").first.click()
    assert thought.is_visible()
    assert visit.trouble == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_its_window_in_both_schemes(
    browser: Browser, address: str, tmp_path: Path, scheme: str, width: int
) -> None:
    """Nothing but tables and figures scrolls sideways, whatever a model wrote; dark is dark."""
    visit = Visit(browser, address, color_scheme=scheme, viewport={"width": width, "height": 900})
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    bright = sum(int(part) for part in ground.removeprefix("rgb(").rstrip(")").split(",")) > 3 * 128
    assert bright == (scheme == "light")
    picture = tmp_path / f"{scheme}-{width}.png"
    visit.page.screenshot(path=picture, full_page=True)
    assert picture.stat().st_size > 50_000
    assert visit.trouble == []


@pytest.mark.parametrize("scripts", [True, False])
def test_it_prints_with_everything_open_dark_on_white(browser: Browser, address: str, scripts: bool) -> None:
    """Also in a dark scheme, and without scripts; the filters do not print."""
    visit = Visit(browser, address, color_scheme="dark", java_script_enabled=scripts)
    visit.page.emulate_media(media="print")
    if scripts:
        visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert visit.page.get_by_text("The claim is Sydney.").is_visible()
    assert not visit.page.locator("#filter").is_visible()
    assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert visit.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    paper = visit.page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") >= PROMPTS // 2
    assert visit.trouble == []
