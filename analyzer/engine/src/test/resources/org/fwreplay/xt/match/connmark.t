--mark 1 => --mark 0x1
! --mark 0x10/0xf0 => same
--mark 7/0 => --mark 0x7/0x0
--mark -1 => rejected: is not a number
 => rejected: must be specified
