"""The desk's upper floor: who takes part."""
