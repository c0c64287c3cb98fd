package org.fwreplay.helper;

import java.util.SplittableRandom;
import org.fwreplay.conntrack.Conntrack;
import org.fwreplay.host.Host;
import org.fwreplay.host.Router;
import org.fwreplay.nat.Nat;

/**
 * What helpers of a run take hold of. Parameters of their kernel modules are looked up among the
 * host's sysctls as on a kernel command line, such as {@code nf_conntrack_ftp.loose}.
 *
 * @param random of the ports that are tried when the announced one is taken
 */
public record HelperContext(
    Conntrack conntrack, Nat nat, Host host, Router router, SplittableRandom random) {}
