"""What touches the world for the watch: files and the network. Only the wiring imports it."""
