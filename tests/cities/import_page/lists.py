"""What the tests of the import page send."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from network.models import Network

ADDRESS = "/en/import/"
SOURCES = "tag,url,what\nlist,https://example.org/list,\n"
COUNTRIES = "iso2,name_en,name_de,region\nDE,Germany,Deutschland,europe\n"
CITIES = (
    "slug,name_en,name_de,country_iso2,latitude,longitude,population,geoname_id,website\n"
    "bonn,Bonn,Bonn,DE,50.73438,7.09549,,,https://www.bonn.de\n"
)


MEMBERSHIPS = "city_slug,network,year_joined,creative_field,role,source\nbonn,gnlc,2019,,member,list\n"


def a_network(slug):
    return Network.objects.create(
        slug=slug, name_de=slug, short_name_de=slug, member_name_de=slug, abbreviation=slug, founded=2013
    )


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
