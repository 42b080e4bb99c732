"""Openhour: a therapist's clients ask for an appointment, the therapist answers from the email."""
