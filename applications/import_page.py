"""Bringing in a pack from a file: what would change in the working copy, shown before anything does."""

from django.http import QueryDict

from applications.actions.preparing import refuse_another_network
from applications.forms.adding import PackFileForm
from applications.models import Call
from applications.pack import Pack, PackError, parse, read
from applications.pack_changes import changes
from applications.pack_checks import problems
from applications.pack_differences import Difference, in_words
from applications.pack_files import as_file, unusable
from applications.preparation import Preparation


class ImportPage:
    """The differences between the working copy and a file, which comes back with the confirmation."""

    def __init__(self, state: Preparation) -> None:
        self.state = state
        self.pack: Pack | None = None

    @property
    def call(self) -> Call:
        return self.state.call

    def compare(self, form: PackFileForm) -> bool:
        """Whether the file can be compared; why not stands in the form."""
        try:
            refuse_another_network(form.pack, self.call)
        except PackError as error:
            form.add_error("file", error.problems[0].sentence)
            return False
        self.pack = form.pack
        return True

    @property
    def document(self) -> str:
        """What the confirmation sends back."""
        assert self.pack is not None
        return as_file(self.pack).decode()

    @property
    def differences(self) -> list[Difference]:
        """What the file changes in the working copy, part by part."""
        assert self.pack is not None
        found = [] if unusable(self.state.pack) else changes(self.state.pack, self.pack)
        return [in_words(change, self.state.pack, self.pack) for change in found]

    @property
    def findings(self) -> int:
        """How much is not right in the file yet."""
        assert self.pack is not None
        return len(problems(self.pack))

    def confirmed(self, posted: QueryDict) -> tuple[Pack | None, int]:
        """The pack that was sent back and the version of the working copy it was compared with; no pack where somebody
        has altered it into none."""
        seen = posted.get("seen", "")
        try:
            pack = read(parse(posted.get("document", "").encode("utf-8", "replace")))
            refuse_another_network(pack, self.call)
        except PackError:
            return None, 0
        if unusable(pack):
            return None, 0
        return pack, int(seen) if seen.isdecimal() and len(seen) < 9 else -1

    def context(self, form: PackFileForm) -> dict[str, object]:
        return {"page": self, "state": self.state, "call": self.call, "form": form}
