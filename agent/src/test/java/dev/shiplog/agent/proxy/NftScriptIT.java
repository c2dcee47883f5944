package dev.shiplog.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import dev.shiplog.agent.containerd.host.ContainerdInstall;
import dev.shiplog.agent.host.HostCommand;
import dev.shiplog.agent.host.ProgramPath;
import dev.shiplog.agent.nft.NftCommand;
import dev.shiplog.agent.nft.NftScript;
import dev.shiplog.agent.nft.NftTable;
import dev.shiplog.agent.nft.PacketFilterException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts on the kernel's own packet filter, with addresses that nobody uses. */
final class NftScriptIT {

  private static final String TABLE = "shiplog-it-scripts";
  private static final ProxySettings SETTINGS =
      new ProxySettings("node-1", "10.197.0.0/16", List.of("10.197.96.0/20"), TABLE);

  private static final int STEPS = 10;

  private NftCommand filter;

  @BeforeEach
  void needNft() {
    Optional<Path> nft = ProgramPath.ofThisHost().find("nft");
    assumeTrue(ContainerdInstall.isRoot(), "skipped: the packet filter needs root");
    assumeTrue(nft.isPresent(), "skipped: needs Debian's package nftables");
    filter = new NftCommand(nft.get());
  }

  @AfterEach
  void removeTable() {
    if (filter != null) {
      filter.apply(NftScript.remove(TABLE));
      assertThat(filter.hasTable(TABLE)).isFalse();
    }
  }

  private String listed() {
    return HostCommand.run(
            Duration.ofSeconds(20),
            List.of(filter.program().toString(), "-s", "list", "table", "ip", TABLE))
        .output();
  }

  /** Elements are listed in the order of a hash table, so words are compared in sorted order. */
  private List<String> listedInOrder() {
    return Splitter.on(CharMatcher.anyOf("{}, \t\n"))
        .omitEmptyStrings()
        .splitToStream(listed())
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void changesLeadToTheSameTableAsAReplacement(long seed) {
    var cluster = new RandomCluster(seed);
    var rules = new ServiceRules(SETTINGS);
    filter.apply(NftScript.replace(rules.step(cluster.next()).whole()));
    ServiceView last = ServiceView.EMPTY;
    for (int i = 0; i < STEPS; i++) {
      last = cluster.next();
      filter.apply(rules.step(last).change());
    }
    List<String> changed = listedInOrder();

    filter.apply(NftScript.replace(WholeRules.table(last, SETTINGS)));

    assertThat(changed).isEqualTo(listedInOrder());
  }

  @Test
  void aChangeOfATableThatIsGoneIsRefused() {
    var cluster = new RandomCluster(1);
    NftTable before = WholeRules.table(cluster.next(), SETTINGS);
    NftTable after = WholeRules.table(cluster.next(), SETTINGS);

    assertThatThrownBy(() -> filter.apply(NftScript.change(before, after)))
        .isInstanceOf(PacketFilterException.class);
  }
}
