# read by the flask command
FLASK_APP=shop
COLOUR=colour-of-flaskenv
SIZE=size-of-flaskenv
SHAPE=shape-of-flaskenv
