"""What the answers to the questions about a trainer say."""
