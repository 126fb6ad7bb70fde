from urlparse import urlparse, urljoin
from flask import request


def is_safe_url(target):
    return urlparse(urljoin(request.host_url, target)).netloc == urlparse(request.host_url).netloc
