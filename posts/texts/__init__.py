"""What two texts have in common: normalisation, hashtags and addresses, each by a rule with a version."""
