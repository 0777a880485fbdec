"""What is measured, and how fast."""
