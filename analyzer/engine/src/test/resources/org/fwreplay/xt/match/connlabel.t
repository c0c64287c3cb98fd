--label 3 => --label "3"
! --label 0x7f --set => ! --label "127" --set
--label 128 => rejected: is not between 0 and 127
--label voip => rejected: connlabel.conf
--set => rejected: must be specified
