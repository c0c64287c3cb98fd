--helper sip => same
! --helper "sip-5060" => ! --helper sip-5060
--helper "" => same
--helper "a b" => same
 => rejected: must be specified
