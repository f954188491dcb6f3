"""What comes next: the path through a lesson, questions to practise, the ladder of help. Pure."""
