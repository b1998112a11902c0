"""How fair a division is: measures, the price of a fence, what hangs on the norms, and the rules it is compared
with.
"""
