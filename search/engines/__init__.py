"""The engines, behind one door: both read the same documents and the same tree, and give the same hits in one order."""
