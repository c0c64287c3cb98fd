 => same
--srh-next-hdr 6 => same
--srh-hdr-len-gt 2 ! --srh-segs-left-lt 3 --srh-last-entry-eq 0 => same
--srh-hdr-len-eq 4 --srh-hdr-len-gt 2 => --srh-hdr-len-eq 2 --srh-hdr-len-gt 2
--srh-tag 0x1234 => --srh-tag 4660
--srh-psid 2001:db8::1 ! --srh-nsid 2001:db8::/32 --srh-lsid ::1/128 => --srh-psid 2001:db8::1/128 ! --srh-nsid 2001:db8::/32 --srh-lsid ::1/128
--srh-segs-left-eq 256 => rejected: is not between 0 and 255
--srh-tag 65536 => rejected: is not between 0 and 65535
