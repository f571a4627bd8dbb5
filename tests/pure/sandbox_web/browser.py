"""A browser without scripts: it reads pages over HTTP and sends their forms as they are."""

from __future__ import annotations

from urllib.parse import urljoin

import lxml.html
import requests

TIMEOUT = 10


class Page:
    """A page that was read."""

    def __init__(self, browser: Browser, response: requests.Response) -> None:
        self._browser = browser
        self.status = response.status_code
        self.url = response.url
        self.headers = response.headers
        self._root = lxml.html.fromstring(response.content, base_url=response.url)

    def all(self, testid: str) -> list[lxml.html.HtmlElement]:
        """Return the elements with a data-testid."""
        return list(self._root.xpath(f'//*[@data-testid="{testid}"]'))

    def one(self, testid: str) -> lxml.html.HtmlElement:
        """Return the only element with a data-testid."""
        (found,) = self.all(testid)
        return found

    def text(self, testid: str) -> str:
        """Return an element's text, blanks squeezed."""
        return " ".join(self.one(testid).text_content().split())

    def subjects(self) -> list[str]:
        """Return the subjects of the events shown, as often as they are shown."""
        return [element.get("data-subject") for element in self.all("event")]

    def events(self, subject: str) -> list[lxml.html.HtmlElement]:
        """Return the events shown with a subject."""
        return [one for one in self.all("event") if one.get("data-subject") == subject]

    def version(self) -> str:
        """Return what the page's watch compares."""
        url = self._root.xpath("//body")[0].get("data-version-url")
        return self._browser.read(urljoin(self.url, url))

    def click(self, testid: str) -> Page:
        """Follow a link."""
        return self._browser.open(urljoin(self.url, self.one(testid).get("href")))

    def open_event(self, subject: str, which: int = 0) -> Page:
        """Follow the link of an event."""
        return self._browser.open(urljoin(self.url, self.events(subject)[which].get("href")))

    def send(self, testid: str, *, button: str | None = None, **fields: str | None) -> Page:
        """Fill in a form and send it; None unticks a box."""
        (form,) = self.one(testid).xpath("descendant-or-self::form")
        values = dict(form.form_values())
        for name, value in fields.items():
            assert name in form.fields, f"there is no field {name}"
            if value is None:
                values.pop(name, None)
            else:
                values[name] = value
        if button:
            pressed = self.one(button)
            if pressed.get("name"):
                values[pressed.get("name")] = pressed.get("value")
        return self._browser.post(urljoin(self.url, form.get("action")), values)


class Browser:
    """Keeps a session with the sandbox's plain address."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()

    def open(self, address: str) -> Page:
        """Read a page."""
        return Page(self, self._session.get(urljoin(self._url, address), timeout=TIMEOUT))

    def read(self, address: str) -> str:
        """Read a text."""
        return self._session.get(urljoin(self._url, address), timeout=TIMEOUT).text

    def post(self, address: str, values: dict[str, str], **headers: str) -> Page:
        """Send a form."""
        url = urljoin(self._url, address)
        return Page(self, self._session.post(url, values, headers=headers, timeout=TIMEOUT))

    def close(self) -> None:
        """Hang up."""
        self._session.close()
