"""What many actions tell together: figures, corrections, precedents, anomalies."""
