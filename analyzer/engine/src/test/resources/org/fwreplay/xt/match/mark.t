--mark 1 => --mark 0x1
! --mark 0x10/0xf0 => same
--mark 0xffffffff/0xffffffff => --mark 0xffffffff
--mark 010 => --mark 0x8
--mark 0x100000000 => rejected: not between 0 and 4294967295
--mark red => rejected: is not a number
