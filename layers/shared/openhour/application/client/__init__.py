"""What clients and visitors do: look, ask, prove their address, change, end, and see what is theirs."""
