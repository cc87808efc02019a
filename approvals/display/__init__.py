"""How texts, values and states are shown in pages."""
