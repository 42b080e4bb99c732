"""What people type and paste, as it was meant."""
