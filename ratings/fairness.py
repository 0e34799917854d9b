"""What organizers did to the running of a jam, in numbers, for everybody to read with the results.

It is counted from the log of acts, names nobody, and is shown only where there are results.
"""

from __future__ import annotations

from django.db.models import Count
from django.utils.translation import ngettext_lazy

from jam.models import Act, Jam

# By the verb of the log, in the order in which they are told.
TOLD = {
    "moved dates": ngettext_lazy("%(n)s change of dates", "%(n)s changes of dates", "n"),
    "voided a rating": ngettext_lazy("%(n)s rating voided", "%(n)s ratings voided", "n"),
    "restored a rating": ngettext_lazy(
        "%(n)s voided rating restored", "%(n)s voided ratings restored", "n"
    ),
    "granted more time": ngettext_lazy("%(n)s late grant", "%(n)s late grants", "n"),
    "took back more time": ngettext_lazy(
        "%(n)s late grant taken back", "%(n)s late grants taken back", "n"
    ),
    "disqualified": ngettext_lazy("%(n)s disqualification", "%(n)s disqualifications", "n"),
    "reinstated": ngettext_lazy(
        "%(n)s disqualification lifted", "%(n)s disqualifications lifted", "n"
    ),
    "moved to another track": ngettext_lazy(
        "%(n)s submission moved to another track",
        "%(n)s submissions moved to another track",
        "n",
    ),
    "corrected the contributors": ngettext_lazy(
        "%(n)s list of contributors corrected", "%(n)s lists of contributors corrected", "n"
    ),
    "placed an award": ngettext_lazy(
        "%(n)s award placed by hand", "%(n)s awards placed by hand", "n"
    ),
    "took back an award": ngettext_lazy(
        "%(n)s award taken back", "%(n)s awards taken back", "n"
    ),
    "answered an appeal": ngettext_lazy("%(n)s appeal answered", "%(n)s appeals answered", "n"),
    "corrected results": ngettext_lazy(
        "%(n)s correction of the results", "%(n)s corrections of the results", "n"
    ),
}  # fmt: skip


def summary_of(jam: Jam) -> list[str]:
    """What was done, how often, as short phrases; empty if nothing was. In one statement."""
    acts = Act.objects.filter(jam=jam, verb__in=TOLD, actor__isnull=False)
    counted = dict(acts.order_by().values_list("verb").annotate(n=Count("pk")))
    return [str(words % {"n": counted[verb]}) for verb, words in TOLD.items() if verb in counted]
