"""Who may call the API and with which roles (Rule G1): people by accounts, programs as API clients. People are in by sessions
(`session`, `admitting`). How a request proves it is HTTP's matter."""
