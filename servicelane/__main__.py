"""`python -m servicelane` is the `servicelane` command."""

from servicelane.main import main

main()
