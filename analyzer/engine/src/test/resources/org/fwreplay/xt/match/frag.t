 => same
--fragid 7 => same
! --fragid 1:2 --fraglen 8 --fragres --fragfirst --fragmore => same
--fraglast ! --fraglen 9 => ! --fraglen 9 --fraglast
--fragid : --fragres => --fragres
! --fragid : => ! --fragid 0:4294967295
--fragid 2:1 => rejected: ends before it starts
--fragmore --fraglast => rejected: cannot be used together
