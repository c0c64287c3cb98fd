INPUT -p tcp --genre Windows => same
INPUT -p tcp ! --genre Linux --ttl 2 --log 1 => same
INPUT -p tcp --genre Linux --ttl 3 => rejected: is not between 0 and 2
INPUT -p tcp --ttl 1 => rejected: must be specified
INPUT --genre Linux => rejected: needs its protocol
