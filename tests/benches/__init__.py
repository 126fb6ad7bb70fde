"""The command that compares servers (`benches/http`): its arithmetic, its page, a small run. No time is judged."""
