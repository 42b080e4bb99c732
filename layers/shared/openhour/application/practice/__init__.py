"""What the practice as a whole does to what stands."""
