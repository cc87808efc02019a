"""The words of the gallery, so that `makemessages` finds them and pages can translate them."""

from policies.engine.values.said import message

WORDS = (
    message("Post an invoice"),
    message("A supplier’s invoice goes to the ledger. A wrong posting can be reversed."),
    message("Reversible, medium stakes"),
    message("Send a quote"),
    message("A customer gets prices that bind you. A quote can be withdrawn until it is accepted."),
    message("Reversible, medium stakes, leaves the company"),
    message("Wire funds"),
    message("Money leaves the account. Nobody gets it back without the recipient’s consent."),
    message("Irreversible, high stakes"),
    message("Send a legal letter"),
    message("A letter with legal effect goes out. A person decides on each one."),
    message("Legal decisions"),
    message("Answer a customer"),
    message("A reply to a customer that can create a promise or a liability."),
    message("Ambiguous intent, customer communication"),
    message("Change an employee record"),
    message("Pay, role or place of work of an employee. A person decides on each change."),
    message("HR and employment"),
    message("Grant or revoke access"),
    message("A person gets or loses a role in a system."),
    message("Security"),
    message("Archive a ticket"),
    message("A solved ticket leaves the list. Anybody can bring it back."),
    message("Reversible, low stakes"),
    message("Send a reminder"),
    message("A short internal reminder. It cannot be unsent, and little depends on it."),
    message("Irreversible, low stakes"),
    message("Read a health record"),
    message("An agent reads data of a special category. A person decides on each access."),
    message("Regulated data"),
)
"""Titles, sentences and rows of the cards."""
