"""How ServiceLane is put on machines: the image, the compose file, and `deploy.dev`, a developer's private servers.

Nothing here is imported by the product; `deploy.dev` imports nothing of the product.
"""
