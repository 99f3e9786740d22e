"""The state machine behind CometBFT: frames, messages, and what each call of the Application Blockchain Interface means here."""
