"""What finishes the build and serves those who operate a stack; nothing of it is deployed."""
