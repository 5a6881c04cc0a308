"""What is done with surveys and feedback: one module for each subject."""
