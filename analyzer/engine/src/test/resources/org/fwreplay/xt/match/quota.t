--quota 1000 => same
! --quota 0x10 => ! --quota 16
--quota 18446744073709551616 => rejected: not between 0 and
