"""What Openhour is about: pure values and functions, standard library only."""
