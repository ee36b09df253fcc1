"""What is written for readers: text, whole files and progress bars."""
