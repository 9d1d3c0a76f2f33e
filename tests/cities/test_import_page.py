"""The page on which coordinators and operators import lists: who may, what is shown, what is confirmed."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from cities.imports import import_files, parcel
from cities.models import City, Country, Membership, ProfileEdit
from network.models import Network, Office, User

pytestmark = pytest.mark.django_db


ADDRESS = "/en/import/"
SOURCES = "tag,url,what\nlist,https://example.org/list,\n"
COUNTRIES = "iso2,name_en,name_de,region\nDE,Germany,Deutschland,europe\n"
CITIES = (
    "slug,name_en,name_de,country_iso2,latitude,longitude,population,geoname_id,website\n"
    "bonn,Bonn,Bonn,DE,50.73438,7.09549,,,https://www.bonn.de\n"
)
MEMBERSHIPS = "city_slug,network,year_joined,creative_field,role,source\nbonn,gnlc,2019,,member,list\n"


@pytest.fixture(autouse=True)
def _storage(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def gnlc():
    Country.objects.create(iso2="DE", name_de="Deutschland", name_en="Germany", region="europe")
    return a_network("gnlc")


def a_network(slug):
    return Network.objects.create(
        slug=slug, name_de=slug, short_name_de=slug, member_name_de=slug, abbreviation=slug, founded=2013
    )


@pytest.fixture
def operator(client):
    user = User.objects.create_superuser("operator@example.org", language="en")
    client.force_login(user)
    return user


@pytest.fixture
def coordinator(client, gnlc):
    user = User.objects.create_user("coordinator@example.org")
    Office.objects.create(user=user, network=gnlc, role=Office.Role.COORDINATOR)
    client.force_login(user)
    return user


def a_zip(files, **options):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return SimpleUploadedFile("lists.zip", packed.getvalue())


def some_files(**changed):
    return {"cities.csv": CITIES, "memberships.csv": MEMBERSHIPS, "sources.csv": SOURCES} | {
        f"{name}.csv": text for name, text in changed.items()
    }


def send(client, *uploads):
    return client.post(ADDRESS, {"lists": list(uploads)})


def send_zip(client, **changed):
    """Upload, and open the page that shows the difference."""
    answer = send(client, a_zip(some_files(**changed)))
    assert answer.status_code == 302
    return answer.headers["Location"], client.get(answer.headers["Location"])


def seen(page):
    return page.context["form"]["seen"].value()


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
    assert client.get(address).status_code == 404


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
    assert client.get(address).status_code == 404


def test_second_upload_replaces_the_first(client, operator):
    first, _page = send_zip(client)
    send_zip(client)
    assert client.get(first).status_code == 404
    assert len(default_storage.listdir("import")[1]) == 1


def test_parcels_nobody_confirms_are_thrown_away(client, operator, monkeypatch):
    parcel.keep({"cities.csv": b""})
    monkeypatch.setattr(parcel, "KEPT_FOR", -parcel.KEPT_FOR)
    parcel.keep({"cities.csv": b""})
    assert len(default_storage.listdir("import")[1]) == 1


# Coordinators


def test_coordinator_imports_the_own_network(client, coordinator):
    page = client.get(ADDRESS)
    assert "gnlc" in page.content.decode()
    address, page = send_zip(client)
    assert client.post(address, {"seen": seen(page)}).status_code == 302
    assert Membership.objects.count() == 1


def problems(page):
    assert page.status_code == 422
    return [(problem.file, problem.line, problem.column) for problem in page.context["problems"]]


def test_coordinator_cannot_import_other_networks(client, coordinator):
    a_network("c40")
    _address, page = send_zip(
        client,
        memberships=MEMBERSHIPS + "bonn,c40,2019,,member,list\n",
        networks="slug,name_en,name_de,abbreviation,founded,host_organisation,secretariat_city,website,member_count,"
        "member_count_as_of\nc40,C40,C40,C40,2005,,,,97,2025\nnew,New,Neu,NEW,2005,,,,,\n",
    )
    assert problems(page) == [
        ("memberships.csv", 3, "network"), ("networks.csv", 2, "slug"), ("networks.csv", 3, "slug"),
    ]  # fmt: skip


def test_coordinator_cannot_change_what_all_networks_share(client, coordinator):
    a_network("uccn")
    import_files({name: text.encode() for name, text in some_files().items()})
    _address, page = send_zip(
        client,
        sources=SOURCES.replace("/list", "/other"),
        countries=COUNTRIES.replace("Germany", "Other") + "FR,France,Frankreich,europe\n",
        laender="key,name_de,name_en\n05,NRW,NRW\n",
        uccn_profiles="city_slug,creative_field,profile_url\n",
    )
    assert problems(page) == [
        ("countries.csv", 2, "name_en"), ("countries.csv", 3, "iso2"), ("laender.csv", 2, "key"),
        ("sources.csv", 2, "url"),
    ]  # fmt: skip


def test_coordinator_changes_own_cities_only_and_sees_own_decisions_only(client, coordinator):
    other = City.objects.create(slug="lyon", name_de="Lyon", country_id="DE", latitude=45, longitude=4)
    Membership.objects.create(city=other, network=a_network("uccn"))
    import_files({name: text.encode() for name, text in some_files().items()})
    row = "lyon,Lyon,Lyon,DE,46,4,,,\n"

    _address, page = send_zip(client, cities=CITIES.replace("50.7", "50.8"))
    assert page.context["difference"].decisions == []
    assert [str(change) for change in page.context["difference"].changes] == ["bonn: latitude 50.73438 → 50.83438"]

    _address, page = send_zip(client, cities=CITIES + row)
    assert problems(page) == [("cities.csv", 3, "latitude"), ("cities.csv", 3, "name_en")]


# Uploads that cannot be used


def refusal(page):
    assert page.status_code == 422
    (error,) = page.context["form"].errors["lists"]
    return error


def test_upload_needs_a_file(client, operator):
    assert refusal(client.post(ADDRESS, {})) == "Choose the files."


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"notes.csv": ""}, "The file notes.csv is not part of an import. Known are: countries.csv, laender.csv, "),
        ({"a/cities.csv": "", "b/cities.csv": ""}, "The file cities.csv is there twice."),
        ({"../cities.csv": ""}, "The ZIP file holds the path ../cities.csv. Pack plain files only."),
        ({"/cities.csv": ""}, "The ZIP file holds the path /cities.csv. Pack plain files only."),
        ({"x\\..\\cities.csv": ""}, "The ZIP file holds the path x"),
        ({"cities.csv": b"0" * (61 * 1024 * 1024)}, "The ZIP file is too large when unpacked: at most 60 megabytes"),
        ({f"{number}.csv": "" for number in range(41)}, "The ZIP file is too large when unpacked: at most 60 mega"),
    ],
    ids=["unknown", "twice", "upwards", "absolute", "backslash", "bomb", "many"],
)
def test_bad_zip_is_refused(client, operator, files, sentence):
    assert refusal(send(client, a_zip(files))).startswith(sentence)


def test_zip_that_lies_about_its_size_is_refused(client, operator, monkeypatch):
    monkeypatch.setattr(parcel, "UNPACKED_LIMIT", 1000)
    honest = a_zip({"cities.csv": b"0" * 2000}).read()
    size = (2000).to_bytes(4, "little")
    assert honest.count(size) == 2
    lying = SimpleUploadedFile("lists.zip", honest.replace(size, (10).to_bytes(4, "little")))
    assert refusal(send(client, lying)).startswith("The ZIP file is")


@pytest.mark.parametrize("content", [b"PK\x03\x04 no more", b"", b"PK\x05\x06" + b"\0" * 5])
def test_damaged_zip_is_refused(client, operator, content):
    answer = refusal(send(client, SimpleUploadedFile("lists.zip", content)))
    assert answer == "The ZIP file is damaged, encrypted or packed in an unusual way. Pack it again."


def test_too_large_upload_is_refused(client, operator, monkeypatch):
    monkeypatch.setattr(parcel, "LIMIT", 100)
    assert refusal(send(client, a_zip(some_files()))).startswith("The files are too large: at most ")


def test_zip_of_a_folder_with_companions_is_read(client, operator):
    files = {f"data/{name}": text for name, text in some_files().items()}
    files |= {"data/README.md": "x", "data/practices.csv": "x", "__MACOSX/data/._cities.csv": "x"}
    assert send(client, a_zip(files)).status_code == 302
