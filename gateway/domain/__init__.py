"""The registry of dealers, the accounts and the API clients: rules and use cases. No HTTP, no bus.

All tables here are the group's (Rule G1) and stand on the short list of tables that belong to no dealer:
dealer, account, account_membership, api_client, api_client_membership.
"""
