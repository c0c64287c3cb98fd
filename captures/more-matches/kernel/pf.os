# Fingerprints of made-up systems: window:ttl:df:length:options:genre:version:subtype:details
S10:64:1:60:M*,S,T,N,W*:Penguin:1::ten segments
8192:128:1:48:M*,N,N,S:Window:1::a plain window
%4096:255:0:*:M*:Sun:1::never seen
