"""The peers: P1 is plain nameko as its examples do it, P2 FastStream with asyncpg and the same outbox and inbox as ours."""
