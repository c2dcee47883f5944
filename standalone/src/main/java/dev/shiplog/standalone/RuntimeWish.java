package dev.shiplog.standalone;

import dev.shiplog.agent.simulated.Simulation;
import dev.shiplog.standalone.UpOptions.RuntimeChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is to run the pods of this process' nodes.
 *
 * @param choice which kind
 * @param data where it keeps what it has
 * @param host name of the node if it is this machine
 * @param simulated names of the nodes if they are simulated
 * @param simulation how their containers behave then
 * @param podSubnet addresses of pods; empty for the usual ones
 * @param containerd socket of a containerd that already runs; empty to run our own
 * @param install whether missing Debian packages may be installed
 */
record RuntimeWish(
    RuntimeChoice choice,
    DataDirectory data,
    String host,
    List<String> simulated,
    Simulation simulation,
    Optional<String> podSubnet,
    Optional<Path> containerd,
    boolean install) {

  /** Addresses of this machine's pods. */
  String hostSubnet() {
    return podSubnet.orElse(ClusterNetwork.PODS_OF_THIS_NODE);
  }
}
