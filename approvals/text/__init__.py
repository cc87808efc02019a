"""Pure values and the text that shows them: no rows, no clock."""
