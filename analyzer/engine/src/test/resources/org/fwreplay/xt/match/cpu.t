--cpu 1 => same
! --cpu 0x7 => ! --cpu 7
--cpu -1 => rejected: is not a number
 => rejected: must be specified
