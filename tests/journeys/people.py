"""A person at a browser: signs in, clicks, types. What a page complains of is an error here."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

SELECT = """([from, to]) => {
  const walker = document.createTreeWalker(document.querySelector("[data-text-layer]"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const start = node.data.indexOf(from);
    const end = node.data.indexOf(to, start) + to.length;
    if (start >= 0 && end >= to.length) { document.getSelection().setBaseAndExtent(node, start, node, end); return; }
  }
  throw new Error("no such passage");
}"""


class Person:
    """One signed-in browser profile."""

    def __init__(self, page: Page, address: str, username: str) -> None:
        self.page = page
        self.address = address
        self.username = username

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.address + path)
        assert answer.status == 200, f"{path} answers {answer.status}"
        return self.page

    def sign_in(self, one_time_password: str, password: str) -> None:
        """Sign in for the first time: the one-time password has to be replaced before anything else opens."""
        self.page.goto(f"{self.address}/accounts/login/")
        self.page.get_by_label("Username or e-mail address").fill(self.username)
        self.page.get_by_label("Password", exact=True).fill(one_time_password)
        self.click("Sign in")
        expect(self.page.get_by_text("Replace the one-time password first")).to_be_visible()
        self.page.get_by_label("Current Password").fill(one_time_password)
        self.page.get_by_label("New Password", exact=True).fill(password)
        self.page.get_by_label("New Password (again)").fill(password)
        self.click("Change Password")
        expect(self.page.get_by_text("Password successfully changed")).to_be_visible()

    def click(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()

    def fill(self, **fields: str) -> None:
        """Fill in form fields by their names: text, or the value or label of a choice."""
        for name, value in fields.items():
            field = self.page.locator(f"main [name={name}]").first
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def cite_selection(self, first: str, last: str) -> None:
        """Select from the words `first` to the words `last` in the preserved copy and take up the offer to cite."""
        self.page.evaluate(SELECT, [first, last])
        self.click("Cite this passage")

    def sees(self, text: str) -> None:
        expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible()


@contextmanager
def at_browser(browser: Browser, address: str, username: str) -> Iterator[Person]:
    """A person with a profile of their own; complaints of the browser (scripts, security policy) fail at the end."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", accept_downloads=True
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield Person(page, address, username)
    context.close()
    assert complaints == []
