"""The former names, modules, attributes, arguments and settings: that each works, warns and can be switched off."""
