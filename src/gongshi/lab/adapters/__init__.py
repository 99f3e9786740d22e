"""What touches the world for the lab: processes of real ledgers, clocks and the facts of the machine."""
