"""The board: the draft of an event by workshop and day, with its checks and changes."""
