"""What orders blocks. Every engine feeds the same pure state machine."""
