auger: c.auger: no such case; auger import CASE PATH... makes one
Command exited with non-zero status 2
   8852KB 0.00s+0.00s
