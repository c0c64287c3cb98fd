--state NEW => same
--state established,new => --state NEW,ESTABLISHED
! --state INVALID => same
--state RELATED,UNTRACKED => same
--state DNAT => rejected: unknown state "DNAT"
--state NEW,,RELATED => rejected: unknown state ""
 => rejected: must be specified
