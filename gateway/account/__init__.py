"""Who may call the API and with which roles (Rule G1): people by accounts, programs as API clients. How a request proves it is
HTTP's matter."""
