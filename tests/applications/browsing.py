"""What a browser without scripts would send: the fields of a page's form, with some of them filled in anew."""

from typing import Any

import html5lib
from django.test import Client
from django.urls import reverse

from applications.models import Application


def form_of(response: Any) -> dict[str, list[str]]:
    """The successful controls of the form for a section, by name, without buttons and files."""
    root = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    form = next(one for one in root.iter("form") if one.get("data-section"))
    inside = {id(part) for template in form.iter("template") for part in template.iter()}
    found: dict[str, list[str]] = {}
    for field in form.iter():
        name, kind = field.get("name"), field.get("type", "text")
        if id(field) in inside or not name or field.tag not in {"input", "textarea", "select"}:
            continue
        if kind == "file" or (kind in {"radio", "checkbox"} and field.get("checked") is None):
            continue
        value = field.get("value", "")
        if field.tag == "textarea":
            value = field.text or ""
        elif field.tag == "select":
            value = next((one.get("value", "") for one in field.iter("option") if one.get("selected") is not None), "")
        found.setdefault(name, []).append(value)
    return found


def section_url(application: Application, section: str) -> str:
    return reverse("applications:section", args=[application.pk, section])


def opened(client: Client, application: Application, section: str) -> dict[str, list[str]]:
    """The form as it stands when the page is opened."""
    response = client.get(section_url(application, section))
    assert response.status_code == 200
    return form_of(response)


def send(
    client: Client,
    application: Application,
    section: str,
    form: dict[str, list[str]],
    *,
    script: bool = False,
    **more: Any,
) -> Any:
    """Sends the form; names in `more` have __ for a dot."""
    data: dict[str, Any] = form | {name.replace("__", "."): value for name, value in more.items()}
    data = {name: value for name, value in data.items() if value is not None}
    headers = {"X-Requested-With": "fetch"} if script else {}
    return client.post(section_url(application, section), data, headers=headers)
