"""How ServiceLane is put on machines.

The image, the compose file; `deploy.dev`, a developer's private servers; `deploy.local`, the suite as processes of this machine,
for tests and measurements. Nothing here is imported by the product; `deploy.dev` imports nothing of the product.
"""
