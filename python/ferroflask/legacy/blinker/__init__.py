"""What older releases of Blinker had."""
