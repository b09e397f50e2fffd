"""Tools of the project itself; the program does not need them."""
