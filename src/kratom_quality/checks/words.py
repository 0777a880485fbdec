"""What goes out with every list of findings: what they rest on, and what certificates cannot show."""

from __future__ import annotations

from kratom_quality.checks.context import Context

CANNOT_SHOW = (
    "Certificates show what a laboratory printed of the samples it was given: not what is in other packages or batches,"
    " not who took the sample or whether it is the product sold, not what nobody tested for, and not what is safe for"
    " anyone."
)


def rests_on(context: Context) -> str:
    """Return a paragraph on the standard, the amounts and the uncertainty, and on what certificates cannot show."""
    standard, floor = context.standard, context.settings.uncertainty.relative_floor
    return (
        f"What this rests on: certificates as read, on {context.today}, against the standard '{standard.name}'"
        f" ({standard.title}, {len(standard.requirements)} limits); limits on a day's amount at"
        f" {context.grams_per_day:g} g of product a day, on a serving's at {context.grams_per_serving:g} g. Where no"
        f" uncertainty is stated, that of the Horwitz function is taken, and never less than {floor:.1%}. A finding"
        " says what a document shows and how likely that is a fault and no misprint or misreading; it accuses nobody."
        f" {CANNOT_SHOW}"
    )
