"""How far a proposal is, in the words of the page."""

from django import template

from dijk_web.models import Decision, Proposal
from dijk_web.pages.proposals import STATES

register = template.Library()


@register.filter
def how_far(proposal: Proposal) -> object:
    """Its state in words."""
    return STATES[Decision(proposal.state)]
