"""The command line: one tool, one file per family of commands. Exit codes live here and nowhere else."""
