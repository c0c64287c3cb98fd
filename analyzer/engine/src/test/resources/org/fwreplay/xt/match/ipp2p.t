--bit => same
 => rejected: must be specified
--edk => rejected: unknown option
! --bit => rejected: cannot be inverted
