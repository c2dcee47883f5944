package dev.shiplog.standalone;

import dev.shiplog.agent.host.HostCommand;
import dev.shiplog.agent.host.ProgramPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An address of this machine that only it and its pods have a way to, whatever networks it is in:
 * the pods' gateway, which otherwise exists only while a pod runs. Given to the loopback link, and
 * taken back at the end; to be given it twice does no harm.
 */
final class PodGateway implements AutoCloseable {

  /** The first address of {@link ClusterNetwork#PODS_OF_THIS_NODE}. */
  static final String ADDRESS = "10.244.0.1";

  private static final Duration COMMAND = Duration.ofSeconds(10);

  private final Path ip;
  private final String own;

  private PodGateway(Path ip, String own) {
    this.ip = ip;
    this.own = own;
  }

  /** The first address of a subnet, where its pods find their machine. */
  static String of(String subnet) {
    return subnet.substring(0, subnet.lastIndexOf('.')) + ".1";
  }

  /**
   * Takes the address.
   *
   * @throws StartFailure if it cannot be had
   */
  static PodGateway open(String address) {
    Path ip =
        ProgramPath.ofThisHost()
            .find("ip")
            .orElseThrow(() -> new StartFailure("pods need the program ip; install iproute2"));
    PodGateway gateway = new PodGateway(ip, address);
    HostCommand.Result taken = gateway.address("replace");
    if (!taken.succeeded()) {
      throw new StartFailure("cannot give this machine " + address + ": " + taken.lastWords());
    }
    return gateway;
  }

  @Override
  public void close() {
    // It may be gone already, with the network it was in.
    var _ = address("del");
  }

  private HostCommand.Result address(String verb) {
    return HostCommand.run(
        COMMAND, List.of(ip.toString(), "address", verb, own + "/32", "dev", "lo"));
  }
}
