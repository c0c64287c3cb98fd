--nfacct-name web => --nfacct-name  web
--nfacct-name "web in" => --nfacct-name  "web in"
 => rejected: must be specified
