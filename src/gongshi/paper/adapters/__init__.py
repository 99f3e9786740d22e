"""What touches the world: the folder of a paper's content, and the typesetter."""
