"""Moments and countdowns in templates: `{{ call.closes_at|moment:call.zone_info }}`."""

import datetime
import zoneinfo

from django import template
from django.utils.formats import date_format

from applications.moments import Countdown, countdown, in_words

register = template.Library()


@register.filter
def moment(value: datetime.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """With weekday, day, time and zone, in the reader's language."""
    return in_words(value, zone)


@register.filter
def day_in(value: datetime.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """The day alone, by the calendar of the zone."""
    return date_format(value.astimezone(zone), "DATE_FORMAT")


@register.filter
def until(value: datetime.datetime, zone: zoneinfo.ZoneInfo) -> Countdown:
    """How long until then: `.days`, `.tone`, `.sentence`, `.is_over`."""
    return countdown(value, zone)
