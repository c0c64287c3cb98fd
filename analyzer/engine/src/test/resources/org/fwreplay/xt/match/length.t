--length 40 => same
! --length 40:1500 => same
--length 1000: => --length 1000:65535
--length : => --length 0:65535
--length 65536 => rejected: not between 0 and 65535
--length 2:1 => rejected: ends before it starts
--length "" => --length 0
