 => same
! --hbh-len 24 => same
--hbh-len 8 --hbh-opts 5:2,1 => same
--hbh-opts 256:1 => rejected: Pad1
--hbh-opts five => rejected: is not a number
