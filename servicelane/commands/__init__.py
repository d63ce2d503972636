"""The commands of `servicelane`, a module for each group of them: what is asked, what is said, nothing else.

Their texts stand in the catalogue `cli.po` of each language. What a command does is in the modules beside this package; they are
imported when the command runs, so that `--help` loads neither the services nor the libraries of database and broker.
"""
