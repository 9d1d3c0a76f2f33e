"""What the tests of a profile send, and what they read of the answer."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cities.models import City, Fact, Picture, ProfileEdit, TeamMember
from tests.factories import Role, a_city, a_person
from tests.guards import problems

GPS = 0x8825  # the part of EXIF that says where a picture was taken


def an_editor(city, role=TeamMember.Role.EDITOR):
    person = a_person(Role.LEAD, city=a_city(f"stadt-{TeamMember.objects.count()}"), name="Edi Redaktion")
    person.teams.all().delete()
    TeamMember.objects.create(city=city, user=person, role=role)
    return person


def where(name="edit", city="bonn", **more):
    return reverse(f"cities:{name}", kwargs={"slug": city} | more)


def opened(client, city="bonn"):
    """What a browser would send back from the form as it was opened."""
    form = client.get(where(city=city)).context["form"]
    return {field.html_name: "" if field.value() is None else str(field.value()) for field in form}


def send(client, form, city="bonn", **typed):
    return client.post(where(city=city), form | typed)


def errors(response, status=422):
    assert response.status_code == status
    assert problems(response, "en") == []
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def everything():
    return [sorted(model.objects.order_by().values_list()) for model in (City, Fact, ProfileEdit, Picture)]


def said(response):
    return [str(message) for message in response.context["messages"]]


NUMBER = {"population": "336465", "population_year": "2024", "population_source": "Stadt Bonn"}
WORDS = {"alt_de": "Das Alte Rathaus", "alt_en": "The old town hall", "credit": "Erika Muster", "licence": "CC BY 4.0"}


def a_file(name="rathaus.jpg", content=None):
    out = io.BytesIO()
    if content is None:
        exif = Image.Exif()
        exif.get_ifd(GPS)[1] = "N"
        exif[0x010F] = "Kamera"
        Image.new("RGB", (60, 40), "olive").save(out, "JPEG", exif=exif)
        content = out.getvalue()
        assert b"Kamera" in content
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def a_picture(client, **changes):
    return client.post(where("picture_add"), {"image": a_file()} | WORDS | changes, follow=True)
