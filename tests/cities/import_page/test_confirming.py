"""The page on which coordinators and operators import lists: who may, what is shown, what is confirmed."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from cities.imports import COLUMNS, import_files, parcel
from cities.models import City, Membership, ProfileEdit
from network.models import Office, User
from tests.cities.import_page.lists import ADDRESS, CITIES, a_zip, seen, send, send_zip, some_files

pytestmark = pytest.mark.django_db


def test_stranger_meets_404_and_visitor_the_sign_in(client, gnlc):
    assert client.get(ADDRESS).status_code == 302
    stranger = User.objects.create_user("stranger@example.org")
    Office.objects.create(user=stranger, network=gnlc, role=Office.Role.REVIEWER)
    client.force_login(stranger)
    assert client.get(ADDRESS).status_code == 404
    assert send(client, a_zip(some_files())).status_code == 404


def test_operator_uploads_reads_and_confirms(client, operator):
    assert client.get(ADDRESS).status_code == 200

    address, page = send_zip(client)
    assert City.objects.count() == 0
    assert "bonn (Bonn)" in page.content.decode()

    done = client.post(address, {"seen": seen(page)})
    assert (done.status_code, done.headers["Location"]) == (302, ADDRESS)
    assert Membership.objects.get().city.slug == "bonn"
    assert default_storage.listdir("import")[1] == []


def test_second_confirmation_imports_nothing_and_says_where_the_files_are(client, operator):
    address, page = send_zip(client)
    client.post(address, {"seen": seen(page)})
    Membership.objects.all().delete()

    again = client.post(address, {"seen": seen(page)}, follow=True)

    assert again.redirect_chain == [(ADDRESS, 302)]
    assert "These files are no longer kept here" in again.content.decode()
    assert not Membership.objects.exists()


def test_two_clicks_at_once_end_on_a_page_without_an_error(client, operator):
    address, page = send_zip(client)
    import_files({name: text.encode() for name, text in some_files().items()})  # as the first click has just done

    second = client.post(address, {"seen": seen(page)})

    assert "the portal already says what the files say" in second.content.decode()
    assert "Nothing was imported" not in second.content.decode()


def test_upload_form_names_every_file_that_is_read(client, operator):
    page = client.get(ADDRESS).content.decode()
    assert [name for name in COLUMNS if name not in page] == []


def test_single_files_are_taken_too(client, operator):
    uploads = [SimpleUploadedFile(name, text.encode()) for name, text in some_files().items()]
    page = client.get(send(client, *uploads).headers["Location"])
    assert [row.slug for row in page.context["difference"].cities] == ["bonn"]


def test_files_that_change_nothing_offer_no_button(client, operator):
    import_files({name: text.encode() for name, text in some_files().items()})
    _address, page = send_zip(client)
    assert "Import exactly this" not in page.content.decode()


def test_findings_are_shown_and_nothing_can_be_confirmed(client, operator):
    address, page = send_zip(client, cities=CITIES.replace("50.7", "950.7"))
    assert page.status_code == 422
    assert "A latitude lies between -90 and 90." in page.content.decode()
    assert client.post(address, {"seen": "x"}).status_code == 422
    assert City.objects.count() == 0


def test_portal_that_changed_in_between_is_shown_again(client, operator):
    address, page = send_zip(client)
    City.objects.create(slug="bonn", name_de="Bonn", country_id="DE", latitude=50, longitude=7)

    again = client.post(address, {"seen": seen(page)})

    assert again.status_code == 409
    assert "the portal has changed" in again.content.decode()
    assert City.objects.get().latitude == 50
    assert client.post(address, {"seen": seen(again)}).status_code == 302
    assert City.objects.get().latitude == 50.73438


def a_conflict():
    import_files({name: text.encode() for name, text in some_files().items()})
    bonn = City.objects.get()
    bonn.website = "https://bonn.example"
    bonn.save()
    ProfileEdit.objects.create(city=bonn, field="website", new=bonn.website)


@pytest.mark.parametrize(("choice", "website"), [("team", "https://bonn.example"), ("file", "https://www.bonn.de")])
def test_conflict_needs_a_choice(client, operator, choice, website):
    a_conflict()
    address, page = send_zip(client)

    undecided = client.post(address, {"seen": seen(page)})
    assert undecided.status_code == 422
    assert "Choose one of the two values." in undecided.content.decode()

    assert client.post(address, {"seen": seen(page), "conflict_0": choice}).status_code == 302
    assert City.objects.get().website == website
    assert ProfileEdit.objects.filter(by=operator).count() == (choice == "file")


def test_parcel_belongs_to_one_session(client, operator, gnlc):
    address, _page = send_zip(client)
    other = User.objects.create_superuser("other@example.org")
    client.force_login(other)
    page = client.get(address, follow=True)
    assert page.redirect_chain == [(ADDRESS, 302)]
    assert "bonn" not in page.content.decode()


def test_second_upload_replaces_the_first(client, operator):
    first, _page = send_zip(client)
    send_zip(client)
    assert client.get(first).headers["Location"] == ADDRESS
    assert len(default_storage.listdir("import")[1]) == 1


def test_parcels_nobody_confirms_are_thrown_away(client, operator, monkeypatch):
    parcel.keep({"cities.csv": b""})
    monkeypatch.setattr(parcel, "KEPT_FOR", -parcel.KEPT_FOR)
    parcel.keep({"cities.csv": b""})
    assert len(default_storage.listdir("import")[1]) == 1
