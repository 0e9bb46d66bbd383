"""What the page's own scripts do, seen by a person at the keyboard."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage


def patterns(page: Page) -> Page:
    """The page of patterns, once htmx runs."""
    page.goto("/patterns")
    expect(page.locator("#evaluating")).not_to_contain_text("0 of 60")
    return page


def focused(page: Page) -> Locator:
    return page.locator("*:focus")


def test_a_form_sent_back_keeps_its_values_and_takes_the_focus_to_what_is_wrong(page: Page) -> None:
    form = patterns(page).locator("#pattern-form")
    form.get_by_label("In your words").fill("too short")
    form.get_by_role("button", name="Re-evaluate").click()
    expect(focused(page)).to_contain_text("This was not saved yet")
    expect(form.get_by_label("In your words")).to_have_value("too short")
    form.get_by_role("link", name=re.compile("Contest code")).click()
    expect(form.get_by_label("Contest code")).to_be_focused()


def test_a_command_carried_out_says_so(page: Page) -> None:
    form = patterns(page).locator("#pattern-form")
    form.get_by_label("Contest code").fill("MOON-0311")
    form.get_by_label("Password").fill("anything")
    form.get_by_label("In your words").fill("A tick of source charlie was corrected")
    form.get_by_label("In your words").press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Saved.")


def test_pressing_twice_sends_once(page: Page) -> None:
    form = patterns(page).locator("#pattern-form")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    form.get_by_role("button", name="Re-evaluate").dblclick()
    expect(focused(page)).to_contain_text("This was not saved yet")
    assert len(sent) == 1


def test_an_error_never_takes_the_place_of_what_it_is_about(page: Page) -> None:
    button = patterns(page).get_by_role("button", name="Meet a conflict")
    button.click()
    expect(page.locator("#trouble")).to_contain_text("This changed in the meantime.")
    expect(page.locator("#trouble")).to_be_in_viewport()
    expect(button).to_be_enabled()


def test_progress_moves_until_it_is_done(page: Page) -> None:
    patterns(page)
    expect(page.locator("#evaluating")).to_contain_text("60 of 60", timeout=15_000)
    expect(page.locator("#evaluating")).not_to_have_attribute("hx-get", re.compile("."))


def test_the_theme_changes_at_once_and_stays(page: Page) -> None:
    patterns(page).get_by_role("button", name="Dark colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.wait_for_load_state("networkidle")
    page.goto("/patterns/trouble")
    expect(page.get_by_role("button", name="Dark colours")).to_have_attribute("aria-pressed", "true")


def test_the_theme_can_be_chosen_without_javascript(open_page: OpenPage) -> None:
    page = open_page(js=False)
    page.goto("/patterns/trouble")
    page.get_by_role("button", name="Dark colours").click()
    expect(page).to_have_url(re.compile("/patterns/trouble$"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_an_address_is_copied_whole(page: Page) -> None:
    patterns(page).get_by_role("button", name=re.compile("EKpQGSJt")).first.click()
    expect(page.locator("#announcer")).to_contain_text("Copied EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm")
    assert page.evaluate("navigator.clipboard.readText()") == "EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm"


def test_the_help_lists_the_keys_of_the_page(page: Page) -> None:
    patterns(page).keyboard.press("?")
    shown = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shown).to_contain_text("Resolve tie")
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()


def test_j_and_k_walk_the_rows(page: Page) -> None:
    patterns(page).keyboard.press("j")
    expect(focused(page)).to_have_text("player00006")
    page.keyboard.press("j")
    expect(focused(page)).to_have_text("player00011")
    page.keyboard.press("k")
    expect(focused(page)).to_have_text("player00006")


def test_slash_goes_to_the_search_and_letters_there_are_text(page: Page) -> None:
    patterns(page).keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("jt?")
    expect(search).to_have_value("jt?")


def test_keys_with_modifiers_and_held_keys_do_nothing(page: Page) -> None:
    patterns(page).keyboard.press("Control+j")
    page.keyboard.press("Alt+t")
    page.locator("body").dispatch_event("keydown", {"key": "j", "repeat": True})
    expect(page.locator("body")).to_be_focused()


def test_two_presses_make_one_shortcut(page: Page) -> None:
    patterns(page)
    page.goto("/patterns/trouble")
    expect(page.locator("dialog")).to_be_attached()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/patterns$"))


def test_single_keys_can_be_switched_off(page: Page) -> None:
    patterns(page).keyboard.press("?")
    page.get_by_label("Single keys do these things").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("a[href='#']:focus")).to_have_count(0)
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_label("Single keys do these things")).not_to_be_checked()
