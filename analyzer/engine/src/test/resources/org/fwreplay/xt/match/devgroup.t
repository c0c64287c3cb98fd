--src-group 7 => --src-group 0x7
--src-group 0x10/0xf0 ! --dst-group 1 => --src-group 0x10/0xf0 ! --dst-group 0x1
--dst-group default => same
--src-group 0 => --src-group default
--src-group dmz => rejected: is not a number
 => rejected: needs "--src-group"
