INPUT  => same
--any => rejected: unknown option
