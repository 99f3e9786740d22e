"""What touches key files and the system's random numbers."""
