"""What the contest desk's pages ask the database, one function a question."""
