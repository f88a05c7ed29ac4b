"""An application whose jobs can be stopped at a chosen point, for tests that kill real workers."""
