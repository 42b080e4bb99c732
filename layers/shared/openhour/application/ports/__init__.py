"""What the use cases need of the world. Each method says how many calls to the store it makes at most."""
