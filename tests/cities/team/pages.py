"""The addresses of city teams, and what a page says."""

from django.urls import reverse

from tests.guards import problems


def where(name="team", city="bonn", **more):
    return reverse(f"cities:{name}", kwargs={"slug": city} | more)


def link(path):
    return f'href="{path}"'


def words(response):
    return response.content.decode()


def errors(response, status=422):
    assert response.status_code == status
    assert problems(response, "en") == []
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def said(response):
    return [str(message) for message in response.context["messages"]]
