"""How gunicorn serves the portal, here and in production. Threads wait for the database and for
disk, so a few processes with several threads each serve many people on little memory."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 8
# Loaded once and shared by all workers: half the start-up work and half the memory.
preload_app = True
wsgi_app = "zi_portal.wsgi:application"
# An upload over a slow line may take its time; a request that hangs is ended.
timeout = 120
graceful_timeout = 20
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()
# Administered by the service manager alone; no files outside the data folder.
control_socket_disable = True
