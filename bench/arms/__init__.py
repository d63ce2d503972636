"""What can be measured: yardstick and upper bound (plain/), two peers (peers/), ServiceLane (ours), and the clients (load)."""
