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
import dev.shiplog.agent.proxy.ServicePortRule.Anywhere;
import dev.shiplog.agent.proxy.ServicePortRule.Outside;
import dev.shiplog.agent.proxy.ServicePortRule.ThisNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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

  private static final List<Protocol> PROTOCOLS = List.copyOf(EnumSet.allOf(Protocol.class));

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

  private static NftTable random(Random random) {
    var rules = new ArrayList<ServicePortRule>();
    for (int i = 0; i < 12; i++) {
      if (random.nextBoolean()) {
        rules.add(randomRule(i, random));
      }
    }
    return ProxyTable.of(new RuleSet(rules), SETTINGS);
  }

  private static ServicePortRule randomRule(int number, Random random) {
    var endpoints = new ArrayList<Endpoint>();
    for (int i = 0; i < random.nextInt(4); i++) {
      endpoints.add(new Endpoint("10.197.0." + (1 + random.nextInt(200)), 8080));
    }
    List<Endpoint> sorted = endpoints.stream().distinct().sorted().toList();
    Outside outside = random.nextBoolean() ? new Anywhere(sorted) : new ThisNode(sorted);
    return new ServicePortRule(
        "default/service-" + number,
        PROTOCOLS.get(random.nextInt(PROTOCOLS.size())),
        80,
        List.of("10.197.96." + number),
        random.nextBoolean() ? List.of("10.197.97." + number) : List.of(),
        random.nextBoolean() ? 20_000 + number : 0,
        random.nextBoolean(),
        sorted,
        outside);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aChangeLeadsToTheSameTableAsAReplacement(long seed) {
    var random = new Random(seed);
    NftTable before = random(random);
    NftTable after = random(random);
    filter.apply(NftScript.replace(after));
    List<String> replaced = listedInOrder();

    filter.apply(NftScript.replace(before));
    filter.apply(NftScript.change(before, after));

    assertThat(listedInOrder()).isEqualTo(replaced);
  }

  @Test
  void aChangeOfATableThatIsGoneIsRefused() {
    var random = new Random(1);

    assertThatThrownBy(() -> filter.apply(NftScript.change(random(random), random(random))))
        .isInstanceOf(PacketFilterException.class);
  }
}
