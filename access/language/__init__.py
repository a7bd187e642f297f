"""The language of who is asking: whose words a text is in, and how numbers and dates are written.

English is the text in the code. Mark it with `_("{count} schools").format(count=...)` where it is shown, with `N_`
where it is only written down (a module's constant), with `ngettext` where a count decides the form. After a change
run `python -m access.language extract`; translations live in `locale/<language>/LC_MESSAGES/messages.po`.
"""

from access.language.current import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    by_preference,
    current,
    in_language,
    negotiate,
    use,
)
from access.language.formats import (
    format_compact,
    format_date,
    format_moment,
    format_money,
    format_month,
    format_month_name,
    format_number,
    format_percent,
    format_quarter,
)
from access.language.messages import N_, _, ngettext

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "N_",
    "_",
    "by_preference",
    "current",
    "format_compact",
    "format_date",
    "format_moment",
    "format_money",
    "format_month",
    "format_month_name",
    "format_number",
    "format_percent",
    "format_quarter",
    "in_language",
    "negotiate",
    "ngettext",
    "use",
]
