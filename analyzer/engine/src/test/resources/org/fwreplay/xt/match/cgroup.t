INPUT --cgroup 1048577 => same
OUTPUT ! --cgroup 0x10 => ! --cgroup 16
OUTPUT --path plain => same
OUTPUT ! --path system.slice/ssh => ! --path "system.slice/ssh"
OUTPUT  => rejected: needs either
OUTPUT --path a --cgroup 1 => rejected: needs either
OUTPUT --cgroup none => rejected: is not a number
