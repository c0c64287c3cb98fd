--pkt-type unicast => same
--pkt-type host => --pkt-type unicast
! --pkt-type BCAST => ! --pkt-type broadcast
--pkt-type mcast => --pkt-type multicast
--pkt-type otherhost => same
--pkt-type outgoing => rejected: unknown type "outgoing"
