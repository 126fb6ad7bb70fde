"""What older releases of MarkupSafe had."""
