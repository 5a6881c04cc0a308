"""What is read of surveys and feedback: one module for each subject."""
