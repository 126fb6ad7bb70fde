from flask import Markup

print(Markup("<b>%s</b>") % "<i>")
print(Markup.__module__)
