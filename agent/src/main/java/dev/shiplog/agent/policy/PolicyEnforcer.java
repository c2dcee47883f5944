package dev.shiplog.agent.policy;

import dev.shiplog.agent.nft.NftCommand;
import dev.shiplog.agent.nft.NftTable;
import dev.shiplog.agent.nft.PacketFilter;
import dev.shiplog.agent.nft.TableKeeper;
import dev.shiplog.agent.nft.TableSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Keeps the packet filter as the network policies want it. Any thread. */
public final class PolicyEnforcer implements AutoCloseable {

  private final TableKeeper<PolicyView> keeper;

  PolicyEnforcer(PolicySettings settings, PacketFilter filter) {
    keeper =
        new TableKeeper<>(
            settings.table(),
            "network policies",
            filter,
            TableSource.of(view -> table(view, settings)),
            new TableKeeper.Attendant<>() {});
  }

  /**
   * An enforcer for this machine's network namespace that does nothing until it is started.
   *
   * @param nft the packet filter's program
   */
  public static PolicyEnforcer onThisHost(PolicySettings settings, Path nft) {
    return new PolicyEnforcer(settings, new NftCommand(nft));
  }

  static NftTable table(PolicyView view, PolicySettings settings) {
    List<String> known =
        view.pods().values().stream()
            .filter(pod -> pod.node().equals(settings.node()))
            .map(PolicyPod::ip)
            .toList();
    return PolicyTable.of(new PolicyCompiler(settings.node()).compile(view), known, settings);
  }

  public void start() {
    keeper.start();
  }

  /** Has a new view applied soon; does not block. */
  void update(PolicyView view) {
    keeper.update(view);
  }

  /** Why policies are not enforced as they should be, as a sentence; empty if they are. */
  public Optional<String> trouble() {
    return keeper.trouble();
  }

  /** Stops, and takes all rules away. */
  @Override
  public void close() {
    keeper.close();
  }
}
