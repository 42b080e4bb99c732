"""What a provider does from the mailed link."""
