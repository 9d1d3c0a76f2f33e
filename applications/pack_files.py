"""A pack as a file: the same pack always gives the same bytes."""

import json

from applications.pack import Pack, write
from applications.pack_checks.keys import frame_problems
from applications.pack_checks.questions import question_problems
from applications.problems import Problem


def as_file(pack: Pack) -> bytes:
    """JSON for people and programs, in the order of the dataclasses, without what equals its default."""
    return (json.dumps(write(pack), ensure_ascii=False, indent=2) + "\n").encode()


def unusable(pack: Pack) -> list[Problem]:
    """What keeps a pack out of the editor, since its parts could not be found, or its conditions not be followed."""
    conditions = [problem for problem in question_problems(pack) if ".only_if" in problem.place]
    return [*frame_problems(pack), *conditions]
