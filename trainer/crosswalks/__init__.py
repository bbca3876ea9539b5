"""For every training hour which subject of a regulator it is about: as page, table and paper."""
