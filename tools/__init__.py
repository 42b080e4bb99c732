"""What generates parts of the project and finishes its build; nothing of it is deployed."""
