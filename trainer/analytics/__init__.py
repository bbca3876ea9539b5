"""How cases do their work: where people go and fall, what a figure is worth, what a case should lose or gain."""
