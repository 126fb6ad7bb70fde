"""What older releases of ItsDangerous had."""
