"""The sentences of the shipped templates, so that `makemessages` finds them and pages can translate them."""

from policies.engine.values.said import message

SAYS = (
    message("A senior reviewer decides on amounts of 50,000 or more."),
    message("The agent’s confidence is very low."),
    message("A senior reviewer decides on actions that send accounts or credentials outside the organization."),
    message("A senior reviewer decides on legal, compliance, healthcare, security, and fraud matters."),
    message("A person decides on employment matters and on communication that creates legal exposure."),
    message("A person decides on financial approvals and exceptions."),
)
"""What the rules of the shipped templates say."""
