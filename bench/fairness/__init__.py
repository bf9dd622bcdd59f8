"""Right and wrong submissions through the real `autograder check`."""
