"""German numbers and dates: a narrow no-break space between thousands, as DIN 1333 has it."""

THOUSAND_SEPARATOR = "\u202f"
DATE_FORMAT = "j. F Y"
SHORT_DATE_FORMAT = "d.m.Y"
