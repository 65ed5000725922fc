"""What `make bench` measures, each part a program of its own, started by scripts/mesurer.py with what it needs in the environment.

`monde` fills the base, `charge` plays the porteurs, `requetes` counts the queries, `octets` browses over a slow line, `coupures`
kills the servers, `pertes` looks for what is missing, `tableau` shows it all beside the targets. Nothing here is part of the portal.
"""
