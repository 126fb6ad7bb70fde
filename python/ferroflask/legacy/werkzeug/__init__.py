"""What older releases of Werkzeug had."""
