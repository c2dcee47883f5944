package dev.shiplog.agent.proxy;

import dev.shiplog.agent.host.ProgramPath;
import dev.shiplog.agent.nft.NftCommand;
import dev.shiplog.agent.nft.PacketFilter;
import dev.shiplog.agent.nft.TableKeeper;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Keeps the packet filter, and what belongs to it, as the services want it. Any thread. */
public final class ServiceProxy implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ServiceProxy.class);

  private final TableKeeper<ServiceView> keeper;

  ServiceProxy(
      ProxySettings settings,
      PacketFilter filter,
      LocalhostRouting localhost,
      ServiceRoute route,
      Optional<UdpFlows> flows) {
    keeper =
        new TableKeeper<>(
            settings.table(),
            "services",
            filter,
            new ServiceRules(settings),
            new Surroundings(
                localhost,
                route,
                new HealthCheckPorts(settings.nodeName()),
                flows.map(StaleFlows::new)));
  }

  /**
   * A proxy for this machine's network namespace that does nothing until it is started.
   *
   * @param nft the packet filter's program
   * @param ip the program for routes
   */
  public static ServiceProxy onThisHost(ProxySettings settings, Path nft, Path ip) {
    return new ServiceProxy(
        settings,
        new NftCommand(nft),
        new LocalhostRouting(),
        new ServiceRoute(ip, settings.serviceSubnets()),
        flows());
  }

  /** Without the tool services work, but datagrams go on to an endpoint that is gone. */
  private static Optional<UdpFlows> flows() {
    Optional<Path> program = ProgramPath.ofThisHost().find("conntrack");
    if (program.isEmpty()) {
      LOG.info(
          "there is no program conntrack: clients of UDP services that keep on asking from one port"
              + " are not led away from endpoints that are gone");
    }
    return program.map(ConntrackCommand::new);
  }

  /** What the rules need of the kernel besides. Used by the keeper's thread. */
  private static final class Surroundings implements TableKeeper.Attendant<ServiceView> {

    private final LocalhostRouting localhost;
    private final ServiceRoute route;
    private final HealthCheckPorts healthChecks;
    private final Optional<StaleFlows> flows;
    private boolean localhostEnabled;

    Surroundings(
        LocalhostRouting localhost,
        ServiceRoute route,
        HealthCheckPorts healthChecks,
        Optional<StaleFlows> flows) {
      this.flows = flows;
      this.healthChecks = healthChecks;
      this.localhost = localhost;
      this.route = route;
    }

    @Override
    public void written(boolean leftBehind) {
      if (!localhostEnabled) {
        localhost.enable(leftBehind);
        localhostEnabled = true;
      }
      route.ensure();
    }

    @Override
    public void applied(ServiceView view) {
      healthChecks.follow(view);
      flows.ifPresent(stale -> stale.follow(view));
    }

    @Override
    public void stopping() {
      healthChecks.close();
    }

    @Override
    public void removing() {
      localhost.restore();
      route.remove();
    }
  }

  public void start() {
    keeper.start();
  }

  /** Has a new view applied soon. Any thread; does not block. */
  public void update(ServiceView view) {
    keeper.update(view);
  }

  /** Why services do not work as they should, as a sentence; empty if they do. */
  public Optional<String> trouble() {
    return keeper.trouble();
  }

  /** Stops and leaves the rules, for pods that go on running without this process. */
  public void leave() {
    keeper.leave();
  }

  /** Stops, and takes all rules away. */
  @Override
  public void close() {
    keeper.close();
  }
}
