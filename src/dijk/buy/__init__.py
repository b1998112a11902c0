"""What would have to be bought, what it costs, and what a scenario adds."""

from dijk.buy.purchase_need import purchase_need
from dijk.buy.scenario_cost import scenario_cost

__all__ = ["purchase_need", "scenario_cost"]
