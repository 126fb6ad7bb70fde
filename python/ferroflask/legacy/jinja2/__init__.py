"""What older releases of Jinja2 had."""
