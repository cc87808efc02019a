"""Pages for those who watch: standing rules, samples, halts, emergencies, inventory."""
