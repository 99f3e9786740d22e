"""What touches the world: the files from which the group is founded and its rehearsal is read."""
