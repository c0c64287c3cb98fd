--mac-source 02:00:00:AA:bb:01 => --mac-source 02:00:00:aa:bb:01
! --mac-source 2:0:0:0:0:f => ! --mac-source 02:00:00:00:00:0f
--mac-source 02:00:00:00:01 => rejected: not six hexadecimal bytes
--mac-source 02-00-00-00-00-01 => rejected: not six hexadecimal bytes
--mac-source 02:00:00:00:00:100 => rejected: not six hexadecimal bytes
