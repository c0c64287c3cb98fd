--tos 0x10 => --tos 0x10/0xff
--tos 0x10/0x3f => same
! --tos 8/0xfc => ! --tos 0x08/0xfc
--tos Minimize-Delay => --tos 0x10/0x3f
--tos maximize-reliability => --tos 0x04/0x3f
--tos 256 => rejected: not between 0 and 255
--tos fast => rejected: neither VALUE[/MASK] nor
