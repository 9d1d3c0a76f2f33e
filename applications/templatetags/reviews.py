"""Reviews in templates: the fields and the scores of one criterion."""

from django import template
from django.forms.boundfield import BoundField

from applications.forms.reviewing import ReviewForm
from applications.models import Score
from applications.pack import Criterion
from applications.review_file import Other, ReviewList
from network.models import User

register = template.Library()


@register.simple_tag
def review_list(user: User) -> ReviewList:
    """What is asked of a reviewer."""
    return ReviewList(user)


@register.filter
def score_of(form: ReviewForm, criterion: Criterion) -> BoundField:
    """The score to be filled in."""
    return form.score(criterion)


@register.filter
def reason_of(form: ReviewForm, criterion: Criterion) -> BoundField:
    """The reason to be filled in."""
    return form.reason(criterion)


@register.filter
def confirm_of(form: ReviewForm, criterion: Criterion) -> BoundField | None:
    """Whether the score stands, where the city has changed what it rests on."""
    return form.confirm(criterion)


@register.filter
def said(other: Other, criterion: Criterion) -> Score | None:
    """What somebody else says to it."""
    return other.scores.get(criterion.key)
