--comment plain => same
--comment "with blanks" => same
--comment "it\\'s \"quoted\" \\ " => --comment "it\\\'s \"quoted\" \\ "
--comment "" => same
 => rejected: must be specified
