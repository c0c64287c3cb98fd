--dscp 46 => --dscp 0x2e
! --dscp 0 => ! --dscp 0x00
--dscp-class ef => --dscp 0x2e
! --dscp-class AF31 => ! --dscp 0x1a
--dscp 64 => rejected: not between 0 and 63
--dscp-class XX => rejected: unknown class "XX"
--dscp 0 --dscp-class BE => rejected: cannot be used together
 => rejected: dscp needs
