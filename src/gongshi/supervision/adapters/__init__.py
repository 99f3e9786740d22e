"""What touches the world: the files of options and the manifest of planted rings."""
