--header hop => --header hop-by-hop
--header frag,dst --soft => --header ipv6-opts,ipv6-frag --soft
! --header 43,50,51 => ! --header ipv6-route,ah,esp
--header none,prot => --header ipv6-nonxt,protocol
--header ipv6-route => same
--header tcp => rejected: unknown header "tcp"
--header hop,,dst => --header hop-by-hop,ipv6-opts
--header , => rejected: names no header
