package dev.shiplog.agent.proxy;

import dev.shiplog.agent.host.HostCommand;
import dev.shiplog.agent.host.HostCommandException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Flows by the host's {@code conntrack}. What does not work out is logged: a flow that stays leads
 * nowhere until it has rested for as long as the kernel says.
 *
 * @param program the tool
 */
record ConntrackCommand(Path program) implements UdpFlows {

  private static final Logger LOG = Logger.getLogger(ConntrackCommand.class);

  private static final Duration COMMAND = Duration.ofSeconds(10);

  @Override
  public List<UdpFlow> to(String address, int port) {
    return run(list(address, port)).lines().map(UdpFlow::parse).flatMap(Optional::stream).toList();
  }

  private static List<String> list(String address, int port) {
    List<String> arguments =
        new ArrayList<>(
            List.of("-L", "-f", "ipv4", "-p", "udp", "--orig-port-dst", Integer.toString(port)));
    if (!address.isEmpty()) {
      arguments.addAll(List.of("--orig-dst", address));
    }
    return arguments;
  }

  @Override
  public void forget(UdpFlow flow) {
    // The tool says in its exit code that there was none any more, which is just as well.
    var _ =
        run(
            List.of(
                "-D",
                "-f",
                "ipv4",
                "-p",
                "udp",
                "--orig-dst",
                flow.address(),
                "--orig-port-dst",
                Integer.toString(flow.port()),
                "--reply-src",
                flow.answering().ip(),
                "--reply-port-src",
                Integer.toString(flow.answering().port())));
  }

  private String run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    try {
      return HostCommand.run(COMMAND, command).output();
    } catch (HostCommandException e) {
      LOG.warnf("datagrams may go to endpoints that are gone: %s", e.getMessage());
      return "";
    }
  }
}
