--physdev-in eth0 => same
--physdev-out veth+ ! --physdev-is-bridged => same
! --physdev-in eth0 --physdev-is-in ! --physdev-is-out => --physdev-is-in ! --physdev-in eth0 ! --physdev-is-out
 => rejected: needs one of
--physdev-in a-name-that-is-long => rejected: longer than 15 characters
