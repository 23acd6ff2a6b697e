"""What one asks of an issue without changing it: who sees it, whose move is next, its like."""
