"""The url map: Werkzeug's rules with matching and building in Rust."""
