"""The web door: the desk of the working group in a browser. Django lives here and nowhere else; HTTP status lives here too."""
