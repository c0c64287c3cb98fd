INPUT  => same
INPUT --nowildcard --transparent => --transparent --nowildcard
INPUT --restore-skmark => same
INPUT ! --transparent => rejected: cannot be inverted
