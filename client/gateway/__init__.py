"""The district server seen from the app: the only place that knows HTTP."""
