"""What proves what was seen and done to a car: photos, videos and papers of a work order (Rules W2, W31).

Their bytes lie in the gateway's store; here is recorded what they are, who attached them when, and to what. Nothing of it is ever
changed. Who may see one is decided where orders and legs are known, and nowhere else: `leg.pictures.of_order`.
"""
