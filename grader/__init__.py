"""An auto-graded course: lessons, quizzes and exercises that explain what is wrong."""

__version__ = "0.1.0"
