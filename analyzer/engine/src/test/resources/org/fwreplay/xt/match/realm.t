INPUT --realm 5 => --realm 0x5
INPUT ! --realm 0x10/0xf0 => same
INPUT --realm 0 => --realm cosmos
INPUT --realm cosmos => same
INPUT --realm uplink => rejected: is not a number
INPUT  => rejected: must be specified
