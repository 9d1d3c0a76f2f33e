"""What reviews say of one application, criterion by criterion, and who has it: rows of the coordination's page, written
in Python (as applications.templatetags.case_rows). Each is built from escaped parts only."""

from html import escape

from django import template
from django.template.defaultfilters import floatformat, linebreaks_filter
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from applications.models import Assignment, Score
from applications.moments import in_words
from applications.pack import Criterion
from applications.review_round import CaseReviews, CriterionRow

register = template.Library()


@register.filter
def criterion_rows(reviews: CaseReviews) -> SafeString:
    """Each criterion with its scores; whoever coordinates chooses which reasons the city may read."""
    return mark_safe("\n".join(_criterion(row, coordinates=reviews.coordinates) for row in reviews.rows))  # noqa: S308


def _criterion(row: CriterionRow, *, coordinates: bool) -> str:
    criterion, key = row.criterion, escape(row.criterion.key)
    notes = [_("weighs %(weight)s%%") % {"weight": criterion.weight}]
    if row.mean is not None:
        notes.append(
            _("mean %(mean)s of %(highest)s") % {"mean": floatformat(row.mean, 1), "highest": criterion.highest}
        )
    said = "\n".join(
        f'<li><p class="said-name">{escape(str(review.assignment.reviewer))}</p>\n'
        f"{_said(score, criterion, coordinates=coordinates)}</li>"
        for review, score in row.scores
    )
    return (
        f'<section class="case-part" aria-labelledby="criterion-{key}">'
        f'<h3 id="criterion-{key}">{escape(str(criterion.title))}</h3>'
        f'<p class="case-notes small muted">{" ".join(f"<span>{escape(one)}</span>" for one in notes)}</p>'
        f'<ul class="said-rows">{said}</ul></section>'
    )


def _said(score: Score, criterion: Criterion, *, coordinates: bool) -> str:
    """As in applications/_review_said.html, and what becomes of the reason."""
    parts = [_value(score, criterion)]
    if score.reason:
        parts.append(linebreaks_filter(score.reason))
    if not score.confirmed:
        words = escape(_("judges an earlier version: to be confirmed"))
        parts.append(f'<p class="small attention">{words}</p>')
    if score.reason:
        parts.append(_release(score, coordinates=coordinates))
    return "\n".join(parts)


def _value(score: Score, criterion: Criterion) -> str:
    if score.abstained:
        return f'<p class="muted">{escape(_("abstained"))}</p>'
    if score.value is None:
        return f'<p class="muted">{escape(_("no score yet"))}</p>'
    of = escape(_("of %(highest)s") % {"highest": criterion.highest})
    return f'<p class="said-score"><b class="number-m">{score.value}</b> <span class="small muted">{of}</span></p>'


def _release(score: Score, *, coordinates: bool) -> str:
    """As in applications/_review_release.html."""
    if not coordinates:
        return f'<p class="small muted">{escape(_("released for the city"))}</p>' if score.released_at else ""
    name, checked = f"score-{score.pk}", " checked" if score.released_at else ""
    return (
        f'<div class="kern-form-check"><input class="kern-form-check__checkbox" type="checkbox" name="score" '
        f'value="{score.pk}" id="{name}"{checked}>'
        f'<label class="kern-label" for="{name}">{escape(_("The city may read this"))}</label></div>'
    )


@register.filter
def assigned_rows(reviews: CaseReviews) -> SafeString:
    """Who was asked to review it, and how far they are."""
    return mark_safe("\n".join(_assigned(one, reviews) for one in reviews.assignments))  # noqa: S308


def _assigned(one: Assignment, reviews: CaseReviews) -> str:
    name = escape(str(one.reviewer))
    parts = [f"<b>{name}</b>", f"<span>{escape(str(one.get_state_display()))}</span>"]
    if one.reason:
        parts.append(f'<span class="small">{escape(one.reason)}</span>')
    if one.state in (Assignment.State.INVITED, Assignment.State.ACCEPTED):
        due = escape(in_words(one.due_at, reviews.application.call.zone_info))
        parts.append(
            f'<span class="small muted">{escape(_("Review due by"))} '
            f'<time datetime="{localtime(one.due_at).isoformat()}">{due}</time></span>'
        )
    if reviews.coordinates and (one.state == Assignment.State.INVITED or one.is_accepted):
        address = reverse("reviewing:take_back", args=[reviews.application.pk, one.pk])
        words = escape(_("Take back"))
        parts.append(f'<a class="small" href="{address}">{words}<span class="kern-sr-only">: {name}</span></a>')
    return f"<li>{' '.join(parts)}</li>"
