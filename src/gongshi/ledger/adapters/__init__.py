"""What touches the disk: the block store and the blobs."""
