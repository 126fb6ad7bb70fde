"""What older releases of Flask had."""
