"""Files of this program: how they are written, and recordings while their run goes on."""
