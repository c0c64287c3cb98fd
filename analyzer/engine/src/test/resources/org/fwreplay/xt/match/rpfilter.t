PREROUTING  => same
PREROUTING --invert --loose => --loose --invert
PREROUTING --accept-local --validmark => --validmark --accept-local
PREROUTING ! --loose => rejected: cannot be inverted
