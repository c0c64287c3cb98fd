--hl-eq 64 => same
! --hl-eq 255 => same
--hl-lt 2 => same
--hl-gt 254 => same
--hl 7 => --hl-eq 7
--hl-eq 256 => rejected: not between 0 and 255
 => rejected: hl needs
! --hl 5 => ! --hl-eq 5
