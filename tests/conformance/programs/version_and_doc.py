import flask

print(flask.__doc__)
print(flask.__version__)
